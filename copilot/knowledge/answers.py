"""Internal answers: short, direct answers of the team's own, each approved by somebody.

They are rows of their own in the store, every version of them; the index holds what they say now, as the source
``answers``, and can be made again from the rows at any time.
"""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import datetime

from copilot.domain import AnswerId, Article, ArticleId, Audience, InternalAnswer, SourceKind, TicketId
from copilot.errors import UserError
from copilot.knowledge.indexing import index_articles
from copilot.knowledge.passages import cut_passages
from copilot.store import Store

SOURCE = "answers"


class InternalAnswers:
    """The team's internal answers. What changes is searchable when the call returns."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def all(self) -> tuple[InternalAnswer, ...]:
        """The answers as they stand."""
        return await self._store.answers.all()

    async def versions(self, answer: AnswerId) -> tuple[InternalAnswer, ...]:
        """What an answer said before, oldest first, with who approved it and when."""
        return await self._store.answers.versions(answer)

    async def add(
        self, title: str, text: str, *, approved_by: str, at: datetime, ticket: TicketId | None = None
    ) -> InternalAnswer:
        """Keep a new answer to the question `title`. Raises `UserError` when a part of it is missing."""
        answer = InternalAnswer(
            id=AnswerId(uuid.uuid4().hex),
            title=title.strip(),
            text=text.strip(),
            approved_by=approved_by,
            approved=at,
            ticket=ticket,
        )
        return await self._keep(answer)

    async def change(
        self, answer: AnswerId, title: str, text: str, *, approved_by: str, at: datetime
    ) -> InternalAnswer:
        """Put a new version in the place of an answer. Raises `KeyError` when there is none, or `UserError`."""
        before = await self._store.answers.get(answer)
        return await self._keep(
            replace(before, title=title.strip(), text=text.strip(), approved_by=approved_by, approved=at)
        )

    async def remove(self, answer: AnswerId, *, removed_by: str, at: datetime) -> None:
        """Take an answer out of use; its versions stay. Raises `KeyError` when there is none."""
        before = await self._store.answers.get(answer)
        await self._store.answers.put(replace(before, approved_by=removed_by, approved=at), removed=True)
        await self._store.knowledge.amend(SOURCE, [], [article_id(answer)])

    async def reindex(self) -> bool:
        """Make the index say what the rows say; whether it did not."""
        articles = [_article(answer) for answer in await self.all()]
        return await index_articles(self._store, source=SOURCE, articles=articles)

    async def _keep(self, answer: InternalAnswer) -> InternalAnswer:
        if not answer.title or not answer.text:
            raise UserError("An internal answer needs a question and an answer.", "Write both.")
        if not answer.approved_by.strip():
            raise UserError("Nobody has approved this answer.", "Say who stands for it.")
        await self._store.answers.put(answer)
        article = _article(answer)
        await self._store.knowledge.amend(SOURCE, [(article, cut_passages(article))])
        return await self._store.answers.get(answer.id)


def article_id(answer: AnswerId) -> ArticleId:
    """What an answer is called in the index."""
    return ArticleId(f"{SOURCE}/{answer}")


def _article(answer: InternalAnswer) -> Article:
    return Article(
        id=article_id(answer.id),
        title=answer.title,
        text=answer.text,
        audience=Audience.INTERNAL,
        kind=SourceKind.INTERNAL_ANSWER,
        updated=answer.approved,
    )
