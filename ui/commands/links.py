"""Copying the address of a ticket, and opening a ticket by one that came from outside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication

from copilot.domain import TicketId
from ui import aio
from ui.commands.tickets import TicketCommands
from ui.notify.links import TicketLink, link_to, parse_link
from ui.theme.tokens import Tone
from ui.widgets.notices import Notice
from ui.window import Window

if TYPE_CHECKING:
    from copilot.workspace import Workspace


class LinkCommands(QObject):
    """Links out and in."""

    def __init__(self, workspace: Workspace, window: Window, commands: TicketCommands) -> None:
        super().__init__(commands)
        self._workspace, self._window, self._commands = workspace, window, commands
        window.actions_.bind("ticket.copy_link", self._copy)

    def open(self, text: str) -> None:
        """Show the window, and the ticket that a link names if it names one."""
        self._window.come_to_front()
        if text:
            aio.spawn(self._open(text), "open a link", self)

    async def _open(self, text: str) -> None:
        link = parse_link(text)
        ticket = await self._find(link) if link is not None else None
        if ticket is None:
            self._say("This link names no ticket of the help desks you are connected to.", Tone.WARN)
        else:
            self._commands.show_asked.emit(ticket)

    async def _find(self, link: TicketLink) -> TicketId | None:
        if link.ticket is None:
            return await self._workspace.customers.find(link.desk, link.remote_id)
        rows = await self._workspace.rows((link.ticket,))
        return rows[0].id if rows else None

    def _copy(self) -> None:
        if self._commands.ticket is None:
            self._say("No ticket is open. Press j to go to one.")
        else:
            aio.spawn(self._put_on_clipboard(self._commands.ticket), "copy a link", self)

    async def _put_on_clipboard(self, ticket: TicketId) -> None:
        header = (await self._workspace.conversation(ticket)).ticket
        QGuiApplication.clipboard().setText(link_to(header.desk, header.remote_id))
        self._say("Link copied", Tone.GOOD)

    def _say(self, text: str, tone: Tone = Tone.INFO) -> None:
        self._window.toasts.show(Notice(text=text, tone=tone, seconds=4), key="link")
