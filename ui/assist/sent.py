"""What left this computer for the ticket on screen, to the letter, and what a draft would send before it does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QFrame, QHeaderView, QPlainTextEdit, QTableWidget, QTableWidgetItem

from copilot.domain import TicketId
from copilot.errors import UserError
from copilot.workspace import Workspace
from ui import aio
from ui.theme.tokens import Space, Text, Tone
from ui.widgets.buttons import Button
from ui.widgets.labels import Label
from ui.widgets.layout import column, row
from ui.widgets.notices import Strip, announce
from ui.widgets.overlay import focus_first, refit
from ui.widgets.states import EmptyState

if TYPE_CHECKING:
    from datetime import datetime
    from decimal import Decimal

WIDTH = 860
_TABLE_HEIGHT = 160
_TEXT_HEIGHT = 300
_HEADINGS = ("When", "For", "Model", "By the rule", "Hidden", "Tokens", "Cost", "Ended")


class _Request(Protocol):
    @property
    def task(self) -> str: ...
    @property
    def prompt(self) -> str: ...
    @property
    def provider(self) -> str: ...
    @property
    def model(self) -> str: ...
    @property
    def rule(self) -> str: ...
    @property
    def sent(self) -> str: ...


class _Received(Protocol):
    @property
    def received(self) -> str: ...
    @property
    def tokens_in(self) -> int: ...
    @property
    def tokens_out(self) -> int: ...
    @property
    def cost(self) -> Decimal: ...
    @property
    def outcome(self) -> str: ...


class SentPanel(QFrame):
    """A table of the requests; the chosen one's text under it."""

    def __init__(self, workspace: Workspace, ticket: TicketId) -> None:
        super().__init__()
        self._workspace, self._ticket = workspace, ticket
        self._texts: list[tuple[str, str]] = []
        self.setAccessibleName("What left this computer")
        self.setMinimumWidth(WIDTH)
        self.table = _table()
        self.table.currentCellChanged.connect(lambda place, *_: self._show_text(place))
        self.sent, self.received = _text_view("What was sent"), _text_view("What came back")
        self.nothing = EmptyState(
            "shield-check",
            "Nothing has left this computer for this ticket",
            "No language model was asked about it.",
        )
        self.nothing.hide()
        self.before = Button("What a draft would send", "eye", small=True)
        self.before.clicked.connect(lambda: aio.spawn(self._preview(), "preview a request", self))
        self.outcome = Strip(Tone.INFO, "")
        self.outcome.hide()
        texts = row(
            column(Label("Sent", Text.CAPTION, "faint"), self.sent),
            column(Label("Came back", Text.CAPTION, "faint"), self.received),
            spacing=Space.L,
        )
        head = row(
            Label("What left this computer", Text.TITLE), None, Label("Esc closes", Text.SMALL, "faint")
        )
        self._shown = QFrame()
        self._shown.setLayout(column(self.table, texts, spacing=Space.M))
        self.setLayout(
            column(head, self.outcome, self.nothing, self._shown, margins=Space.XL, spacing=Space.L)
        )
        focus_first(self, self.table)
        aio.spawn(self._fill(), "read what was sent", self)

    async def _fill(self) -> None:
        calls = await self._workspace.models.calls(self._ticket)
        self.nothing.setVisible(not calls)
        self._shown.setVisible(bool(calls))
        self.table.setRowCount(len(calls))
        for place, call in enumerate(reversed(calls)):
            hidden = ", ".join(f"{count} {kind}" for kind, count in call.request.hidden.items())
            self._texts.append((call.request.sent, call.answer.received if call.answer else ""))
            self._show_row(place, _cells(call.at, call.request, call.answer, hidden or "none"))
        if calls:
            self.table.setCurrentCell(0, 0)

    async def _preview(self) -> None:
        """Put the text of the next draft's request where sent texts stand; nothing is sent."""
        models = self._workspace.models
        try:
            seen = await models.preview(*await self._workspace.writing.draft_request(self._ticket))
        except UserError as error:
            self._tell(Tone.WARN, str(error))
            return
        hidden = ", ".join(f"{count} {kind}" for kind, count in seen.hidden.items()) or "nothing"
        where = "leaves the building" if seen.leaves_building else "stays in the building"
        self._tell(
            Tone.INFO, f"To {seen.model}, because {seen.rule}. It {where}; hidden first: {hidden}. Not sent."
        )
        self.nothing.hide()
        self._shown.show()
        self.sent.setPlainText(seen.text)
        self.received.clear()
        refit(self)

    def _tell(self, tone: Tone, text: str) -> None:
        self.outcome.set_tone(tone)
        self.outcome.say(text)
        self.outcome.show()
        announce(self.outcome, text)
        refit(self)

    def _show_row(self, place: int, cells: tuple[str, ...]) -> None:
        for number, text in enumerate(cells):
            self.table.setItem(place, number, QTableWidgetItem(text))

    def _show_text(self, place: int) -> None:
        if 0 <= place < len(self._texts):
            sent, received = self._texts[place]
            self.sent.setPlainText(sent)
            self.received.setPlainText(received)


def _cells(at: datetime, request: _Request, answer: _Received | None, hidden: str) -> tuple[str, ...]:
    tokens = f"{answer.tokens_in:,} + {answer.tokens_out:,}" if answer else ""
    cost = f"{answer.cost:.5f} US$" if answer else ""
    ended = (answer.outcome if answer.outcome != "ok" else "well") if answer else "still open"
    when = f"{at.astimezone():%d %b, %H:%M:%S}"
    model = f"{request.provider}/{request.model}"
    return (when, request.task, model, request.rule, hidden, tokens, cost, ended)


def _table() -> QTableWidget:
    made = QTableWidget(0, len(_HEADINGS))
    made.setHorizontalHeaderLabels(_HEADINGS)
    made.setAccessibleName("Requests to models, newest first")
    made.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
    made.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
    made.verticalHeader().hide()
    made.setShowGrid(False)
    made.setWordWrap(False)
    made.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    made.horizontalHeader().setSectionResizeMode(3, QHeaderView.ResizeMode.Stretch)
    made.setFixedHeight(_TABLE_HEIGHT)
    return made


def _text_view(name: str) -> QPlainTextEdit:
    view = QPlainTextEdit()
    view.setReadOnly(True)
    view.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
    view.setAccessibleName(name)
    view.setMinimumHeight(_TEXT_HEIGHT)
    view.setTextInteractionFlags(
        Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
    )
    return view
