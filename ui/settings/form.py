"""A form made from fields: one line each, secrets hidden, what is missing told before anything is asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFormLayout, QLineEdit, QWidget

from copilot.domain import SignInField
from ui.theme.tokens import Space, Text
from ui.widgets.labels import Label
from ui.widgets.layout import column


class Form(QWidget):
    """One line for each field; `values` are what was typed, trimmed, without the empty ones."""

    changed = Signal()

    def __init__(self, fields: Sequence[SignInField]) -> None:
        super().__init__()
        self._fields = tuple(fields)
        self.lines: dict[str, QLineEdit] = {}
        layout = QFormLayout()
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setHorizontalSpacing(Space.L)
        layout.setVerticalSpacing(Space.S)
        layout.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        for field in self._fields:
            line = self._line(field)
            label = Label(field.label if field.required else f"{field.label} (optional)", Text.BODY, "muted")
            label.setBuddy(line)
            label.setFixedHeight(line.sizeHint().height())
            label.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
            beneath = [Label(field.help, Text.SMALL, "faint", wrap=True)] if field.help else []
            layout.addRow(label, column(line, *beneath, spacing=2))
        self.setLayout(layout)
        if self.lines:
            self.setFocusProxy(next(iter(self.lines.values())))

    @property
    def values(self) -> Mapping[str, str]:
        """What was filled in."""
        return {key: line.text().strip() for key, line in self.lines.items() if line.text().strip()}

    @property
    def is_complete(self) -> bool:
        """Whether everything that is required is there."""
        values = self.values
        return all(field.key in values for field in self._fields if field.required)

    def _line(self, field: SignInField) -> QLineEdit:
        line = QLineEdit()
        line.setPlaceholderText(field.placeholder)
        line.setAccessibleName(field.label)
        line.setAccessibleDescription(field.help)
        if field.secret:
            line.setEchoMode(QLineEdit.EchoMode.Password)
        line.textChanged.connect(self.changed)
        self.lines[field.key] = line
        return line
