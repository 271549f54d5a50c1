"""One decision on many tickets: carried out on all or none, held for the undo period, and undone by one key."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime

from copilot.domain import (
    Assign,
    BatchId,
    Brief,
    Command,
    DeskId,
    Note,
    SetStatus,
    SetTags,
    Status,
    Ticket,
    TicketId,
)
from copilot.errors import TooLateError, UserError
from copilot.events import EventStream, TicketsChanged
from copilot.store import Store
from copilot.workspace.decisions import Decisions
from copilot.workspace.outgoing import Outgoing, Posted


class Many:
    """What a rep decides on all selected tickets. Each method raises `UserError` when there is nothing to do."""

    def __init__(
        self,
        store: Store,
        events: EventStream,
        outgoing: Outgoing,
        decisions: Decisions,
        prepare: Callable[[TicketId], Awaitable[Brief]],
    ) -> None:
        self._store = store
        self._events = events
        self._outgoing = outgoing
        self._decisions = decisions
        self._prepare = prepare

    async def assign(self, tickets: Sequence[TicketId], to: Mapping[DeskId, Assign]) -> BatchId:
        """Give the tickets of each desk to whom `to` names there."""
        found = await self._headers(tickets)
        _refuse_unnamed(found, to)
        return await self._post([(ticket, [to[ticket.desk]]) for ticket in found], "assigned")

    async def set_status(self, tickets: Sequence[TicketId], status: Status) -> BatchId:
        """Change the status of those that have another one."""
        found = [ticket for ticket in await self._headers(tickets) if ticket.status is not status]
        words = "solved" if status is Status.SOLVED else f"set to {status.value}"
        return await self._post([(ticket, [SetStatus(status=status)]) for ticket in found], words)

    async def change_tags(
        self, tickets: Sequence[TicketId], *, add: Sequence[str] = (), remove: Sequence[str] = ()
    ) -> BatchId:
        """Add tags to and take tags off the tickets; the others of each stay."""
        decided: list[tuple[Ticket, Sequence[Command]]] = []
        for ticket in await self._headers(tickets):
            kept = [tag for tag in ticket.tags if tag not in remove]
            tags = (*kept, *(tag for tag in add if tag not in kept))
            if tags != ticket.tags:
                decided.append((ticket, [SetTags(tags=tags)]))
        return await self._post(decided, "tagged")

    async def escalate(
        self, tickets: Sequence[TicketId], to: Mapping[DeskId, Assign], *, reason: str = ""
    ) -> BatchId:
        """Give the tickets away, each with a packet of its own as an internal note."""
        from copilot.handoff.packet import make_packet

        found = await self._headers(tickets)
        _refuse_unnamed(found, to)
        decided: list[tuple[Ticket, Sequence[Command]]] = []
        for ticket in found:
            brief = await self._prepare(ticket.id)
            packet = make_packet(await self._store.tickets.conversation(ticket.id), brief, reason)
            decided.append((ticket, [Note(text=packet.text), to[ticket.desk]]))
        return await self._post(decided, "escalated")

    async def snooze(self, tickets: Sequence[TicketId], until: datetime | None) -> BatchId:
        """Put the tickets aside until a moment; None brings them back."""
        before = {ticket.id: ticket.snoozed_until for ticket in await self._headers(tickets)}
        if not before:
            raise _nothing_to_do()
        await self._set_snoozes(dict.fromkeys(before, until))

        async def take_back() -> str:
            await self._set_snoozes(before)
            return ""

        batch = BatchId(str(uuid.uuid4()))
        words = f"{_tickets(len(before))} {'snoozed' if until else 'brought back'}"
        self._decisions.remember(words, next(iter(before)), take_back, batch=batch)
        return batch

    async def tags_of(self, tickets: Sequence[TicketId]) -> Mapping[str, int]:
        """How many of the tickets have each tag, the commonest first."""
        counts: dict[str, int] = {}
        for ticket in await self._headers(tickets):
            for tag in ticket.tags:
                counts[tag] = counts.get(tag, 0) + 1
        return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))

    # -- inside ----------------------------------------------------------------------------------------------------

    async def _headers(self, tickets: Sequence[TicketId]) -> list[Ticket]:
        return [await self._store.tickets.get(ticket) for ticket in tickets]

    async def _post(self, decided: Sequence[tuple[Ticket, Sequence[Command]]], done: str) -> BatchId:
        if not decided:
            raise _nothing_to_do()
        what = f"{_tickets(len(decided))} {done}"
        posted = await self._outgoing.post_many(decided, what)
        batch = BatchId(str(uuid.uuid4()))
        self._decisions.remember(what, posted[0].ticket, lambda: self._take_back(posted), batch=batch)
        return batch

    async def _take_back(self, posted: Sequence[Posted]) -> str:
        """Put back what can be; when some of it cannot, say how much, after the rest was."""
        late = 0
        for one in posted:
            try:
                await self._outgoing.take_back(one)
            except TooLateError:
                late += 1
        if late:
            raise TooLateError(
                f"{_tickets(late)} of {len(posted)} could not be taken back: the help desk has them already.",
                "The others are as they were.",
            )
        return ""

    async def _set_snoozes(self, moments: Mapping[TicketId, datetime | None]) -> None:
        changed: frozenset[TicketId] = frozenset()
        for ticket, until in moments.items():
            changed |= (await self._store.tickets.snooze(ticket, until)).tickets
        self._events.publish(TicketsChanged(changed))


def _refuse_unnamed(tickets: Sequence[Ticket], to: Mapping[DeskId, Assign]) -> None:
    if any(ticket.desk not in to for ticket in tickets):
        raise UserError(
            "Not every one of these help desks has this person or group.", "Pick somebody all of them have."
        )


def _nothing_to_do() -> UserError:
    return UserError("Nothing changes: the selected tickets are like that already.")


def _tickets(count: int) -> str:
    return f"{count} ticket{'' if count == 1 else 's'}"
