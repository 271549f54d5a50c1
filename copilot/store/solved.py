"""Tickets that were solved, with what was asked and what answered it: the team's own history."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from copilot.domain import Citation, Status, ThreadVersion, TicketId
from copilot.store.codec import from_ms, texts_from_json
from copilot.store.database import Database
from copilot.store.search import answer_of

NEWEST_QUERY = """
SELECT id, thread_version FROM ticket WHERE deleted = 0 AND done = 1 ORDER BY last_activity DESC, id DESC LIMIT ?
"""
SOLVED_QUERY = """
SELECT id, thread_version, subject, status, url, accepted_solution, created, tags FROM ticket WHERE id = ?
"""
ASKED_QUERY = """
SELECT coalesce(message.clean, message.text)
FROM message CROSS JOIN person ON person.id = message.author
WHERE message.ticket = ? AND message.kind = 'public' AND person.role = 'requester'
ORDER BY message.created, message.id LIMIT 1
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class SolvedThread:
    """A solved ticket. `asked` is the requester's first message; `answer` the accepted one, or else our last."""

    ticket: TicketId
    thread_version: ThreadVersion
    subject: str
    asked: str
    status: Status
    answer: Citation | None
    created: datetime
    tags: frozenset[str]


class SolvedTable:
    """Reads solved tickets."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def newest(self, limit: int) -> dict[TicketId, ThreadVersion]:
        """The solved tickets with the newest activity, each with the version of its thread."""

        def work(db: sqlite3.Connection) -> dict[TicketId, ThreadVersion]:
            return {TicketId(row[0]): ThreadVersion(row[1]) for row in db.execute(NEWEST_QUERY, (limit,))}

        return await self._database.read(work)

    async def threads(self, tickets: Sequence[TicketId]) -> tuple[SolvedThread, ...]:
        """These tickets with question and answer; unknown ones are left out."""
        return await self._database.read(
            lambda db: tuple(one for ticket in tickets if (one := _thread(db, ticket)) is not None)
        )


def _thread(db: sqlite3.Connection, ticket: TicketId) -> SolvedThread | None:
    found = db.execute(SOLVED_QUERY, (ticket,)).fetchone()
    if found is None:
        return None
    _, version, subject, status, url, accepted, created, tags = found
    asked = db.execute(ASKED_QUERY, (ticket,)).fetchone()
    return SolvedThread(
        ticket=ticket,
        thread_version=ThreadVersion(version),
        subject=subject,
        asked=asked[0] if asked else "",
        status=Status(status),
        answer=answer_of(db, ticket, Status(status), subject, url, accepted),
        created=from_ms(created),
        tags=frozenset(texts_from_json(tags)),
    )
