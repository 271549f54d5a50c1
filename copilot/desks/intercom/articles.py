"""The help center's articles and those for the team (REST API: Articles; Internal Articles).

The description shows no way to a second page, the answers do: `pages` with page and total_pages (REST API 2.3, List all
articles), asked for as `page`. Macros cannot be read (2.15 has no address for them).
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from copilot.desks.intercom.wire import HelpArticle, HelpArticles
from copilot.desks.rest import Rest
from copilot.domain import Article, ArticleId, Audience, DeskId, SourceKind
from copilot.errors import BadDataError, NotFoundError, PermissionDeniedError
from copilot.text.plain import html_to_text

MAX_PAGES = 1000


async def articles(rest: Rest, desk: DeskId) -> tuple[Article, ...]:
    """All that are published and say anything; what the token may not read is none."""
    public = await _all(rest, "/articles")
    internal = await _all(rest, "/internal_articles")
    return await asyncio.to_thread(_translate, desk, public, internal)


async def _all(rest: Rest, path: str) -> list[HelpArticle]:
    found: dict[str, HelpArticle] = {}
    for number in range(1, MAX_PAGES + 1):
        try:
            page = (await rest.get(path, HelpArticles, {"page": number} if number > 1 else None)).value
        except (NotFoundError, PermissionDeniedError):
            return []
        before = len(found)
        found |= {row.id: row for row in page.data}
        last = page.pages.total_pages if page.pages is not None else None
        if last is None or number >= last:
            return list(found.values())
        if len(found) == before:
            break
    raise BadDataError("Intercom sends the same page of articles again and again.", "Try again in a while.")


def _translate(
    desk: DeskId, public: Sequence[HelpArticle], internal: Sequence[HelpArticle]
) -> tuple[Article, ...]:
    found = [_article(desk, "article", one, Audience.PUBLIC) for one in public if one.state == "published"]
    found += [_article(desk, "internal", one, Audience.INTERNAL) for one in internal]
    return tuple(article for article in found if article.text)


def _article(desk: DeskId, kind: str, one: HelpArticle, audience: Audience) -> Article:
    return Article(
        id=ArticleId(f"{desk}:{kind}:{one.id}"),
        title=one.title or f"Article {one.id}",
        text=html_to_text(one.body).text.strip() if one.body else "",
        summary=one.description,
        url=one.url,
        audience=audience,
        kind=SourceKind.ARTICLE,
        updated=one.updated_at,
    )
