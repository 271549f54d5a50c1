"""Keeps what the rep is typing on disk, as fast as the disk takes it, without ever waiting for it."""

from __future__ import annotations

import asyncio

from PySide6.QtCore import QObject, QTimer, Signal

from copilot.domain import SavedReply, TicketId
from copilot.errors import UserError
from copilot.workspace import Workspace
from ui.aio import spawn

DELAY_MS = 30
"""Keys within this time share one write."""


class Autosave(QObject):
    """Writes the newest text of each ticket; a text typed during a write follows in the next one."""

    saved = Signal(object)
    """The text of a `TicketId` is on disk."""
    failed = Signal(str)
    """It is not, and why; the next change tries again."""

    def __init__(self, workspace: Workspace, parent: QObject) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._pending: dict[TicketId, SavedReply] = {}
        self._writing: asyncio.Task[None] | None = None
        self._refused = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(DELAY_MS)
        self._timer.timeout.connect(self.flush)

    def keep(self, reply: SavedReply) -> None:
        """The text changed."""
        self._pending[reply.ticket] = reply
        if not self._timer.isActive():
            self._timer.start()

    def forget(self, ticket: TicketId) -> None:
        """The outbox has the text: what is still to be written of it is not written any more."""
        self._pending.pop(ticket, None)

    def flush(self) -> None:
        """Write now what is not written."""
        self._timer.stop()
        if self._pending and (self._writing is None or self._writing.done()):
            self._writing = spawn(self._write(), "save reply", self)

    async def settled(self) -> None:
        """Write now, and come back when it is on disk."""
        self.flush()
        while self._writing is not None and not self._writing.done():
            await asyncio.wait({self._writing})
            if not self._refused:
                self.flush()

    async def _write(self) -> None:
        while self._pending:
            ticket = next(iter(self._pending))
            reply = self._pending.pop(ticket)
            try:
                await self._workspace.save_reply(reply)
            except UserError as error:
                self._pending.setdefault(ticket, reply)
                self._refused = True
                self.failed.emit(str(error))
                return
            self._refused = False
            self.saved.emit(ticket)
