"""What the rep does with the words in the editor beside sending them: look, compare, go back, keep as a snippet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFrame, QLineEdit

from copilot.domain import TicketId
from copilot.errors import UserError
from ui import aio
from ui.conversation.pane import ConversationPane
from ui.conversation.preview import PreviewPanel
from ui.conversation.versions import VersionsPanel, versions_of
from ui.theme.tokens import Size, Space, Text, Tone
from ui.widgets.labels import Label
from ui.widgets.layout import column, row
from ui.widgets.notices import Notice
from ui.widgets.overlay import focus_first
from ui.window import Window

if TYPE_CHECKING:
    from copilot.workspace import Workspace

_NAME_WIDTH = 420


class EditingCommands(QObject):
    """Binds the actions; each works on what stands in the editor."""

    def __init__(self, workspace: Workspace, window: Window, conversation: ConversationPane) -> None:
        super().__init__(window)
        self._workspace, self._window, self._conversation = workspace, window, conversation
        bind = window.actions_.bind
        bind("reply.preview", self._preview)
        bind("reply.versions", self._versions)
        bind("reply.keep_snippet", self._name_snippet)
        bind("reply.next_mistake", self._next_mistake)

    def _preview(self) -> None:
        written, conversation = self._conversation.composer.written(), self._conversation.conversation
        if conversation is None or not written.text.strip():
            self._say("There is nothing to preview. Press r to write a reply.")
            return
        self._window.overlay.show_panel(
            PreviewPanel(self._workspace, conversation, written, self._conversation.clock)
        )

    def _versions(self) -> None:
        if (ticket := self._conversation.ticket) is not None:
            aio.spawn(self._show_versions(ticket), "earlier versions", self)
        else:
            self._say("No ticket is open. Press j to go to one.")

    async def _show_versions(self, ticket: TicketId) -> None:
        written = self._conversation.composer.written()
        kept = await self._workspace.composing.versions(ticket, note=written.note)
        draft = "" if written.note else self._conversation.writing.draft_text
        versions = versions_of(draft, [one for one in kept if one.text != written.text])
        if not versions:
            self._say("Nothing else was written here before.")
            return
        panel = VersionsPanel(written.text, versions)
        panel.wanted.connect(self._on_wanted)
        self._window.overlay.show_panel(panel)

    def _on_wanted(self, text: str) -> None:
        self._window.overlay.close_panel()
        self._conversation.composer.put(text)
        self._conversation.focus_editor()

    def _name_snippet(self) -> None:
        text = self._conversation.composer.editor.textCursor().selection().toPlainText()
        text = text or self._conversation.composer.written().text
        if not text.strip():
            self._say("There is nothing to keep. Write it first, or select a part.")
            return
        panel = SnippetPanel(text)
        panel.named.connect(lambda name: aio.spawn(self._keep(name, text), "keep a snippet", self))
        self._window.overlay.show_panel(panel)

    async def _keep(self, name: str, text: str) -> None:
        try:
            await self._workspace.composing.keep_snippet(name, text)
        except UserError as error:
            self._window.toasts.show(Notice(text=str(error), tone=Tone.WARN), key="editing")
            return
        self._window.overlay.close_panel()
        self._say(f"Kept. Type /{name} in a reply to insert it.")

    def _next_mistake(self) -> None:
        if not self._conversation.composer.editor.to_next_mistake():
            self._say("No misspelled word is known here.")

    def _say(self, text: str) -> None:
        self._window.toasts.show(Notice(text=text, seconds=6), key="editing")


class SnippetPanel(QFrame):
    """Asks for the name of a snippet."""

    named = Signal(str)

    def __init__(self, text: str) -> None:
        super().__init__()
        self.setAccessibleName("Keep as a snippet")
        self.setMinimumWidth(_NAME_WIDTH)
        self.field = QLineEdit()
        self.field.setPlaceholderText("Its name, as you will type it behind /")
        self.field.setAccessibleName("Name of the snippet")
        self.field.setFixedHeight(Size.CONTROL + 4)
        self.field.returnPressed.connect(lambda: self.named.emit(self.field.text()))
        head = row(
            Label("Keep as a snippet", Text.STRONG), None, Label("Enter keeps it", Text.SMALL, "faint")
        )
        hint = Label(
            "{requester.first_name}, {rep.name}, {ticket.id} and {date} are filled in when it is used.",
            Text.SMALL,
            "muted",
            wrap=True,
        )
        words = Label(" ".join(text[:240].split()), Text.SMALL, "faint", wrap=True)
        self.setLayout(column(head, self.field, hint, words, margins=Space.L, spacing=Space.M))
        focus_first(self, self.field)
