"""The list under the cursor: what `/`, `#`, `@` and `:` offer, picked without leaving the editor."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QTextCursor
from PySide6.QtWidgets import QFrame, QListView

from ui.aio import spawn
from ui.conversation.editor import ReplyEditor
from ui.conversation.offsets import QtOffsets
from ui.conversation.triggers import Mark, Trigger, find_trigger
from ui.theme.tokens import Space, Text
from ui.widgets.choices import Choice, ChoiceDelegate, Choices
from ui.widgets.labels import Label
from ui.widgets.layout import column
from ui.widgets.notices import announce
from ui.widgets.overlay import lift

_WIDTH = 440
_ROW = 38
_ROWS = 7
_HEAD = 26
TITLES = {
    Mark.MACRO: "Macros and snippets",
    Mark.ARTICLE: "Cite an article",
    Mark.PERSON: "Mention a colleague",
    Mark.EMOJI: "Emoji",
}

Find = Callable[[Trigger], Awaitable[Sequence[Choice]]]


@dataclass(frozen=True, slots=True)
class Picked:
    """A choice was taken for what is asked at `trigger`; its words stand at [start, end) in Qt's positions."""

    value: object
    trigger: Trigger
    start: int
    end: int


class Completion(QFrame):
    """Opens by itself while one types; Enter or Tab picks, Esc closes, the arrows choose."""

    picked = Signal(object)

    def __init__(self, editor: ReplyEditor, find: Find) -> None:
        super().__init__(editor)
        self._editor, self._find = editor, find
        self._trigger: Trigger | None = None
        self._closed_at: tuple[int, int] | None = None
        self._finding: asyncio.Task[None] | None = None
        self.setProperty("surface", "sheet")
        self.head = Label("", Text.CAPTION, "faint")
        self.head.setIndent(Space.L)
        self.model = Choices((), self)
        self.view = QListView()
        self.view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.view.setUniformItemSizes(True)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.setItemDelegate(ChoiceDelegate(self.view))
        self.view.setModel(self.model)
        self.view.clicked.connect(lambda _: self.pick())
        self.setLayout(column(self.head, self.view, margins=(Space.S, 6, Space.S, 6), spacing=2))
        self.hide()
        editor.installEventFilter(self)
        editor.cursorPositionChanged.connect(self._look)
        editor.textChanged.connect(self._look)
        editor.left.connect(self.close_list)

    @property
    def is_open(self) -> bool:
        """Whether something is offered."""
        return self.isVisible()

    def close_list(self) -> bool:
        """Esc: offer nothing for this word any more; answers whether something was offered."""
        was_open = self.isVisible()
        if self._trigger is not None and was_open:
            self._closed_at = self._place()
        self._stop()
        return was_open

    def pick(self) -> None:
        """Take the choice that is marked."""
        row, trigger = self.view.currentIndex().row(), self._trigger
        if trigger is None or not 0 <= row < self.model.rowCount():
            return
        choice = self.model.choice(row)
        if not choice.enabled:
            return
        start, end = self._span(trigger)
        self._stop()
        self.picked.emit(Picked(choice.value, trigger, start, end))

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if not self.isVisible() or event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            return False
        match event.key():
            case Qt.Key.Key_Down:
                self._step(1)
            case Qt.Key.Key_Up:
                self._step(-1)
            case Qt.Key.Key_Return | Qt.Key.Key_Enter | Qt.Key.Key_Tab:
                self.pick()
            case Qt.Key.Key_Escape:
                self.close_list()
            case _:
                return False
        return True

    # -- inside ------------------------------------------------------------------------------------------------------

    def _look(self) -> None:
        """On the path of every key: looks at the line before the cursor alone."""
        cursor = self._editor.textCursor()
        line = cursor.block().text()
        before = line[: QtOffsets(line).from_qt(cursor.positionInBlock())]
        trigger = None if cursor.hasSelection() or not self._editor.hasFocus() else find_trigger(before)
        if trigger == self._trigger and trigger is not None:
            return
        self._trigger = trigger
        if trigger is None:
            self._closed_at = None
            self._stop()
            return
        if self._closed_at == self._place():
            return
        if self._finding is not None:
            self._finding.cancel()
        self._finding = spawn(self._offer(trigger), "offer in the editor", self)

    async def _offer(self, trigger: Trigger) -> None:
        found = await self._find(trigger)
        if trigger != self._trigger:
            return
        if not found:
            self.hide()
            return
        opening = not self.isVisible()
        self.model.offer(found, "")
        self.head.setText(TITLES[trigger.mark])
        self.view.setAccessibleName(TITLES[trigger.mark])
        self._place_it(len(found), trigger)
        self._select(self.model.first_enabled())
        if opening:
            announce(self, f"{TITLES[trigger.mark]}: {self.model.choice(0).spoken}")

    def _place_it(self, rows: int, trigger: Trigger) -> None:
        window = self._editor.window()
        if self.parent() is not window:
            self.setParent(window)
            lift(self)
        cursor = QTextCursor(self._editor.document())
        cursor.setPosition(self._span(trigger)[0])
        rect = self._editor.cursorRect(cursor)
        at = self._editor.viewport().mapTo(window, rect.topLeft())
        width = min(_WIDTH, window.width() - 2 * Space.S)
        height = _ROW * min(rows, _ROWS) + _HEAD + 2 * Space.S
        above = at.y() - height - Space.XS
        top = above if above >= 0 else at.y() + rect.height() + Space.XS
        left = max(Space.S, min(at.x() - Space.M, window.width() - width - Space.S))
        self.setGeometry(left, top, width, height)
        self.show()
        self.raise_()

    def _span(self, trigger: Trigger) -> tuple[int, int]:
        cursor = self._editor.textCursor()
        block = cursor.block()
        return block.position() + QtOffsets(block.text()).to_qt(trigger.start), cursor.position()

    def _place(self) -> tuple[int, int]:
        trigger = self._trigger
        return (self._editor.textCursor().blockNumber(), trigger.start if trigger else -1)

    def _step(self, rows: int) -> None:
        self._select((self.view.currentIndex().row() + rows) % max(self.model.rowCount(), 1))
        row = self.view.currentIndex().row()
        if row >= 0:
            announce(self, self.model.choice(row).spoken)

    def _select(self, row: int) -> None:
        self.view.setCurrentIndex(self.model.index(row, 0))

    def _stop(self) -> None:
        if self._finding is not None:
            self._finding.cancel()
        self._trigger = None
        self.hide()
