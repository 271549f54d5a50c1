"""What a model is writing for the ticket on screen, as it comes; of one height, so that nothing moves."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QFrame, QPlainTextEdit

from copilot.domain import TicketId
from copilot.events import WritingEnded, WritingStreamed
from copilot.workspace import Workspace
from ui.bridge import Bridge
from ui.theme.fonts import font
from ui.theme.tokens import Space, Text
from ui.widgets.buttons import Button
from ui.widgets.labels import IconLabel, Label
from ui.widgets.layout import column, row
from ui.widgets.notices import announce

_HEIGHT = 116
_TASKS = {"draft": "A model is writing the draft", "summary": "A model is reading the thread"}


class StreamCard(QFrame):
    """Hidden while nothing is written ahead or asked for; `stop` ends it at the provider too."""

    def __init__(self, workspace: Workspace, bridge: Bridge) -> None:
        super().__init__()
        self._workspace = workspace
        self._ticket: TicketId | None = None
        self.setProperty("surface", "card")
        self.setFixedHeight(_HEIGHT)
        self.title = Label("", Text.STRONG)
        self.text = QPlainTextEdit()
        self.text.setProperty("bare", True)
        self.text.setReadOnly(True)
        self.text.setFont(font(Text.SMALL))
        self.text.setFrameShape(QFrame.Shape.NoFrame)
        self.text.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.text.setAccessibleName("What the model has written so far")
        self.text.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._stop = Button("Stop", kind="quiet", key="Esc", small=True)
        self._stop.clicked.connect(self.stop)
        head = row(IconLabel("sparkles", "accent"), self.title, None, self._stop)
        margins = (Space.L, Space.S, Space.S, Space.S)
        self.setLayout(column(head, self.text, margins=margins, spacing=Space.XS))
        self.hide()
        bridge.writing_streamed.connect(self._on_streamed)
        bridge.writing_ended.connect(self._on_ended)

    def follow(self, ticket: TicketId | None) -> None:
        """Show what is written for this ticket."""
        self._ticket = ticket
        self._show()

    def stop(self) -> bool:
        """Stop what is being written; answers whether anything was."""
        return self.isVisible() and self._ticket is not None and self._workspace.writing.cancel(self._ticket)

    def _on_streamed(self, event: WritingStreamed) -> None:
        if event.ticket == self._ticket:
            self._show()

    def _on_ended(self, event: WritingEnded) -> None:
        if event.ticket == self._ticket:
            self._show()

    def _show(self) -> None:
        running = () if self._ticket is None else self._workspace.writing.running(self._ticket)
        mine = [one for one in running if one.task in _TASKS]
        if not mine:
            self.hide()
            return
        newest = next((one for one in mine if one.task == "draft"), mine[-1])
        if not self.isVisible():
            announce(self, _TASKS[newest.task])
        self.title.setText(_TASKS[newest.task])
        self._grow(newest.text)
        self.show()

    def _grow(self, text: str) -> None:
        """Append what is new: setting the whole text lays out everything again, once a frame."""
        shown = self.text.toPlainText()
        if text == shown:
            return
        if text.startswith(shown):
            cursor = QTextCursor(self.text.document())
            cursor.movePosition(QTextCursor.MoveOperation.End)
            cursor.insertText(text[len(shown) :])
        else:
            self.text.setPlainText(text)
        bar = self.text.verticalScrollBar()
        bar.setValue(bar.maximum())
