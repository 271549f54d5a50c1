"""Puts the panes into the window and connects them with the workspace: who hears of what, and what each action does."""

from __future__ import annotations

from collections.abc import Coroutine
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer

from copilot.domain import BatchId, Citation, DeskHealth, Draft, SuggestionId, TicketId, View
from copilot.errors import UserError
from copilot.events import DeskChanged, Failed, SyncProgress, TicketsChanged
from ui import aio
from ui.actions import DISMISS_REASONS
from ui.bridge import Bridge
from ui.commands.keymaps import keys_of
from ui.commands.links import LinkCommands
from ui.commands.look import bind_frame, bind_preferences
from ui.commands.many import ManyCommands
from ui.commands.tickets import TicketCommands
from ui.notify.notifier import Notifier
from ui.notify.tray import Tray
from ui.theme.tokens import Tone
from ui.widgets.buttons import Button
from ui.widgets.notices import Notice, Strip
from ui.window import Window, focus_into

if TYPE_CHECKING:
    from copilot.workspace import Undone, Workspace

_SETTLE_MS = 90
"""While j or k is held, a ticket is opened when the key rests this long; the first one at once."""


class Furniture(QObject):
    """The panes of an open workspace, and the wires between them."""

    def __init__(self, window: Window, workspace: Workspace) -> None:
        super().__init__(window)
        from ui.assist.pane import CopilotPane
        from ui.commands.editing import EditingCommands
        from ui.commands.knowing import KnowingCommands
        from ui.commands.merging import MergeCommand
        from ui.commands.triage import TriageCommands
        from ui.commands.writing import WritingCommands
        from ui.conversation.pane import ConversationPane

        self.window, self.workspace = window, workspace
        self.bridge = Bridge(workspace.events, self)
        self.conversation = ConversationPane(workspace, self.bridge, window.actions_)
        self.copilot = CopilotPane(workspace, self.bridge, window.actions_)
        self.commands = TicketCommands(workspace, window, self)
        self.writing = WritingCommands(workspace, window, self.bridge, self.conversation)
        self.editing = EditingCommands(workspace, window, self.conversation)
        self.merging = MergeCommand(workspace, window, self.conversation)
        self.merging.merged.connect(self.commands.on_merged)
        self.triage = TriageCommands(workspace, window, self.conversation)
        self.knowing = KnowingCommands(workspace, window, self.conversation)
        self._settle = QTimer(self, interval=_SETTLE_MS, singleShot=True)
        self._settle.timeout.connect(self._show_chosen)
        self._chosen: TicketId | None = None
        window.conversation.hold(self.conversation)
        window.copilot.hold(self.copilot)
        window.actions_.refused.connect(self._on_refused)
        self.tray = Tray(window)
        self.notifier = Notifier(workspace, window, self.bridge, self.tray)
        self.notifier.ticket_asked.connect(self.show_ticket)
        self._stop_errors = aio.on_user_error(self._on_user_error)
        self._connect_panes()
        self._connect_events()
        self._bind()

    def begin(self, view: View = View.MINE) -> None:
        """Show the queue."""
        preferences = self.workspace.preferences
        self.window.actions_.rekey(keys_of(preferences.keymap, preferences.own_keys))
        self.window.queue.set_compact(preferences.density == "compact")
        self.window.queue.status.show_desks(self.workspace)
        self._show_me()
        connecting = any(desk.health is DeskHealth.CONNECTING for desk in self.workspace.desks())
        self.window.queue.set_filling(connecting)
        self.window.queue.open(self.workspace, view)
        self.window.queue.take_focus()

    async def put_away(self) -> None:
        """Everything typed is on disk; nobody listens any more."""
        self.bridge.close()
        self.tray.close()
        if self.window.queue.feed is not None:
            self.window.queue.feed.rest()
        await self.conversation.settled()
        self._stop_errors()

    # -- wires -------------------------------------------------------------------------------------------------------

    def _connect_panes(self) -> None:
        queue, conversation, copilot = self.window.queue, self.conversation, self.copilot
        queue.ticket_changed.connect(self._on_ticket_changed)
        conversation.sent.connect(self._on_sent)
        conversation.sent.connect(copilot.look_again)
        conversation.shown.connect(self._on_shown)
        copilot.use_draft.connect(self._on_use_draft)
        copilot.citation_focused.connect(self._on_citation_focused)
        copilot.escalated.connect(self.commands.on_sent)
        copilot.insert_asked.connect(conversation.insert_text)
        copilot.ticket_asked.connect(self.show_ticket)
        copilot.sheet_opened.connect(self._on_sheet_opened)
        conversation.cited.connect(copilot.show_source)
        self.window.closers.append(self._close_sheet)
        self.window.closers.append(conversation.close_notice)
        self.window.closers.append(copilot.stream.stop)
        self.commands.undone.connect(self._on_undone)
        self.commands.show_asked.connect(self.show_ticket)
        self.knowing.ticket_asked.connect(self.show_ticket)

    def _connect_events(self) -> None:
        bridge = self.bridge
        bridge.tickets_changed.connect(self._on_tickets_changed)
        bridge.sync_progressed.connect(self._on_sync_progressed)
        bridge.desk_changed.connect(self._on_desk_changed)
        bridge.outbox_changed.connect(self.commands.on_outbox_changed)
        bridge.failed.connect(self._on_failed)

    def _bind(self) -> None:
        window, conversation, copilot = self.window, self.conversation, self.copilot
        bind = window.actions_.bind
        bind_frame(window)
        bind_preferences(window, self.workspace)
        bind("queue.open", self._open)
        bind("queue.open_here", self._open)
        bind("ticket.reply", conversation.reply)
        bind("ticket.note", conversation.note)
        bind("reply.send", conversation.send)
        bind("reply.send_and_solve", conversation.send_and_solve)
        bind("draft.accept", copilot.accept)
        bind("draft.edit", copilot.edit)
        bind("draft.dismiss", lambda: window.keys.begin(window.actions_.key("draft.dismiss")))
        for name, reason in DISMISS_REASONS.items():
            bind(name, partial(copilot.dismiss, reason))
        bind("draft.sources", copilot.step_sources)
        bind("ticket.escalate", copilot.escalate)
        self.many = ManyCommands(self.workspace, window, self.commands)
        self.links = LinkCommands(self.workspace, window, self.commands)
        bind("desk.connect", self._connect_desk)
        bind("window.settings", self._show_settings)
        for section in ("knowledge", "notifications", "models"):
            bind(f"window.settings.{section}", partial(self._show_settings, section))

    # -- the ticket on screen ----------------------------------------------------------------------------------------

    def show_ticket(self, ticket: TicketId) -> None:
        """Open a ticket, wherever it is."""
        if not self.window.queue.list.select_ticket(ticket):
            self._on_ticket_changed(ticket)

    def _on_ticket_changed(self, ticket: TicketId) -> None:
        resting = not self._settle.isActive()
        self._chosen = self.commands.ticket = ticket
        self._settle.start()
        if resting:
            self._show_chosen()

    def _show_chosen(self) -> None:
        if self._chosen is not None and self._chosen != self.conversation.ticket:
            self.conversation.show_ticket(self._chosen)
            self.copilot.show_ticket(self._chosen)

    def _on_shown(self, ticket: TicketId) -> None:
        self._spawn(self.workspace.opened(ticket), "mark as read")

    def _open(self) -> None:
        if self.commands.ticket is None:
            self.window.queue.list.move_by(1)
            return
        self._show_chosen()
        self.window.panes.close_drawer()
        self.conversation.focus_thread()

    def _on_sent(self, batch: BatchId) -> None:
        """It is on its way: the keyboard goes back to the list, where u takes it back and j goes on."""
        self.window.queue.take_focus()
        self.commands.on_sent(batch)

    def _on_use_draft(self, draft: Draft, suggestion: SuggestionId) -> None:
        self.window.panes.close_drawer()
        self.conversation.insert_draft(draft, suggestion)

    def _on_citation_focused(self, citation: Citation | None) -> None:
        if citation is None:
            self.conversation.clear_highlight()
        else:
            self.conversation.highlight(citation)

    def _on_sheet_opened(self) -> None:
        self.window.panes.reveal(self.window.copilot)

    def _close_sheet(self) -> bool:
        closed = self.copilot.close_sheet()
        if closed:
            self.window.queue.take_focus()
        return closed

    def _on_undone(self, undone: Undone) -> None:
        if undone.text and undone.ticket != self.conversation.ticket:
            self.show_ticket(undone.ticket)
        else:
            self.conversation.bring_back(undone)

    # -- what the core says ------------------------------------------------------------------------------------------

    def _on_tickets_changed(self, event: TicketsChanged) -> None:
        if self.window.queue.feed is not None:
            self.window.queue.feed.on_tickets_changed(event)

    def _on_sync_progressed(self, event: SyncProgress) -> None:
        self.window.queue.status.show_progress(event)
        self.window.queue.set_filling(not event.finished)

    def _on_desk_changed(self, event: DeskChanged) -> None:
        if event.health in {DeskHealth.OFFLINE, DeskHealth.NEEDS_SIGN_IN}:
            self.window.queue.set_filling(False)
        self.window.queue.status.show_desks(self.workspace)
        self._show_me()

    def _on_failed(self, event: Failed) -> None:
        text = f"{event.message} {event.advice}".strip()
        if event.what == "workspace":
            self.window.queue.set_filling(False)  # nothing is fetched by this process
            self.window.show_banner(Strip(Tone.WARN, text, closable=True))
        elif event.what != "brief":  # the copilot's pane says it where it belongs
            self.window.toasts.show(Notice(text=text, tone=Tone.WARN, seconds=12), key=f"failed-{event.what}")

    def _on_user_error(self, error: UserError) -> None:
        self.window.toasts.show(Notice(text=str(error), tone=Tone.BAD, seconds=12), key=error.message)

    def _on_refused(self, _action: str, reason: str) -> None:
        if reason:
            self.window.toasts.show(Notice(text=reason + ".", seconds=4), key="refused")

    def _show_me(self) -> None:
        me = next((desk.me for desk in self.workspace.desks() if desk.me is not None), None)
        self.window.rail.show_me(me.name if me else "")

    # -- a desk of one's own -----------------------------------------------------------------------------------------

    def offer_to_connect(self) -> None:
        """On the demo desk alone: say so, quietly, with the way to one's own."""
        desks = self.workspace.desks()
        if not self.workspace.preferences.offer_to_connect or any(desk.kind != "demo" for desk in desks):
            return
        button = Button("Connect your own desk", "plug", small=True)
        button.clicked.connect(self._connect_desk)
        strip = Strip(
            Tone.ACCENT,
            "You are on the demo desk: real questions and answers, invented people. Nothing leaves this computer.",
            button,
            icon_name="life-buoy",
            closable=True,
        )
        strip.closed.connect(self._stop_offering)
        self.window.show_banner(strip)

    def _stop_offering(self) -> None:
        self._spawn(self.workspace.prefer(offer_to_connect=False), "keep preferences")

    def _show_settings(self, section: str = "general") -> None:
        from ui.settings.panel import SettingsPanel

        panel = SettingsPanel(self.workspace, self.window)
        panel.show_section(section)
        self.window.overlay.show_panel(panel)

    def _connect_desk(self) -> None:
        from ui.settings.connect import ConnectPanel

        panel = ConnectPanel(self.workspace)
        panel.connected.connect(self._on_connected)
        self.window.overlay.show_panel(panel)

    def _on_connected(self, name: str) -> None:
        self.window.overlay.close_panel()
        notice = Notice(text=f"Connected to {name}. Its tickets are on their way.", tone=Tone.GOOD, seconds=8)
        self.window.toasts.show(notice)
        focus_into(self.window.queue)

    def _spawn(self, coroutine: Coroutine[Any, Any, None], name: str) -> None:
        aio.spawn(coroutine, name, self)
