"""The last escalated tickets, gone through one by one: each gets an answer, or is skipped."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QProgressBar, QStackedWidget, QWidget

from copilot.domain import Conversation, MessageKind, TicketId
from copilot.workspace import ReviewState
from ui import aio
from ui.actions import Actions
from ui.conversation.words import ROLE_WORDS
from ui.knowing.entries import Entry, EntryList
from ui.knowing.gaps import LIST_WIDTH
from ui.knowing.page import BAR_HEIGHT, AnswerWish, Commands, Page
from ui.knowing.reader import Reader
from ui.theme.tokens import Space, Text, Tone
from ui.widgets.buttons import action_button
from ui.widgets.labels import Label
from ui.widgets.layout import column, row, rule
from ui.widgets.states import EmptyState

if TYPE_CHECKING:
    from copilot.workspace import Review, ReviewItem, Workspace

_ROLES = {
    role: word[0].lower() + word[1:] if word[1].islower() else word for role, word in ROLE_WORDS.items()
}
_BADGES = {
    ReviewState.OPEN: ("", Tone.NEUTRAL),
    ReviewState.DONE: ("Answered", Tone.GOOD),
    ReviewState.SKIPPED: ("Skipped", Tone.NEUTRAL),
}


class ReviewPage(Page):
    """The tickets at the left, the current one with its thread at the right, and how far one is above."""

    def __init__(self, workspace: Workspace, actions: Actions) -> None:
        super().__init__()
        self._workspace, self._actions = workspace, actions
        self._reading: asyncio.Task[None] | None = None
        self._marking: asyncio.Task[None] | None = None
        self.review: Review | None = None
        self.summary = Label("", Text.SMALL, "muted", wrap=True)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(BAR_HEIGHT)
        self.bar.setAccessibleName("How far the review is")
        self.list = EntryList("The last escalated tickets")
        self.list.current_changed.connect(self._on_current)
        self.list.chosen.connect(self.ticket_asked)
        self._subject = Label("", Text.TITLE, wrap=True)
        self._reason = Label("", Text.SMALL, "muted", wrap=True)
        self.talk = Reader("The thread")
        self.nothing = EmptyState(
            "circle-check", "No ticket was escalated", "What the AI agent or a rep hands on stands here."
        )
        self._stack = QStackedWidget()
        self._lay_out()
        self.setFocusProxy(self.list)

    def _lay_out(self) -> None:
        left = QWidget()
        left.setFixedWidth(LIST_WIDTH)
        left.setLayout(column(self.list))
        start = action_button(self._actions, "knowing.answer", kind="primary")
        skip = action_button(self._actions, "knowing.skip", "Skip, or take up again")
        open_ = action_button(self._actions, "knowing.open", "Open", kind="quiet")
        detail = QWidget()
        inside = column(
            self._subject, self._reason, row(start, skip, open_, None), self.talk, spacing=Space.M
        )
        inside.setStretch(3, 1)
        detail.setLayout(inside)
        self._stack.addWidget(detail)
        self._stack.addWidget(self.nothing)
        beside = row(left, rule(vertical=True), self._stack, spacing=Space.L)
        beside.setStretch(2, 1)
        whole = column(self.summary, self.bar, beside, spacing=Space.M)
        whole.setStretch(2, 1)
        self.setLayout(whole)

    # -- what the panel asks -------------------------------------------------------------------------------------------

    def commands(self) -> Commands:
        steps: Commands = {
            "knowing.next": partial(self.list.step, 1),
            "knowing.previous": partial(self.list.step, -1),
            "knowing.again": self.look,
        }
        if self.item is None:
            return steps
        return {
            **steps,
            "knowing.answer": self._answer,
            "knowing.skip": self.skip,
            "knowing.open": self._open,
        }

    def look(self) -> None:
        """Read where the review stands; the first ticket nobody has dealt with is the current one then."""
        aio.spawn(self._look(), "read the review", self)

    @property
    def item(self) -> ReviewItem | None:
        """The ticket on screen."""
        ticket = self.list.value
        items = self.review.items if self.review is not None else ()
        return next((item for item in items if item.ticket == ticket), None)

    def skip(self) -> None:
        """Skip the ticket, or take up again one that was."""
        if self.item is None or (self._marking is not None and not self._marking.done()):
            return
        opened = self.item.state is ReviewState.OPEN
        state = ReviewState.SKIPPED if opened else ReviewState.OPEN
        self._marking = aio.spawn(self._mark(self.item.ticket, state), "mark a ticket of the review", self)

    # -- reading -------------------------------------------------------------------------------------------------------

    async def _look(self, current: TicketId | None = None) -> None:
        self.review = review = await self._workspace.gaps.review()
        done, skipped = review.count(ReviewState.DONE), review.count(ReviewState.SKIPPED)
        total = len(review.items)
        self.bar.setRange(0, max(total, 1))
        self.bar.setValue(done + skipped)
        self.summary.setText(
            f"The last {total} escalated tickets: {done} answered, {skipped} skipped, "
            f"{total - done - skipped} to go. What would have spared the escalation?"
        )
        upcoming = review.next.ticket if review.next is not None else None
        self.list.show_entries([_entry(item) for item in review.items], current or upcoming)
        self._stack.setCurrentIndex(0 if review.items else 1)
        self.offered.emit()

    async def _mark(self, ticket: TicketId, state: ReviewState) -> None:
        await self._workspace.gaps.mark(ticket, state)
        await self._look(None if state is ReviewState.SKIPPED else ticket)

    def _on_current(self) -> None:
        if self._reading is not None:
            self._reading.cancel()
        item = self.item
        if item is not None:
            self._subject.setText(item.subject)
            self._reason.setText(_reason(item))
            self._reading = aio.spawn(self._read(item.ticket), "read an escalated ticket", self)
        self.offered.emit()

    async def _read(self, ticket: TicketId) -> None:
        self.talk.show_talk(_turns(await self._workspace.conversation(ticket)))

    def _answer(self) -> None:
        if self.item is not None:
            self.answer_asked.emit(AnswerWish(tickets=(self.item.ticket,), title=self.item.subject))

    def _open(self) -> None:
        if self.item is not None:
            self.ticket_asked.emit(self.item.ticket)


def _entry(item: ReviewItem) -> Entry:
    badge, tone = _BADGES[item.state]
    return Entry(value=item.ticket, title=item.subject, detail=_reason(item), badge=badge, tone=tone)


def _reason(item: ReviewItem) -> str:
    return f"{item.at.astimezone():%d %b %Y}, {item.reason or 'no reason was given'}"


def _turns(talk: Conversation) -> tuple[tuple[str, str], ...]:
    return tuple(
        (
            f"{message.author.name}, {_ROLES[message.author.role]}"
            + (", internal note" if message.kind is MessageKind.NOTE else ""),
            message.clean or message.text,
        )
        for message in talk.messages
    )
