"""The key shown where it works: a small cap with its name."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.theme.fonts import font
from ui.theme.theme import theme
from ui.theme.tokens import Text

HEIGHT = 18
_GAP = 3
_SHOWN = {"Enter": "↵", "Shift": "⇧", "Up": "↑", "Down": "↓"}


def caps_of(key: str) -> list[str]:
    """A key in its pieces as they are shown: `Ctrl+Enter` is two caps, `g m` is two caps."""
    pieces = (
        [key]
        if key in {"+", " "}
        else [p for stroke in key.split(" ") for p in (stroke.split("+") or [stroke])]
    )
    return [_SHOWN.get(piece, piece) for piece in pieces if piece]


def key_width(key: str) -> int:
    """The room the caps of a key take."""
    return sum(_cap_width(cap) for cap in caps_of(key)) + _GAP * max(len(caps_of(key)) - 1, 0)


def paint_key(painter: QPainter, place: QRect, key: str, ink: QColor | None = None) -> None:
    """Paint a key's caps from the left edge of `place`, in its vertical middle; `ink` for coloured backgrounds."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(font(Text.MICRO, 600))
    text = ink or theme().colour("muted")
    edge = QColor(ink) if ink else QColor(theme().colour("line_strong"))
    if ink:
        edge.setAlpha(130)
    left, top = place.left(), place.center().y() - HEIGHT // 2 + 1
    for cap in caps_of(key):
        box = QRect(left, top, _cap_width(cap), HEIGHT - 1)
        painter.setPen(QPen(edge, 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box.adjusted(0, 0, -1, -1).toRectF().translated(0.5, 0.5), 4, 4)
        painter.setPen(text)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, cap)
        left += box.width() + _GAP
    painter.restore()


def _cap_width(cap: str) -> int:
    return max(HEIGHT, QFontMetrics(font(Text.MICRO, 600)).horizontalAdvance(cap) + 10)


class KeyCap(QWidget):
    """A key on its own."""

    def __init__(self, key: str = "") -> None:
        super().__init__()
        self._key = ""
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_key(key)

    def set_key(self, key: str) -> None:
        """Show another key."""
        self._key = key
        self.setAccessibleName(key)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(key_width(self._key), HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:
        paint_key(QPainter(self), self.rect(), self._key)
