"""The outbox's rows: entries never change, every step is appended, a small work list names what is not final."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import replace

from copilot.domain import Message, OutboxEntry, OutboxId, OutboxState, RemoteId, Status, TicketId
from copilot.store import outbox_rows
from copilot.store.changed import Changed
from copilot.store.clock import Clock
from copilot.store.database import Database
from copilot.store.outbox_rows import Place, find_entry, insert_entry, insert_step
from copilot.store.overlay import desk_row_of, settle
from copilot.store.ticket_rows import read_row, update_row

_CLAIMABLE = {OutboxState.HELD, OutboxState.WAITING}
_RECONSIDERABLE = {OutboxState.BLOCKED, OutboxState.FAILED, OutboxState.WAITING}


class OutboxTable:
    """Replies and other commands on their way to the desks.

    Each write here is on disk for good when it returns, also through a power failure.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def add(self, entries: Sequence[OutboxEntry]) -> Changed:
        """Put entries of one batch on disk, and lay what they will change over the ticket at once."""
        now = self._clock()

        def work(db: sqlite3.Connection) -> Changed:
            for entry in entries:
                insert_entry(db, entry)
            return _lay_anew(db, {entry.ticket for entry in entries}, now)

        return await self._database.write(work, durable=True)

    async def step(
        self,
        entry: OutboxId,
        state: OutboxState,
        *,
        problem: str = "",
        newer: Sequence[Message] = (),
        sent_as: RemoteId | None = None,
    ) -> Changed:
        """Append a step. CANCELLED takes the entry's changes off the ticket again (the desk's values return).

        A step from SENDING to SENDING without a `problem` is another try and counts as an attempt; with one it only
        says why we do not know yet. `sent_as`, once given, stays. Raises `ValueError` for a step out of a final state.
        """
        now = self._clock()

        def work(db: sqlite3.Connection) -> Changed:
            place = find_entry(db, entry)
            tries = state is OutboxState.SENDING and not problem
            after = replace(
                place.entry,
                state=state,
                problem=problem,
                newer=tuple(newer),
                sent_as=sent_as or place.entry.sent_as,
                attempts=place.entry.attempts + tries,
            )
            return _move(db, place, after, now)

        return await self._database.write(work, durable=True)

    async def claim(self, entry: OutboxId, *, lookalikes: Sequence[RemoteId] = ()) -> bool:
        """Move HELD or WAITING to SENDING in one transaction, an attempt more, and keep `lookalikes` with it.

        False if it is not there (undone meanwhile, or claimed by somebody else).
        """
        now = self._clock()

        def work(db: sqlite3.Connection) -> bool:
            place = find_entry(db, entry)
            if place.entry.state not in _CLAIMABLE:
                return False
            after = replace(
                place.entry,
                state=OutboxState.SENDING,
                problem="",
                newer=(),
                lookalikes=tuple(lookalikes),
                attempts=place.entry.attempts + 1,
            )
            _move(db, place, after, now)
            return True

        return await self._database.write(work, durable=True)

    async def cancel(self, entries: Sequence[OutboxId]) -> Changed:
        """Move all of them to CANCELLED in one transaction, or none.

        Raises `ValueError` when one of them is SENDING or final: that is how an undo that comes too late is noticed.
        """
        now = self._clock()

        def work(db: sqlite3.Connection) -> Changed:
            tickets: frozenset[TicketId] = frozenset()
            for entry in entries:
                place = find_entry(db, entry)
                if place.entry.state is OutboxState.SENDING:
                    raise ValueError(f"outbox entry {entry} may have reached the desk")
                after = replace(place.entry, state=OutboxState.CANCELLED, problem="", newer=())
                tickets |= _move(db, place, after, now).tickets
            return Changed(tickets=tickets)

        return await self._database.write(work, durable=True)

    async def reconsider(
        self, entry: OutboxId, *, seen: RemoteId | None, seen_status: Status | None
    ) -> Changed:
        """Move BLOCKED, FAILED or WAITING to WAITING, with what the rep has read by now.

        Raises `ValueError` from any other state.
        """
        now = self._clock()

        def work(db: sqlite3.Connection) -> Changed:
            place = find_entry(db, entry)
            if place.entry.state not in _RECONSIDERABLE:
                raise ValueError(f"outbox entry {entry} is {place.entry.state}: nothing to reconsider")
            after = replace(
                place.entry,
                state=OutboxState.WAITING,
                problem="",
                newer=(),
                seen=seen,
                seen_status=seen_status,
            )
            return _move(db, place, after, now)

        return await self._database.write(work, durable=True)

    async def get(self, entry: OutboxId) -> OutboxEntry:
        """An entry as it stands. Raises `KeyError`."""
        return (await self._database.read(lambda db: find_entry(db, entry))).entry

    async def unfinished(self) -> tuple[OutboxEntry, ...]:
        """All entries that are not final, in the order they were added."""
        return await self._database.read(outbox_rows.unfinished)

    async def of_ticket(self, ticket: TicketId) -> tuple[OutboxEntry, ...]:
        """All entries of a ticket, oldest first."""
        return await self._database.read(lambda db: outbox_rows.of_ticket(db, ticket))


def _move(db: sqlite3.Connection, place: Place, after: OutboxEntry, now: int) -> Changed:
    if place.entry.state.is_final:
        raise ValueError(f"outbox entry {after.id} is {place.entry.state} for good")
    insert_step(db, Place(place.seq, after), now)
    if after.state is OutboxState.CANCELLED:
        db.execute("DELETE FROM outbox_pending WHERE entry = ?", (place.seq,))
    elif after.state is OutboxState.SENT:
        db.execute("UPDATE outbox_pending SET sent = 1 WHERE entry = ?", (place.seq,))
    return _lay_anew(db, {after.ticket}, now)


def _lay_anew(db: sqlite3.Connection, tickets: set[TicketId], now: int) -> Changed:
    """The rep's view of these tickets; they always count as changed, since the queue shows what is unsent."""
    for ticket in tickets:
        row = read_row(db, ticket)
        update_row(db, row, settle(db, desk_row_of(row), now))
    return Changed(tickets=frozenset(tickets))
