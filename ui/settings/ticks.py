"""A list to tick: which queues, inboxes or mailboxes to follow."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QCheckBox, QScrollArea, QWidget

from copilot.domain import Group
from ui.theme.tokens import Space
from ui.widgets.layout import column

_ROW = 26
_SHOWN = 5


class Ticks(QScrollArea):
    """Nothing ticked means everything."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setWidgetResizable(True)
        self._boxes: list[tuple[QCheckBox, Group]] = []
        self.hide()

    def offer(self, groups: Sequence[Group]) -> None:
        """Show what there is; what was ticked and is still there stays ticked."""
        ticked = set(self.ticked)
        inside = QWidget()
        self._boxes = []
        for group in groups:
            box = QCheckBox(group.name)
            box.setChecked(group.name in ticked)
            self._boxes.append((box, group))
        inside.setLayout(column(*(box for box, _ in self._boxes), None, margins=Space.XS, spacing=2))
        self.setWidget(inside)
        self.setFixedHeight(min(len(groups), _SHOWN) * _ROW + 2 * Space.XS)
        self.setVisible(bool(groups))

    def tick(self, name: str) -> None:
        """Follow this one."""
        for box, group in self._boxes:
            if group.name == name:
                box.setChecked(True)

    @property
    def ticked(self) -> tuple[str, ...]:
        """The names of those to follow."""
        return tuple(group.name for box, group in self._boxes if box.isChecked())
