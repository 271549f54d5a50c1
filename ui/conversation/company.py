"""Who else has the open ticket on their screen, asked of the desk now and then."""

from __future__ import annotations

import asyncio

from PySide6.QtCore import QObject, QTimer, Signal

from copilot.domain import TicketId
from copilot.errors import UserError
from copilot.workspace import Workspace
from ui.aio import spawn

EVERY_MS = 20_000
"""Often enough to notice a colleague before a reply is written, three requests a minute for the desk."""


class Company(QObject):
    """Asks while a ticket is open, and only where the desk tells."""

    changed = Signal(object)
    """The colleagues who are here: a tuple of `Person`."""

    def __init__(self, workspace: Workspace, parent: QObject) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._ticket: TicketId | None = None
        self._asking: asyncio.Task[None] | None = None
        self._again = QTimer(self, interval=EVERY_MS)
        self._again.timeout.connect(self.look)

    def watch(self, ticket: TicketId | None) -> None:
        """Another ticket is open; None: none is."""
        if self._asking is not None:
            self._asking.cancel()
        self._ticket = ticket
        self.changed.emit(())
        self._again.stop()
        if ticket is not None and self._is_told():
            self._again.start()
            self.look()

    def look(self) -> None:
        """Ask now."""
        if self._ticket is not None and (self._asking is None or self._asking.done()):
            self._asking = spawn(self._ask(self._ticket), "who is here", self)

    def _is_told(self) -> bool:
        return any(desk.capabilities.viewers for desk in self._workspace.desks())

    async def _ask(self, ticket: TicketId) -> None:
        try:
            people = await self._workspace.handoffs.colleagues_here(ticket)
        except UserError:
            return  # the desk's health says what is wrong; this is asked again anyway
        if ticket == self._ticket:
            self.changed.emit(people)
