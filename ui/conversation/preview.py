"""What the requester will get, before it goes: rendered where the channel shows markup, bare where it does not."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea

from copilot.domain import Conversation
from copilot.workspace import AsSent, Workspace
from ui import aio
from ui.conversation.browser import SafeBrowser
from ui.conversation.composer import Written
from ui.conversation.limits import Way
from ui.conversation.rows import Clock
from ui.conversation.words import CHANNEL_WORDS
from ui.theme.tokens import Space, Text, Tone
from ui.widgets.labels import ElidedLabel, Label
from ui.widgets.layout import column, frame, row
from ui.widgets.notices import Strip
from ui.widgets.overlay import focus_first, refit

WIDTH = 680
_TEXT_WIDTH = WIDTH - 2 * Space.XL - 2 * Space.L - 12
_MOST = 460


class PreviewPanel(QFrame):
    """Read only; Esc goes back to the words."""

    def __init__(
        self, workspace: Workspace, conversation: Conversation, written: Written, clock: Clock
    ) -> None:
        super().__init__()
        self._workspace, self._conversation, self._written = workspace, conversation, written
        self._clock = clock
        ticket = conversation.ticket
        self._channel = CHANNEL_WORDS[ticket.channel][0]
        whom = "Your team" if written.note else ticket.requester.name
        self.setAccessibleName(f"What {whom} gets")
        self.setMinimumWidth(WIDTH)
        self.body = SafeBrowser()
        self.body.setAccessibleName("Preview")
        self.body.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.facts = ElidedLabel("", Text.SMALL, "muted")
        self.problem = Strip(Tone.WARN)
        self.problem.hide()
        self._paper = QScrollArea()
        self._paper.setWidgetResizable(True)
        self._paper.setWidget(frame(column(self.body, None, margins=Space.L), "raised"))
        self._paper.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        head = row(Label(f"What {whom} gets", Text.TITLE), None, Label("Esc closes", Text.SMALL, "faint"))
        self.setLayout(column(head, self.facts, self._paper, self.problem, margins=Space.XL, spacing=Space.M))
        focus_first(self, self.body)
        self._show_text(written.text)
        aio.spawn(self._load(), "preview", self)

    async def _load(self) -> None:
        self._show(await self._workspace.composing.as_sent(self._conversation.ticket.id, self._written.text))

    def _show(self, sent: AsSent) -> None:
        way = Way(self._channel, sent.limits, self._conversation.ticket.reply_until)
        if sent.html or self._written.note:
            self.body.show_html(sent.html)
        else:
            self._show_text(sent.text)
        self._fit()
        length, now = len(sent.text), self._clock()
        files = len(self._written.uploads)
        parts = [way.words(length, now) or f"{self._channel}, {length:,} characters"]
        parts += [f"{files} file{'s' if files > 1 else ''} with it"] if files else []
        self.facts.setText("Internal note" if self._written.note else ", ".join(parts))
        why = "" if self._written.note else way.why_not(length, self._written.uploads, now)
        self.problem.say(f"{why}." if why else "")
        self.problem.setVisible(bool(why))
        refit(self)

    def _show_text(self, text: str) -> None:
        self.body.show_text(text)
        self._fit()

    def _fit(self) -> None:
        height = self.body.height_for(_TEXT_WIDTH)
        self.body.setFixedHeight(height + Space.S)
        self._paper.setFixedHeight(min(height + Space.S + 2 * Space.L + 4, _MOST))
