"""What was read of each knowledge source: the documents with their fingerprints, and what failed."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from copilot.domain import SourceFailure, SourceId
from copilot.store.clock import Clock
from copilot.store.codec import optional_moment, storable
from copilot.store.database import Database

KNOWN_QUERY = "SELECT name, fingerprint FROM source_document WHERE source = ?"
FAILURES_QUERY = (
    "SELECT name, title, problem FROM source_document WHERE source = ? AND problem <> '' ORDER BY name"
)
READING_QUERY = "SELECT finished, problem FROM source_reading WHERE source = ?"


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentRow:
    """A document as it was found: an empty fingerprint has it read again, `problem` says why it could not be read."""

    name: str
    title: str
    fingerprint: str
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How the last reading of a source went."""

    finished: datetime | None = None
    problem: str = ""


class SourceTable:
    """The documents of all sources."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def known(self, source: SourceId) -> Mapping[str, str]:
        """The fingerprint of each document of a source; empty for one that is to be read again."""
        return await self._database.read(lambda db: dict(db.execute(KNOWN_QUERY, (source,)).fetchall()))

    async def note(self, source: SourceId, found: Sequence[DocumentRow], gone: Sequence[str] = ()) -> None:
        """Remember documents as they were found, and forget those that are gone."""
        now = self._clock()

        def work(db: sqlite3.Connection) -> None:
            db.executemany(
                "INSERT INTO source_document (source, name, title, fingerprint, problem, read) "
                "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (source, name) DO UPDATE SET title = excluded.title, "
                "fingerprint = excluded.fingerprint, problem = excluded.problem, read = excluded.read",
                [
                    (
                        source,
                        storable(row.name),
                        storable(row.title),
                        row.fingerprint,
                        storable(row.problem),
                        now,
                    )
                    for row in found
                ],
            )
            db.executemany(
                "DELETE FROM source_document WHERE source = ? AND name = ?",
                [(source, storable(name)) for name in gone],
            )

        await self._database.write(work)

    async def failures(self, source: SourceId) -> tuple[SourceFailure, ...]:
        """What of a source could not be read."""

        def work(db: sqlite3.Connection) -> tuple[SourceFailure, ...]:
            return tuple(
                SourceFailure(document=name, title=title, reason=problem)
                for name, title, problem in db.execute(FAILURES_QUERY, (source,))
            )

        return await self._database.read(work)

    async def finish(self, source: SourceId, problem: str = "") -> None:
        """A reading has ended now: at the source's end, or before it because of `problem`."""
        now = None if problem else self._clock()
        await self._database.write(
            lambda db: db.execute(
                "INSERT INTO source_reading (source, finished, problem) VALUES (?, ?, ?) "
                "ON CONFLICT (source) DO UPDATE SET finished = coalesce(excluded.finished, finished), "
                "problem = excluded.problem",
                (source, now, storable(problem)),
            )
        )

    async def reading(self, source: SourceId) -> Reading:
        """When a source was last read to its end, and what went wrong since."""

        def work(db: sqlite3.Connection) -> Reading:
            found = db.execute(READING_QUERY, (source,)).fetchone()
            return (
                Reading() if found is None else Reading(finished=optional_moment(found[0]), problem=found[1])
            )

        return await self._database.read(work)

    async def forget(self, source: SourceId) -> None:
        """A source is no longer read."""

        def work(db: sqlite3.Connection) -> None:
            db.execute("DELETE FROM source_document WHERE source = ?", (source,))
            db.execute("DELETE FROM source_reading WHERE source = ?", (source,))

        await self._database.write(work)
