"""Front's own knowledge: message templates, and the published articles of its knowledge bases.

Articles come one by one, and Front takes fifty requests a minute from a small company: what was read is kept for the
life of the connection, so that a reading that was told to slow down goes on where it stopped.
"""

from __future__ import annotations

import asyncio

from copilot.desks.front.company import A_PAGE, Company
from copilot.desks.front.conversations import id_of
from copilot.desks.front.wire import ArticleHead, ArticleRow, KnowledgeBase, Results, Template
from copilot.desks.rest import Rest
from copilot.domain import Article, ArticleId, Audience, DeskId, SourceKind
from copilot.errors import NotFoundError, PermissionDeniedError
from copilot.text.plain import html_to_text


class Articles:
    """Reads both."""

    def __init__(self, rest: Rest, company: Company, desk: DeskId) -> None:
        self._rest = rest
        self._company = company
        self._desk = desk
        self._read: dict[str, ArticleRow] = {}

    async def all(self) -> tuple[Article, ...]:
        """Those the token's scopes show."""
        return (*await self._templates(), *await self._knowledge())

    async def _templates(self) -> list[Article]:
        try:
            rows = await self._company.all("message_templates", Results[Template])
        except PermissionDeniedError:
            return []
        texts = await asyncio.to_thread(lambda: [_plain(row.body) for row in rows])
        return [
            Article(
                id=ArticleId(f"{self._desk}:template:{row.id}"),
                title=row.name or "Message template",
                text=text,
                audience=Audience.INTERNAL,
                kind=SourceKind.MACRO,
            )
            for row, text in zip(rows, texts, strict=True)
            if text
        ]

    async def _knowledge(self) -> list[Article]:
        try:
            bases = (await self._rest.get("knowledge_bases", Results[KnowledgeBase])).value.results
        except (PermissionDeniedError, NotFoundError):
            return []
        found: list[Article] = []
        for base in bases:
            path = f"knowledge_bases/{id_of(base.id)}/articles"
            for head in await self._company.all(path, Results[ArticleHead], {"limit": A_PAGE}):
                article = await self._article(head, base)
                if article is not None:
                    found.append(article)
        return found

    async def _article(self, head: ArticleHead, base: KnowledgeBase) -> Article | None:
        known = self._read.get(head.id)
        if known is None or known.updated_at != head.updated_at:
            path = f"knowledge_base_articles/{id_of(head.id)}/content"
            known = (await self._rest.get(path, ArticleRow)).value
            self._read[head.id] = known.model_copy(update={"updated_at": head.updated_at})
        text = await asyncio.to_thread(_plain, known.content)
        if not text or "draft" in (known.status or "").casefold():
            return None
        return Article(
            id=ArticleId(f"{self._desk}:article:{known.id}"),
            title=known.name or "Article",
            text=text,
            audience=Audience.INTERNAL if base.type == "internal" else Audience.PUBLIC,
            kind=SourceKind.ARTICLE,
            updated=head.updated_at,
        )


def _plain(html: str | None) -> str:
    return html_to_text(html or "").text.strip()
