"""Asks before a link is followed: shows where it really leads."""

from __future__ import annotations

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices, QGuiApplication, QKeyEvent, Qt
from PySide6.QtWidgets import QFrame

from ui.theme.tokens import Space, Text
from ui.widgets.buttons import Button
from ui.widgets.labels import ElidedLabel, IconLabel, Label
from ui.widgets.layout import column, row


class LinkStrip(QFrame):
    """A strip with the address of a link and the question whether to open it; hidden when there is none."""

    opened = Signal(str)
    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("strip", "info")
        self.setAccessibleName("Open a link?")
        self._address = ""
        self._host = Label("", Text.STRONG)
        self._whole = ElidedLabel("", Text.SMALL, "muted")
        self.open_button = Button("Open in browser", "external-link", kind="primary", small=True)
        self.copy_button = Button("Copy", "copy", small=True)
        self.cancel_button = Button("Cancel", small=True)
        words = column(self._host, self._whole, spacing=2)
        line = row(
            IconLabel("link", "info"),
            words,
            self.open_button,
            self.copy_button,
            self.cancel_button,
            margins=(Space.M, Space.S, Space.S, Space.S),
        )
        line.setStretchFactor(words, 1)
        self.setLayout(line)
        self.open_button.clicked.connect(self._on_open)
        self.copy_button.clicked.connect(self._on_copy)
        self.cancel_button.clicked.connect(self.close_strip)
        self.hide()

    def address(self) -> str:
        """The address asked about."""
        return self._address

    def ask(self, address: str) -> None:
        """Show an address; nothing is opened before the rep says so."""
        self._address = address
        url = QUrl(address)
        where = (
            url.path() if url.scheme() == "mailto" else url.host(QUrl.ComponentFormattingOption.FullyEncoded)
        )
        self._host.setText(f"This link leads to {where}")
        self._whole.setText(address)
        self.show()
        self.cancel_button.setFocus()

    def close_strip(self) -> None:
        """Forget the link."""
        self._address = ""
        self.hide()
        self.closed.emit()

    def _on_open(self) -> None:
        address = self._address
        self.close_strip()
        self.opened.emit(address)
        QDesktopServices.openUrl(QUrl(address))

    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self._address)
        self.close_strip()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_strip()
            return
        super().keyPressEvent(event)
