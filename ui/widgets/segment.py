"""One of a few choices that exclude each other, side by side: reply or note."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QPushButton

from ui.theme.theme import theme
from ui.theme.tokens import Radius, Tone
from ui.widgets.buttons import Button, paint_focus_ring


class Segment(Button):
    """A choice; chosen, it stands on the soft surface of its tone and has an edge in its ink."""

    def __init__(self, text: str, icon_name: str, *, key: str = "", tone: Tone = Tone.ACCENT) -> None:
        super().__init__(text, icon_name, kind="quiet", key=key, small=True)
        self._tone = tone
        self.setCheckable(True)
        self.setAutoExclusive(True)

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self.isChecked():
            super().paintEvent(event)
            return
        ink, soft = theme().tone(self._tone)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(ink, 1))
        painter.setBrush(soft)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), Radius.S, Radius.S)
        painter.end()
        self.paint_content()
        if self.hasFocus():
            ring = QPainter(self)
            paint_focus_ring(ring, self)


__all__ = ["QPushButton", "Qt", "Segment"]
