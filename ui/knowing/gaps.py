"""What was asked and not answered, put together by what it asks; one key begins the answer that was missing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QStackedWidget, QWidget

from copilot.domain import View
from copilot.errors import UserError
from ui import aio
from ui.actions import Actions
from ui.knowing.entries import Entry, EntryList
from ui.knowing.page import AnswerWish, Commands, Page, Progress
from ui.knowing.words import cost_words, counted, took_words
from ui.theme.tokens import Space, Text, Tone
from ui.widgets.buttons import action_button
from ui.widgets.labels import Label
from ui.widgets.layout import column, row, rule
from ui.widgets.states import EmptyState

if TYPE_CHECKING:
    from copilot.workspace import Gap, Workspace

LIST_WIDTH = 330
MOST_READ = 100
_LOOKING = "Reading and comparing questions"
_READING = "Reading open tickets"


class GapsPage(Page):
    """The gaps at the left, the current one with its tickets at the right."""

    def __init__(self, workspace: Workspace, actions: Actions) -> None:
        super().__init__()
        self._workspace, self._actions = workspace, actions
        self._work: asyncio.Task[None] | None = None
        self.gaps: tuple[Gap, ...] | None = None
        self.summary = Label("", Text.SMALL, "muted", wrap=True)
        self.progress = Progress(actions)
        self.list = EntryList("Gaps")
        self.list.current_changed.connect(self._on_current)
        self.detail = GapDetail(actions)
        self.detail.tickets.chosen.connect(self.ticket_asked)
        self.nothing = EmptyState("circle-help", "", "")
        self._stack = QStackedWidget()
        self._stack.addWidget(self.detail)
        self._stack.addWidget(self.nothing)
        self._lay_out()
        self.setFocusProxy(self.list)

    def _lay_out(self) -> None:
        left = QWidget()
        left.setFixedWidth(LIST_WIDTH)
        again = action_button(self._actions, "knowing.again", "Again", kind="quiet", small=True)
        read = action_button(self._actions, "knowing.read", kind="quiet", small=True)
        left.setLayout(column(self.list, row(read, None, again), spacing=Space.S))
        beside = row(left, rule(vertical=True), self._stack, spacing=Space.L)
        beside.setStretch(2, 1)
        whole = column(self.summary, self.progress, beside, spacing=Space.M)
        whole.setStretch(2, 1)
        self.setLayout(whole)

    # -- what the panel asks -------------------------------------------------------------------------------------------

    def commands(self) -> Commands:
        if self._work is not None:
            return {"knowing.stop": self.stop, **self._steps()}
        always: Commands = {"knowing.again": self.search, "knowing.read": self.read_open, **self._steps()}
        if self.gap is not None:
            always |= {"knowing.answer": self._answer, "knowing.open": self._open}
        return always

    def look(self) -> None:
        """The first time, look for gaps."""
        if self.gaps is None and self._work is None:
            self.search()

    @property
    def gap(self) -> Gap | None:
        """The gap on screen."""
        place = self.list.value
        return self.gaps[place] if self.gaps is not None and isinstance(place, int) else None

    def search(self) -> None:
        """Look for gaps."""
        self._begin(_LOOKING, self._find)

    def read_open(self) -> None:
        """Make the briefs of the newest open tickets, then look for gaps."""
        self._begin(_READING, self._read_and_find)

    def stop(self) -> None:
        """Stop looking; what was read stays read."""
        if self._work is not None:
            self._work.cancel()
            self._end()
            self._sum_up("Stopped. Nothing that was read is lost.")
            if not self.gaps:
                self._show_nothing("circle-help", "Stopped", "Look again whenever you like.")

    # -- looking -------------------------------------------------------------------------------------------------------

    def _begin(self, words: str, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        self.stop()
        self.progress.begin(words)
        self._sum_up("")
        if not self.gaps:
            self._show_nothing("circle-help", "Looking for gaps", "Everything is read on this computer.")
        self._work = aio.spawn(self._carry_out(work), "look for gaps", self)
        self.offered.emit()

    async def _carry_out(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """A task that is cancelled touches nothing any more: the page may be gone."""
        try:
            await work()
        except UserError as error:
            self._show_nothing("circle-alert", error.message, error.advice)
        self._end()

    def _end(self) -> None:
        self._work = None
        self.progress.hide()
        self.offered.emit()

    async def _find(self) -> None:
        self._show(await self._workspace.gaps.find(progress=partial(self.progress.tell, _LOOKING)))

    async def _read_and_find(self) -> None:
        rows = (await self._workspace.queue(View.ALL, limit=MOST_READ)).rows
        still_open = [row.id for row in rows if not row.status.is_done]
        for done, ticket in enumerate(still_open, start=1):
            await self._workspace.make_brief(ticket)
            self.progress.tell(_READING, done, len(still_open))
        await self._find()

    # -- showing -------------------------------------------------------------------------------------------------------

    def _show(self, gaps: tuple[Gap, ...]) -> None:
        self.gaps = gaps
        asked = sum(gap.count for gap in gaps)
        self._sum_up(
            f"{counted(asked, 'question')} found nothing or had to be escalated: {counted(len(gaps), 'gap')}."
        )
        self.list.show_entries([_entry(place, gap) for place, gap in enumerate(gaps)])
        if not gaps:
            self._show_nothing(
                "circle-check", "No gaps", "Every ticket that was read found something and was kept."
            )
        self._on_current()

    def _on_current(self) -> None:
        if self.gap is not None:
            self.detail.show_gap(self.gap)
            self._stack.setCurrentWidget(self.detail)
        self.offered.emit()

    def _sum_up(self, text: str) -> None:
        self.summary.setText(text)
        self.summary.setVisible(bool(text))

    def _show_nothing(self, icon_name: str, title: str, advice: str) -> None:
        self.nothing.say(icon_name, title, advice)
        self._stack.setCurrentWidget(self.nothing)

    def _steps(self) -> Commands:
        return {
            "knowing.next": partial(self.list.step, 1),
            "knowing.previous": partial(self.list.step, -1),
        }

    def _answer(self) -> None:
        if self.gap is not None:
            self.answer_asked.emit(AnswerWish(tickets=self.gap.tickets, title=self.gap.example))

    def _open(self) -> None:
        self.ticket_asked.emit(self.detail.tickets.value)


class GapDetail(QWidget):
    """One gap: its name, what it took, what was asked, and its tickets."""

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self._name = Label("", Text.TITLE, wrap=True)
        self._cost = Label("", Text.SMALL, "muted", wrap=True)
        self._example = Label("", Text.BODY, "", wrap=True)
        self.tickets = EntryList("Tickets of the gap")
        start = action_button(actions, "knowing.answer", kind="primary")
        self._count = Label("", Text.CAPTION, "faint")
        whole = column(
            self._name,
            self._cost,
            self._example,
            row(start, None),
            self._count,
            self.tickets,
            spacing=Space.M,
        )
        whole.setStretch(5, 1)
        self.setLayout(whole)

    def show_gap(self, gap: Gap) -> None:
        """Show another gap."""
        nearest = gap.questions[0]
        self._name.setText(gap.name)
        self._cost.setText(cost_words(gap))
        self._example.setText(_excerpt(nearest.text or nearest.subject))
        self._count.setText(f"{counted(gap.count, 'ticket')}, the most typical first. Enter opens one.")
        self.tickets.show_entries(
            [
                Entry(
                    value=one.ticket,
                    title=one.subject,
                    detail=f"{one.at.astimezone():%d %b %Y}" + (f", {one.reason}" if one.reason else ""),
                    badge="Escalated" if one.escalated else "Found nothing",
                    tone=Tone.WARN if one.escalated else Tone.NEUTRAL,
                )
                for one in gap.questions
            ],
            nearest.ticket,
        )


def _entry(place: int, gap: Gap) -> Entry:
    took = took_words(gap)
    detail = f"{took}: {gap.example}" if took else gap.example
    return Entry(value=place, title=gap.name, detail=detail, badge=str(gap.count))


def _excerpt(text: str, most: int = 320) -> str:
    line = " ".join(text.split())
    return f"“{line}”" if len(line) <= most else f"“{line[:most].rsplit(' ', 1)[0]} …”"
