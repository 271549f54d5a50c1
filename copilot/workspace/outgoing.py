"""What the rep decides becomes outbox entries here, each with what it takes to undo it."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from copilot.domain import (
    Assign,
    BatchId,
    Command,
    Merge,
    Note,
    OutboxEntry,
    OutboxId,
    OutboxState,
    RemoteId,
    Reply,
    SetFields,
    SetStatus,
    SetTags,
    Ticket,
    TicketId,
)
from copilot.errors import TooLateError
from copilot.events import EventStream, OutboxChanged, TicketsChanged
from copilot.store import Store
from copilot.sync.outbox import OutboxSender


def now_utc() -> datetime:
    """The laptop's clock, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """A batch in the outbox: what it was in words, and the commands that put things back once it has gone."""

    batch: BatchId
    ticket: TicketId
    what: str
    entries: tuple[OutboxId, ...]
    inverse: tuple[Command, ...] = ()


class Outgoing:
    """Writes the rep's decisions to the outbox and takes them back.

    `hold_seconds` answers the undo period of what a person would read.
    """

    def __init__(
        self, store: Store, events: EventStream, sender: OutboxSender, *, hold_seconds: Callable[[], float]
    ) -> None:
        self._store = store
        self._events = events
        self._sender = sender
        self._hold_seconds = hold_seconds

    async def post(
        self, ticket: Ticket, what: str, commands: Sequence[Command], *, seen: RemoteId | None = None
    ) -> Posted:
        """Put commands on disk as one batch. What cannot be taken back on the desk is held for the undo period."""
        held = any(isinstance(command, Reply | Note | Merge) for command in commands)
        batch = _entries(ticket, commands, hold_seconds=self._hold_seconds() if held else 0.0, seen=seen)
        await self._put(batch)
        return _posted(ticket, what, batch)

    async def post_many(self, decided: Sequence[tuple[Ticket, Sequence[Command]]], what: str) -> list[Posted]:
        """Put what was decided on many tickets on disk at once: all of it, or nothing.

        All of it is held for the undo period, also what could be put back: many at a time are easily too many.
        """
        hold = self._hold_seconds()
        batches = [(ticket, _entries(ticket, commands, hold_seconds=hold)) for ticket, commands in decided]
        await self._put([entry for _, batch in batches for entry in batch])
        return [_posted(ticket, what, batch) for ticket, batch in batches]

    async def _put(self, entries: Sequence[OutboxEntry]) -> None:
        changed = await self._store.outbox.add(entries)
        self._tell(changed.tickets | {entry.ticket for entry in entries}, entries)
        self._sender.poke()

    async def take_back(self, posted: Posted) -> str:
        """Undo a batch: cancel what has not left, put back what can be put back; answers the text it carried.

        Raises `TooLateError` when words are on their way to the desk or there already.
        """
        entries = [await self._store.outbox.get(entry) for entry in posted.entries]
        try:
            return await self._cancel(entries)
        except TooLateError:
            if any(isinstance(entry.command, Reply | Note | Merge) for entry in entries):
                raise
        ticket = await self._store.tickets.get(posted.ticket)
        await self.post(ticket, f"Undo: {posted.what}", posted.inverse)
        return ""

    async def give_up(self, entry: OutboxEntry) -> str:
        """Cancel one entry that is held, waits, was blocked or failed; answers the text it carried.

        Raises `TooLateError`.
        """
        return await self._cancel([entry])

    async def _cancel(self, entries: Sequence[OutboxEntry]) -> str:
        await self._sender.cancel([entry.id for entry in entries])
        return next((text_of(entry.command) for entry in entries if text_of(entry.command)), "")

    def _tell(self, tickets: frozenset[TicketId], entries: Sequence[OutboxEntry]) -> None:
        for entry in entries:
            self._events.publish(OutboxChanged(entry.id, entry.ticket, entry.state))
        self._events.publish(TicketsChanged(tickets))


def _entries(
    ticket: Ticket, commands: Sequence[Command], *, hold_seconds: float, seen: RemoteId | None = None
) -> list[OutboxEntry]:
    created = now_utc()
    batch = BatchId(str(uuid.uuid4()))
    return [
        OutboxEntry(
            id=OutboxId(str(uuid.uuid4())),
            batch=batch,
            ticket=ticket.id,
            desk=ticket.desk,
            remote_id=ticket.remote_id,
            command=command,
            key=uuid.uuid4().hex,
            created=created,
            release_at=created + timedelta(seconds=hold_seconds),
            state=OutboxState.HELD,
            seen=seen,
            seen_status=ticket.status,
        )
        for command in commands
    ]


def _posted(ticket: Ticket, what: str, entries: Sequence[OutboxEntry]) -> Posted:
    inverse = (_inverse(entry.command, ticket) for entry in entries)
    return Posted(
        batch=entries[0].batch,
        ticket=ticket.id,
        what=what,
        entries=tuple(entry.id for entry in entries),
        inverse=tuple(back for back in inverse if back is not None),
    )


def text_of(command: Command) -> str:
    """The words a command carries to a person, if any."""
    return command.text if isinstance(command, Reply | Note) else ""


def _inverse(command: Command, before: Ticket) -> Command | None:
    match command:
        case Assign(group=group):
            return Assign(person=before.assignee, group=before.group if group else None)
        case SetStatus():
            return SetStatus(status=before.status)
        case SetTags():
            return SetTags(tags=before.tags)
        case SetFields(fields=fields):
            return SetFields(fields={name: before.fields.get(name, "") for name in fields})
        case Reply() | Note() | Merge():
            return None
