"""Tickets that the team's knowledge did not answer, and how far the guided page over them was worked through."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from copilot.domain import AnswerId, TicketId
from copilot.store.clock import Clock
from copilot.store.codec import from_ms, new_id
from copilot.store.database import Database
from copilot.store.ticket_rows import escalation_from_json

# An abstention that names nothing missing had nothing to answer: the ticket was solved, or the last word ours.
FOUND_NOTHING_QUERY = """
SELECT ticket.id
FROM suggestion CROSS JOIN ticket ON ticket.id = suggestion.ticket
WHERE suggestion.kind = 'Abstention' AND ticket.deleted = 0
AND json_array_length(suggestion.payload, '$.content.missing') > 0
AND NOT EXISTS (
    SELECT 1 FROM suggestion AS later WHERE later.ticket = suggestion.ticket AND later.seq > suggestion.seq
    AND (later.kind <> 'Abstention' OR json_array_length(later.payload, '$.content.missing') > 0)
)
ORDER BY ticket.last_activity DESC LIMIT ?
"""
ESCALATED_QUERY = """
SELECT id FROM ticket
WHERE deleted = 0 AND (
    escalation IS NOT NULL
    OR id IN (
        SELECT suggestion.ticket FROM decision CROSS JOIN suggestion ON suggestion.id = decision.suggestion
        WHERE decision.kind = 'escalated' AND NOT EXISTS (
            SELECT 1 FROM decision AS later
            WHERE later.suggestion = decision.suggestion AND later.seq > decision.seq AND later.kind = 'undone'
        )
    )
)
ORDER BY last_activity DESC, id DESC LIMIT ?
"""
SPENT_QUERY = """
SELECT suggestion.cost, (SELECT sum(seconds) FROM decision WHERE decision.suggestion = suggestion.id)
FROM suggestion WHERE suggestion.ticket = ?
"""
HEADER_QUERY = "SELECT last_activity, escalation FROM ticket WHERE id = ?"
STEPS_QUERY = """
SELECT ticket, state, answer FROM review_step
WHERE seq IN (SELECT max(seq) FROM review_step GROUP BY ticket)
"""


class ReviewState(StrEnum):
    """How far a ticket of the guided page was worked through."""

    OPEN = "open"
    DONE = "done"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True, kw_only=True)
class GapTicket:
    """A ticket that was not answered from knowledge, and what it took."""

    ticket: TicketId
    at: datetime
    escalated: bool
    found_nothing: bool
    reason: str
    seconds: float
    cost: Decimal


@dataclass(frozen=True, slots=True)
class ReviewStep:
    """Where a ticket of the guided page stands, and the answer that was written from it."""

    state: ReviewState
    answer: AnswerId | None


class GapTable:
    """Reads gaps; appends steps of the guided page."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def tickets(self, limit: int) -> tuple[GapTicket, ...]:
        """The newest tickets that found nothing or were escalated, newest first."""

        def work(db: sqlite3.Connection) -> tuple[GapTicket, ...]:
            nothing = {row[0] for row in db.execute(FOUND_NOTHING_QUERY, (limit,))}
            escalated = {row[0] for row in db.execute(ESCALATED_QUERY, (limit,))}
            found = [_gap_ticket(db, ticket, escalated, nothing) for ticket in nothing | escalated]
            return tuple(sorted(found, key=lambda one: (one.at, one.ticket), reverse=True)[:limit])

        return await self._database.read(work)

    async def escalated(self, limit: int) -> tuple[GapTicket, ...]:
        """The newest escalated tickets, by the AI agent or by a rep, newest first."""

        def work(db: sqlite3.Connection) -> tuple[GapTicket, ...]:
            wanted = [row[0] for row in db.execute(ESCALATED_QUERY, (limit,))]
            return tuple(_gap_ticket(db, ticket, set(wanted), set()) for ticket in wanted)

        return await self._database.read(work)

    async def mark(self, ticket: TicketId, state: ReviewState, answer: AnswerId | None = None) -> None:
        """Append where a ticket of the guided page stands now. Raises `KeyError` for an unknown one."""
        now = self._clock()

        def work(db: sqlite3.Connection) -> None:
            if db.execute("SELECT 1 FROM ticket WHERE id = ?", (ticket,)).fetchone() is None:
                raise KeyError(ticket)
            db.execute(
                "INSERT INTO review_step (id, ticket, at, state, answer) VALUES (?, ?, ?, ?, ?)",
                (new_id(), ticket, now, state.value, answer),
            )

        await self._database.write(work)

    async def steps(self, tickets: Sequence[TicketId]) -> dict[TicketId, ReviewStep]:
        """Where these tickets stand; those nobody has touched are left out."""
        wanted = set(tickets)

        def work(db: sqlite3.Connection) -> dict[TicketId, ReviewStep]:
            return {
                TicketId(ticket): ReviewStep(ReviewState(state), None if answer is None else AnswerId(answer))
                for ticket, state, answer in db.execute(STEPS_QUERY)
                if ticket in wanted
            }

        return await self._database.read(work)


def _gap_ticket(db: sqlite3.Connection, ticket: int, escalated: set[int], nothing: set[int]) -> GapTicket:
    at, escalation = db.execute(HEADER_QUERY, (ticket,)).fetchone()
    spent = db.execute(SPENT_QUERY, (ticket,)).fetchall()
    told = escalation_from_json(escalation)
    return GapTicket(
        ticket=TicketId(ticket),
        at=from_ms(at),
        escalated=ticket in escalated,
        found_nothing=ticket in nothing,
        reason="" if told is None else told.reason,
        seconds=sum(seconds or 0.0 for _, seconds in spent),
        cost=sum((Decimal(cost) for cost, _ in spent), Decimal(0)),
    )
