"""The parts settings pages are made of: a titled group, and a line with a setting, what it does and its control."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QSizePolicy, QSpinBox, QWidget

from ui.theme.tokens import Size, Space, Text
from ui.widgets.labels import Label
from ui.widgets.layout import Item, column, row
from ui.widgets.segment import Segment


class SettingRow(QWidget):
    """One setting."""

    def __init__(self, title: str, does: str, control: QWidget) -> None:
        super().__init__()
        self.title, self.does = title, does
        control.setAccessibleName(title)
        control.setAccessibleDescription(does)
        words = column(Label(title, Text.STRONG), Label(does, Text.SMALL, "muted", wrap=True), spacing=2)
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


def number(low: int, high: int, now: int, unit: str) -> QSpinBox:
    """A whole number within bounds."""
    made = QSpinBox()
    made.setRange(low, high)
    made.setValue(now)
    made.setSuffix(f" {unit}" if unit else "")
    made.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)
    made.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    made.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # not the wheel: who scrolls the page must not change it
    made.setFixedHeight(Size.CONTROL)
    made.setMinimumWidth(96)
    return made


def group(title: str, *items: Item) -> QWidget:
    """Settings under one title."""
    made = QWidget()
    made.setLayout(column(Label(title, Text.CAPTION, "faint"), *items, spacing=Space.L))
    return made
