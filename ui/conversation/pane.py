"""The conversation pane: header, thread, notices and composer of the open ticket, and what changes them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QStackedLayout, QWidget

from copilot.domain import (
    Attachment,
    BatchId,
    Citation,
    Conversation,
    DeskInfo,
    Draft,
    Message,
    Person,
    SourceKind,
    Status,
    SuggestionId,
    TicketId,
)
from copilot.errors import UserError
from copilot.events import OutboxChanged, ThreadChanged, TicketsChanged
from copilot.workspace import Undone, Workspace
from ui.actions import Actions
from ui.aio import spawn
from ui.bridge import Bridge
from ui.conversation.bubble import Lit, text_width
from ui.conversation.company import Company
from ui.conversation.composer import Composer
from ui.conversation.files import save_attachment
from ui.conversation.header import Header
from ui.conversation.limits import Way
from ui.conversation.notices import Notices
from ui.conversation.offers import Offers
from ui.conversation.possible import grey_out
from ui.conversation.recheck import Recheck
from ui.conversation.renderings import Renderings
from ui.conversation.rows import Clock, utc_now
from ui.conversation.skeleton import ThreadSkeleton
from ui.conversation.spellcheck import SpellCheck
from ui.conversation.thread import ThreadView
from ui.conversation.timeline import Item, newest_messages, timeline
from ui.conversation.words import CHANNEL_WORDS
from ui.conversation.writing import Writing
from ui.theme.tokens import Size, Space
from ui.widgets.buttons import Button
from ui.widgets.layout import column, frame
from ui.widgets.states import EmptyState, ErrorState

_SIDES = 20
_PATIENCE_MS = 120


class ConversationPane(QFrame):
    """Shows one ticket at a time. All its text comes from the workspace; all decisions go there."""

    sent = Signal(object)
    """A reply or note is in the outbox: its `BatchId`."""
    shown = Signal(object)
    """A `TicketId` is on the screen."""
    cited = Signal(object)
    """The rep points at a sentence of the draft: the `Citation` behind it, or None."""

    def __init__(
        self, workspace: Workspace, bridge: Bridge, actions: Actions, clock: Clock = utc_now
    ) -> None:
        super().__init__()
        self.setProperty("surface", "canvas")
        self.setAccessibleName("Conversation")
        self.setMinimumWidth(Size.CONVERSATION_MIN)
        self._workspace, self._actions, self.clock = workspace, actions, clock
        self._ticket: TicketId | None = None
        self._conversation: Conversation | None = None
        self._loading: asyncio.Task[None] | None = None
        self._refreshing: asyncio.Task[None] | None = None
        self._again = False
        self._renderings = Renderings(workspace, self)
        self.header = Header(actions)
        self.company = Company(workspace, self)
        self.company.changed.connect(self.header.show_colleagues)
        self.messages = ThreadView(self._renderings.get, clock)
        self.notices = Notices(clock)
        self.composer = Composer(clock)
        self.writing = Writing(workspace, self.composer, self.notices, self)
        self.recheck = Recheck(workspace, self.composer)
        self.offers = Offers(workspace, self.composer, self.notices)
        self.spelling = SpellCheck(workspace, self.composer)
        self._build()
        self._connect(bridge)

    # -- what the window asks ----------------------------------------------------------------------------------------

    @property
    def ticket(self) -> TicketId | None:
        """The open ticket."""
        return self._ticket

    @property
    def conversation(self) -> Conversation | None:
        """The open ticket with its messages, as last read; None while it loads."""
        return self._conversation

    def show_ticket(self, ticket: TicketId | None) -> None:
        """Open a ticket; None closes what is open. The thread appears when it is ready, the editor at once."""
        if ticket is not None and ticket == self._ticket and self._conversation is not None:
            self._refresh()
            return
        if self._loading is not None:
            self._loading.cancel()
        self._ticket, self._conversation = ticket, None
        self.notices.clear()
        self.company.watch(None)
        if ticket is None:
            self._stack.setCurrentWidget(self._nothing)
            return
        self.writing.begin(ticket)
        self.offers.begin(None)
        self.spelling.begin(ticket)
        self.recheck.begin(ticket)
        self._stack.setCurrentWidget(self._open)
        self._patience.start()
        self._loading = spawn(self._load(ticket), "open ticket", self)

    def reply(self) -> None:
        """Write a reply."""
        self._write(note=False)

    def note(self) -> None:
        """Write an internal note."""
        self._write(note=True)

    def insert_draft(self, draft: Draft, suggestion: SuggestionId) -> None:
        """Put a draft into the editor, marked by what each sentence stands on."""
        if self.writing.insert_draft(draft, suggestion):
            self.focus_editor()

    def replace_by_draft(self, draft: Draft, suggestion: SuggestionId) -> None:
        """Put other words in the place of what is in the editor; Ctrl+Z there takes it back."""
        self.writing.replace(draft, suggestion)
        self.focus_editor()

    def insert_text(self, text: str) -> None:
        """Put text where the cursor of the editor is."""
        if self._ticket is not None:
            self.composer.editor.insertPlainText(text)
            self.focus_editor()

    def close_notice(self) -> bool:
        """Esc: close the question about a link, or what went wrong; answers whether anything was open."""
        return self.offers.completion.close_list() or self.notices.close_one()

    def focus_editor(self) -> None:
        """Put the cursor into the editor."""
        self.composer.editor.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def focus_thread(self) -> None:
        """Put the keyboard on the newest message; the arrow keys go on from there."""
        self.messages.focus_message()

    def highlight(self, citation: Citation) -> bool:
        """Light up a citation of this thread; False when it is of somewhere else."""
        here = citation.kind == SourceKind.MESSAGE and citation.ticket in {None, self._ticket}
        if here and citation.message is not None:
            lit = Lit(citation.message, citation.quote, citation.start, citation.end)
            if self.messages.light_up(lit):
                return True
        self.clear_highlight()
        return False

    def clear_highlight(self) -> None:
        """Take the light away; the thread goes back to where it was."""
        self.messages.clear_light()

    def send(self) -> None:
        """Send the reply, or add the note."""
        self.writing.send()

    def send_and_solve(self) -> None:
        """Send the reply and solve the ticket with it."""
        if not self.composer.is_note:
            self.writing.send(Status.SOLVED)

    def bring_back(self, undone: Undone) -> None:
        """Something was taken back: its text returns to the editor if its ticket is open."""
        self.writing.bring_back(undone)

    async def settled(self) -> None:
        """All that was typed is on disk."""
        await self.writing.settled()

    # -- loading -----------------------------------------------------------------------------------------------------

    async def _load(self, ticket: TicketId) -> None:
        try:
            conversation = await self._workspace.conversation(ticket)
            items = timeline(conversation, self._me(conversation))
            room = self.messages.viewport().size()
            await self._renderings.ready(newest_messages(items, text_width(room.width()), room.height()))
        except UserError as error:
            self._fail(error.message, error.advice)
            return
        except KeyError:
            self._fail(
                "This ticket is gone.", "It was deleted or merged on the help desk. Press j for the next one."
            )
            return
        self._show(conversation, items, same_ticket=False)
        await self.writing.restore(conversation)
        self.company.watch(ticket)
        self.shown.emit(ticket)

    def _fail(self, message: str, advice: str) -> None:
        self._patience.stop()
        self._error.say("circle-alert", message, advice)
        self._stack.setCurrentWidget(self._error)

    def _show(self, conversation: Conversation, items: Sequence[Item], *, same_ticket: bool) -> None:
        self._patience.stop()
        self._conversation = conversation
        self.header.show_ticket(conversation.ticket, self._me(conversation))
        self.composer.set_requester(conversation.ticket.requester.name)
        desk = self._desk(conversation)
        if desk is not None:
            self.composer.set_capabilities(desk.capabilities)
        grey_out(self._actions, conversation, desk)
        self.composer.set_way(self._way(conversation))
        self.offers.begin(conversation)
        self._reading.setCurrentWidget(self._thread_page)
        self.messages.show_items(items, same_ticket=same_ticket)
        if not same_ticket and conversation.messages:
            self.writing.seen = conversation.messages[-1].remote_id

    def _refresh(self) -> None:
        """Read the open ticket again; several changes at once are read once."""
        if self._conversation is None:
            return
        self._again = True
        if self._refreshing is None or self._refreshing.done():
            self._refreshing = spawn(self._read_again(), "refresh ticket", self)

    async def _read_again(self) -> None:
        while self._again and self._ticket is not None:
            self._again = False
            ticket = self._ticket
            try:
                conversation = await self._workspace.conversation(ticket)
            except KeyError:
                return  # deleted while it was on the screen: what is there stays readable
            if ticket != self._ticket or self._conversation is None:
                continue
            was_at_end = self.messages.is_at_end
            unseen = self._unseen(conversation)
            await self._renderings.ready(unseen)
            self._show(conversation, timeline(conversation, self._me(conversation)), same_ticket=True)
            self._tell_news(conversation, unseen, was_at_end=was_at_end)

    def _unseen(self, conversation: Conversation) -> tuple[Message, ...]:
        """Messages after the one the rep has seen last."""
        ids = [message.remote_id for message in conversation.messages]
        seen = self.writing.seen
        return conversation.messages[ids.index(seen) + 1 :] if seen in ids else conversation.messages

    def _tell_news(
        self, conversation: Conversation, unseen: tuple[Message, ...], *, was_at_end: bool
    ) -> None:
        me = self._me(conversation)
        others = tuple(m for m in unseen if me is None or m.author.remote_id != me.remote_id)
        if others and (not was_at_end or not self.composer.is_empty):
            self.notices.tell_news(others)
        if (was_at_end or not others) and conversation.messages:
            self.writing.seen = conversation.messages[-1].remote_id

    def _on_end_reached(self) -> None:
        self.notices.tell_news(())
        if self._conversation is not None and self._conversation.messages:
            self.writing.seen = self._conversation.messages[-1].remote_id

    def _desk(self, conversation: Conversation) -> DeskInfo | None:
        return next((desk for desk in self._workspace.desks() if desk.id == conversation.ticket.desk), None)

    def _way(self, conversation: Conversation) -> Way:
        ticket = conversation.ticket
        word, _ = CHANNEL_WORDS[ticket.channel]
        return Way(word, self._workspace.composing.limits(conversation), ticket.reply_until)

    def _me(self, conversation: Conversation) -> Person | None:
        desk = self._desk(conversation)
        return desk.me if desk else None

    # -- what happens ------------------------------------------------------------------------------------------------

    def _on_thread_changed(self, event: ThreadChanged) -> None:
        if event.ticket == self._ticket:
            self._refresh()

    def _on_outbox_changed(self, event: OutboxChanged) -> None:
        if event.ticket == self._ticket:
            self._refresh()

    def _on_tickets_changed(self, event: TicketsChanged) -> None:
        if self._ticket is not None and (not event.tickets or self._ticket in event.tickets):
            self._refresh()

    def _on_composer_changed(self) -> None:
        why = self.composer.why_not()
        for name in ("reply.send", "reply.send_and_solve"):
            if why:
                self._actions.disable(name, why)
            else:
                self._actions.enable(name)
        self.composer.fit(self.height())

    def _on_cited(self, citation: Citation | None) -> None:
        if citation is None:
            self.clear_highlight()
        else:
            self.highlight(citation)
        self.cited.emit(citation)

    def _on_show_news(self) -> None:
        self.messages.to_end()

    def _on_impatient(self) -> None:
        self._reading.setCurrentWidget(self._skeleton)

    def _on_save_asked(self, attachment: Attachment) -> None:
        if self._ticket is not None:
            spawn(self._save(self._ticket, attachment), "save attachment", self)

    async def _save(self, ticket: TicketId, attachment: Attachment) -> None:
        try:
            await save_attachment(self, self._workspace, ticket, attachment)
        except UserError as error:
            self.notices.fail(error)

    def _write(self, *, note: bool) -> None:
        if self._ticket is not None:
            self.composer.set_note(note=note)
            self.focus_editor()

    # -- building ----------------------------------------------------------------------------------------------------

    def _build(self) -> None:
        self._skeleton = ThreadSkeleton()
        self._thread_page = frame(column(self.header, self.messages, spacing=0))
        reading = QWidget()
        self._reading = QStackedLayout(reading)
        self._reading.addWidget(self._thread_page)
        self._reading.addWidget(self._skeleton)
        below = column(self.notices, self.composer, margins=(_SIDES, 0, _SIDES, Space.L), spacing=Space.S)
        page = column(reading, below, spacing=0)
        page.setStretch(0, 1)
        self._open = frame(page)
        self._nothing = EmptyState(
            "message-square", "No ticket is open", "Press j to go to the first one, or / to search."
        )
        again = Button("Try again", "refresh-cw")
        again.clicked.connect(self._on_again)
        self._error = ErrorState("", "", again)
        self._stack = QStackedLayout(self)  # with its parent at once: else each widget flashes as a window
        for widget in (self._nothing, self._open, self._error):
            self._stack.addWidget(widget)
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(_PATIENCE_MS)
        self._patience.timeout.connect(self._on_impatient)

    def _connect(self, bridge: Bridge) -> None:
        bridge.thread_changed.connect(self._on_thread_changed)
        bridge.outbox_changed.connect(self._on_outbox_changed)
        bridge.tickets_changed.connect(self._on_tickets_changed)
        bridge.desk_changed.connect(self._refresh)
        self._renderings.arrived.connect(self.messages.refresh)
        self.messages.rendering_wanted.connect(self._renderings.ask)
        self.messages.end_reached.connect(self._on_end_reached)
        rows = self.messages.rows
        rows.link_asked.connect(self.notices.link.ask)
        rows.save_asked.connect(self._on_save_asked)
        rows.undo_asked.connect(self.writing.take_back)
        rows.edit_asked.connect(self.writing.edit)
        rows.discard_asked.connect(self.writing.discard)
        rows.send_anyway_asked.connect(self.writing.send_anyway)
        self.notices.show_asked.connect(self._on_show_news)
        self.composer.changed.connect(self._on_composer_changed)
        self.composer.cited.connect(self._on_cited)
        self.writing.sent.connect(self._on_sent)
        self._on_composer_changed()

    def _on_sent(self, batch: BatchId) -> None:
        self.notices.tell_news(())
        self.messages.to_end()
        self.sent.emit(batch)

    def _on_again(self) -> None:
        self.show_ticket(self._ticket)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.composer.fit(self.height())
