"""Chatwoot's own knowledge: canned responses, and the published articles of its help centres."""

from __future__ import annotations

from copilot.desks.chatwoot.account import Account
from copilot.desks.chatwoot.wire import ArticlePage, ArticleRow, Canned, Portal, Portals
from copilot.desks.rest import Rest
from copilot.domain import Article, ArticleId, Audience, DeskId, SourceKind
from copilot.errors import BadDataError, NotFoundError, PermissionDeniedError

PUBLISHED = {"published", 1, "1"}
MOST_PAGES = 400


async def articles(rest: Rest, account: Account, desk: DeskId, base: str) -> tuple[Article, ...]:
    """All of both; without the right to read the help centres (see `can_read_portals`), only the first."""
    canned = (await rest.get(await account.path("canned_responses"), list[Canned])).value
    found = [_macro(one, desk) for one in canned if (one.content or "").strip()]
    try:
        portals = (await rest.get(await account.path("portals"), Portals)).value.payload
        for portal in portals:
            if not portal.archived:
                rows = await _rows(rest, account, portal)
                found += [_article(row, portal, desk, base) for row in rows]
    except (PermissionDeniedError, NotFoundError):
        return tuple(found)
    return tuple(found)


async def can_read_portals(rest: Rest, account: Account) -> bool:
    """Whether the token's user may see the help centres."""
    try:
        await rest.get(await account.path("portals"), Portals)
    except (PermissionDeniedError, NotFoundError):
        return False
    return True


async def _rows(rest: Rest, account: Account, portal: Portal) -> list[ArticleRow]:
    found: dict[int, ArticleRow] = {}
    path = await account.path(f"portals/{portal.slug}/articles")
    for number in range(1, MOST_PAGES):
        page = (await rest.get(path, ArticlePage, {"page": number})).value.payload
        news = {row.id: row for row in page if row.id not in found}
        if not news:
            return [row for row in found.values() if row.status in PUBLISHED and (row.content or "").strip()]
        found |= news
    raise BadDataError("Chatwoot's list of articles does not end.", "Try again later.")


def _macro(one: Canned, desk: DeskId) -> Article:
    return Article(
        id=ArticleId(f"{desk}:canned:{one.id}"),
        title=one.short_code or f"Canned response {one.id}",
        text=one.content or "",
        audience=Audience.INTERNAL,
        kind=SourceKind.MACRO,
        updated=one.updated_at,
    )


def _article(row: ArticleRow, portal: Portal, desk: DeskId, base: str) -> Article:
    site = f"https://{portal.custom_domain}" if portal.custom_domain else base
    return Article(
        id=ArticleId(f"{desk}:article:{row.id}"),
        title=row.title or f"Article {row.id}",
        text=row.content or "",
        summary=row.description or "",
        url=f"{site}/hc/{portal.slug}/articles/{row.slug}" if row.slug else "",
        audience=Audience.PUBLIC,
        kind=SourceKind.ARTICLE,
        updated=row.updated_at,
    )
