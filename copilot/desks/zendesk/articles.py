"""The help center's articles and the macros that hold a reply.

Help Center API: Articles, List Articles (agents need no locale; `user_segment_id` null is for everybody). API
reference: Macros, List Macros; Actions reference: `comment_value_html`, and `comment_value`, which may be a list of
channel and text.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from copilot.desks.rest import Rest
from copilot.desks.zendesk.listing import every
from copilot.desks.zendesk.wire import ArticlePage, HelpArticle, Macro, MacroPage
from copilot.domain import Article, ArticleId, Audience, DeskId, SourceKind
from copilot.errors import NotFoundError, PermissionDeniedError
from copilot.text.plain import html_to_text


async def articles(rest: Rest, desk: DeskId) -> tuple[Article, ...]:
    """All that say anything; no help center, or one that is not for the rep, is none."""
    macros = await every(rest, "/api/v2/macros", MacroPage, lambda page: page.macros, {"active": "true"})
    try:
        help_center = await every(
            rest, "/api/v2/help_center/articles", ArticlePage, lambda page: page.articles
        )
    except (NotFoundError, PermissionDeniedError):
        help_center = []
    return await asyncio.to_thread(_translate, desk, help_center, macros)


def _translate(
    desk: DeskId, help_center: Sequence[HelpArticle], macros: Sequence[Macro]
) -> tuple[Article, ...]:
    found = [_article(desk, one) for one in help_center if not one.draft]
    found += [_macro(desk, one) for one in macros if one.active is not False]
    return tuple(article for article in found if article.text)


def _article(desk: DeskId, one: HelpArticle) -> Article:
    return Article(
        id=ArticleId(f"{desk}:article:{one.id}"),
        title=one.title or f"Article {one.id}",
        text=html_to_text(one.body).text.strip() if one.body else "",
        url=one.html_url,
        audience=Audience.PUBLIC if one.user_segment_id is None else Audience.INTERNAL,
        kind=SourceKind.ARTICLE,
        updated=one.updated_at,
    )


def _macro(desk: DeskId, one: Macro) -> Article:
    return Article(
        id=ArticleId(f"{desk}:macro:{one.id}"),
        title=one.title.replace("::", ": ") or f"Macro {one.id}",
        text=_reply_of(one),
        summary=one.description,
        audience=Audience.INTERNAL,
        kind=SourceKind.MACRO,
        updated=one.updated_at,
    )


def _reply_of(macro: Macro) -> str:
    """The words a macro puts into a reply; "" for one that only changes fields."""
    said = {action.field: action.value for action in macro.actions}
    rich = said.get("comment_value_html")
    if isinstance(rich, str) and rich:
        return html_to_text(rich).text.strip()
    plain = said.get("comment_value")
    if isinstance(plain, list):
        plain = plain[-1] if plain else ""
    return plain.strip() if isinstance(plain, str) else ""
