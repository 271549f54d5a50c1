"""The parts settings pages are made of: a titled group, and a line with a setting, what it does and its control."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QIntValidator, QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QLineEdit, QSizePolicy, QWidget

from ui.theme.tokens import Space, Text
from ui.widgets.labels import Label
from ui.widgets.layout import Item, column, row
from ui.widgets.segment import Segment

_NUMBER_WIDTH = 64


class SettingRow(QWidget):
    """One setting."""

    def __init__(self, title: str, does: str, control: QWidget) -> None:
        super().__init__()
        self.title, self.does = title, does
        control.setAccessibleName(title)
        control.setAccessibleDescription(does)
        beneath = [Label(does, Text.SMALL, "muted", wrap=True)] if does else []
        words = column(Label(title, Text.STRONG), *beneath, spacing=2)
        line = row(words, control, spacing=Space.XL)
        line.setStretch(0, 1)
        self.setLayout(line)

    def matches(self, typed: str) -> bool:
        """Whether all typed words stand in the title or the description."""
        text = f"{self.title} {self.does}".casefold()
        return all(word in text for word in typed.casefold().split())


class Alternatives(QWidget):
    """A few values that exclude each other, side by side."""

    chosen = Signal(str)

    def __init__(self, values: Sequence[tuple[str, str, str]], now: str) -> None:
        """`values` are (value, word, icon)."""
        super().__init__()
        self._group = QButtonGroup(self)
        self.buttons: dict[str, Segment] = {}
        for value, word, icon_name in values:
            button = Segment(word, icon_name)
            button.setChecked(value == now)
            button.clicked.connect(lambda _checked=False, value=value: self.chosen.emit(value))
            self._group.addButton(button)
            self.buttons[value] = button
        self.setLayout(row(*self.buttons.values(), spacing=2))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFocusProxy(self.buttons.get(now, next(iter(self.buttons.values()))))


class Number(QWidget):
    """A whole number within bounds, with its unit; the arrow keys step. `changed` comes only with valid ones."""

    changed = Signal(int)

    def __init__(self, low: int, high: int, now: int, unit: str) -> None:
        super().__init__()
        self._low, self._high = low, high
        self.line = QLineEdit(str(now))
        self.line.setValidator(QIntValidator(low, high, self.line))
        self.line.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.line.setFixedWidth(_NUMBER_WIDTH)
        self.line.textEdited.connect(self._on_edited)
        self.line.installEventFilter(self)
        self.setFocusProxy(self.line)
        self.setLayout(row(self.line, Label(unit, Text.SMALL, "muted")))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def setAccessibleName(self, name: str) -> None:
        self.line.setAccessibleName(name)

    def setAccessibleDescription(self, description: str) -> None:
        self.line.setAccessibleDescription(description)

    def set(self, value: int) -> None:
        """Change it, as typing would."""
        self.line.setText(str(min(max(value, self._low), self._high)))
        self._on_edited()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return False
        step = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}.get(Qt.Key(event.key()), 0)
        if step:
            self.set(int(self.line.text() or self._low) + step)
        return bool(step)

    def _on_edited(self) -> None:
        if self.line.hasAcceptableInput():
            self.changed.emit(int(self.line.text()))


def group(title: str, *items: Item) -> QWidget:
    """Settings under one title."""
    made = QWidget()
    made.setLayout(column(Label(title, Text.CAPTION, "faint"), *items, spacing=Space.L))
    return made
