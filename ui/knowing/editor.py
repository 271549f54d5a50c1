"""Writing an answer of the team's own: Markdown at the left, at the right the reply it comes from or how it will look.

What was taken out of the reply is marked there, and so are the placeholders that stand in its place.
"""

from __future__ import annotations

import asyncio
import re
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtGui import QSyntaxHighlighter
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QStackedWidget, QWidget

from copilot.domain import InternalAnswer, StartedAnswer, TicketId
from copilot.errors import UserError
from ui import aio
from ui.actions import Actions
from ui.conversation.browser import lit_format
from ui.knowing.me import me_of
from ui.knowing.page import AnswerWish
from ui.knowing.reader import Reader, Span
from ui.knowing.words import hidden_words
from ui.settings.rows import Alternatives
from ui.theme.fonts import font
from ui.theme.tokens import Space, Text, Tone
from ui.widgets.buttons import action_button
from ui.widgets.keycap import KeyCap
from ui.widgets.labels import Label
from ui.widgets.layout import column, frame, row
from ui.widgets.notices import Strip

if TYPE_CHECKING:
    from copilot.workspace import Workspace

PLACEHOLDER = re.compile(r"\[[a-z]+ \d+\]")
_WORDS = re.compile(r"\S+")
_APPROVER_WIDTH = 200


class Placeholders(QSyntaxHighlighter):
    """Marks what stands in place of personal data, so that it is not overlooked."""

    def highlightBlock(self, text: str) -> None:
        for found in PLACEHOLDER.finditer(text):
            self.setFormat(found.start(), found.end() - found.start(), lit_format())


