"""What an answer would have done: the past tickets nearest to it, each drafted anew as it came in."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

from copilot.domain import InternalAnswer
from copilot.errors import UserError
from ui import aio
from ui.actions import Actions
from ui.knowing.entries import Entry, EntryList
from ui.knowing.page import Commands, Page, Progress
from ui.knowing.words import replayed_badge, replayed_words
from ui.theme.tokens import Space, Text, Tone
from ui.widgets.labels import Label
from ui.widgets.layout import column
from ui.widgets.notices import Strip

if TYPE_CHECKING:
    from copilot.workspace import Replayed, Workspace


class ReplayPage(Page):
    """One answer at a time; Esc goes back to where it was begun."""

    def __init__(self, workspace: Workspace, actions: Actions) -> None:
        super().__init__()
        self._workspace = workspace
        self._work: asyncio.Task[None] | None = None
        self.found: tuple[Replayed, ...] | None = None
        self.title = Label("", Text.TITLE, wrap=True)
        self.outcome = Strip(Tone.GOOD, "")
        self.progress = Progress(actions)
        self.list = EntryList("Past tickets like it")
        self.list.chosen.connect(self.ticket_asked)
        self.list.current_changed.connect(lambda _: self.offered.emit())
        hint = Label(
            "Answered: the draft for it would cite the answer. Offered: it would stand among the articles. Enter "
            "opens a ticket.",
            Text.SMALL,
            "muted",
            wrap=True,
        )
        whole = column(self.title, self.outcome, self.progress, self.list, hint, spacing=Space.M)
        whole.setStretch(3, 1)
        self.setLayout(whole)
        self.setFocusProxy(self.list)

    def begin(self, answer: InternalAnswer) -> None:
        """Try another answer on past tickets."""
        self.stop()
        self.found = None
        self.title.setText(answer.title)
        self.list.show_entries([])
        self._say(Tone.GOOD, "The answer is kept and in the index.")
        self.progress.begin("Trying it on past tickets")
        self._work = aio.spawn(self._replay(answer), "replay past tickets", self)
        self.offered.emit()

    def commands(self) -> Commands:
        steps: Commands = {
            "knowing.next": partial(self.list.step, 1),
            "knowing.previous": partial(self.list.step, -1),
        }
        if self._work is not None:
            steps["knowing.stop"] = self.stop
        if self.list.value is not None:
            steps["knowing.open"] = lambda: self.ticket_asked.emit(self.list.value)
        return steps

    def look(self) -> None:
        """What was found stays."""

    def stop(self) -> None:
        """Stop trying."""
        if self._work is not None:
            self._work.cancel()
            self._end()
            self._say(Tone.NEUTRAL, "The answer is kept. Trying it on past tickets was stopped.")

    async def _replay(self, answer: InternalAnswer) -> None:
        """A task that is cancelled touches nothing any more: the page may be gone."""
        try:
            told = partial(self.progress.tell, "Trying it on past tickets")
            self._show(await self._workspace.gaps.replay(answer.id, progress=told))
        except UserError as error:
            self._say(Tone.WARN, f"The answer is kept. It could not be tried on past tickets: {error}")
        self._end()

    def _end(self) -> None:
        self._work = None
        self.progress.hide()
        self.offered.emit()

    def _show(self, found: tuple[Replayed, ...]) -> None:
        self.found = found
        self._say(Tone.GOOD, f"The answer is kept and in the index. {replayed_words(found)}")
        self.list.show_entries([_entry(one) for one in found])

    def _say(self, tone: Tone, text: str) -> None:
        self.outcome.set_tone(tone)
        self.outcome.say(text)


def _entry(one: Replayed) -> Entry:
    badge, tone = replayed_badge(one)
    alike = f"{one.likeness:.0%} alike"
    return Entry(value=one.ticket, title=one.subject, detail=alike, badge=badge, tone=tone)
