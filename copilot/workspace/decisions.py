"""The rep's decisions: recorded, put into the outbox, and undone."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from copilot.domain import (
    Assign,
    BatchId,
    Command,
    Decision,
    DecisionId,
    DecisionKind,
    Draft,
    Merge,
    Note,
    OutboxEntry,
    Person,
    RemoteId,
    Reply,
    SavedReply,
    SetStatus,
    SetTags,
    Status,
    SuggestionId,
    TicketId,
)
from copilot.errors import UserError
from copilot.events import EventStream, TicketsChanged
from copilot.store import Store
from copilot.workspace.outgoing import Outgoing, Posted, now_utc
from copilot.workspace.values import Undone

KEPT_STEPS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The suggestion a decision is about, and the seconds from the brief on screen to the key."""

    suggestion: SuggestionId
    seconds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Step:
    what: str
    ticket: TicketId
    take_back: Callable[[], Awaitable[str]]
    batch: BatchId | None = None
    verdict: Verdict | None = None
    note: bool = False


class Decisions:
    """Carries out what the rep decides, and remembers how to take it back, newest first."""

    def __init__(self, store: Store, events: EventStream, outgoing: Outgoing) -> None:
        self._store = store
        self._events = events
        self._outgoing = outgoing
        self._steps: list[_Step] = []

    async def reply(
        self, ticket: TicketId, reply: Reply, *, seen: RemoteId | None, verdict: Verdict | None
    ) -> BatchId:
        """Post a public reply, and record what it says about the suggestion it came from."""
        if not reply.text.strip() and not reply.attachments:
            raise UserError("There is nothing to send yet.", "Write a reply first.")
        batch = await self._post(ticket, "Reply", [reply], seen=seen, verdict=verdict)
        if verdict is not None:
            await self._record(verdict, await self._kind_of(reply, verdict), text=reply.text)
        await self._store.books.save_reply(SavedReply(ticket=ticket, text=""))
        return batch

    async def note(self, ticket: TicketId, text: str) -> BatchId:
        """Post an internal note."""
        if not text.strip():
            raise UserError("The note is empty.", "Write something first.")
        batch = await self._post(ticket, "Note", [Note(text=text)], note=True)
        await self._store.books.save_reply(SavedReply(ticket=ticket, text="", note=True))
        return batch

    async def assign(self, ticket: TicketId, person: Person | None, group: str | None) -> BatchId:
        """Give the ticket to somebody."""
        return await self._post(ticket, "Assignment", [Assign(person=person, group=group)])

    async def take_over(self, ticket: TicketId, me: Person) -> BatchId:
        """Assign the ticket to the rep."""
        return await self._post(ticket, "Takeover", [Assign(person=me)])

    async def set_status(self, ticket: TicketId, status: Status) -> BatchId:
        """Change the status."""
        return await self._post(ticket, "Status", [SetStatus(status=status)])

    async def set_tags(self, ticket: TicketId, tags: tuple[str, ...]) -> BatchId:
        """Replace the tags."""
        return await self._post(ticket, "Tags", [SetTags(tags=tags)])

    async def merge(self, ticket: TicketId, into: TicketId) -> BatchId:
        """Make a ticket a part of another one."""
        source, target = await self._store.tickets.get(ticket), await self._store.tickets.get(into)
        if source.desk != target.desk or source.id == target.id:
            raise UserError(
                "Only two tickets of one desk can be merged.", "Pick another ticket of this desk."
            )
        return await self._post(ticket, "Merge", [Merge(into=target.remote_id)])

    async def escalate(
        self, ticket: TicketId, packet: str, to: Assign, *, verdict: Verdict | None, out: bool = False
    ) -> BatchId:
        """Post the packet as a note and give the ticket away, as one batch; `out` says that it goes elsewhere too."""
        chosen = to.person is not None or bool(to.group)
        if not chosen and not out:
            raise UserError("Nobody is chosen to escalate to.", "Pick a person or a group.")
        commands: list[Command] = [Note(text=packet), to] if chosen else [Note(text=packet)]
        batch = await self._post(ticket, "Escalation", commands, verdict=verdict, note=True)
        if verdict is not None:
            await self._record(verdict, DecisionKind.ESCALATED)
        return batch

    async def dismiss(self, verdict: Verdict, reason: str) -> None:
        """Record that a suggestion is not wanted."""
        suggestion = await self._store.books.suggestion(verdict.suggestion)
        await self._record(verdict, DecisionKind.DISMISSED, reason=reason)

        async def nothing_to_put_back() -> str:
            return ""

        self._remember(
            _Step(
                what="Dismissed draft",
                ticket=suggestion.ticket,
                take_back=nothing_to_put_back,
                verdict=verdict,
            )
        )

    async def snooze(self, ticket: TicketId, until: datetime | None) -> None:
        """Put the ticket aside until a moment, or bring it back."""
        before = (await self._store.tickets.get(ticket)).snoozed_until
        await self._set_snooze(ticket, until)

        async def restore() -> str:
            await self._set_snooze(ticket, before)
            return ""

        self._remember(_Step(what="Snooze" if until else "Wake-up", ticket=ticket, take_back=restore))

    def remember(
        self,
        what: str,
        ticket: TicketId,
        take_back: Callable[[], Awaitable[str]],
        *,
        batch: BatchId | None = None,
    ) -> None:
        """Keep how a step that was carried out elsewhere is taken back; `batch` names it for `undo`."""
        self._remember(_Step(what=what, ticket=ticket, take_back=take_back, batch=batch))

    async def undo(self, batch: BatchId | None) -> Undone | None:
        """Take back a batch of this run, or the newest step; None when there is none."""
        step = self._pop(batch)
        if step is None:
            return None
        text = await step.take_back()
        if step.verdict is not None:
            await self._record(step.verdict, DecisionKind.UNDONE)
        if text:
            await self._store.books.save_reply(SavedReply(ticket=step.ticket, text=text, note=step.note))
        self._events.publish(TicketsChanged(frozenset({step.ticket})))
        return Undone(what=step.what, ticket=step.ticket, text=text, note=step.note)

    async def give_up(self, entry: OutboxEntry) -> Undone:
        """Discard an entry that did not get through; its text goes back to the editor."""
        text = await self._outgoing.give_up(entry)
        note = isinstance(entry.command, Note)
        if text:
            await self._store.books.save_reply(SavedReply(ticket=entry.ticket, text=text, note=note))
        return Undone(what=describe(entry.command), ticket=entry.ticket, text=text, note=note)

    async def _post(
        self,
        ticket: TicketId,
        what: str,
        commands: Sequence[Command],
        *,
        seen: RemoteId | None = None,
        verdict: Verdict | None = None,
        note: bool = False,
    ) -> BatchId:
        header = await self._store.tickets.get(ticket)
        posted = await self._outgoing.post(header, f"{what} to {header.requester.name}", commands, seen=seen)
        self._remember(self._step_of(posted, verdict, note=note))
        return posted.batch

    def _step_of(self, posted: Posted, verdict: Verdict | None, *, note: bool) -> _Step:
        async def take_back() -> str:
            return await self._outgoing.take_back(posted)

        return _Step(
            what=posted.what,
            ticket=posted.ticket,
            take_back=take_back,
            batch=posted.batch,
            verdict=verdict,
            note=note,
        )

    async def _kind_of(self, reply: Reply, verdict: Verdict) -> DecisionKind:
        content = (await self._store.books.suggestion(verdict.suggestion)).content
        as_it_was = isinstance(content, Draft) and content.text.strip() == reply.text.strip()
        return DecisionKind.ACCEPTED if as_it_was else DecisionKind.EDITED

    async def _record(
        self, verdict: Verdict, kind: DecisionKind, *, reason: str = "", text: str = ""
    ) -> None:
        await self._store.books.decide(
            Decision(
                id=DecisionId(str(uuid.uuid4())),
                suggestion=verdict.suggestion,
                kind=kind,
                at=now_utc(),
                seconds=verdict.seconds,
                reason=reason,
                text=text,
            )
        )

    async def _set_snooze(self, ticket: TicketId, until: datetime | None) -> None:
        changed = await self._store.tickets.snooze(ticket, until)
        self._events.publish(TicketsChanged(changed.tickets))

    def _remember(self, step: _Step) -> None:
        self._steps = [*self._steps[-KEPT_STEPS + 1 :], step]

    def _pop(self, batch: BatchId | None) -> _Step | None:
        for index in range(len(self._steps) - 1, -1, -1):
            if batch is None or self._steps[index].batch == batch:
                return self._steps.pop(index)
        return None


def describe(command: Command) -> str:
    """A command in one word, for the screen."""
    words = {
        Reply: "Reply",
        Note: "Note",
        Assign: "Assignment",
        SetStatus: "Status",
        SetTags: "Tags",
        Merge: "Merge",
    }
    return words.get(type(command), "Fields")
