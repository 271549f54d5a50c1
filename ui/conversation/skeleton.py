"""What stands in the place of a thread that takes long to come."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from ui.theme.theme import theme
from ui.theme.tokens import Radius, Size
from ui.widgets.direction import mirror

_BUBBLES = ((False, 0.55, 84), (True, 0.5, 64), (False, 0.62, 104), (True, 0.4, 64))
_GAP = 40
_SIDES = 20


class ThreadSkeleton(QWidget):
    """A header and a few bubbles, in the places of the real ones."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("The conversation is being loaded")

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.fillRect(QRect(0, 0, self.width(), Size.HEADER), theme().colour("surface"))
        painter.setBrush(theme().colour("skeleton"))
        placed = mirror(painter, self.rect())
        face = QRect(_SIDES, (Size.HEADER - Size.AVATAR) // 2, Size.AVATAR, Size.AVATAR)
        painter.drawEllipse(placed(face))
        painter.drawRoundedRect(placed(QRect(_SIDES + 48, 16, round(self.width() * 0.4), 12)), 6, 6)
        painter.drawRoundedRect(placed(QRect(_SIDES + 48, 38, round(self.width() * 0.3), 10)), 5, 5)
        bottom = self.height() - 16
        for ours, share, height in _BUBBLES:
            width = round(self.width() * share)
            left = self.width() - _SIDES - 36 - width if ours else _SIDES + 36
            painter.drawRoundedRect(placed(QRect(left, bottom - height, width, height)), Radius.L, Radius.L)
            bottom -= height + _GAP
            if bottom < Size.HEADER + height:
                return
