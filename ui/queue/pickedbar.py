"""What stands under the list while tickets are selected: how many, and what can be done with all of them."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame

from ui.actions import Actions
from ui.theme.tokens import Size, Space, Text
from ui.widgets.buttons import IconButton, action_icon_button
from ui.widgets.labels import IconLabel, Label
from ui.widgets.layout import column, row, rule

TOGETHER = ("ticket.assign", "ticket.solve", "ticket.snooze", "ticket.tags", "ticket.escalate")


class PickedBar(QFrame):
    """As high as the line about the desk, whose place it takes."""

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self.setAccessibleName("Selected tickets")
        self._count = Label("", Text.STRONG)
        self.clear = IconButton("x", "Select none (Esc)", size=Size.CONTROL_SMALL)
        buttons = [action_icon_button(actions, name, size=Size.CONTROL_SMALL) for name in TOGETHER]
        line = row(
            IconLabel("check-check", "accent", 14), self._count, None, *buttons, self.clear,
            margins=(Space.L, 2, Space.M, 4), spacing=Space.XS,
        )  # fmt: skip
        self.setLayout(column(rule(), line, spacing=0))

    def say(self, count: int) -> None:
        """How many are selected."""
        self._count.setText(f"{count:,} selected")

    def text(self) -> str:
        """What it says."""
        return self._count.text()
