"""The pages of a Confluence Cloud space.

Followed: "The Confluence Cloud REST API v2", groups Space and Page
(https://developer.atlassian.com/cloud/confluence/rest/v2/): lists by cursor, `version.number` as fingerprint, the body
as the rendered view; signed in with an e-mail address and an API token.
"""

from __future__ import annotations

import base64
from collections.abc import AsyncGenerator, Mapping
from datetime import UTC, datetime
from functools import partial
from urllib.parse import urlsplit

from pydantic import Field

from copilot.errors import SourceError
from copilot.knowledge.sources.base import Document, DocumentId, Fingerprint, Label, Step
from copilot.knowledge.sources.formats.parsed import Form
from copilot.knowledge.sources.hosted import (
    Api,
    Connection,
    Edges,
    Headers,
    Listed,
    Wire,
    gone_from,
    listing,
    read_listed,
)
from copilot.knowledge.sources.parsing import Parser

_PAUSE_SECONDS = 0.2
_PAGE_SIZE = 250


class _Links(Wire):
    next: str = ""
    base: str = ""
    webui: str = ""


class _Space(Wire):
    id: str


class _Spaces(Wire):
    results: list[_Space]


class _Version(Wire):
    number: int
    created: datetime | None = Field(default=None, alias="createdAt")


class _View(Wire):
    value: str = ""


class _Body(Wire):
    view: _View = _View()


class _Page(Wire):
    id: str
    title: str = ""
    version: _Version
    body: _Body = _Body()
    links: _Links = Field(default=_Links(), alias="_links")


class _Pages(Wire):
    results: list[_Page]
    links: _Links = Field(default=_Links(), alias="_links")


class ConfluenceSource:
    """The current pages of one space. `site` is like ``https://acme.atlassian.net``, `space` its key."""

    kind = "confluence"

    def __init__(
        self,
        label: Label,
        site: str,
        space: str,
        sign_in: tuple[str, str],
        parser: Parser,
        *,
        edges: Edges | None = None,
    ) -> None:
        self.label = label
        self._space = space
        self._parser = parser
        parts = urlsplit(site)
        self._site = f"{parts.scheme}://{parts.netloc}"
        edges = edges or Edges()
        self._api = Api(
            Connection(
                service="Confluence",
                base=self._site,
                headers=_basic(*sign_in),
                pause_seconds=_PAUSE_SECONDS,
                edges=edges,
            ),
            parser.limits,
        )

    async def read(self, known: Mapping[str, Fingerprint]) -> AsyncGenerator[Step, None]:
        """See `Source.read`."""
        if not self._site.startswith("https://"):
            raise SourceError("The address of the site is not safe.", "Write it with https:// in front.")
        listed = await listing("Confluence", self._listed())
        async for step in read_listed(listed, known, self._parser.limits):
            yield step
        for gone in gone_from(listed, known):
            yield gone

    async def aclose(self) -> None:
        """Close the connections."""
        await self._api.aclose()

    async def _listed(self) -> list[Listed]:
        spaces = await self._api.get(_Spaces, "/wiki/api/v2/spaces", keys=self._space)
        if not spaces.results:
            raise SourceError(f"There is no space {self._space} that we may read.", "Check its key.")
        found: list[Listed] = []
        path = f"/wiki/api/v2/spaces/{spaces.results[0].id}/pages?status=current&limit={_PAGE_SIZE}"
        while path:
            pages = await self._api.get(_Pages, path)
            found += [self._entry(page) for page in pages.results]
            path = pages.links.next if pages.links.next.startswith("/") else ""
        return found

    def _entry(self, page: _Page) -> Listed:
        return Listed(
            id=page.id,
            title=page.title,
            fingerprint=f"version {page.version.number}",
            read=partial(self._document, page.id),
        )

    async def _document(self, name: str) -> Document:
        page = await self._api.get(_Page, f"/wiki/api/v2/pages/{name}?body-format=view")
        html = f'<meta charset="utf-8"><body>{page.body.view.value}</body>'.encode()
        text = (await self._parser.parse(Form.HTML, html)).text if page.body.view.value.strip() else ""
        return Document(
            id=DocumentId(name),
            title=page.title,
            text=text,
            url=f"{page.links.base or self._site + '/wiki'}{page.links.webui}" if page.links.webui else "",
            updated=page.version.created.astimezone(UTC) if page.version.created else None,
        )


def _basic(email: str, token: str) -> Headers:
    secret = base64.b64encode(f"{email}:{token}".encode()).decode()

    async def headers() -> Mapping[str, str]:
        return {"Authorization": f"Basic {secret}", "Accept": "application/json"}

    return headers
