"""Sentence vectors beside the rows they were made of: what the dense index is filled from when a workspace opens."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from copilot.domain import ArticleId, ThreadVersion, TicketId
from copilot.store.codec import to_json
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
_LACKING_TITLES = """
SELECT article.id, article.name, article.title, article.summary FROM article
LEFT JOIN article_vector ON article_vector.article = article.id AND article_vector.model = ?
WHERE article_vector.article IS NULL ORDER BY article.id LIMIT ?
"""
_ARTICLE = """
SELECT article.id, article.digest, article.url, step, levels FROM article
JOIN article_vector ON article_vector.article = article.id AND article_vector.model = ? WHERE article.name = ?
"""
_ITS_PASSAGES = """
SELECT passage.start, passage.stop, passage.heading, passage.text, step, levels FROM passage
LEFT JOIN passage_vector ON passage_vector.passage = passage.id AND passage_vector.model = ?
WHERE passage.article = ? ORDER BY passage.id
"""
_DIGESTS = "SELECT name, digest FROM article"


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


@dataclass(frozen=True, slots=True)
class LackingTitle:
    """An article whose title has no vector of a model yet."""

    key: int
    article: ArticleId
    title: str
    summary: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleVectors:
    """An article's passages with a vector each, and its title's. `digest` tells its contents apart."""

    article: ArticleId
    digest: bytes
    url: str
    title: Vector
    passages: tuple[tuple[Passage, Vector], ...]


@dataclass(frozen=True, slots=True)
class LearnedWeights:
    """Weights of evidence by name, and how many tickets they were learned from."""

    tickets: int
    weights: Mapping[str, float]


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

    async def lacking_titles(self, model: str, *, limit: int) -> tuple[LackingTitle, ...]:
        """Articles whose title has no vector of this model, oldest first."""

        def work(db: sqlite3.Connection) -> tuple[LackingTitle, ...]:
            rows = db.execute(_LACKING_TITLES, (model, limit))
            return tuple(LackingTitle(row[0], ArticleId(row[1]), row[2], row[3]) for row in rows)

        return await self._database.read(work)

    async def put_titles(self, model: str, vectors: Sequence[tuple[int, Vector]]) -> None:
        """Keep titles' vectors by article key; those of articles that are gone by now are left out."""

        def work(db: sqlite3.Connection) -> None:
            db.executemany(
                "INSERT OR REPLACE INTO article_vector (article, model, step, levels) "
                "SELECT id, ?, ?, ? FROM article WHERE id = ?",
                [(model, vector.step, vector.levels, key) for key, vector in vectors],
            )

        await self._database.write(work)

    async def digests(self) -> dict[ArticleId, bytes]:
        """What tells the contents of all articles apart."""

        def work(db: sqlite3.Connection) -> dict[ArticleId, bytes]:
            return {ArticleId(name): bytes(digest) for name, digest in db.execute(_DIGESTS)}

        return await self._database.read(work)

    async def articles(self, model: str, names: Sequence[ArticleId]) -> tuple[ArticleVectors, ...]:
        """These articles with their vectors; those that lack any are left out."""

        def work(db: sqlite3.Connection) -> tuple[ArticleVectors, ...]:
            found = (_article_vectors(db, model, name) for name in names)
            return tuple(one for one in found if one is not None)

        return await self._database.read(work)

    async def learned(self, model: str) -> LearnedWeights | None:
        """The weights that were learned with this model's vectors."""

        def work(db: sqlite3.Connection) -> LearnedWeights | None:
            row = db.execute("SELECT tickets, weights FROM ranking WHERE model = ?", (model,)).fetchone()
            return None if row is None else LearnedWeights(row[0], json.loads(row[1]))

        return await self._database.read(work)

    async def keep_learned(self, model: str, learned: LearnedWeights) -> None:
        """Keep learned weights in the place of earlier ones."""
        row = (model, learned.tickets, to_json(dict(learned.weights)))
        await self._database.write(
            lambda db: db.execute(
                "INSERT OR REPLACE INTO ranking (model, tickets, weights) VALUES (?, ?, ?)", row
            )
        )

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


def _article_vectors(db: sqlite3.Connection, model: str, name: ArticleId) -> ArticleVectors | None:
    found = db.execute(_ARTICLE, (model, name)).fetchone()
    if found is None:
        return None
    key, digest, url, step, levels = found
    rows = db.execute(_ITS_PASSAGES, (model, key)).fetchall()
    if any(row[-1] is None for row in rows):
        return None
    passages = tuple(
        (Passage(article=name, start=start, end=stop, heading=heading, text=text), Vector(of_step, of_levels))
        for start, stop, heading, text, of_step, of_levels in rows
    )
    title = Vector(step, levels)
    return ArticleVectors(article=name, digest=bytes(digest), url=url, title=title, passages=passages)


def _lacking(row: tuple[int, str, str, int, int, str, str]) -> LackingPassage:
    key, article, title, start, stop, heading, text = row
    passage = Passage(article=ArticleId(article), start=start, end=stop, heading=heading, text=text)
    return LackingPassage(key, title, passage)
