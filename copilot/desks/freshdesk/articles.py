"""The knowledge base ("Solutions") and the canned responses, whole."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import structlog

from copilot.desks.freshdesk.names import all_pages
from copilot.desks.freshdesk.wire import CannedRow, FolderRow, SolutionRow
from copilot.desks.rest import Rest
from copilot.domain import Article, ArticleId, Audience, DeskId, SourceKind
from copilot.errors import NotFoundError, PermissionDeniedError
from copilot.text.plain import html_to_text

log = structlog.get_logger()
PUBLISHED = 2
FOR_ALL = 1
"""The visibility of a folder that everybody may read; others are for some (2 logged-in users, 3 agents …)."""


async def articles(rest: Rest, desk: DeskId, base: str) -> tuple[Article, ...]:
    """Published articles and canned responses; what the rep's role may not read is left out."""
    solutions = await _allowed("solutions", lambda: _solutions(rest, desk, base))
    canned = await _allowed("canned_responses", lambda: _canned(rest, desk))
    return (*solutions, *canned)


async def _allowed(what: str, read: Callable[[], Awaitable[list[Article]]]) -> list[Article]:
    try:
        return await read()
    except (PermissionDeniedError, NotFoundError):
        log.info("freshdesk.may_not_read", what=what)
        return []


async def _solutions(rest: Rest, desk: DeskId, base: str) -> list[Article]:
    found: list[Article] = []
    for category in await all_pages(rest, "solutions/categories", FolderRow):
        for folder in await all_pages(rest, f"solutions/categories/{category.id}/folders", FolderRow):
            rows = await all_pages(rest, f"solutions/folders/{folder.id}/articles", SolutionRow)
            found += await asyncio.to_thread(_translate, rows, folder, desk, base)
    return found


def _translate(rows: Sequence[SolutionRow], folder: FolderRow, desk: DeskId, base: str) -> list[Article]:
    audience = Audience.PUBLIC if folder.visibility == FOR_ALL else Audience.INTERNAL
    return [
        Article(
            id=ArticleId(f"{desk}:article:{row.id}"),
            title=row.title or f"Article {row.id}",
            text=text,
            url=f"{base}/support/solutions/articles/{row.id}",
            audience=audience,
            kind=SourceKind.ARTICLE,
            updated=row.updated_at,
        )
        for row in rows
        if row.status == PUBLISHED and (text := html_to_text(row.description).text)
    ]


async def _canned(rest: Rest, desk: DeskId) -> list[Article]:
    found: list[Article] = []
    for folder in await all_pages(rest, "canned_response_folders", FolderRow):
        rows = await all_pages(rest, f"canned_response_folders/{folder.id}/responses", CannedRow)
        found += await asyncio.to_thread(_macros, rows, desk)
    return found


def _macros(rows: Sequence[CannedRow], desk: DeskId) -> list[Article]:
    return [
        Article(
            id=ArticleId(f"{desk}:macro:{row.id}"),
            title=row.title or f"Canned response {row.id}",
            text=text,
            audience=Audience.INTERNAL,
            kind=SourceKind.MACRO,
            updated=row.updated_at,
        )
        for row in rows
        if (text := html_to_text(row.content_html or row.content).text)
    ]
