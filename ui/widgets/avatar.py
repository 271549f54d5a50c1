"""A person's initials on a colour of their own; the AI agent's robot."""

from __future__ import annotations

from zlib import crc32

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from ui.theme.fonts import font
from ui.theme.icons import paint_icon
from ui.theme.theme import theme
from ui.theme.tokens import Size, Text


def initials(name: str) -> str:
    """One or two letters for a name; a question mark when there are none."""
    words = [word for word in name.replace("@", " ").split() if word[0].isalnum()]
    if not words:
        return "?"
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()


def paint_avatar(painter: QPainter, place: QRect, name: str, *, robot: bool = False) -> None:
    """Paint an avatar into a square."""
    pairs = theme().colours.avatars
    ink, soft = pairs[1] if robot else pairs[crc32(name.encode()) % len(pairs)]
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(soft))
    painter.drawEllipse(place)
    if robot:
        inner = place.adjusted(*(round(place.width() * 0.22) * sign for sign in (1, 1, -1, -1)))
        paint_icon(painter, inner, "bot", "info")
    else:
        letters = font(Text.CAPTION, 600)
        sized = type(letters)(letters)
        sized.setPixelSize(max(9, round(place.width() * 0.36)))
        painter.setFont(sized)
        painter.setPen(QColor(ink))
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, initials(name))
    painter.restore()


class Avatar(QWidget):
    """An avatar as a widget; decoration, the name stands beside it."""

    def __init__(self, name: str = "", size: int = Size.AVATAR, *, robot: bool = False) -> None:
        super().__init__()
        self._name, self._robot = name, robot
        self.setFixedSize(size, size)

    def set_person(self, name: str, *, robot: bool = False) -> None:
        """Show somebody else."""
        self._name, self._robot = name, robot
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        paint_avatar(QPainter(self), self.rect(), self._name, robot=self._robot)
