"""What stands where content is not: nothing yet, nothing at all, or an error with what to do about it."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.theme.theme import theme
from ui.theme.tokens import Space, Text
from ui.widgets.buttons import Button
from ui.widgets.direction import mirror
from ui.widgets.labels import IconLabel, Label
from ui.widgets.layout import column, row


class EmptyState(QWidget):
    """An icon, a sentence and what to do next, in the middle of the room there is."""

    def __init__(self, icon_name: str = "inbox", title: str = "", advice: str = "", *buttons: Button) -> None:
        super().__init__()
        self._icon = IconLabel(icon_name, "faint", 32)
        self._title = Label(title, Text.TITLE)
        self._advice = Label(advice, Text.BODY, "muted", wrap=True)
        for label in (self._title, self._advice):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            label.setWordWrap(True)
        self.buttons = row(None, *buttons, None)
        self.setLayout(
            column(
                None, row(None, self._icon, None), self._title, self._advice, self.buttons, None,
                margins=Space.XL, spacing=Space.M,
            )
        )  # fmt: skip

    def say(self, icon_name: str, title: str, advice: str = "") -> None:
        """Say something else."""
        self._icon.set_icon(icon_name)
        self._title.setText(title)
        self._advice.setText(advice)

    def title(self) -> str:
        """The sentence on it."""
        return self._title.text()

    def advice(self) -> str:
        """What it tells the rep to do."""
        return self._advice.text()


class ErrorState(EmptyState):
    """An error where the content would be, with a way to try again."""

    def __init__(self, title: str, advice: str = "", retry: Button | None = None) -> None:
        super().__init__("circle-alert", title, advice, *([retry] if retry else []))
        self._icon.set_icon("circle-alert", "bad")


class Skeleton(QWidget):
    """Bars in the place and size of text to come; `widths` are shares of the room, one a line."""

    def __init__(self, widths: tuple[float, ...] = (0.9, 0.75, 0.5), line: int = 20, bar: int = 10) -> None:
        super().__init__()
        self._widths, self._line, self._bar = widths, line, bar
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Loading")

    def sizeHint(self) -> QSize:
        return QSize(120, self._line * len(self._widths))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme().colour("skeleton"))
        placed = mirror(painter, self.rect())
        for number, share in enumerate(self._widths):
            top = number * self._line + (self._line - self._bar) // 2
            painter.drawRoundedRect(placed(QRect(0, top, round(self.width() * share), self._bar)), 5, 5)
