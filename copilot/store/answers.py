"""Internal answers, each version a row of its own."""

from __future__ import annotations

import sqlite3

from copilot.domain import AnswerId, InternalAnswer, TicketId
from copilot.store.codec import from_ms, new_id, storable, to_ms
from copilot.store.database import Database

_COLUMNS = "name, at, approved_by, title, text, ticket, removed"
ANSWERS_QUERY = f"""
SELECT {_COLUMNS} FROM internal_answer WHERE seq IN (SELECT max(seq) FROM internal_answer GROUP BY name)
ORDER BY name
"""
VERSIONS_QUERY = f"SELECT {_COLUMNS} FROM internal_answer WHERE name = ? ORDER BY seq"


class AnswerTable:
    """The team's internal answers."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(self, answer: InternalAnswer, *, removed: bool = False) -> None:
        """Append a version of an answer; `removed` says that from now on there is none."""
        await self._database.write(lambda db: _append(db, answer, removed=removed), durable=True)

    async def all(self) -> tuple[InternalAnswer, ...]:
        """The answers as they stand, removed ones left out."""

        def work(db: sqlite3.Connection) -> tuple[InternalAnswer, ...]:
            return tuple(_answer(row) for row in db.execute(ANSWERS_QUERY) if not row[-1])

        return await self._database.read(work)

    async def versions(self, answer: AnswerId) -> tuple[InternalAnswer, ...]:
        """All versions of an answer, oldest first; empty when there never was one."""

        def work(db: sqlite3.Connection) -> tuple[InternalAnswer, ...]:
            return tuple(_answer(row) for row in db.execute(VERSIONS_QUERY, (answer,)))

        return await self._database.read(work)

    async def get(self, answer: AnswerId) -> InternalAnswer:
        """An answer as it stands. Raises `KeyError` when there is none, or none any more."""

        def work(db: sqlite3.Connection) -> InternalAnswer:
            rows = db.execute(VERSIONS_QUERY, (answer,)).fetchall()
            if not rows or rows[-1][-1]:
                raise KeyError(answer)
            return _answer(rows[-1])

        return await self._database.read(work)


def _append(db: sqlite3.Connection, answer: InternalAnswer, *, removed: bool) -> None:
    db.execute(
        "INSERT INTO internal_answer (id, name, at, approved_by, title, text, ticket, removed) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            new_id(),
            answer.id,
            to_ms(answer.approved),
            storable(answer.approved_by),
            storable(answer.title),
            storable(answer.text),
            answer.ticket,
            int(removed),
        ),
    )


def _answer(row: tuple[str, int, str, str, str, int | None, int]) -> InternalAnswer:
    name, at, approved_by, title, text, ticket, _ = row
    return InternalAnswer(
        id=AnswerId(name),
        title=title,
        text=text,
        approved_by=approved_by,
        approved=from_ms(at),
        ticket=None if ticket is None else TicketId(ticket),
    )
