"""One connected thing on a settings page: its name, how it does, what can be done with it."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame

from ui.theme.tokens import Space, Text, Tone
from ui.widgets.buttons import Button
from ui.widgets.labels import ElidedLabel, IconLabel, Label
from ui.widgets.layout import column, row
from ui.widgets.pill import Pill


class ThingCard(QFrame):
    """A desk, a source, a model."""

    def __init__(
        self, title: str, kind: str, icon_name: str, state: tuple[str, Tone], *buttons: Button
    ) -> None:
        super().__init__()
        self.setProperty("surface", "card")
        self.setAccessibleName(", ".join((title, kind, state[0])))
        words = column(ElidedLabel(title, Text.STRONG), ElidedLabel(kind, Text.SMALL, "muted"), spacing=2)
        self._state = Pill(*state)
        head = row(IconLabel(icon_name, "accent"), words, self._state, *buttons, spacing=Space.M)
        head.setStretch(1, 1)
        self._column = column(head, margins=Space.M, spacing=Space.S)
        self.setLayout(self._column)

    def state(self) -> str:
        """How it does, in words."""
        return self._state.text()

    def show_state(self, text: str, tone: Tone) -> None:
        """How it does now."""
        self._state.set(text, tone)

    def explain(self, text: str, tone: str = "muted") -> None:
        """Add a line of plain words under the head."""
        if text:
            self._column.addWidget(Label(text, Text.SMALL, tone, wrap=True))
