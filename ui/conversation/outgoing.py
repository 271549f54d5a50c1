"""A reply or note on its way to the desk, at the end of the thread, with what can still be done about it."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from PySide6.QtCore import QRect, Qt, Signal, SignalInstance
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QWidget

from copilot.domain import Message, Note, OutboxEntry, OutboxState, Reply
from ui.conversation.browser import SafeBrowser
from ui.conversation.bubble import MARGIN, text_width
from ui.conversation.bubble_paint import Surface, paint_surface
from ui.conversation.words import clock, command_words, outgoing_words
from ui.theme.tokens import Size, Space, Text
from ui.widgets.buttons import Button
from ui.widgets.direction import Mirror
from ui.widgets.labels import IconLabel, Label
from ui.widgets.layout import column, frame, row

_PAD_X, _PAD_Y = 14, 10
_BELOW = 16


class OutgoingBubble(QWidget):
    """An outbox entry. Its state is always said in words."""

    undo_asked = Signal(object)
    """The rep takes it back; carries the entry."""
    send_anyway_asked = Signal(object)
    edit_asked = Signal(object)
    discard_asked = Signal(object)

    def __init__(self, parent: QWidget, entry: OutboxEntry, now: datetime) -> None:
        super().__init__(parent)
        self.entry = entry
        self._surface = Surface("raised", "line")
        self._box = QRect()
        self._browsers: list[SafeBrowser] = []
        self._icon = IconLabel("timer", size=14)
        self._state = Label("", Text.SMALL, wrap=True)
        self._lines = column(margins=0, spacing=Space.S)
        self._content = frame(self._lines)
        self._build()
        self._content.setParent(self)
        self.tick(now)

    def tick(self, now: datetime) -> None:
        """Say where the entry stands at this moment."""
        words, tone, icon = outgoing_words(self.entry, now)
        self._icon.set_icon(icon, tone.value)
        self._state.set_tone(tone.value)
        if self._state.text() != words:
            self._state.setText(words)
        self.setAccessibleName(f"{command_words(self.entry.command)}, {words}")

    def state_words(self) -> str:
        """What it says of its state."""
        return self._state.text()

    def buttons(self) -> list[Button]:
        """What can be done now, in order."""
        return self._content.findChildren(Button)

    def repaint_colours(self) -> None:
        """The theme changed."""
        for browser in self._browsers:
            browser.repaint_colours()

    def set_current(self, *, current: bool) -> None:
        """Its buttons are always reachable; there are few of these."""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if current else Qt.FocusPolicy.ClickFocus)

    def arrange(self, width: int) -> int:
        """Give everything its place at a width; answers the height."""
        inner = text_width(width)
        for browser in self._browsers:
            browser.setFixedHeight(
                browser.height_for(inner - (2 * Space.M if browser.parent() is not self._content else 0))
            )
        height = self._lines.totalHeightForWidth(inner)
        height = height if height > 0 else self._lines.totalSizeHint().height()
        left = width - MARGIN - Size.AVATAR_SMALL - Space.S - inner - 2 * _PAD_X
        placed = Mirror(self.layoutDirection(), QRect(0, 0, width, height))
        self._box = placed(QRect(left, 0, inner + 2 * _PAD_X, height + 2 * _PAD_Y))
        self._content.setGeometry(placed(QRect(left + _PAD_X, _PAD_Y, inner, height)))
        return self._box.height() + _BELOW

    def _build(self) -> None:
        self._surface = self._surface_of()
        state = row(self._icon, self._state, margins=0, spacing=6)
        state.setStretchFactor(self._state, 1)
        lines = self._lines
        lines.addLayout(state)
        for message in self.entry.newer:
            lines.addWidget(self._newer(message))
        if isinstance(self.entry.command, Reply | Note):
            if self.entry.newer:
                lines.addWidget(Label("Your reply", Text.CAPTION, "muted"))
            lines.addWidget(
                self._text(self.entry.command.text, f"Text of your {command_words(self.entry.command)}")
            )
        actions = self._actions()
        if actions:
            lines.addLayout(row(*actions, None, spacing=Space.S))

    def _surface_of(self) -> Surface:
        if isinstance(self.entry.command, Note):
            return Surface("note_soft", "note_line", dashed=True)
        edge = "bad" if self.entry.state == OutboxState.FAILED else "accent"
        return Surface("rep_bubble", "warn" if self.entry.state == OutboxState.BLOCKED else edge, dashed=True)

    def _newer(self, message: Message) -> QFrame:
        who = Label(f"{message.author.name}, {clock(message.created)}", Text.CAPTION, "muted")
        text = self._text(message.clean or message.text, f"What {message.author.name} wrote")
        return frame(column(who, text, margins=(Space.M, Space.S, Space.M, Space.S), spacing=2), "raised")

    def _text(self, text: str, name: str) -> SafeBrowser:
        browser = SafeBrowser()
        browser.setAccessibleName(name)
        browser.show_text(text)
        browser.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._browsers.append(browser)
        return browser

    def _actions(self) -> list[QWidget]:
        match self.entry.state:
            case OutboxState.HELD | OutboxState.WAITING:
                return [self._button("Undo", "undo-2", self.undo_asked, key="u")]
            case OutboxState.BLOCKED | OutboxState.FAILED:
                again = "Send anyway" if self.entry.state == OutboxState.BLOCKED else "Try again"
                made = [self._button(again, "send", self.send_anyway_asked)]
                if isinstance(self.entry.command, Reply | Note):
                    made.append(self._button("Edit", "pencil", self.edit_asked))
                return [*made, self._button("Discard", "trash-2", self.discard_asked)]
            case _:
                return []

    def _button(self, text: str, icon: str, signal: SignalInstance, key: str = "") -> Button:
        made = Button(text, icon, small=True, key=key)
        made.clicked.connect(partial(signal.emit, self.entry))
        return made

    def paintEvent(self, _event: QPaintEvent) -> None:
        paint_surface(QPainter(self), self._box, self._surface)
