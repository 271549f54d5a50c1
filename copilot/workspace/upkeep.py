"""The state of the team's articles: how old, whose, how often used; and which of them say the same or the contrary."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from copilot.domain import ArticleId, Audience, SourceKind
from copilot.knowledge.answers import article_id
from copilot.store import Store
from copilot.store.vectors import ArticleVectors
from copilot.workspace.background import in_a_thread
from copilot.workspace.questions import Progress

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from copilot.knowledge.conflicts import ArticlePair, Piece

MOST_PASSAGES = 20_000
"""So many are compared, each with each; of a team with more, the oldest articles are left out."""
READ_AT_ONCE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleState:
    """An article as somebody who keeps the knowledge looks at it.

    `owner` is who approved an internal answer, else the source it comes from. A use is a reply that a rep accepted or
    edited and that cites it.
    """

    article: ArticleId
    title: str
    kind: SourceKind
    audience: Audience
    owner: str
    updated: datetime | None
    last_used: datetime | None
    uses: int


class Upkeep:
    """Looks after the articles. Every call may be cancelled; none blocks the loop."""

    def __init__(
        self,
        store: Store,
        *,
        model: Callable[[], str],
        keep_in_step: Callable[[], Awaitable[None]],
        names: Callable[[], Mapping[str, str]],
    ) -> None:
        self._store = store
        self._model = model
        self._keep_in_step = keep_in_step
        self._names = names

    async def articles(self) -> tuple[ArticleState, ...]:
        """All articles, macros and answers: the longest unused and the oldest first."""
        owners = {article_id(one.id): one.approved_by for one in await self._store.answers.all()}
        uses = await self._store.uses.newest()
        counts = Counter(use.article for use in uses)
        last = {use.article: use.at for use in reversed(uses)}
        names = self._names()
        states = [
            ArticleState(
                article=one.id,
                title=one.title,
                kind=one.kind,
                audience=one.audience,
                owner=owners.get(one.id) or names.get(one.source, one.source),
                updated=one.updated,
                last_used=last.get(one.id),
                uses=counts[one.id],
            )
            for one in await self._store.knowledge.headers()
        ]
        return tuple(sorted(states, key=_oldest))

    async def pairs(self, *, progress: Progress | None = None) -> tuple[ArticlePair, ...]:
        """Articles that contradict or duplicate each other, with the evidence. Raises `ModelError`."""
        await self._keep_in_step()
        model = await asyncio.to_thread(self._model)
        titles = {one.id: one.title for one in await self._store.knowledge.headers()}
        names = list(titles)
        read: list[ArticleVectors] = []
        count = 0
        for begin in range(0, len(names), READ_AT_ONCE):
            read += await self._store.vectors.articles(model, names[begin : begin + READ_AT_ONCE])
            count = sum(len(one.passages) for one in read)
            if count >= MOST_PASSAGES:
                break
        if not count:
            return ()

        def work(tick: Progress) -> tuple[ArticlePair, ...]:
            from copilot.knowledge.conflicts import pairs_in

            pieces, vectors = _pieces(read, titles)
            return pairs_in(pieces, vectors, tick)

        return await in_a_thread(work, progress)


def _oldest(state: ArticleState) -> tuple[float, float, str]:
    used = 0.0 if state.last_used is None else state.last_used.timestamp()
    updated = 0.0 if state.updated is None else state.updated.timestamp()
    return used, updated, state.title


def _pieces(
    articles: Sequence[ArticleVectors], titles: Mapping[ArticleId, str]
) -> tuple[list[Piece], NDArray[np.float32]]:
    import numpy as np

    from copilot.knowledge.conflicts import Piece
    from copilot.knowledge.library import row_of

    pieces = [
        Piece(one.article, titles[one.article], passage.text)
        for one in articles
        for passage, _ in one.passages
    ]
    vectors = np.stack([row_of(vector) for one in articles for _, vector in one.passages])
    return pieces, vectors
