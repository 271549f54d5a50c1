"""An amount of money one may leave empty."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QWidget

from ui.theme.tokens import Text
from ui.widgets.labels import Label
from ui.widgets.layout import row

_WIDTH = 88


class Amount(QWidget):
    """US dollars; empty is no limit. `changed` comes only with an amount that can be read."""

    changed = Signal(object)

    def __init__(self, now: Decimal | None) -> None:
        super().__init__()
        self.line = QLineEdit("" if now is None else f"{now:f}")
        self.line.setPlaceholderText("no limit")
        self.line.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.line.setFixedWidth(_WIDTH)
        self.line.editingFinished.connect(self._on_edited)
        self.setFocusProxy(self.line)
        self.setLayout(row(self.line, Label("US$", Text.SMALL, "muted")))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def setAccessibleName(self, name: str) -> None:
        self.line.setAccessibleName(name)

    def setAccessibleDescription(self, description: str) -> None:
        self.line.setAccessibleDescription(description)

    def _on_edited(self) -> None:
        typed = self.line.text().strip().replace(",", ".")
        if not typed:
            self.changed.emit(None)
            return
        try:
            amount = Decimal(typed)
        except InvalidOperation:
            return
        if amount.is_finite() and amount >= 0:
            self.changed.emit(amount)
