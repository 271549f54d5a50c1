"""What past tickets asked, as text and as vectors: kept in the store, made where they are missing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from copilot.domain import TicketId
from copilot.knowledge.question import question_of
from copilot.models.embedding import Embedder
from copilot.store import Store
from copilot.store.solved import SolvedThread
from copilot.store.vectors import Vector

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

EMBEDDED_AT_ONCE = 8
"""How long being cancelled may have to wait."""
Progress = Callable[[int, int], None]
"""Told how many are done, and of how many."""


@dataclass(frozen=True, slots=True)
class AskedTicket:
    """A ticket with its question, without greetings, links and logs, and the question's unit vector."""

    thread: SolvedThread
    text: str
    vector: Vectors


class Questions:
    """Reads questions from the store, and embeds off the loop."""

    def __init__(self, store: Store, embedder: Embedder) -> None:
        self._store = store
        self._embedder = embedder

    async def of(self, tickets: Sequence[TicketId], progress: Progress | None = None) -> list[AskedTicket]:
        """These tickets in this order, unknown ones left out. Raises `ModelError`.

        May be cancelled at any time: vectors that were made are kept.
        """
        threads = await self._store.solved.threads(tickets)
        texts = await asyncio.to_thread(
            lambda: [question_of(one.subject, one.asked).whole for one in threads]
        )
        rows = await self._rows(threads, texts, progress)
        return [
            AskedTicket(thread, text, rows[thread.ticket])
            for thread, text in zip(threads, texts, strict=True)
        ]

    async def encode(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of any texts, a row each. Raises `ModelError`."""
        return await asyncio.to_thread(self._embedder.encode, list(texts))

    async def _rows(
        self, threads: Sequence[SolvedThread], texts: Sequence[str], progress: Progress | None
    ) -> dict[TicketId, Vectors]:
        row_of, vector_of = await asyncio.to_thread(_packing)
        model = await asyncio.to_thread(lambda: self._embedder.id)
        known = await self._store.vectors.tickets(model)
        rows = {
            one.ticket: row_of(known[one.ticket][1])
            for one in threads
            if one.ticket in known and known[one.ticket][0] == one.thread_version
        }
        lacking = [pair for pair in zip(threads, texts, strict=True) if pair[0].ticket not in rows]
        for begin in range(0, len(lacking), EMBEDDED_AT_ONCE):
            batch = lacking[begin : begin + EMBEDDED_AT_ONCE]
            made = await self.encode([text for _, text in batch])
            for (thread, _), row in zip(batch, made, strict=True):
                rows[thread.ticket] = row
                await self._store.vectors.put_ticket(
                    model, thread.ticket, thread.thread_version, vector_of(row)
                )
            if progress is not None:
                progress(len(rows), len(threads))
        return rows


def _packing() -> tuple[Callable[[Vector], Vectors], Callable[[Vectors], Vector]]:
    """Imports numpy: not on the loop."""
    from copilot.knowledge.library import row_of, vector_of

    return row_of, vector_of
