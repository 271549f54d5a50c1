"""Cards without words, in the places of those to come."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from ui.theme.tokens import Space
from ui.widgets.layout import column, frame
from ui.widgets.states import Skeleton

_CARDS = (
    (0.28, 0.95, 0.9, 0.94, 0.5, 0.92, 0.6, 0.85, 0.9, 0.4, 0.7),
    (0.35, 0.2, 0.0, 0.95, 0.9, 0.92, 0.6, 0.0, 0.3, 0.15, 0.0, 0.95, 0.9, 0.94, 0.0, 0.7, 0.9),
    (0.4, 0.95, 0.7, 0.8),
)


class BriefSkeleton(QWidget):
    """Summary, draft and mood, empty."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("The brief is being made")
        cards = [
            frame(column(Skeleton(widths, line=22), margins=(Space.L, Space.M, Space.L, Space.M)), "card")
            for widths in _CARDS
        ]
        self.setLayout(column(*cards, None, margins=(Space.M, Space.XS, Space.M, Space.L), spacing=10))
