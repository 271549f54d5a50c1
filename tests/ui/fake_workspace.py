"""An in-memory workspace with the public methods of the real one, over the invented tickets of `fake_desk`.

It behaves at once and has no network; what would happen by itself later (a held reply leaving, a brief becoming ready,
a reply of somebody else) a test makes happen through the methods under "what happens elsewhere".
"""

from __future__ import annotations

import html
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from copilot.domain import (
    Article,
    ArticleId,
    Assign,
    BatchId,
    Brief,
    Capabilities,
    Command,
    Conversation,
    DecisionKind,
    DeskHealth,
    DeskId,
    DeskInfo,
    DestinationId,
    Draft,
    Group,
    Message,
    MessageKind,
    Note,
    OutboxEntry,
    OutboxId,
    OutboxState,
    Packet,
    PageKey,
    PastTicket,
    Person,
    QueuePage,
    QueueRow,
    RemoteId,
    Reply,
    SavedReply,
    SetStatus,
    SetTags,
    SourceId,
    SourceInfo,
    Status,
    SuggestionId,
    Ticket,
    TicketId,
    View,
)
from copilot.errors import UserError
from copilot.events import (
    BriefReady,
    DeskChanged,
    EventStream,
    KnowledgeChanged,
    OutboxChanged,
    ThreadChanged,
    TicketsChanged,
)
from copilot.workspace import Preferences, Rendered, SourceSettings, Undone, Workspace
from tests.ui.fake_composing import FakeComposing
from tests.ui.fake_connecting import FakeConnecting
from tests.ui.fake_desk import ARTICLES, DESK, ME, PRIYA, TOMAS, Case, brief_of, cases
from tests.ui.fake_handoffs import FakeDestinations, FakeHandoffs
from tests.ui.fake_many import FakeCustomers, FakeMany
from tests.ui.fake_spelling import FakeSpelling
from tests.ui.fake_writing import NoWriting


@dataclass
class Calls:
    """What the screen asked for, in order: (method, arguments)."""

    made: list[tuple[str, tuple[Any, ...]]] = field(default_factory=list)

    def __call__(self, name: str, *arguments: object) -> None:
        self.made.append((name, arguments))

    def of(self, name: str) -> list[tuple[Any, ...]]:
        """The arguments of each call of a method."""
        return [arguments for made, arguments in self.made if made == name]


