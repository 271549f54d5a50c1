"""Escalations on their way out of the desk: each a row, and a row for each step it went through."""

from __future__ import annotations

import sqlite3

from copilot.domain import DestinationId, Dispatch, DispatchId, OutboxId, OutboxState, TicketId
from copilot.store.clock import Clock
from copilot.store.codec import from_ms, storable, to_ms
from copilot.store.database import Database

_COLUMNS = """
SELECT dispatch.id, dispatch.ticket, dispatch.destination, dispatch.title, dispatch.text, dispatch.after, dispatch.at,
    step.state, step.problem
FROM dispatch
CROSS JOIN dispatch_step AS step ON step.seq = (SELECT max(seq) FROM dispatch_step WHERE dispatch = dispatch.seq)
"""
OF_TICKET_QUERY = f"{_COLUMNS} WHERE dispatch.ticket = ? ORDER BY dispatch.seq"
ONE_QUERY = f"{_COLUMNS} WHERE dispatch.id = ?"
OPEN_QUERY = f"{_COLUMNS} WHERE step.state IN ('waiting', 'sending') ORDER BY dispatch.seq"

Row = tuple[str, int, str, str, str, str | None, int, str, str]


class DispatchTable:
    """Escalations out of the desk. Rows are only ever appended."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def add(self, dispatch: Dispatch) -> None:
        """Write one down, before anything leaves."""
        now = self._clock()

        def work(db: sqlite3.Connection) -> None:
            db.execute(
                "INSERT INTO dispatch (id, ticket, destination, title, text, after, at) VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    dispatch.id,
                    dispatch.ticket,
                    dispatch.destination,
                    storable(dispatch.title),
                    storable(dispatch.text),
                    dispatch.after,
                    to_ms(dispatch.created),
                ),
            )
            _step(db, dispatch.id, dispatch.state, "", now)

        await self._database.write(work, durable=True)

    async def step(self, dispatch: DispatchId, state: OutboxState, problem: str = "") -> None:
        """It went on to a state."""
        now = self._clock()
        await self._database.write(lambda db: _step(db, dispatch, state, problem, now), durable=True)

    async def get(self, dispatch: DispatchId) -> Dispatch:
        """One as it stands. Raises `KeyError`."""

        def work(db: sqlite3.Connection) -> Dispatch:
            row = db.execute(ONE_QUERY, (dispatch,)).fetchone()
            if row is None:
                raise KeyError(dispatch)
            return _dispatch(row)

        return await self._database.read(work)

    async def of_ticket(self, ticket: TicketId) -> tuple[Dispatch, ...]:
        """All of a ticket, oldest first."""
        return await self._database.read(
            lambda db: tuple(_dispatch(row) for row in db.execute(OF_TICKET_QUERY, (ticket,)))
        )

    async def unfinished(self) -> tuple[Dispatch, ...]:
        """Those that wait, and those that a crash may have cut off, oldest first."""
        return await self._database.read(lambda db: tuple(_dispatch(row) for row in db.execute(OPEN_QUERY)))


def _step(db: sqlite3.Connection, dispatch: DispatchId, state: OutboxState, problem: str, now: int) -> None:
    db.execute(
        "INSERT INTO dispatch_step (dispatch, at, state, problem) "
        "SELECT seq, ?, ?, ? FROM dispatch WHERE id = ?",
        (now, state.value, storable(problem), dispatch),
    )


def _dispatch(row: Row) -> Dispatch:
    id_, ticket, destination, title, text, after, at, state, problem = row
    return Dispatch(
        id=DispatchId(id_),
        ticket=TicketId(ticket),
        destination=DestinationId(destination),
        title=title,
        text=text,
        after=OutboxId(after) if after else None,
        created=from_ms(at),
        state=OutboxState(state),
        problem=problem,
    )
