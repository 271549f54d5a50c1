"""RT's own articles: what a team keeps there is made of custom fields, one for each part of an article."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence

from copilot.desks.request_tracker.rest import Rest
from copilot.desks.request_tracker.wire import ArticleRow, FieldValues
from copilot.domain import Article, ArticleId, Audience, DeskId, SourceKind
from copilot.text.plain import html_to_text

_EVERY = json.dumps([{"field": "id", "operator": ">", "value": "0"}])
_QUERY = {"query": _EVERY, "fields": "Name,Summary,Disabled,LastUpdated,CustomFields"}
HIDDEN_PAGES = 2


async def articles(rest: Rest, desk: DeskId, base: str) -> tuple[Article, ...]:
    """All articles the rep may see and that say anything.

    They are internal: RT shows them to the people who answer, who put them into replies.
    """
    rows = await rest.all("articles", ArticleRow, _QUERY, hidden_pages=HIDDEN_PAGES)
    return await asyncio.to_thread(_translate, rows, desk, base)


def _translate(rows: Sequence[ArticleRow], desk: DeskId, base: str) -> tuple[Article, ...]:
    return tuple(
        Article(
            id=ArticleId(f"{desk}:article:{row.id}"),
            title=row.name or row.summary or f"Article {row.id}",
            text=text,
            summary=row.summary,
            url=f"{base}/Articles/Article/Display.html?id={row.id}",
            audience=Audience.INTERNAL,
            kind=SourceKind.ARTICLE,
            updated=row.updated,
        )
        for row in rows
        if row.disabled != "1" and (text := _text(row.fields))
    )


def _text(fields: Sequence[FieldValues]) -> str:
    """The article as Markdown: its only part as it is, several under their names."""
    parts = [(field.name, _plain("\n".join(field.texts))) for field in fields]
    parts = [(name, text) for name, text in parts if text]
    if len(parts) == 1:
        return parts[0][1]
    return "\n\n".join(f"## {name}\n\n{text}" for name, text in parts)


def _plain(value: str) -> str:
    looks_like_html = "</" in value or "<br" in value.lower()
    return html_to_text(value).text if looks_like_html else value.strip()
