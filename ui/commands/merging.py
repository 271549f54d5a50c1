"""Merging the ticket on screen into another one of its desk, chosen by search."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QFrame

from copilot.domain import QueueRow, Ticket, TicketId
from ui import aio
from ui.conversation.pane import ConversationPane
from ui.conversation.words import STATUS_WORDS, short_date
from ui.theme.tokens import Space, Text, Tone
from ui.widgets.choices import Choice, ChoiceList
from ui.widgets.labels import Label
from ui.widgets.layout import column, row
from ui.widgets.notices import Notice, Strip
from ui.widgets.overlay import focus_first
from ui.window import Window

if TYPE_CHECKING:
    from copilot.workspace import Workspace

_WIDTH = 620
_SHOWN = 40
_SETTLE_MS = 60
_LIST_HEIGHT = 308


class MergeCommand(QObject):
    """Binds the action."""

    merged = Signal(object)
    """A `BatchId` is in the outbox."""

    def __init__(self, workspace: Workspace, window: Window, conversation: ConversationPane) -> None:
        super().__init__(window)
        self._workspace, self._window, self._conversation = workspace, window, conversation
        window.actions_.bind("ticket.merge", self._choose)

    def _choose(self) -> None:
        conversation = self._conversation.conversation
        if conversation is None:
            self._window.toasts.show(Notice(text="No ticket is open. Press j to go to one."), key="merge")
            return
        ticket = conversation.ticket
        panel = MergePanel(self._workspace, ticket)
        panel.chosen.connect(lambda into: aio.spawn(self._merge(ticket.id, into), "merge", self))
        self._window.overlay.show_panel(panel)

    async def _merge(self, ticket: TicketId, into: TicketId) -> None:
        self._window.overlay.close_panel()
        self.merged.emit(await self._workspace.merge(ticket, into))


class MergePanel(QFrame):
    """Tickets of the same requester first; what is typed searches all of this desk."""

    chosen = Signal(object)
    """Merge into this `TicketId`."""

    def __init__(self, workspace: Workspace, ticket: Ticket) -> None:
        super().__init__()
        self._workspace, self._ticket = workspace, ticket
        self._searching: asyncio.Task[None] | None = None
        title = f"Merge “{ticket.subject}” into"
        self.setAccessibleName(title)
        self.setMinimumWidth(_WIDTH)
        self.list = ChoiceList((), "Search by number, subject, name or words", title)
        self.list.view.setFixedHeight(_LIST_HEIGHT)
        self.list.chosen.connect(self.chosen)
        self._rest = QTimer(self, interval=_SETTLE_MS, singleShot=True)
        self._rest.timeout.connect(self._search)
        self.list.field.textChanged.connect(lambda _: self._rest.start())
        self.found = Label("", Text.SMALL, "muted")
        warning = Strip(
            Tone.WARN,
            "Its messages move to the other ticket. After the undo period that cannot be taken back.",
        )
        head = row(Label(title, Text.STRONG), None, Label("Esc closes", Text.SMALL, "faint"))
        self.setLayout(column(head, warning, self.list, self.found, margins=Space.M, spacing=Space.S))
        focus_first(self, self.list.field)
        self._search()

    def _search(self) -> None:
        typed = self.list.field.text().strip() or self._ticket.requester.email or self._ticket.requester.name
        if self._searching is not None:
            self._searching.cancel()
        self._searching = aio.spawn(self._find(typed), "search to merge", self)

    async def _find(self, typed: str) -> None:
        page = await self._workspace.search(typed, limit=2 * _SHOWN)
        choices = merge_choices(page.rows, self._ticket)
        self.list.show_found(choices)
        self.found.setText(self._found_words(len(choices)))

    def _found_words(self, count: int) -> str:
        searched = bool(self.list.field.text().strip())
        if count:
            return f"{count} found, those of {self._ticket.requester.name} first."
        if searched:
            return "No other ticket of this desk matches."
        return f"{self._ticket.requester.name} has no other ticket here. Type to search this desk."


def merge_choices(rows: Sequence[QueueRow], ticket: Ticket) -> tuple[Choice, ...]:
    """Other tickets of the same desk, those of the same requester first."""
    fitting = [row for row in rows if row.desk == ticket.desk and row.id != ticket.id]
    fitting.sort(key=lambda row: row.requester != ticket.requester.name)
    return tuple(
        Choice(
            value=row.id,
            title=row.subject or "(no subject)",
            detail=f"{row.requester}, {STATUS_WORDS[row.status][0]}, {short_date(row.last_activity)}",
            person=row.requester,
        )
        for row in fitting[:_SHOWN]
    )
