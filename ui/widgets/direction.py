"""From the left or from the right: painted places are worked out from the left, and turned round where one reads so."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle


@dataclass(frozen=True, slots=True)
class Mirror:
    """Turns places within a rectangle round, or leaves them where they are."""

    direction: Qt.LayoutDirection
    within: QRect

    def __call__(self, place: QRect) -> QRect:
        """Where a place stands that was worked out from the left."""
        return QStyle.visualRect(self.direction, self.within, place)


def paint_words(painter: QPainter, room: QRect, text: str) -> None:
    """Paint somebody's words in one line: where lines begin here, but in the direction of the words themselves.

    Else the question mark of an English subject would stand before it on an Arabic screen.
    """
    here = painter.layoutDirection()
    from_right = here == Qt.LayoutDirection.RightToLeft
    side = Qt.AlignmentFlag.AlignRight if from_right else Qt.AlignmentFlag.AlignLeft
    painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)
    painter.drawText(room, side | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter, text)
    painter.setLayoutDirection(here)


def mirror(painter: QPainter, within: QRect) -> Mirror:
    """The mirror of what is being painted; a widget's painter has the widget's direction."""
    return Mirror(painter.layoutDirection(), within)
