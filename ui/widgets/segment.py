"""One of a few choices that exclude each other: reply or note side by side, pages below each other."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy

from ui.theme.theme import theme
from ui.theme.tokens import Radius, Size, Tone
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


class PageButton(Segment):
    """A choice of a page in a column of such: as wide as the column, its content at the left."""

    def __init__(self, text: str, icon_name: str) -> None:
        super().__init__(text, icon_name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(Size.CONTROL)

    def _content_left(self) -> int:
        return 0