class AnswerEditor(QWidget):
    """One answer at a time; `begin` says which."""

    approved = Signal(object, bool)
    """The answer is in the index: the `InternalAnswer`, and whether it is a new one."""

    def __init__(self, workspace: Workspace, actions: Actions) -> None:
        super().__init__()
        self._workspace = workspace
        self._wish = AnswerWish()
        self._started: StartedAnswer | None = None
        self._begun = ("", "")
        self._warned = False
        self._saving: asyncio.Task[None] | None = None
        self.setProperty("keyScope", "answer")
        self.heading = Label("", Text.TITLE)
        self.title = _line("The question it answers")
        self.text = QPlainTextEdit()
        self.text.setFont(font(Text.BODY))
        self.text.setAccessibleName("The answer, in Markdown")
        self.text.setPlaceholderText(
            "The answer, in Markdown: short, direct, for any customer who asks this."
        )
        self.text.setTabChangesFocus(True)
        self._marks = Placeholders(self.text.document())
        self.approver = _line("Who stands for it")
        self.approver.setFixedWidth(_APPROVER_WIDTH)
        self.hidden, self.problem = Strip(Tone.INFO, ""), Strip(Tone.BAD, "")
        self.original, self.preview = Reader("The reply it comes from"), Reader("How the answer will look")
        self.views = Alternatives(
            (("original", "The reply it comes from", "quote"), ("preview", "Preview", "eye")), "original"
        )
        self._stack = QStackedWidget()
        self.approve = action_button(actions, "answer.approve", "Approve", kind="primary")
        self._lay_out(actions)
        self._connect()

    def _lay_out(self, actions: Actions) -> None:
        self._stack.addWidget(self.original)
        self._stack.addWidget(self.preview)
        left = column(
            Label("Question", Text.CAPTION, "muted"), self.title,
            Label("Answer", Text.CAPTION, "muted"), self.text, spacing=Space.XS,
        )  # fmt: skip
        preview_key = KeyCap(actions.key("answer.preview"))
        shown = frame(column(self._stack, margins=Space.M), "sunken")
        right = column(row(self.views, preview_key, None), shown, spacing=Space.S)
        beside = row(left, right, spacing=Space.L)
        beside.setStretch(0, 1)
        beside.setStretch(1, 1)
        foot = row(
            Label("Approved by", Text.SMALL, "muted"),
            self.approver,
            None,
            self.approve,
            spacing=Space.M,
        )
        whole = column(self.heading, self.problem, self.hidden, beside, foot, spacing=Space.M)
        whole.setStretch(3, 1)
        self.setLayout(whole)

    def _connect(self) -> None:
        self.text.textChanged.connect(self._on_changed)
        self.title.textChanged.connect(self._on_changed)
        self.views.chosen.connect(self._on_view)

    # -- what the panel asks -------------------------------------------------------------------------------------------

    def begin(self, wish: AnswerWish) -> None:
        """Write another answer."""
        self._wish, self._started, self._warned = wish, None, False
        self.heading.setText("Edit the internal answer" if wish.answer else "A new internal answer")
        self.problem.hide()
        self.hidden.hide()
        self.approver.setText(me_of(self._workspace))
        self.original.show_text("")
        has_reply = bool(wish.tickets)
        self.views.buttons["original"].setVisible(has_reply)
        self._show_view("original" if has_reply else "preview")
        if wish.answer is not None:
            self._fill(wish.answer.title, wish.answer.text)
        else:
            self._fill(wish.title, "")
        if has_reply:
            aio.spawn(self._start(wish), "start an answer", self)
        self.text.setFocus()

    def can_leave(self) -> bool:
        """Whether nothing would be lost; else say so, and the next time it may be left."""
        if self._warned or (self.title.text(), self.text.toPlainText()) == self._begun:
            return True
        self._warned = True
        self._fail("This answer is not approved yet. Press Esc again to throw your changes away.", Tone.WARN)
        return False

    def switch_view(self) -> None:
        """Show the preview, or the reply again."""
        has_reply = self.views.buttons["original"].isVisibleTo(self.views)
        shows_preview = self._stack.currentWidget() is self.preview
        self._show_view("original" if shows_preview and has_reply else "preview")

    def save(self) -> None:
        """Approve what is written; it is in the index then."""
        if self._saving is None or self._saving.done():
            self._saving = aio.spawn(self._save(), "approve an answer", self)

    # -- inside --------------------------------------------------------------------------------------------------------

    async def _start(self, wish: AnswerWish) -> None:
        started = await self._workspace.gaps.start_answer(wish.tickets)
        if wish is not self._wish:
            return
        if started is None:
            self._show_view("preview")
            self.views.buttons["original"].hide()
            self._tell(
                Tone.WARN,
                "No person has answered these tickets yet: there is no reply to begin with. Write it anew.",
            )
            return
        self._started = started
        if (self.title.text(), self.text.toPlainText()) == self._begun:
            self._fill(started.title, started.text)
        await self._show_original(started)
        removed = hidden_words(started.removed)
        self._tell(
            Tone.INFO,
            f"Taken out: {removed}. Greetings and what concerned one customer alone are gone too, as marked. "
            "Names without a cue are not found: read it once."
            if removed
            else "No personal data was found in the reply. What was left out is marked. Read it once.",
        )

    async def _show_original(self, started: StartedAnswer) -> None:
        talk = await self._workspace.conversation(started.ticket)
        message = next((one for one in talk.messages if one.remote_id == started.message), None)
        if message is not None:
            spans = await asyncio.to_thread(left_out, message.clean, started.text)
            self.original.show_marked(message.clean, spans)

    async def _save(self) -> None:
        title, text, by = self.title.text(), self.text.toPlainText(), self.approver.text().strip()
        before = self._wish.answer
        try:
            if before is not None:
                kept = await self._workspace.answers.change(before.id, title, text, approved_by=by)
            else:
                kept = await self._workspace.gaps.approve(
                    title,
                    text,
                    approved_by=by,
                    ticket=self._started.ticket if self._started else self._ticket,
                )
        except UserError as error:
            self._fail(str(error))
            return
        self._approved(kept, is_new=before is None)

    @property
    def _ticket(self) -> TicketId | None:
        return self._wish.tickets[0] if self._wish.tickets else None

    def _approved(self, answer: InternalAnswer, *, is_new: bool) -> None:
        self._begun = (self.title.text(), self.text.toPlainText())
        self.approved.emit(answer, is_new)

    def _fill(self, title: str, text: str) -> None:
        with QSignalBlocker(self.title), QSignalBlocker(self.text):
            self.title.setText(title)
            self.text.setPlainText(text)
        self._begun = (title, self.text.toPlainText())
        self._on_changed()

    def _on_changed(self) -> None:
        self._warned = False
        self.problem.hide()
        if self._stack.currentWidget() is self.preview:
            self.preview.show_markdown(self.text.toPlainText())

    def _on_view(self, view: str) -> None:
        self._stack.setCurrentWidget(self.preview if view == "preview" else self.original)
        self._on_changed()

    def _show_view(self, view: str) -> None:
        self.views.buttons[view].setChecked(True)
        self._on_view(view)

    def _tell(self, tone: Tone, text: str) -> None:
        self.hidden.set_tone(tone)
        self.hidden.say(text)
        self.hidden.show()

    def _fail(self, text: str, tone: Tone = Tone.BAD) -> None:
        self.problem.set_tone(tone)
        self.problem.say(text)
        self.problem.show()


def left_out(original: str, kept: str) -> tuple[Span, ...]:
    """The parts of a text whose words are not in what was kept of it, in order."""
    words = list(_WORDS.finditer(original))
    matcher = SequenceMatcher(
        None,
        [word.group() for word in words],
        [word.group() for word in _WORDS.finditer(kept)],
        autojunk=False,
    )
    return tuple(
        (words[start].start(), words[end - 1].end())
        for what, start, end, _, _ in matcher.get_opcodes()
        if what in {"delete", "replace"}
    )


def _line(name: str) -> QLineEdit:
    made = QLineEdit()
    made.setAccessibleName(name)
    return made