class FakeWorkspace(Workspace):
    """See the module."""

    def __init__(self, now: datetime | None = None, *, empty: bool = False) -> None:
        self.now = now or datetime.now(UTC)
        self.events = EventStream()
        self.outside = FakeDestinations(self._called, self.events)
        self.knowledge: dict[SourceId, SourceInfo] = {}
        self.calls = Calls()
        made = [] if empty else cases(self.now)
        self.cases: dict[TicketId, Case] = {case.ticket.id: case for case in made}
        self.briefs: dict[TicketId, Brief] = {case.ticket.id: brief_of(case, self.now) for case in made}
        self.past: dict[TicketId, tuple[PastTicket, ...]] = {}
        self.hidden_briefs: set[TicketId] = set()
        self.saved: dict[TicketId, SavedReply] = {}
        self.outbox: dict[OutboxId, OutboxEntry] = {}
        self.verdicts: dict[SuggestionId, DecisionKind] = {}
        self._decided: dict[BatchId, SuggestionId] = {}
        self.failures: dict[str, deque[UserError]] = {}
        self._numbers = count(1)
        self._preferences = Preferences()
        self._health = DeskHealth.ONLINE
        self._problem = ""
        self.composes = FakeComposing(self._conversation, lambda: self.desks()[0], ARTICLES)
        self.spells = FakeSpelling()
        self.started = self.closed = False

    @classmethod
    async def open(
        cls, folder: Path | None = None, *, embedder: object = None, writing: object = None
    ) -> FakeWorkspace:
        return cls()

    async def start(self) -> None:
        self.started = True

    async def aclose(self) -> None:
        self.closed = True

    # -- what happens elsewhere ------------------------------------------------------------------------------------

    def fail_next(self, method: str, error: UserError) -> None:
        """The next call of a method raises."""
        self.failures.setdefault(method, deque()).append(error)

    def release(self, batch: BatchId) -> None:
        """The undo period of a batch is over and the desk has it."""
        for entry in self._batch(batch):
            self._move(entry, OutboxState.SENT)
            self._carry_out(entry)

    def block(
        self, batch: BatchId, newer: tuple[Message, ...], problem: str = "Somebody replied meanwhile"
    ) -> None:
        """The desk has newer messages than the rep had seen."""
        for entry in self._batch(batch):
            self._move(entry, OutboxState.BLOCKED, problem=problem, newer=newer)

    def fail(self, batch: BatchId, problem: str) -> None:
        """The desk refused."""
        for entry in self._batch(batch):
            self._move(entry, OutboxState.FAILED, problem=problem)

    def arrive(self, ticket: TicketId, message: Message) -> None:
        """A message arrives on the desk: the brief is stale."""
        case = self.cases[ticket]
        version = type(case.ticket.thread_version)(f"{ticket}-v{len(case.messages) + 1}")
        changed = replace(case.ticket, thread_version=version, unread=True, updated=message.created)
        self.cases[ticket] = replace(case, ticket=changed, messages=(*case.messages, message))
        self.hidden_briefs.add(ticket)
        self.events.publish(ThreadChanged(ticket))
        self.events.publish(TicketsChanged(frozenset({ticket})))

    def finish_brief(self, ticket: TicketId) -> None:
        """The brief of a ticket becomes ready."""
        self.hidden_briefs.discard(ticket)
        self.briefs[ticket] = brief_of(self.cases[ticket], self.now)
        self.events.publish(BriefReady(ticket))

    def change(self, ticket: TicketId, **fields: Any) -> None:
        """Fields of a ticket change on the desk."""
        case = self.cases[ticket]
        self.cases[ticket] = replace(case, ticket=replace(case.ticket, **fields))
        self.events.publish(TicketsChanged(frozenset({ticket})))

    def set_health(self, health: DeskHealth, problem: str = "") -> None:
        """The desk goes online or offline."""
        self._health, self._problem = health, problem
        self.events.publish(DeskChanged(DESK, health, problem))

    # -- looking ---------------------------------------------------------------------------------------------------

    @property
    def preferences(self) -> Preferences:
        return self._preferences

    async def prefer(self, **changed: object) -> None:
        self._called("prefer", changed)
        self._preferences = self._preferences.model_copy(update=changed)

    def desks(self) -> tuple[DeskInfo, ...]:
        info = DeskInfo(
            id=DESK,
            name="Demo desk",
            kind="demo",
            me=ME,
            capabilities=Capabilities(),
            health=self._health,
            problem=self._problem,
        )
        return (info,)

    async def queue(self, view: View, *, after: PageKey | None = None, limit: int = 200) -> QueuePage:
        self._called("queue", view, after)
        return self._page(self._in_view(view), after, limit)

    async def rows(self, tickets: Sequence[TicketId]) -> tuple[QueueRow, ...]:
        self._called("rows", tuple(tickets))
        return tuple(self._row(self.cases[ticket]) for ticket in tickets if ticket in self.cases)

    async def counts(self) -> Mapping[View, int]:
        self._called("counts")
        return {view: len(self._in_view(view)) for view in View}

    async def search(self, text: str, *, limit: int = 200) -> QueuePage:
        self._called("search", text)
        words = text.casefold().split()
        found = [case for case in self.cases.values() if all(word in _haystack(case) for word in words)]
        return self._page(found, None, limit)

    async def conversation(self, ticket: TicketId) -> Conversation:
        self._called("conversation", ticket)
        return self._conversation(ticket)

    def _conversation(self, ticket: TicketId) -> Conversation:
        case = self.cases[ticket]
        waiting = tuple(e for e in self.outbox.values() if e.ticket == ticket and not e.state.is_final)
        return Conversation(ticket=case.ticket, messages=case.messages, outbox=waiting)

    async def opened(self, ticket: TicketId) -> None:
        self._called("opened", ticket)
        if self.cases[ticket].ticket.unread:
            self.change(ticket, unread=False)

    async def render(self, message: Message, *, whole: bool = False) -> Rendered:
        self._called("render", message.remote_id, whole)
        paragraphs = "".join(f"<p>{html.escape(part)}</p>" for part in message.clean.split("\n\n"))
        hidden = "".join(f"<blockquote>{html.escape(part.text)}</blockquote>" for part in message.hidden)
        return Rendered(html=paragraphs, hidden_html=hidden)

    async def brief(self, ticket: TicketId) -> Brief | None:
        self._called("brief", ticket)
        return None if ticket in self.hidden_briefs else self.briefs.get(ticket)

    async def prepare(self, tickets: Sequence[TicketId]) -> None:
        self._called("prepare", tuple(tickets))

    async def make_brief(self, ticket: TicketId) -> Brief:
        self._called("make_brief", ticket)
        self.finish_brief(ticket)
        return self.briefs[ticket]

    async def verdict(self, brief: Brief) -> DecisionKind | None:
        return self.verdicts.get(brief.suggestion.id)

    async def article(self, article: ArticleId) -> Article:
        self._called("article", article)
        return ARTICLES[article]

    async def attachment(self, ticket: TicketId, attachment: RemoteId) -> bytes:
        self._called("attachment", ticket, attachment)
        return b"%PDF-1.4 invented"

    async def people(self, desk: DeskId) -> tuple[Person, ...]:
        self._called("people", desk)
        return (ME, PRIYA, TOMAS)

    async def groups(self, desk: DeskId) -> tuple[Group, ...]:
        self._called("groups", desk)
        names = ("Support", "Escalations", "Billing")
        return tuple(Group(remote_id=RemoteId(name.lower()), name=name) for name in names)

    # -- deciding --------------------------------------------------------------------------------------------------

    async def save_reply(self, reply: SavedReply) -> None:
        self._called("save_reply", reply)
        if reply.text:
            self.saved[reply.ticket] = reply
        else:
            self.saved.pop(reply.ticket, None)

    async def saved_reply(self, ticket: TicketId) -> SavedReply | None:
        self._called("saved_reply", ticket)
        return self.saved.get(ticket)

    async def send(
        self,
        ticket: TicketId,
        reply: Reply,
        *,
        seen: RemoteId | None,
        suggestion: SuggestionId | None = None,
        seconds: float = 0.0,
    ) -> BatchId:
        self._called("send", ticket, reply, seen, suggestion)
        self.saved.pop(ticket, None)
        batch = self._put(ticket, reply, seen=seen)
        if suggestion is not None:
            self._decide(batch, suggestion, self._kind_of(reply, ticket))
        return batch

    async def note(self, ticket: TicketId, text: str) -> BatchId:
        self._called("note", ticket, text)
        self.saved.pop(ticket, None)
        return self._put(ticket, Note(text=text))

    async def assign(self, ticket: TicketId, person: Person | None, group: str | None = None) -> BatchId:
        self._called("assign", ticket, person, group)
        return self._put(ticket, Assign(person=person, group=group))

    async def take_over(self, ticket: TicketId) -> BatchId:
        self._called("take_over", ticket)
        return self._put(ticket, Assign(person=ME))

    async def set_status(self, ticket: TicketId, status: Status) -> BatchId:
        self._called("set_status", ticket, status)
        return self._put(ticket, SetStatus(status=status))

    async def set_tags(self, ticket: TicketId, tags: tuple[str, ...]) -> BatchId:
        self._called("set_tags", ticket, tags)
        return self._put(ticket, SetTags(tags=tags))

    async def merge(self, ticket: TicketId, into: TicketId) -> BatchId:
        self._called("merge", ticket, into)
        return BatchId("batch-merge")

    async def snooze(self, ticket: TicketId, until: datetime | None) -> None:
        self._called("snooze", ticket, until)
        self.change(ticket, snoozed_until=until)

    async def packet(self, ticket: TicketId, reason: str) -> Packet:
        self._called("packet", ticket, reason)
        brief = self.briefs[ticket]
        return Packet(
            ticket=ticket,
            summary=brief.summary,
            tried=("Asked the warehouse to search bay 4",),
            do_not_ask=("The order number: 20418",),
            sentiment=brief.sentiment,
            links=(self.cases[ticket].ticket.url,),
            reason=reason,
            text=f"**Handoff** {reason}\n\n- Wants: {brief.summary[0].text}\n- Do not ask again: the order number\n",
        )

    async def escalate(
        self,
        ticket: TicketId,
        *,
        packet: str,
        to: Assign,
        out: DestinationId | None = None,
        suggestion: SuggestionId | None = None,
        seconds: float = 0.0,
    ) -> BatchId:
        self._called("escalate", ticket, packet, to)
        batch = self._put(ticket, Note(text=packet))
        if out is not None:
            self.outside.put(ticket, out, packet)
        if suggestion is not None:
            self._decide(batch, suggestion, DecisionKind.ESCALATED)
        return self._put(ticket, to, batch=batch)

    async def dismiss(self, suggestion: SuggestionId, reason: str, seconds: float) -> None:
        self._called("dismiss", suggestion, reason)
        self.verdicts[suggestion] = DecisionKind.DISMISSED

    async def undo(self, batch: BatchId | None = None) -> Undone | None:
        self._called("undo", batch)
        held = [e for e in self.outbox.values() if e.state is OutboxState.HELD and batch in {None, e.batch}]
        if not held:
            return None
        newest = held[-1].batch
        return self._cancel([entry for entry in held if entry.batch == newest])

    async def send_anyway(self, entry: OutboxId) -> None:
        self._called("send_anyway", entry)
        self._move(self.outbox[entry], OutboxState.WAITING, problem="", newer=())

    async def discard(self, entry: OutboxId) -> Undone | None:
        self._called("discard", entry)
        return self._cancel([self.outbox[entry]])

    async def sync_now(self) -> None:
        self._called("sync_now")

    # -- connecting ------------------------------------------------------------------------------------------------

    @property
    def connecting(self) -> FakeConnecting:
        return FakeConnecting(self._called)

    @property
    def destinations(self) -> FakeDestinations:
        return self.outside

    @property
    def spelling(self) -> FakeSpelling:
        return self.spells

    @property
    def composing(self) -> FakeComposing:
        return self.composes

    @property
    def many(self) -> FakeMany:
        return FakeMany(self)

    @property
    def customers(self) -> FakeCustomers:
        return FakeCustomers(self)

    @property
    def handoffs(self) -> FakeHandoffs:
        return FakeHandoffs(self._called)

    @property
    def writing(self) -> NoWriting:
        return NoWriting()

    # -- knowing ---------------------------------------------------------------------------------------------------

    async def sources(self) -> tuple[SourceInfo, ...]:
        self._called("sources")
        return tuple(self.knowledge.values())

    async def add_source(self, settings: SourceSettings, secret: str = "") -> SourceId:
        self._called("add_source", settings, secret)
        source = SourceId(f"kb-{len(self.knowledge)}")
        self.knowledge[source] = SourceInfo(
            id=source, name=settings.name, kind=settings.kind, audience=settings.audience
        )
        return source

    async def remove_source(self, source: SourceId) -> None:
        self._called("remove_source", source)
        del self.knowledge[source]

    async def refresh_knowledge(self, source: SourceId | None = None) -> None:
        self._called("refresh_knowledge", source)
        for one in [source] if source else list(self.knowledge):
            self.knowledge[one] = replace(self.knowledge[one], articles=3, read=self.now)
        self.events.publish(KnowledgeChanged())

    # -- inside ----------------------------------------------------------------------------------------------------

    def _called(self, name: str, *arguments: object) -> None:
        self.calls(name, *arguments)
        if self.failures.get(name):
            raise self.failures[name].popleft()

    def _put(
        self, ticket: TicketId, command: Command, seen: RemoteId | None = None, batch: BatchId | None = None
    ) -> BatchId:
        number = next(self._numbers)
        held = timedelta(seconds=self._preferences.hold_seconds)
        entry = OutboxEntry(
            id=OutboxId(f"out-{number}"),
            batch=batch or BatchId(f"batch-{number}"),
            ticket=ticket,
            desk=DESK,
            remote_id=self.cases[ticket].ticket.remote_id,
            command=command,
            key=f"key-{number}",
            created=datetime.now(UTC),
            release_at=datetime.now(UTC) + held,
            state=OutboxState.HELD,
            seen=seen,
        )
        self.outbox[entry.id] = entry
        self._tell(entry)
        return entry.batch

    def _decide(self, batch: BatchId, suggestion: SuggestionId, kind: DecisionKind) -> None:
        self.verdicts[suggestion] = kind
        self._decided[batch] = suggestion

    def _kind_of(self, reply: Reply, ticket: TicketId) -> DecisionKind:
        content = self.briefs[ticket].suggestion.content
        untouched = isinstance(content, Draft) and content.text.strip() == reply.text.strip()
        return DecisionKind.ACCEPTED if untouched else DecisionKind.EDITED

    def _batch(self, batch: BatchId) -> list[OutboxEntry]:
        return [entry for entry in self.outbox.values() if entry.batch == batch]

    def _move(self, entry: OutboxEntry, state: OutboxState, **more: Any) -> None:
        self.outbox[entry.id] = replace(entry, state=state, **more)
        self._tell(self.outbox[entry.id])

    def _tell(self, entry: OutboxEntry) -> None:
        self.events.publish(OutboxChanged(entry.id, entry.ticket, entry.state))
        self.events.publish(TicketsChanged(frozenset({entry.ticket})))

    def _cancel(self, entries: list[OutboxEntry]) -> Undone:
        for entry in entries:
            self._move(entry, OutboxState.CANCELLED)
        first = entries[0]
        self.verdicts.pop(self._decided.pop(first.batch, SuggestionId("")), None)
        who = self.cases[first.ticket].ticket.requester.name
        match first.command:
            case Reply(text=text):
                return Undone(what=f"Reply to {who}", ticket=first.ticket, text=text)
            case Note(text=text) if len(entries) == 1:
                return Undone(what="Internal note", ticket=first.ticket, text=text, note=True)
            case Note():
                return Undone(what="Escalation", ticket=first.ticket)
            case _:
                return Undone(what="Change", ticket=first.ticket)

    def _carry_out(self, entry: OutboxEntry) -> None:
        match entry.command:
            case Reply(text=text) | Note(text=text):
                kind = MessageKind.NOTE if isinstance(entry.command, Note) else MessageKind.PUBLIC
                message = Message(
                    remote_id=RemoteId(entry.id),
                    author=ME,
                    created=self.now,
                    kind=kind,
                    text=text,
                    clean=text,
                )
                self.arrive(entry.ticket, message)
            case Assign(person=person):
                self.change(entry.ticket, assignee=person)
            case SetStatus(status=status):
                self.change(entry.ticket, status=status)
            case _:
                pass

    def _in_view(self, view: View) -> list[Case]:
        return [case for case in self.cases.values() if _belongs(case, view)]

    def _page(self, found: list[Case], after: PageKey | None, limit: int) -> QueuePage:
        newest_first = sorted(found, key=lambda case: case.messages[-1].created, reverse=True)
        start = int(after or 0)
        rows = tuple(self._row(case) for case in newest_first[start : start + limit])
        more = start + limit < len(newest_first)
        return QueuePage(rows=rows, next=PageKey(str(start + limit)) if more else None)

    def _row(self, case: Case) -> QueueRow:
        ticket, last = case.ticket, case.messages[-1]
        briefed = ticket.id in self.briefs and ticket.id not in self.hidden_briefs
        return QueueRow(
            id=ticket.id,
            desk=ticket.desk,
            subject=ticket.subject,
            requester=ticket.requester.name,
            preview=last.clean[:140],
            status=ticket.status,
            channel=ticket.channel,
            last_activity=last.created,
            last_role=last.author.role,
            assignee=ticket.assignee.name if ticket.assignee else "",
            mine=ticket.assignee == ME,
            unread=ticket.unread,
            escalated=ticket.escalation is not None,
            mood=case.score if briefed else None,
            urgency=case.urgency if briefed else None,
            due=ticket.due,
            snoozed_until=ticket.snoozed_until,
            draft_ready=briefed and case.draft,
            has_unsent=any(e.ticket == ticket.id and not e.state.is_final for e in self.outbox.values()),
        )


def _haystack(case: Case) -> str:
    texts = [case.ticket.subject, case.ticket.requester.name, *(message.clean for message in case.messages)]
    return " ".join(texts).casefold()


def _belongs(case: Case, view: View) -> bool:
    ticket: Ticket = case.ticket
    if view is View.ALL:
        return True
    if view is View.SNOOZED:
        return ticket.snoozed_until is not None
    if ticket.snoozed_until is not None or ticket.status.is_done:
        return False
    match view:
        case View.MINE:
            return ticket.assignee == ME and ticket.status is not Status.PENDING
        case View.UNASSIGNED:
            return ticket.assignee is None and ticket.escalation is None
        case View.ESCALATED:
            return ticket.escalation is not None
        case View.AT_RISK:
            return ticket.due is not None
        case _:
            return ticket.status in {Status.PENDING, Status.HOLD}
