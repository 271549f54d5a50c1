"""Notion pages that were shared with an integration, by its public API.

Followed: "Search by title", "Retrieve block children", "Retrieve a page", "Block" and "Request limits" of
https://developers.notion.com/reference (version 2022-06-28 of the API; three requests a second on average).

Notion gives the time of an edit in whole minutes, so a page that was read within two minutes of its last edit is read
again the next time. Search may leave pages out, so one that is missing from it is asked for itself before it is gone.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from pydantic import Field

from copilot.knowledge.sources.base import Document, DocumentId, Fingerprint, Gone, Label, Limits, Step
from copilot.knowledge.sources.hosted import (
    Api,
    ApiError,
    Connection,
    Edges,
    Listed,
    Wire,
    bearer,
    listing,
    read_listed,
)
from copilot.knowledge.sources.notion_blocks import Block, blocks_to_markdown

BASE = "https://api.notion.com/v1"
VERSION = "2022-06-28"
_PAUSE_SECONDS = 0.34
_UNSETTLED = timedelta(minutes=2)
_MAX_DEPTH = 12
_MAX_BLOCKS = 5_000


class _Text(Wire):
    plain_text: str = ""


class _Property(Wire):
    type: str = ""
    title: tuple[_Text, ...] = ()


class _Page(Wire):
    id: str
    last_edited_time: datetime
    url: str = ""
    archived: bool = False
    in_trash: bool = False
    properties: dict[str, _Property] = Field(default_factory=dict)

    @property
    def name(self) -> str:
        """The page's title: the one property of that type, whatever it is called."""
        titles = [one.title for one in self.properties.values() if one.type == "title"]
        return "".join(text.plain_text for text in titles[0]).strip() if titles else ""


class _Pages(Wire):
    results: list[_Page]
    has_more: bool = False
    next_cursor: str | None = None


class _Blocks(Wire):
    results: list[Block]
    has_more: bool = False
    next_cursor: str | None = None


class NotionSource:
    """All pages an integration may see."""

    kind = "notion"

    def __init__(
        self,
        label: Label,
        token: str,
        *,
        limits: Limits | None = None,
        edges: Edges | None = None,
    ) -> None:
        self.label = label
        self._limits = limits or Limits()
        headers = bearer(token, **{"Notion-Version": VERSION})
        edges = edges or Edges()
        self._now = edges.now
        self._api = Api(
            Connection(
                service="Notion",
                base=BASE,
                headers=headers,
                pause_seconds=_PAUSE_SECONDS,
                edges=edges,
            ),
            self._limits,
        )

    async def read(self, known: Mapping[str, Fingerprint]) -> AsyncGenerator[Step, None]:
        """See `Source.read`."""
        listed = await listing("Notion", self._listed())
        async for step in read_listed(listed, known, self._limits):
            yield step
        for name in sorted(known.keys() - {one.id for one in listed}):
            if await self._is_gone(name):
                yield Gone(DocumentId(name))

    async def aclose(self) -> None:
        """Close the connections."""
        await self._api.aclose()

    async def _listed(self) -> list[Listed]:
        found: dict[str, Listed] = {}
        cursor: str | None = None
        while True:
            body: dict[str, Any] = {"filter": {"property": "object", "value": "page"}, "page_size": 100}
            pages = await self._api.post(
                _Pages, "/search", body | ({"start_cursor": cursor} if cursor else {})
            )
            for page in pages.results:
                if not page.archived and not page.in_trash:
                    found[page.id] = self._entry(page)
            cursor = pages.next_cursor
            if not pages.has_more or not cursor:
                return list(found.values())

    def _entry(self, page: _Page) -> Listed:
        settled = self._now() - page.last_edited_time > _UNSETTLED
        edited = page.last_edited_time.isoformat()
        return Listed(
            id=page.id,
            title=page.name or "Untitled",
            fingerprint=edited if settled else f"{edited} and maybe later",
            read=partial(self._document, page),
        )

    async def _document(self, page: _Page) -> Document:
        blocks = await self._blocks(page.id, depth=0, left=[_MAX_BLOCKS])
        return Document(
            id=DocumentId(page.id),
            title=page.name or "Untitled",
            text=blocks_to_markdown(blocks),
            url=page.url,
            updated=page.last_edited_time.astimezone(UTC),
        )

    async def _blocks(self, parent: str, *, depth: int, left: list[int]) -> Sequence[Block]:
        """The blocks in a page or a block, with what is nested in them; pages in a page are documents of their own."""
        found: list[Block] = []
        parameters: dict[str, str | int] = {"page_size": 100}
        while left[0] > 0:
            answer = await self._api.get(_Blocks, f"/blocks/{parent}/children", **parameters)
            left[0] -= len(answer.results)
            found += [await self._with_children(block, depth=depth, left=left) for block in answer.results]
            if not answer.has_more or not answer.next_cursor:
                break
            parameters["start_cursor"] = answer.next_cursor
        return found

    async def _with_children(self, block: Block, *, depth: int, left: list[int]) -> Block:
        if not block.has_children or block.type in {"child_page", "child_database"} or depth >= _MAX_DEPTH:
            return block
        children = await self._blocks(block.id, depth=depth + 1, left=left)
        return block.model_copy(update={"children": tuple(children)})

    async def _is_gone(self, name: str) -> bool:
        try:
            page = await self._api.get(_Page, f"/pages/{name}")
        except ApiError as error:
            return error.gone
        return page.archived or page.in_trash
