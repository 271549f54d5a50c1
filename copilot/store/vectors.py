"""Sentence vectors beside the rows they were made of: what the dense index is filled from when a workspace opens."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from copilot.domain import ArticleId, ThreadVersion, TicketId
from copilot.store.database import Database
from copilot.store.passage import Passage

_LACKING = """
SELECT passage.id, article.name, article.title, passage.start, passage.stop, passage.heading, passage.text
FROM passage JOIN article ON article.id = passage.article
LEFT JOIN passage_vector ON passage_vector.passage = passage.id AND passage_vector.model = ?
WHERE passage_vector.passage IS NULL ORDER BY passage.id LIMIT ?
"""
_OF_PASSAGES = """
SELECT passage.id, article.name, passage.start, step, levels FROM passage_vector
JOIN passage ON passage.id = passage_vector.passage JOIN article ON article.id = passage.article
WHERE model = ? ORDER BY passage.id
"""


@dataclass(frozen=True, slots=True)
class Vector:
    """One vector: `levels` are signed bytes, one a dimension, in units of `step`."""

    step: float
    levels: bytes


@dataclass(frozen=True, slots=True)
class LackingPassage:
    """A passage that has no vector of a model yet, with its article's title."""

    key: int
    title: str
    passage: Passage


@dataclass(frozen=True, slots=True)
class PassageVector:
    """A passage's vector, and where the passage stands."""

    key: int
    article: ArticleId
    start: int
    vector: Vector


class VectorTable:
    """Vectors by model. One model at a time: a row of another model is replaced when it is made anew."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def lacking(self, model: str, *, limit: int) -> tuple[LackingPassage, ...]:
        """Passages without a vector of this model, oldest first."""

        def work(db: sqlite3.Connection) -> tuple[LackingPassage, ...]:
            return tuple(_lacking(row) for row in db.execute(_LACKING, (model, limit)))

        return await self._database.read(work)

    async def put_passages(self, model: str, vectors: Sequence[tuple[int, Vector]]) -> int:
        """Keep vectors by passage key; those of passages that are gone by now are left out. How many were kept."""

        def work(db: sqlite3.Connection) -> int:
            kept = 0
            for key, vector in vectors:
                kept += db.execute(
                    "INSERT INTO passage_vector (passage, model, step, levels) "
                    "SELECT id, ?, ?, ? FROM passage WHERE id = ? "
                    "ON CONFLICT (passage) DO UPDATE SET model = excluded.model, step = excluded.step, "
                    "levels = excluded.levels",
                    (model, vector.step, vector.levels, key),
                ).rowcount
            return kept

        return await self._database.write(work)

    async def passages(self, model: str) -> tuple[PassageVector, ...]:
        """All vectors of this model."""

        def work(db: sqlite3.Connection) -> tuple[PassageVector, ...]:
            return tuple(
                PassageVector(key, ArticleId(article), start, Vector(step, levels))
                for key, article, start, step, levels in db.execute(_OF_PASSAGES, (model,))
            )

        return await self._database.read(work)

    async def put_ticket(self, model: str, ticket: TicketId, version: ThreadVersion, vector: Vector) -> None:
        """Keep the vector of a ticket's question in this version of its thread."""
        row = (ticket, model, version, vector.step, vector.levels)
        await self._database.write(
            lambda db: db.execute(
                "INSERT OR REPLACE INTO ticket_vector (ticket, model, thread_version, step, levels) "
                "VALUES (?, ?, ?, ?, ?)",
                row,
            )
        )

    async def tickets(self, model: str) -> dict[TicketId, tuple[ThreadVersion, Vector]]:
        """All tickets' vectors of this model, with the version of the thread each was made of."""

        def work(db: sqlite3.Connection) -> dict[TicketId, tuple[ThreadVersion, Vector]]:
            rows = db.execute(
                "SELECT ticket, thread_version, step, levels FROM ticket_vector WHERE model = ?", (model,)
            )
            return {TicketId(row[0]): (ThreadVersion(row[1]), Vector(row[2], row[3])) for row in rows}

        return await self._database.read(work)


def _lacking(row: tuple[int, str, str, int, int, str, str]) -> LackingPassage:
    key, article, title, start, stop, heading, text = row
    passage = Passage(article=ArticleId(article), start=start, end=stop, heading=heading, text=text)
    return LackingPassage(key, title, passage)
