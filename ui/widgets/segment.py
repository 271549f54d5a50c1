"""One of a few choices that exclude each other, side by side: reply or note."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen

from ui.theme.theme import theme
from ui.theme.tokens import Radius, Tone
from ui.widgets.buttons import Button

_EDGE_ALPHA = 110


class Segment(Button):
    """A choice; chosen, it stands on the soft surface of its tone and has an edge in its ink."""

    def __init__(self, text: str, icon_name: str, *, key: str = "", tone: Tone = Tone.ACCENT) -> None:
        super().__init__(text, icon_name, kind="quiet", key=key, small=True)
        self._tone = tone
        self.setCheckable(True)
        self.setAutoExclusive(True)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.isChecked():
            ink, soft = theme().tone(self._tone)
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            edge = QColor(ink)
            edge.setAlpha(_EDGE_ALPHA)
            painter.setPen(QPen(edge, 1))
            painter.setBrush(soft)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), Radius.M, Radius.M)
            painter.end()
        super().paintEvent(event)
