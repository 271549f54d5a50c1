"""Tickets, threads, people and the views of the queue."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from datetime import datetime

from copilot.domain import (
    Conversation,
    DeskId,
    PageKey,
    Person,
    QueuePage,
    QueueRow,
    RemoteId,
    Thread,
    Ticket,
    TicketId,
    View,
)
from copilot.store.changed import Changed
from copilot.store.clock import Clock
from copilot.store.codec import optional_ms, storable, to_ms
from copilot.store.conversations import read_conversation
from copilot.store.database import Database
from copilot.store.local import mark_read, retire, set_me, snooze, wake
from copilot.store.people import desk_row
from copilot.store.threads import ThreadWriter
from copilot.store.ticket_rows import read_ticket
from copilot.store.views import read_counts, read_page, read_rows

__all__ = ["Changed", "TicketTable"]

FIND_QUERY = "SELECT id FROM ticket WHERE desk = ? AND remote_id = ?"
VERSIONS_QUERY = """
SELECT ticket.remote_id, ticket.version
FROM json_each(?) AS wanted CROSS JOIN ticket ON ticket.desk = ? AND ticket.remote_id = wanted.value
"""


class TicketTable:
    """Every ticket of every desk."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def put_threads(
        self, desk: DeskId, threads: Sequence[Thread], *, cursor: str | None = None
    ) -> Changed:
        """Store what the desk says, in one transaction with the sync cursor.

        Storing the same thread twice changes nothing. Our own unsent outbox entries stay laid over the desk's values. A
        snapshot with `deleted` takes the ticket out of all views but keeps its rows.
        """
        now = self._clock()

        def work(db: sqlite3.Connection) -> Changed:
            writer = ThreadWriter(db, desk, now)
            changed = writer.put(threads)
            if cursor is not None:
                writer.keep_cursor(cursor)
            return changed

        return await self._database.write(work)

    async def versions(self, desk: DeskId, tickets: Sequence[RemoteId]) -> Mapping[RemoteId, str]:
        """The stored desk versions of these tickets, for skipping threads we already hold."""
        wanted = json.dumps([storable(ticket) for ticket in tickets])

        def work(db: sqlite3.Connection) -> dict[RemoteId, str]:
            return dict(db.execute(VERSIONS_QUERY, (wanted, desk_row(db, desk))))

        return await self._database.read(work)

    async def cursor(self, desk: DeskId) -> str | None:
        """The stored sync cursor."""

        def work(db: sqlite3.Connection) -> str | None:
            found = db.execute(
                "SELECT cursor FROM sync_cursor WHERE desk = ?", (desk_row(db, desk),)
            ).fetchone()
            return None if found is None else str(found[0])

        return await self._database.read(work)

    async def set_me(self, desk: DeskId, me: Person) -> Changed:
        """Remember who the rep is on this desk: decides what is in the view MINE."""
        return await self._database.write(lambda db: set_me(db, desk, me))

    async def find(self, desk: DeskId, ticket: RemoteId) -> TicketId | None:
        """Our id of a desk's ticket."""

        def work(db: sqlite3.Connection) -> TicketId | None:
            found = db.execute(FIND_QUERY, (desk_row(db, desk), storable(ticket))).fetchone()
            return None if found is None else TicketId(found[0])

        return await self._database.read(work)

    async def get(self, ticket: TicketId) -> Ticket:
        """The header. Raises `KeyError` for an id that never existed."""
        return await self._database.read(lambda db: read_ticket(db, ticket))

    async def conversation(self, ticket: TicketId) -> Conversation:
        """Header, messages oldest first, and outbox entries that are not final.

        An entry that was sent stays among them until the message it became (`sent_as`) has been stored, and its changes
        stay laid over the header until the thread is stored again, so that nothing flickers.
        """
        return await self._database.read(lambda db: read_conversation(db, ticket))

    async def page(self, view: View, *, after: PageKey | None = None, limit: int = 200) -> QueuePage:
        """A page of a view by key set, never by offset: newest activity first; AT_RISK most urgent first."""
        return await self._database.read(lambda db: read_page(db, view, after, limit))

    async def rows(self, tickets: Sequence[TicketId]) -> tuple[QueueRow, ...]:
        """Queue rows of these tickets, in the order asked; unknown ids are left out."""
        return await self._database.read(lambda db: read_rows(db, tickets))

    async def counts(self) -> Mapping[View, int]:
        """How many tickets each view holds."""
        return await self._database.read(read_counts)

    async def mark_read(self, ticket: TicketId) -> Changed:
        """The rep has seen the thread as it is now."""
        return await self._database.write(lambda db: mark_read(db, ticket))

    async def snooze(self, ticket: TicketId, until: datetime | None) -> Changed:
        """Put aside until a moment, or (None) bring back. A new requester message brings a ticket back too."""
        return await self._database.write(lambda db: snooze(db, ticket, optional_ms(until)))

    async def wake(self, now: datetime) -> Changed:
        """Bring back every ticket whose snooze is over, and raise the risk of those near their due time."""
        return await self._database.write(lambda db: wake(db, to_ms(now)))

    async def retire(self, desk: DeskId) -> Changed:
        """Take all tickets of a disconnected desk out of the views; the rows stay.

        Its sync cursor is forgotten, so that connecting it again brings them back.
        """
        return await self._database.write(lambda db: retire(db, desk))
