"""The icon beside the clock: how many tickets wait for the rep, the messages, and the way back to the window.

Messages go through `QSystemTrayIcon`, which every system we ship to has without another library; where there is no tray
(some Linux desktops, a screen without a desktop) nothing of this is there, and the window itself asks for attention.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, QRect, Qt, Signal
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from ui.theme.fonts import font
from ui.theme.icons import paint_icon
from ui.theme.theme import theme
from ui.theme.tokens import Text

SIDE = 64
_MESSAGE_MS = 10_000


class Tray(QObject):
    """The tray icon, where the system has a tray."""

    opened = Signal()
    """The rep wants the window."""
    quit_asked = Signal()
    message_clicked = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._icon: QSystemTrayIcon | None = None
        self._menu: QMenu | None = None
        if QSystemTrayIcon.isSystemTrayAvailable():
            self._make()

    @property
    def is_there(self) -> bool:
        """Whether the system has a tray."""
        return self._icon is not None

    def show_count(self, count: int) -> None:
        """How many tickets wait for the rep."""
        if self._icon is not None:
            self._icon.setIcon(QIcon(counted(count)))
            self._icon.setToolTip(f"Sidedesk: {count:,} yours" if count else "Sidedesk")

    def tell(self, title: str, text: str) -> bool:
        """Show a message; answers whether the system can."""
        if self._icon is None or not QSystemTrayIcon.supportsMessages():
            return False
        self._icon.showMessage(title, text, self._icon.icon(), _MESSAGE_MS)
        return True

    def close(self) -> None:
        """Take it away."""
        if self._icon is not None:
            self._icon.hide()
        if self._menu is not None:
            self._menu.deleteLater()
        self._icon = self._menu = None

    def _make(self) -> None:
        self._menu = QMenu()
        self._menu.addAction("Open Sidedesk").triggered.connect(self.opened)
        self._menu.addAction("Quit").triggered.connect(self.quit_asked)
        self._icon = QSystemTrayIcon(QIcon(counted(0)), self)
        self._icon.setContextMenu(self._menu)
        self._icon.activated.connect(self._on_activated)
        self._icon.messageClicked.connect(self.message_clicked)
        self._icon.show()

    def _on_activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason != QSystemTrayIcon.ActivationReason.Context:
            self.opened.emit()


def counted(count: int) -> QPixmap:
    """The icon with a count in its corner; none for nothing, 99 at most."""
    picture = QPixmap(SIDE, SIDE)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme().colour("accent_fill"))
    painter.drawRoundedRect(picture.rect(), 14, 14)
    paint_icon(painter, QRect(14, 14, 36, 36), "headset", "on_accent")
    if count:
        badge = QRect(24, 0, 40, 34)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme().colour("bad"))
        painter.drawRoundedRect(badge, 16, 16)
        letters = font(Text.BODY, 700)
        sized = type(letters)(letters)
        sized.setPixelSize(24)
        painter.setFont(sized)
        painter.setPen(theme().colour("surface"))
        painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, str(min(count, 99)))
    painter.end()
    return picture
