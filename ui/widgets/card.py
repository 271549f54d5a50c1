"""A card: an icon and a title, something at the right, and a body."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QLayout, QVBoxLayout, QWidget

from ui.theme.tokens import Size, Space, Text
from ui.widgets.labels import IconLabel, Label
from ui.widgets.layout import Item, column, row


class Card(QFrame):
    """A titled surface; `body` is where its content goes."""

    def __init__(self, title: str, icon_name: str, trailing: QWidget | None = None) -> None:
        super().__init__()
        self.setProperty("surface", "card")
        self.setAccessibleName(title)
        self.title = Label(title, Text.STRONG)
        self.body: QVBoxLayout = column(spacing=Space.S)
        head = row(
            IconLabel(icon_name, "accent", Size.ICON), self.title, None, *([trailing] if trailing else [])
        )
        self.setLayout(column(head, self.body, margins=(Space.L, Space.M, Space.L, Space.M), spacing=Space.S))

    def add(self, *items: Item) -> None:
        """Put widgets or layouts into the body; None stretches."""
        for item in items:
            if item is None:
                self.body.addStretch(1)
            elif isinstance(item, QLayout):
                self.body.addLayout(item)
            else:
                self.body.addWidget(item)
