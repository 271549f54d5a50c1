"""Opens the pages of the team's knowledge, and gives their keys to whatever page is on screen."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from ui.actions import ACTIONS, Where
from ui.conversation.pane import ConversationPane
from ui.widgets.notices import Notice
from ui.window import Window

if TYPE_CHECKING:
    from copilot.domain import TicketId
    from copilot.workspace import Workspace
    from ui.knowing.page import AnswerWish
    from ui.knowing.panel import KnowingPanel

_INSIDE = tuple(action.id for action in ACTIONS if action.where in {Where.KNOWING, Where.ANSWER})
_OPENING = tuple(action.id for action in ACTIONS if action.id.startswith("knowledge."))


class KnowingCommands(QObject):
    """One panel at a time; its actions are disabled while none is open."""

    ticket_asked = Signal(object)
    """Show this `TicketId`."""

    def __init__(self, workspace: Workspace, window: Window, conversation: ConversationPane) -> None:
        super().__init__(window)
        self._workspace, self._window, self._conversation = workspace, window, conversation
        self._panel: KnowingPanel | None = None
        bind = window.actions_.bind
        for name in _OPENING:
            bind(name, partial(self._show, name.removeprefix("knowledge.")))
        for name in _INSIDE:
            bind(name, partial(self._do, name))
        bind("ticket.teach", self._teach)
        self._offer()

    def show(self, page: str) -> KnowingPanel:
        """Open the panel on a page; answers it."""
        panel = self._open()
        panel.show_page(page)
        return panel

    def _show(self, page: str) -> None:
        self.show(page)

    def _open(self) -> KnowingPanel:
        from ui.knowing.panel import KnowingPanel

        panel = KnowingPanel(self._workspace, self._window.actions_)
        panel.offered.connect(self._offer)
        panel.put_away.connect(partial(self._on_put_away, panel))
        panel.ticket_asked.connect(self._on_ticket_asked)
        self._window.overlay.show_panel(panel)
        self._panel = panel
        return panel

    def _teach(self) -> None:
        from ui.knowing.page import AnswerWish

        ticket: TicketId | None = self._conversation.ticket
        if ticket is None:
            self._window.toasts.show(
                Notice(text="No ticket is open. Press j to go to one.", seconds=6), key="teach"
            )
            return
        wish: AnswerWish = AnswerWish(tickets=(ticket,))
        self._open().write(wish)

    def _do(self, name: str) -> None:
        if self._panel is not None:
            self._panel.commands()[name]()

    def _offer(self) -> None:
        actions = self._window.actions_
        can = self._panel.commands() if self._panel is not None else {}
        reason = "There is nothing to do it with now" if self._panel is not None else "No page of it is open"
        for name in _INSIDE:
            if name in can:
                actions.enable(name)
            else:
                actions.disable(name, reason)

    def _on_put_away(self, panel: KnowingPanel) -> None:
        if panel is self._panel:
            self._panel = None
            self._offer()

    def _on_ticket_asked(self, ticket: TicketId) -> None:
        self._window.overlay.close_panel()
        self.ticket_asked.emit(ticket)
