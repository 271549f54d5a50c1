"""Escalating: whom to, why, and the packet that goes along as an internal note, to be read and changed first."""

from __future__ import annotations

import asyncio
from time import monotonic

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QLineEdit, QPlainTextEdit, QWidget

from copilot.domain import Assign, DestinationId, Person, SuggestionId, Ticket, TicketId
from copilot.errors import UserError
from copilot.workspace import Workspace
from ui.aio import spawn
from ui.assist.out import OutChoice
from ui.theme.fonts import font
from ui.theme.tokens import Space, Text, Tone
from ui.widgets.buttons import Button
from ui.widgets.choices import ChoiceList
from ui.widgets.chooser import assignee_choices
from ui.widgets.labels import ElidedLabel, IconLabel, Label
from ui.widgets.layout import column, frame, row
from ui.widgets.notices import Strip

_KEY = "Ctrl+Enter"
_SETTLE_MS = 250
_SHOWN_CHOICES = 4


class EscalateSheet(QFrame):
    """Covers the copilot; the thread beside it can still be read."""

    escalated = Signal(object)
    """The packet and the assignment are in the outbox: their `BatchId`."""
    closed = Signal()

    def __init__(
        self, workspace: Workspace, ticket: TicketId, suggestion: SuggestionId | None, since: float
    ) -> None:
        super().__init__()
        self._workspace, self._ticket, self._suggestion, self._since = workspace, ticket, suggestion, since
        self._to: Assign | None = None
        self.out = OutChoice(workspace)
        self._made = ""
        self._asked = False
        self._making: asyncio.Task[None] | None = None
        self.setProperty("surface", "surface")
        self.setProperty("keyScope", "overlay")
        self.setAccessibleName("Escalate")
        self._title = ElidedLabel("Escalate", Text.TITLE)
        self.problem = Strip(Tone.BAD)
        self.problem.hide()
        self.circle = Strip(Tone.WARN)
        self.circle.hide()
        self.reason = QLineEdit()
        self.reason.setPlaceholderText("Why it needs somebody else")
        self.reason.setAccessibleName("Reason")
        self.packet = QPlainTextEdit()
        self.packet.setFont(font(Text.BODY))
        self.packet.setTabChangesFocus(True)
        self.packet.setAccessibleName("Packet, sent as an internal note")
        self.go = Button("Escalate", "arrow-up-right", kind="primary", key=_KEY)
        self.cancel = Button("Cancel", kind="quiet", key="Esc")
        self._build()
        self._connect()
        self._say_ready()
        self._loading = spawn(self._load(), "prepare escalation", self)

    def choose(self, to: Assign) -> None:
        """Escalate to this person or group."""
        self._to = to
        self._whom.setText(to.person.name if to.person else to.group or "")
        self._searching.hide()
        self._chosen.show()
        self._say_ready()
        self.reason.setFocus()
        spawn(self._look_for_circle(to), "look for a circle", self)

    @property
    def target(self) -> Assign | None:
        """Whom it goes to."""
        return self._to

    def _build(self) -> None:
        self._search = ChoiceList((), "Type a name or a group, Enter picks", "Escalate to")
        self._search.view.setFixedHeight(38 * _SHOWN_CHOICES + 4)
        self._searching = QWidget()
        self._searching.setLayout(column(self._search))
        self.setFocusProxy(self._search.field)
        self._whom = Label("", Text.STRONG)
        self.change = Button("Change", small=True)
        self._chosen = frame(row(IconLabel("arrow-up-right", "accent"), self._whom, None, self.change))
        self._chosen.hide()
        body = column(
            self._title,
            self.problem,
            Label("To", Text.CAPTION, "muted"),
            self._searching,
            self._chosen,
            self.circle,
            self.out,
            Label("Reason", Text.CAPTION, "muted"),
            self.reason,
            Label(
                "Packet: an internal note for the next person, so that nobody asks twice",
                Text.CAPTION,
                "muted",
                wrap=True,
            ),
            self.packet,
            row(self.go, self.cancel, None, spacing=6),
            margins=Space.L,
            spacing=Space.S,
        )
        body.setStretchFactor(self.packet, 1)
        self.setLayout(body)

    def _connect(self) -> None:
        self._search.chosen.connect(self.choose)
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(_SETTLE_MS)
        self._settle.timeout.connect(self._make_packet)
        self.reason.textChanged.connect(self._on_reason)
        self.packet.textChanged.connect(self._say_ready)
        self.out.changed.connect(self._say_ready)
        self.change.clicked.connect(self._on_change)
        self.go.clicked.connect(self.escalate)
        self.cancel.clicked.connect(self.closed)
        for sequence in ("Ctrl+Return", "Ctrl+Enter"):
            shortcut = QShortcut(QKeySequence(sequence), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(self.escalate)

    # -- what is needed ----------------------------------------------------------------------------------------------

    async def _load(self) -> None:
        ticket = (await self._workspace.conversation(self._ticket)).ticket
        self._title.setText(f"Escalate “{ticket.subject}”")
        self._make_packet()
        await self._load_candidates(ticket)

    async def _load_candidates(self, ticket: Ticket) -> None:
        me = next((desk.me for desk in self._workspace.desks() if desk.id == ticket.desk), None)
        try:
            people = await self._workspace.people(ticket.desk)
            groups = await self._workspace.groups(ticket.desk)
        except UserError as error:
            self._fail(error)
            return
        others = [person for person in people if not _is(person, me) and not _is(person, ticket.assignee)]
        choices = [c for c in assignee_choices(others, groups, me) if isinstance(c.value, Assign)]
        self._search.offer(choices)

    async def _look_for_circle(self, to: Assign) -> None:
        words = await self._workspace.handoffs.warning(self._ticket, to)
        if to is self._to:
            self.circle.say(words)
            self.circle.setVisible(bool(words))

    def _make_packet(self) -> None:
        """Ask for a packet with the reason in it, unless the rep has changed the one there is."""
        if self.packet.toPlainText() != self._made:
            return
        if self._making is not None:
            self._making.cancel()
        self._making = spawn(self._fill_packet(self.reason.text().strip()), "make packet", self)

    async def _fill_packet(self, reason: str) -> None:
        try:
            packet = await self._workspace.packet(self._ticket, reason)
        except UserError as error:
            self._fail(error)
            return
        if self.packet.toPlainText() == self._made:
            self._made = packet.text
            self.packet.setPlainText(packet.text)
            self._made = self.packet.toPlainText()

    # -- deciding ----------------------------------------------------------------------------------------------------

    def escalate(self) -> None:
        """Put packet and assignment into the outbox, as one; asked for too early, as soon as the packet is written."""
        if self.why_not():
            self._asked = self._is_loading()
        elif self.go.isEnabled():
            self._asked = False
            self.go.setEnabled(False)
            spawn(self._escalate(self._to or Assign(), self.out.destination), "escalate", self)

    async def _escalate(self, to: Assign, out: DestinationId | None) -> None:
        try:
            batch = await self._workspace.escalate(
                self._ticket,
                packet=self.packet.toPlainText(),
                to=to,
                out=out,
                suggestion=self._suggestion,
                seconds=monotonic() - self._since,
            )
        except UserError as error:
            self._fail(error)
            self._say_ready()
            return
        self.escalated.emit(batch)
        self.closed.emit()

    def _is_loading(self) -> bool:
        """Whether all that is missing is on its way: a name that was typed and entered, the packet."""
        chosen = self._to is not None or self.out.destination is not None or self._search.picked_early
        tasks = [task for task in (self._loading, self._making) if task is not None]
        return chosen and (bool(self.packet.toPlainText().strip()) or not all(task.done() for task in tasks))

    def why_not(self) -> str:
        """Why it cannot be escalated yet; empty when it can."""
        if self._to is None and self.out.destination is None:
            return "Choose whom it goes to"
        return "" if self.packet.toPlainText().strip() else "The packet is empty"

    def _say_ready(self) -> None:
        why = self.why_not()
        self.go.setEnabled(not why)
        self.go.setToolTip(why)
        if self._asked and not why:
            self.escalate()

    def _on_reason(self) -> None:
        self._settle.start()

    def _on_change(self) -> None:
        self._to, self._asked = None, False
        self._chosen.hide()
        self.circle.hide()
        self._searching.show()
        self._say_ready()
        self._search.field.setFocus()

    def _fail(self, error: UserError) -> None:
        self.problem.say(str(error))
        self.problem.show()


def _is(person: Person, other: Person | None) -> bool:
    return other is not None and person.remote_id == other.remote_id
