"""Help Scout's own knowledge: saved replies of the inboxes, and the published articles of Docs."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import TypeVar

from copilot.desks.help_scout.signed import MOST_PAGES, Signed
from copilot.desks.help_scout.wire import (
    DocsArticle,
    DocsArticles,
    DocsCollections,
    DocsItem,
    DocsPage,
    SavedReply,
    SavedReplyHead,
)
from copilot.desks.rest import Rest
from copilot.domain import Article, ArticleId, Audience, DeskId, SourceKind
from copilot.errors import BadDataError, NotFoundError, PermissionDeniedError
from copilot.text.plain import html_to_text

T = TypeVar("T")


async def saved_replies(api: Signed, mailboxes: Mapping[int, str], desk: DeskId) -> list[Article]:
    """The saved replies of these inboxes, each read for its whole text."""
    found: list[Article] = []
    for mailbox in mailboxes:
        path = f"mailboxes/{mailbox}/saved-replies"
        try:
            heads = (await api.get(path, list[SavedReplyHead])).value
        except (NotFoundError, PermissionDeniedError):
            continue
        for head in heads:
            reply = (await api.get(f"{path}/{head.id}", SavedReply)).value
            text = await asyncio.to_thread(_plain, reply.text or "")
            if text:
                found.append(
                    Article(
                        id=ArticleId(f"{desk}:saved:{reply.id}"),
                        title=reply.name or f"Saved reply {reply.id}",
                        text=text,
                        audience=Audience.INTERNAL,
                        kind=SourceKind.MACRO,
                    )
                )
    return found


async def docs(rest: Rest, desk: DeskId) -> list[Article]:
    """All published articles; those of private collections are for the team."""
    found: list[Article] = []

    async def collections(number: int) -> DocsPage:
        return (await rest.get("collections", DocsCollections, {"page": number})).value.collections

    for collection in await _items(collections):
        path = f"collections/{collection.id}/articles"

        async def articles(number: int, path: str = path) -> DocsPage:
            query: dict[str, str | int] = {"page": number, "status": "published", "pageSize": 100}
            return (await rest.get(path, DocsArticles, query)).value.articles

        for head in await _items(articles):
            item = (await rest.get(f"articles/{head.id}", DocsArticle)).value.article
            text = await asyncio.to_thread(_plain, item.text or "")
            if text:
                found.append(_article(item, text, desk, private=collection.visibility == "private"))
    return found


async def _items(page: Callable[[int], Awaitable[DocsPage]]) -> list[DocsItem]:
    found: list[DocsItem] = []
    for number in range(1, MOST_PAGES):
        read = await page(number)
        found += read.items
        if number >= read.pages:
            return found
    raise BadDataError("Help Scout's list of articles does not end.", "Try again later.")


def _article(item: DocsItem, text: str, desk: DeskId, *, private: bool) -> Article:
    return Article(
        id=ArticleId(f"{desk}:docs:{item.id}"),
        title=item.name or "Article",
        text=text,
        url=item.url or "",
        audience=Audience.INTERNAL if private else Audience.PUBLIC,
        kind=SourceKind.ARTICLE,
        updated=item.updated,
    )


def _plain(html: str) -> str:
    return html_to_text(html).text.strip()
