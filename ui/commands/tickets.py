"""What the rep does with the ticket on screen: each action one coroutine from the key to the toast that offers Undo."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from math import ceil
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices

from copilot.domain import (
    Assign,
    BatchId,
    DeskId,
    DeskInfo,
    Group,
    Note,
    OutboxEntry,
    OutboxId,
    OutboxState,
    Person,
    QueueRow,
    Reply,
    Status,
    TicketId,
)
from copilot.errors import UserError
from copilot.events import OutboxChanged
from ui import aio
from ui.queue.words import snooze_words
from ui.theme.tokens import Tone
from ui.widgets.chooser import Chooser, Snooze, assignee_choices, snooze_choices
from ui.widgets.notices import Notice
from ui.window import Window

if TYPE_CHECKING:
    from copilot.workspace import Undone, Workspace

_SAFE_SCHEMES = {"http", "https"}


class TicketCommands(QObject):
    """Assign, snooze, solve, take over, undo; and the toasts about what is on its way."""

    undone = Signal(object)
    """Something was taken back: the `Undone`."""
    show_asked = Signal(object)
    """The rep wants to see this ticket."""

    def __init__(self, workspace: Workspace, window: Window, parent: QObject) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._window = window
        self._people: dict[DeskId, tuple[tuple[Person, ...], tuple[Group, ...]]] = {}
        self._toast_of: dict[OutboxId, str] = {}
        self.ticket: TicketId | None = None
        self._bind()

    def _bind(self) -> None:
        bind = self._window.actions_.bind
        bind("ticket.assign", self._on_ticket("choose whom to assign", self._choose_assignee))
        bind("ticket.snooze", self._on_ticket("choose when", self._choose_moment))
        bind("ticket.take_over", self._on_ticket("take over", self._take_over))
        bind("ticket.hand_back", self._on_ticket("hand back", self._hand_back))
        bind("ticket.solve", self._on_ticket("solve", self._solve))
        bind("ticket.browse", self._on_ticket("open in the help desk", self._browse))
        bind("edit.undo", lambda: self._spawn(self.undo(), "undo"))

    def _on_ticket(
        self, name: str, do: Callable[[TicketId], Coroutine[Any, Any, None]]
    ) -> Callable[[], None]:
        def handler() -> None:
            if self.ticket is None:
                self._say("No ticket is open. Press j to go to one.")
            else:
                self._spawn(do(self.ticket), name)

        return handler

    # -- choosing ----------------------------------------------------------------------------------------------------

    async def _choose_assignee(self, ticket: TicketId) -> None:
        row = await self._row(ticket)
        desk = self._desk(row.desk)
        people, groups = await self.candidates(desk)
        now_has = next((person for person in people if person.name == row.assignee), None)
        choices = assignee_choices(people, groups, desk.me, now_has)
        chooser = Chooser(f"Assign “{row.subject}” to", "Type a name or a group", choices)
        chooser.chosen.connect(lambda to: self.chosen(self._assign(ticket, to), "assign"))
        self._window.overlay.show_panel(chooser)

    async def candidates(self, desk: DeskInfo) -> tuple[tuple[Person, ...], tuple[Group, ...]]:
        """Whom a ticket of this desk can go to; without a connection at least the rep."""
        if desk.id not in self._people:
            try:
                people, groups = await self._workspace.people(desk.id), await self._workspace.groups(desk.id)
            except UserError as error:
                self._say(f"{error.message} Only you can be chosen until it answers.", Tone.WARN)
                return ((desk.me,) if desk.me else (), ())
            self._people[desk.id] = (people, groups)
        return self._people[desk.id]

    async def _assign(self, ticket: TicketId, to: Assign) -> None:
        batch = await self._workspace.assign(ticket, to.person, to.group)
        whom = to.person.name if to.person else to.group
        self.offer_undo(f"Assigned to {whom}" if whom else "Back to Unassigned", batch)

    async def _choose_moment(self, ticket: TicketId) -> None:
        row = await self._row(ticket)
        now = datetime.now().astimezone()
        choices = snooze_choices(now, snoozed=row.snoozed_until is not None)
        chooser = Chooser(f"Snooze “{row.subject}” until", "Type to filter", choices)
        chooser.chosen.connect(lambda choice: self.chosen(self._snooze(ticket, choice), "snooze"))
        self._window.overlay.show_panel(chooser)

    async def _snooze(self, ticket: TicketId, choice: Snooze) -> None:
        await self._workspace.snooze(ticket, choice.until)
        now = datetime.now(UTC)
        words = f"Snoozed until {snooze_words(choice.until, now)}" if choice.until else "Back in the queue"
        self.offer_undo(words)

    def chosen(self, coroutine: Coroutine[Any, Any, None], name: str) -> None:
        """Something was picked from a chooser: close it, and do it."""
        self._window.overlay.close_panel()
        self._spawn(coroutine, name)

    # -- deciding ----------------------------------------------------------------------------------------------------

    async def _take_over(self, ticket: TicketId) -> None:
        batch = await self._workspace.take_over(ticket)
        self.offer_undo("It is yours now, the AI agent stops", batch)

    async def _hand_back(self, ticket: TicketId) -> None:
        batch = await self._workspace.handoffs.back_to_ai_agent(ticket)
        self.offer_undo("The AI agent goes on", batch)

    async def _solve(self, ticket: TicketId) -> None:
        self.offer_undo("Solved", await self._workspace.set_status(ticket, Status.SOLVED))

    async def _browse(self, ticket: TicketId) -> None:
        url = QUrl((await self._workspace.conversation(ticket)).ticket.url)
        if url.scheme() in _SAFE_SCHEMES:
            QDesktopServices.openUrl(url)
        else:
            self._say("This help desk gives its tickets no address.")

    async def undo(self, batch: BatchId | None = None) -> None:
        """Take back the newest thing that still can be, or this batch."""
        undone: Undone | None = await self._workspace.undo(batch)
        if undone is None:
            self._say("There is nothing to undo.")
            return
        self._say(f"Taken back: {undone.what}", Tone.GOOD)
        self.undone.emit(undone)

    # -- what is on its way ------------------------------------------------------------------------------------------

    def on_sent(self, batch: BatchId) -> None:
        """A reply, note or escalation went into the outbox."""
        if self.ticket is not None:
            self._spawn(self._tell_sent(self.ticket, batch), "tell what was sent")

    def on_merged(self, batch: BatchId) -> None:
        """A merge went into the outbox; once the undo period is over it stays."""
        self.offer_undo("Merged; after the undo period that is final", batch)

    async def _tell_sent(self, ticket: TicketId, batch: BatchId) -> None:
        conversation = await self._workspace.conversation(ticket)
        entries = [entry for entry in conversation.outbox if entry.batch == batch]
        if not entries:
            return  # it has left already
        text, seconds = _sent_words(entries, conversation.ticket.requester.name)
        key = self.offer_undo(text, batch, seconds=seconds)
        for entry in entries:
            self._toast_of[entry.id] = key

    def on_outbox_changed(self, event: OutboxChanged) -> None:
        """An entry moved on: what was said about it is over, and what went wrong is said."""
        if event.state is OutboxState.HELD:
            return
        key = self._toast_of.pop(event.entry, None)
        if key is not None:
            self._window.toasts.close(key)
        if event.state in {OutboxState.BLOCKED, OutboxState.FAILED}:
            self._spawn(self._tell_stuck(event), "tell what is stuck")

    async def _tell_stuck(self, event: OutboxChanged) -> None:
        conversation = await self._workspace.conversation(event.ticket)
        entry = next((entry for entry in conversation.outbox if entry.id == event.entry), None)
        if entry is None:
            return
        what = f"{_noun(entry)} to {conversation.ticket.requester.name}"
        why = entry.problem.rstrip(".") or "the ticket changed meanwhile"
        notice = Notice(
            text=f"{what} was not sent: {why}.",
            tone=Tone.WARN,
            seconds=20,
            action="Look",
            do=lambda: self.show_asked.emit(event.ticket),
        )
        self._window.toasts.show(notice, key=f"stuck-{event.entry}")

    # -- inside ------------------------------------------------------------------------------------------------------

    def offer_undo(self, text: str, batch: BatchId | None = None, *, seconds: int = 8) -> str:
        """Say what was done, with the key that takes it back; answers the toast's key."""
        notice = Notice(
            text=text,
            tone=Tone.GOOD,
            seconds=seconds,
            action="Undo",
            key="u",
            do=lambda: self._spawn(self.undo(batch), "undo"),
        )
        return self._window.toasts.show(notice)

    def _say(self, text: str, tone: Tone = Tone.INFO) -> None:
        self._window.toasts.show(Notice(text=text, tone=tone))

    async def _row(self, ticket: TicketId) -> QueueRow:
        rows = await self._workspace.rows((ticket,))
        if not rows:
            raise UserError("This ticket is gone.", "Press F5 to ask the help desk again.")
        return rows[0]

    def _desk(self, desk: DeskId) -> DeskInfo:
        return next(info for info in self._workspace.desks() if info.id == desk)

    def _spawn(self, coroutine: Coroutine[Any, Any, None], name: str) -> None:
        aio.spawn(coroutine, name, self)


def _noun(entry: OutboxEntry) -> str:
    if isinstance(entry.command, Reply):
        return "The reply"
    return "The note" if isinstance(entry.command, Note) else "The change"


def _sent_words(entries: list[OutboxEntry], requester: str) -> tuple[str, int]:
    """What to say of a batch in the outbox, and for how many seconds."""
    left = ceil((entries[0].release_at - datetime.now(UTC)).total_seconds())
    kinds = {type(entry.command) for entry in entries}
    if kinds == {Note, Assign}:
        what = "Escalated"
    elif Reply in kinds:
        what = f"Reply to {requester}"
    else:
        what = "Note"
    if left <= 0:
        return (f"{what} is on its way" if what != "Escalated" else "Escalated", 4)
    return (
        f"{what}, goes out in {{seconds}} s" if what == "Escalated" else f"{what} goes out in {{seconds}} s",
        left,
    )
