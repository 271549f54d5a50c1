"""A row that opens in place: a title and a mark when closed, the passage and what can be done with it when open."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QLayout, QSizePolicy, QWidget

from ui.theme.theme import theme
from ui.theme.tokens import Space, Text
from ui.widgets.labels import ElidedLabel, IconLabel
from ui.widgets.layout import column, row
from ui.widgets.pointable import Pointable


class Expandable(QFrame):
    """`marks` stand at the right of the title; `inside` shows when open."""

    opened = Signal()

    def __init__(self, icon_name: str, marks: tuple[QWidget, ...], inside: QLayout) -> None:
        super().__init__()
        self._spoken = ""
        self._icon = IconLabel(icon_name, size=14)
        self._title = ElidedLabel("", Text.BODY)
        self._arrow = IconLabel("chevron-right", size=14)
        self.head = Pointable()
        self.head.setLayout(
            row(self._arrow, self._icon, self._title, *marks, margins=(Space.XS, 6, Space.S, 6), spacing=6)
        )
        self._inside = QFrame()
        inside.setContentsMargins(28, 0, Space.S, Space.S)
        self._inside.setLayout(inside)
        self._inside.hide()
        self.setLayout(column(self.head, self._inside, spacing=0))
        self.head.chosen.connect(self.toggle)

    @property
    def is_open(self) -> bool:
        """Whether its inside shows."""
        return self._inside.isVisibleTo(self)

    def set_title(self, title: str, spoken: str) -> None:
        """Name the row; `spoken` is all of it in words."""
        self._title.setText(title)
        self._spoken = spoken
        self._say()

    def set_icon(self, name: str) -> None:
        """Show another icon."""
        self._icon.set_icon(name)

    def close_row(self) -> None:
        """Close it."""
        if self.is_open:
            self.toggle()

    def toggle(self) -> None:
        """Open or close it."""
        opening = not self.is_open
        self._inside.setVisible(opening)
        self._arrow.set_icon("chevron-down" if opening else "chevron-right")
        self._say()
        if opening:
            self.opened.emit()

    def _say(self) -> None:
        self.head.setAccessibleName(f"{self._spoken}, {'open' if self.is_open else 'closed'}")


class Strength(QWidget):
    """A match's strength as three bars; the word stands in its tool tip and accessible name."""

    def __init__(self) -> None:
        super().__init__()
        self._score = 0.0
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_score(self, score: float, words: str) -> None:
        """Show a score in [0, 1] and its words."""
        self._score = score
        self.setAccessibleName(words)
        self.setToolTip(f"{words}, {score:.0%}")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(18, 14)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        for number, least in enumerate((0.0, 0.5, 0.8)):
            height = 5 + 4 * number
            painter.setBrush(theme().colour("accent" if self._score >= least else "line_strong"))
            painter.drawRoundedRect(QRect(number * 6, self.height() - height, 4, height), 1.5, 1.5)
