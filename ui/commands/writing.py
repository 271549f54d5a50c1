"""What the rep asks of language models: a new draft, other words, an answer; and what was sent to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from copilot.domain import Draft, SuggestionId, TicketId
from ui import aio
from ui.assist.ask import AskPanel
from ui.assist.rewrite import RewritePanel
from ui.assist.sent import SentPanel
from ui.bridge import Bridge
from ui.conversation.pane import ConversationPane
from ui.widgets.notices import Notice
from ui.window import Window

if TYPE_CHECKING:
    from copilot.workspace import Workspace


class WritingCommands(QObject):
    """Binds the actions; each works on the ticket on screen."""

    def __init__(
        self, workspace: Workspace, window: Window, bridge: Bridge, conversation: ConversationPane
    ) -> None:
        super().__init__(window)
        self._workspace, self._window, self._bridge = workspace, window, bridge
        self._conversation = conversation
        bind = window.actions_.bind
        bind("draft.again", self._draft_again)
        bind("reply.rewrite", self._rewrite)
        bind("ticket.ask", self._ask)
        bind("ticket.sent", self._show_sent)

    def _ticket(self) -> TicketId | None:
        if self._conversation.ticket is None:
            self._say("No ticket is open. Press j to go to one.")
        return self._conversation.ticket

    def _draft_again(self) -> None:
        if (ticket := self._ticket()) is not None:
            aio.spawn(self._write_draft(ticket), "write a draft", self)

    async def _write_draft(self, ticket: TicketId) -> None:
        suggestion = await self._workspace.writing.draft(ticket)
        if suggestion.model == "embedded":
            self._say(suggestion.reason or "No language model wrote: the draft of this computer stands.")

    def _rewrite(self) -> None:
        ticket, written = self._ticket(), self._conversation.composer.written()
        if ticket is None:
            return
        if written.note or not written.text.strip():
            self._say("There is no reply to rewrite. Press r to write one, or a to take the draft.")
            return
        panel = RewritePanel(self._workspace, self._bridge, ticket, written.text, written.suggestion)
        panel.taken.connect(self._on_taken)
        self._window.overlay.show_panel(panel)

    def _on_taken(self, draft: Draft, suggestion: SuggestionId) -> None:
        self._window.overlay.close_panel()
        self._conversation.replace_by_draft(draft, suggestion)

    def _ask(self) -> None:
        if (ticket := self._ticket()) is None:
            return
        panel = AskPanel(self._workspace, self._bridge, ticket)
        panel.insert_asked.connect(self._on_insert)
        self._window.overlay.show_panel(panel)

    def _on_insert(self, text: str) -> None:
        self._window.overlay.close_panel()
        self._conversation.insert_text(text)

    def _show_sent(self) -> None:
        if (ticket := self._ticket()) is not None:
            self._window.overlay.show_panel(SentPanel(self._workspace, ticket))

    def _say(self, text: str) -> None:
        self._window.toasts.show(Notice(text=text, seconds=6), key="writing")
