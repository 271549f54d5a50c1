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


def mirror(painter: QPainter, within: QRect) -> Mirror:
    """The mirror of what is being painted; a widget's painter has the widget's direction."""
    return Mirror(painter.layoutDirection(), within)
