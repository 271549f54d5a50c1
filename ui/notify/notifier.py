"""From what the core wants the rep to hear of to messages: gathered for a moment, grouped, silent while one looks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication

from copilot.domain import Attention, QueueRow, TicketId, View
from copilot.events import AttentionWanted
from ui import aio
from ui.bridge import Bridge
from ui.notify.tray import Tray
from ui.notify.words import VIEW_OF, message
from ui.widgets.notices import Notice
from ui.window import Window

if TYPE_CHECKING:
    from copilot.workspace import Workspace

GATHER_MS = 1_500


class Notifier(QObject):
    """Tells the rep by the tray; where there is none, by the window's mark in the task bar and a toast in it."""

    ticket_asked = Signal(object)

    def __init__(self, workspace: Workspace, window: Window, bridge: Bridge, tray: Tray) -> None:
        super().__init__(window)
        self._workspace, self._window, self._tray = workspace, window, tray
        self._gathered: dict[Attention, dict[TicketId, None]] = {}
        self._look: Callable[[], None] = window.come_to_front
        self._gather = QTimer(self, interval=GATHER_MS, singleShot=True)
        self._gather.timeout.connect(self.tell)
        bridge.attention_wanted.connect(self._on_attention)
        tray.message_clicked.connect(self._on_clicked)
        tray.opened.connect(window.come_to_front)
        tray.quit_asked.connect(window.close_asked)
        window.queue.counts_changed.connect(lambda counts: tray.show_count(counts.get(View.MINE, 0)))
        window.stays_in_tray = self._stays_in_tray

    def tell(self) -> None:
        """Tell of what was gathered, now."""
        gathered, self._gathered = self._gathered, {}
        for kind, tickets in gathered.items():
            aio.spawn(self._tell(kind, tuple(tickets)), "notify", self)

    def _on_attention(self, event: AttentionWanted) -> None:
        if self._window.isVisible() and self._window.isActiveWindow():
            return  # the rep is looking: the queue itself shows it
        self._gathered.setdefault(event.kind, {})[event.ticket] = None
        if not self._gather.isActive():
            self._gather.start()

    async def _tell(self, kind: Attention, tickets: tuple[TicketId, ...]) -> None:
        rows = await self._workspace.rows(tickets)
        if not rows:
            return
        names = self._workspace.preferences.notifications.names
        title, text = message(kind, rows, datetime.now(UTC), names=names)
        self._look = partial(self._show, kind, rows)
        if self._tray.tell(title, text):
            return
        QApplication.alert(self._window)
        notice = Notice(text=f"{title}. {text}" if text else title, seconds=12, action="Look", do=self._look)
        self._window.toasts.show(notice, key=f"attention-{kind}")

    def _show(self, kind: Attention, rows: tuple[QueueRow, ...]) -> None:
        self._window.come_to_front()
        if len(rows) == 1:
            self.ticket_asked.emit(rows[0].id)
        else:
            self._window.queue.show_view(VIEW_OF[kind])

    def _on_clicked(self) -> None:
        self._look()

    def _stays_in_tray(self) -> bool:
        return self._tray.is_there and self._workspace.preferences.notifications.keep_in_tray
