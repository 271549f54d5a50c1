"""The copilot pane: what the brief of the open ticket says and offers, and the keys that answer it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from time import monotonic

from PySide6.QtCore import Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QStackedLayout, QWidget

from copilot.domain import Brief, Citation, DecisionKind, Draft, TicketId
from copilot.errors import UserError
from copilot.events import BriefReady, DraftStale, Failed, ThreadChanged, TicketsChanged
from copilot.workspace import Workspace
from ui.actions import Actions
from ui.aio import spawn
from ui.assist.customer import CustomerCard
from ui.assist.draft import DraftCard
from ui.assist.escalate import EscalateSheet
from ui.assist.knowledge import KnowledgeCard
from ui.assist.mood import MoodCard
from ui.assist.out import DispatchStrips
from ui.assist.similar import SimilarCard
from ui.assist.skeleton import BriefSkeleton
from ui.assist.streaming import StreamCard
from ui.assist.summary import SummaryCard
from ui.bridge import Bridge
from ui.conversation.rows import utc_now
from ui.theme.tokens import Size, Space, Text, Tone
from ui.widgets.buttons import Button
from ui.widgets.labels import IconLabel, Label
from ui.widgets.layout import column, frame, row
from ui.widgets.mood import mood_mark, urgency_mark
from ui.widgets.notices import Strip
from ui.widgets.pill import Pill
from ui.widgets.states import EmptyState, ErrorState

_PATIENCE_MS = 120
_DRAFT_ACTIONS = ("draft.accept", "draft.edit", "draft.dismiss", "draft.sources")
_SAFE_SCHEMES = {"http", "https"}


class CopilotPane(QFrame):
    """Holds one brief at a time; offers nothing that belongs to another ticket or an older thread."""

    use_draft = Signal(object, object)
    """Put this `Draft` of this suggestion into the editor."""
    citation_focused = Signal(object)
    """The rep points at something that stands on this `Citation`, or at nothing (None)."""
    dismissed = Signal(object)
    """The draft of this suggestion is not wanted."""
    escalated = Signal(object)
    """The ticket was escalated: the `BatchId`."""
    insert_asked = Signal(str)
    """Put this Markdown into the editor, where the cursor is."""
    ticket_asked = Signal(object)
    """Show this `TicketId`."""
    sheet_opened = Signal()
    """The escalate sheet is open: the pane must be in sight."""

    def __init__(
        self, workspace: Workspace, bridge: Bridge, actions: Actions, clock: Callable[[], datetime] = utc_now
    ) -> None:
        super().__init__()
        self.setProperty("surface", "canvas")
        self.setAccessibleName("Copilot")
        self._workspace, self._actions = workspace, actions
        self._ticket: TicketId | None = None
        self._brief: Brief | None = None
        self._stale = False
        self._since = 0.0
        self._loading: asyncio.Task[None] | None = None
        self.sheet: EscalateSheet | None = None
        self.summary = SummaryCard(clock)
        self.mood = MoodCard(actions)
        self.draft = DraftCard(workspace, actions)
        self.stream = StreamCard(workspace, bridge)
        self.dispatches = DispatchStrips(workspace, bridge)
        self.customer = CustomerCard(workspace, bridge, clock)
        self.knowledge = KnowledgeCard()
        self.similar = SimilarCard()
        self._build()
        self._connect(bridge)
        self._offer()

    # -- what the window asks ----------------------------------------------------------------------------------------

    @property
    def brief(self) -> Brief | None:
        """The brief that shows."""
        return self._brief

    def show_ticket(self, ticket: TicketId | None) -> None:
        """Show the brief of a ticket as soon as it is there; None shows that no ticket is open."""
        if ticket == self._ticket and ticket is not None:
            self._reload()
            return
        self.close_sheet()
        self._ticket = ticket
        self.stream.follow(ticket)
        self.dispatches.follow(ticket)
        self.customer.follow(ticket)
        self._forget()
        if ticket is None:
            self._stack.setCurrentWidget(self._nothing)
            return
        self._patience.start()
        self._reload()

    def show_brief(self, brief: Brief | None) -> None:
        """Show a brief; None while it is being made."""
        if brief is None:
            self._forget()
            self._show_skeleton()
            return
        self._show(brief, None)

    def accept(self) -> None:
        """Put the draft into the editor, ready to send."""
        self._use()

    def edit(self) -> None:
        """Put the draft into the editor to change it."""
        self._use()

    def dismiss(self, reason: str) -> None:
        """The draft is not wanted, for this reason."""
        if self._usable() is not None and self._brief is not None:
            spawn(self._dismiss(self._brief, reason), "dismiss", self)

    def step_sources(self) -> None:
        """Point at the next sentence of the draft; after the last one at none."""
        if self._usable() is not None and not self.draft.text.step(1):
            self.draft.text.point(-1)

    def show_source(self, citation: Citation | None) -> None:
        """Show the passage behind a sentence that is pointed at in the editor."""
        self.draft.show_citation(citation)

    def look_again(self) -> None:
        """A decision was made elsewhere, the draft was sent for one: say so."""
        if self._brief is not None:
            spawn(self._read_verdict(self._brief), "read verdict", self)

    def escalate(self) -> None:
        """Open the escalate sheet."""
        if self._ticket is None or self.sheet is not None:
            return
        suggestion = self._brief.suggestion.id if self._brief and not self._stale else None
        self.sheet = EscalateSheet(self._workspace, self._ticket, suggestion, self._since)
        self.sheet.setParent(self)
        self.sheet.setGeometry(self.rect())
        self.sheet.escalated.connect(self.escalated)
        self.sheet.escalated.connect(self.look_again)
        self.sheet.closed.connect(self.close_sheet)
        self.sheet.show()
        self.sheet.raise_()
        self.sheet.setFocus()
        self.sheet_opened.emit()

    def close_sheet(self) -> bool:
        """Close the escalate sheet; answers whether it was open."""
        if self.sheet is None:
            return False
        sheet, self.sheet = self.sheet, None
        sheet.hide()
        sheet.deleteLater()
        return True

    # -- loading -----------------------------------------------------------------------------------------------------

    def _reload(self) -> None:
        if self._ticket is None:
            return
        if self._loading is not None:
            self._loading.cancel()
        self._loading = spawn(self._load(self._ticket), "read brief", self)

    async def _load(self, ticket: TicketId) -> None:
        try:
            brief = await self._workspace.brief(ticket)
            verdict = await self._workspace.verdict(brief) if brief is not None else None
        except UserError as error:
            self._fail(error.message, error.advice)
            return
        if brief is not None:
            self._show(brief, verdict)
        elif self._brief is not None:
            self._set_stale(stale=True)

    async def _make(self, ticket: TicketId) -> None:
        try:
            await self._workspace.make_brief(ticket)
        except UserError as error:
            self._fail(error.message, error.advice)
            return
        self._reload()

    def _show(self, brief: Brief, verdict: DecisionKind | None) -> None:
        self._patience.stop()
        if self._brief is None or self._brief.id != brief.id:
            self._since = monotonic()
            self._fill(brief)
        elif self._brief != brief:  # the same brief, set right by the rep
            self._fill_triage(brief)
        self._brief = brief
        self.draft.show_suggestion(brief.suggestion, verdict)
        self._set_stale(stale=False)
        self._stack.setCurrentWidget(self._scroll)

    def _fill(self, brief: Brief) -> None:
        self.summary.show_lines(brief.ticket, brief.summary)
        self._fill_triage(brief)
        self.knowledge.show_articles(brief.articles)
        self.similar.show_tickets(brief.similar)
        self._warning.say("\n".join(brief.warnings))
        self._warning.setVisible(bool(brief.warnings))
        self._scroll.verticalScrollBar().setValue(0)

    def _fill_triage(self, brief: Brief) -> None:
        self.mood.show_brief(brief)
        mood, urgency = mood_mark(brief.sentiment.score), urgency_mark(brief.urgency.level)
        self._mood.set(mood.word, mood.tone, mood.icon)
        self._urgency.set(urgency.word, urgency.tone, urgency.icon)

    def _forget(self) -> None:
        """Nothing on the screen may be used any more: it belongs to another ticket."""
        self._brief, self._stale = None, False
        self._offer()

    def _set_stale(self, *, stale: bool) -> None:
        self._stale = stale
        self._news.setVisible(stale)
        self._say_state("Out of date" if stale else "", Tone.WARN)
        self._offer()

    def _fail(self, message: str, advice: str) -> None:
        self._patience.stop()
        if self._brief is not None:
            return  # what is there stays readable; it is marked as out of date already
        self._error.say("circle-alert", message, advice)
        self._say_state("No brief", Tone.BAD)
        self._stack.setCurrentWidget(self._error)

    def _show_skeleton(self) -> None:
        self._say_state("Reading the thread", Tone.NEUTRAL)
        self._stack.setCurrentWidget(self._skeleton)

    def _say_state(self, words: str, tone: Tone) -> None:
        """What keeps the brief from being used; without that, mood and urgency at a glance."""
        self._state.set(words, tone)
        self._state.setVisible(bool(words))
        for pill in (self._mood, self._urgency):
            pill.setVisible(not words and self._brief is not None)

    # -- deciding ----------------------------------------------------------------------------------------------------

    def _usable(self) -> Draft | None:
        return None if self._brief is None or self._stale else self.draft.draft

    def _use(self) -> None:
        draft = self._usable()
        if draft is not None and self._brief is not None:
            self.use_draft.emit(draft, self._brief.suggestion.id)

    async def _dismiss(self, brief: Brief, reason: str) -> None:
        await self._workspace.dismiss(brief.suggestion.id, reason, monotonic() - self._since)
        if brief is self._brief:
            self.draft.show_verdict(DecisionKind.DISMISSED, reason)
        self.dismissed.emit(brief.suggestion.id)

    def _offer(self) -> None:
        """Grey out the keys of the draft, with the reason, when there is none to use."""
        why = ""
        if self._brief is None:
            why = "The brief is being made" if self._ticket is not None else "No ticket is open"
        elif self._stale:
            why = "A new message came: the draft is being made anew"
        elif self.draft.draft is None:
            why = "There is no draft: not enough to answer"
        for name in _DRAFT_ACTIONS:
            if why:
                self._actions.disable(name, why)
            else:
                self._actions.enable(name)

    # -- what happens ------------------------------------------------------------------------------------------------

    def _on_brief_ready(self, event: BriefReady) -> None:
        if event.ticket == self._ticket:
            self._reload()

    def _on_thread_changed(self, event: ThreadChanged) -> None:
        if event.ticket == self._ticket:
            self._reload()

    def _on_draft_stale(self, event: DraftStale) -> None:
        if event.ticket == self._ticket and self._brief is not None:
            self._set_stale(stale=True)

    def _on_tickets_changed(self, event: TicketsChanged) -> None:
        """A decision may have been taken back."""
        if not event.tickets or self._ticket in event.tickets:
            self.look_again()

    async def _read_verdict(self, brief: Brief) -> None:
        verdict = await self._workspace.verdict(brief)
        if brief is self._brief:
            self.draft.show_verdict(verdict)

    def _on_failed(self, event: Failed) -> None:
        if event.what == "brief" and event.ticket == self._ticket and self._brief is None:
            self._fail(event.message, event.advice)

    def _on_open_asked(self, address: str) -> None:
        url = QUrl(address)
        if url.scheme() in _SAFE_SCHEMES:
            QDesktopServices.openUrl(url)

    def _on_again(self) -> None:
        if self._ticket is not None:
            self._show_skeleton()
            spawn(self._make(self._ticket), "make brief", self)

    # -- building ----------------------------------------------------------------------------------------------------

    def _build(self) -> None:
        self._state = Pill("")
        self._mood, self._urgency = Pill(), Pill()
        self._state.hide()
        pills = row(self._state, self._mood, self._urgency, spacing=6)
        head = row(IconLabel("sparkles", "accent", 18), Label("Copilot", Text.TITLE), None, pills)
        head.setContentsMargins(Space.L, Space.M, Space.L, Space.S)
        self._scroll = self._cards()
        self._skeleton = BriefSkeleton()
        self._nothing = EmptyState(
            "sparkles", "No ticket is open", "The brief of the ticket you open stands here."
        )
        again = Button("Try again", "refresh-cw")
        again.clicked.connect(self._on_again)
        self._error = ErrorState("", "", again)
        room = QWidget()
        self._stack = QStackedLayout(room)
        for widget in (self._nothing, self._scroll, self._skeleton, self._error):
            self._stack.addWidget(widget)
        body = column(head, room, spacing=0)
        body.setStretchFactor(room, 1)
        self.setLayout(body)
        self.setMinimumWidth(Size.COPILOT_MIN)
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(_PATIENCE_MS)
        self._patience.timeout.connect(self._show_skeleton)

    def _cards(self) -> QScrollArea:
        self._news = Strip(Tone.INFO, "New message: the brief is being made anew", icon_name="refresh-cw")
        self._warning = Strip(Tone.WARN, icon_name="shield-alert")
        cards = column(
            self._news, self._warning, self.dispatches, self.summary, self.stream, self.draft, self.mood,
            self.customer, self.knowledge, self.similar, None,
            margins=(Space.M, Space.XS, 2, Space.L), spacing=10,
        )  # fmt: skip
        for strip in (self._news, self._warning):
            strip.hide()
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # it follows the focus of what is in it
        # Always: with it coming and going the text would be laid out anew.
        area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidget(frame(cards))
        return area

    def _connect(self, bridge: Bridge) -> None:
        bridge.brief_ready.connect(self._on_brief_ready)
        bridge.thread_changed.connect(self._on_thread_changed)
        bridge.tickets_changed.connect(self._on_tickets_changed)
        bridge.failed.connect(self._on_failed)
        bridge.draft_stale.connect(self._on_draft_stale)
        for card in (self.summary, self.mood, self.draft):
            card.cited.connect(self.citation_focused)
        self.knowledge.insert_asked.connect(self.insert_asked)
        self.knowledge.open_asked.connect(self._on_open_asked)
        self.similar.open_asked.connect(self.ticket_asked)
        self.customer.open_asked.connect(self.ticket_asked)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.sheet is not None:
            self.sheet.setGeometry(self.rect())
