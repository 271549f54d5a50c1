"""Tickets, threads, people and the views of the queue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from copilot.domain import (
    Conversation, DeskId, PageKey, Person, QueuePage, QueueRow, RemoteId, Thread, Ticket, TicketId, View,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """What a write altered: tickets whose header or place in a view changed, and those whose messages did."""

    tickets: frozenset[TicketId] = frozenset()
    threads: frozenset[TicketId] = frozenset()


class TicketTable:
    """Every ticket of every desk."""

    async def put_threads(
        self, desk: DeskId, threads: Sequence[Thread], *, cursor: str | None = None
    ) -> Changed:
        """Store what the desk says, in one transaction with the sync cursor.

        Storing the same thread twice changes nothing. Our own unsent outbox entries stay laid over the desk's values. A
        snapshot with `deleted` takes the ticket out of all views but keeps its rows.
        """
        raise NotImplementedError

    async def versions(self, desk: DeskId, tickets: Sequence[RemoteId]) -> Mapping[RemoteId, str]:
        """The stored desk versions of these tickets, for skipping threads we already hold."""
        raise NotImplementedError

    async def cursor(self, desk: DeskId) -> str | None:
        """The stored sync cursor."""
        raise NotImplementedError

    async def set_me(self, desk: DeskId, me: Person) -> Changed:
        """Remember who the rep is on this desk: decides what is in the view MINE."""
        raise NotImplementedError

    async def find(self, desk: DeskId, ticket: RemoteId) -> TicketId | None:
        """Our id of a desk's ticket."""
        raise NotImplementedError

    async def get(self, ticket: TicketId) -> Ticket:
        """The header. Raises `KeyError` for an id that never existed."""
        raise NotImplementedError

    async def conversation(self, ticket: TicketId) -> Conversation:
        """Header, messages oldest first, and outbox entries that are not final.

        An entry that was sent stays among them until the message it became (`sent_as`) has been stored, and its changes
        stay laid over the header until the thread is stored again, so that nothing flickers.
        """
        raise NotImplementedError

    async def page(self, view: View, *, after: PageKey | None = None, limit: int = 200) -> QueuePage:
        """A page of a view by key set, never by offset: newest activity first; AT_RISK most urgent first."""
        raise NotImplementedError

    async def rows(self, tickets: Sequence[TicketId]) -> tuple[QueueRow, ...]:
        """Queue rows of these tickets, in the order asked; unknown ids are left out."""
        raise NotImplementedError

    async def counts(self) -> Mapping[View, int]:
        """How many tickets each view holds."""
        raise NotImplementedError

    async def mark_read(self, ticket: TicketId) -> Changed:
        """The rep has seen the thread as it is now."""
        raise NotImplementedError

    async def snooze(self, ticket: TicketId, until: datetime | None) -> Changed:
        """Put aside until a moment, or (None) bring back. A new requester message brings a ticket back too."""
        raise NotImplementedError

    async def wake(self, now: datetime) -> Changed:
        """Bring back every ticket whose snooze is over."""
        raise NotImplementedError
