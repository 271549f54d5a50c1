"""A word on a soft, rounded surface: status, urgency, counts."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.theme.fonts import font
from ui.theme.icons import paint_icon
from ui.theme.theme import theme
from ui.theme.tokens import Text, Tone
from ui.widgets.direction import mirror

HEIGHT = 20
_ICON = 12
_PAD = 8


def pill_width(text: str, icon_name: str = "") -> int:
    """The width of a pill with this text."""
    width = QFontMetrics(font(Text.CAPTION, 600)).horizontalAdvance(text) if text else 0
    return width + 2 * _PAD + (_ICON + (4 if text else 0) if icon_name else 0)


def paint_pill(painter: QPainter, place: QRect, text: str, tone: Tone, icon_name: str = "") -> None:
    """Paint a pill that fills `place`."""
    ink, soft = theme().tone(tone)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(soft)
    painter.drawRoundedRect(place, place.height() / 2, place.height() / 2)
    left, placed = place.left() + _PAD, mirror(painter, place)
    if icon_name:
        sign = QRect(left, place.center().y() - _ICON // 2 + 1, _ICON, _ICON)
        paint_icon(painter, placed(sign), icon_name, tone.value)
        left += _ICON + 4
    painter.setFont(font(Text.CAPTION, 600))
    painter.setPen(ink)
    words = placed(QRect(left, place.top(), place.right() - left, place.height()))
    painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, text)
    painter.restore()


class Pill(QWidget):
    """A pill as a widget."""

    def __init__(self, text: str = "", tone: Tone = Tone.NEUTRAL, icon_name: str = "") -> None:
        super().__init__()
        self._text, self._tone, self._icon = text, tone, icon_name
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set(text, tone, icon_name)

    def text(self) -> str:
        """What it says."""
        return self._text

    def set(self, text: str, tone: Tone = Tone.NEUTRAL, icon_name: str = "") -> None:
        """Say something else."""
        self._text, self._tone, self._icon = text, tone, icon_name
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(pill_width(self._text, self._icon), HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:
        paint_pill(QPainter(self), self.rect(), self._text, self._tone, self._icon)
