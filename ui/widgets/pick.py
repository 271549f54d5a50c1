"""A box to pick one of a list from, for more values than fit side by side."""

from __future__ import annotations

from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QComboBox

from ui.theme.icons import paint_icon
from ui.theme.tokens import Size, Space
from ui.widgets.direction import mirror


class Pick(QComboBox):
    """Qt's own, with an arrow in the theme's colour: a style sheet can only take a picture of one colour."""

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        side = Size.ICON
        place = QRect(self.width() - side - Space.S, (self.height() - side) // 2, side, side)
        paint_icon(
            painter,
            mirror(painter, self.rect())(place),
            "chevron-down",
            "muted" if self.isEnabled() else "faint",
        )
