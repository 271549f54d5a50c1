"""Articles that contradict or repeat each other, both passages side by side: signs for a reader, not verdicts."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QStackedWidget, QWidget

from copilot.domain import ArticleId
from copilot.errors import UserError
from copilot.workspace import Conflict
from ui import aio
from ui.actions import Actions
from ui.knowing.entries import Entry, EntryList
from ui.knowing.page import Commands, Page, Progress
from ui.knowing.reader import Reader
from ui.knowing.words import counted
from ui.theme.tokens import Space, Text, Tone
from ui.widgets.buttons import action_button
from ui.widgets.labels import ElidedLabel, Label
from ui.widgets.layout import column, frame, row
from ui.widgets.notices import Strip
from ui.widgets.states import EmptyState

if TYPE_CHECKING:
    from copilot.workspace import ArticlePair, Workspace

_LIST_HEIGHT = 190
_BADGES = {Conflict.CONTRADICTION: ("Contradiction", Tone.BAD), Conflict.DUPLICATE: ("Duplicate", Tone.WARN)}


class ConflictsPage(Page):
    """The pairs above; the two articles of the current one beneath."""

    def __init__(self, workspace: Workspace, actions: Actions) -> None:
        super().__init__()
        self._workspace = workspace
        self._work: asyncio.Task[None] | None = None
        self._titles: dict[ArticleId, tuple[str, str]] = {}
        self.pairs: tuple[ArticlePair, ...] | None = None
        self.summary = Label("", Text.SMALL, "muted", wrap=True)
        self.progress = Progress(actions)
        self.list = EntryList("Pairs of articles")
        self.list.setFixedHeight(_LIST_HEIGHT)
        self.list.current_changed.connect(self._on_current)
        self.difference = Strip(Tone.INFO, "")
        self.sides = (Side(), Side())
        self.nothing = EmptyState("files", "", "")
        self._stack = QStackedWidget()
        self._lay_out(actions)
        self.setFocusProxy(self.list)

    def _lay_out(self, actions: Actions) -> None:
        beside = row(*self.sides, spacing=Space.M)
        for place in range(2):
            beside.setStretch(place, 1)
        found = QWidget()
        inside = column(self.list, self.difference, beside, spacing=Space.M)
        inside.setStretch(2, 1)
        found.setLayout(inside)
        self._stack.addWidget(self.nothing)
        self._stack.addWidget(found)
        again = action_button(actions, "knowing.again", "Again", kind="quiet", small=True)
        head = row(self.summary, again, spacing=Space.M)
        head.setStretch(0, 1)
        whole = column(head, self.progress, self._stack, spacing=Space.M)
        whole.setStretch(2, 1)
        self.setLayout(whole)

    # -- what the panel asks -------------------------------------------------------------------------------------------

    def commands(self) -> Commands:
        steps: Commands = {
            "knowing.next": partial(self.list.step, 1),
            "knowing.previous": partial(self.list.step, -1),
        }
        return {**steps, **({"knowing.stop": self.stop} if self._work else {"knowing.again": self.search})}

    def look(self) -> None:
        """The first time, compare all articles."""
        if self.pairs is None and self._work is None:
            self.search()

    @property
    def pair(self) -> ArticlePair | None:
        """The pair on screen."""
        place = self.list.value
        return self.pairs[place] if self.pairs is not None and isinstance(place, int) else None

    def search(self) -> None:
        """Compare all articles."""
        self.stop()
        self.summary.setText("")
        self.nothing.say("files", "Comparing your articles", "Passage by passage, on this computer.")
        self.progress.begin("Bringing the index up to date")
        self._work = aio.spawn(self._find(), "compare articles", self)
        self.offered.emit()

    def stop(self) -> None:
        """Stop comparing."""
        if self._work is not None:
            self._work.cancel()
            self._end()
            self.nothing.say("files", "Stopped", "Nothing was compared to its end.")

    # -- inside --------------------------------------------------------------------------------------------------------

    async def _find(self) -> None:
        """A task that is cancelled touches nothing any more: the page may be gone."""
        told = partial(self.progress.tell, "Comparing passages")
        try:
            await self._show(await self._workspace.upkeep.pairs(progress=told))
        except UserError as error:
            self.nothing.say("circle-alert", error.message, error.advice)
        self._end()

    def _end(self) -> None:
        self._work = None
        self.progress.hide()
        self.offered.emit()

    async def _show(self, pairs: tuple[ArticlePair, ...]) -> None:
        states = await self._workspace.upkeep.articles()
        self._titles = {one.article: (one.title, one.owner) for one in states}
        self.pairs = pairs
        contrary = sum(pair.kind is Conflict.CONTRADICTION for pair in pairs)
        self.summary.setText(
            f"{counted(contrary, 'pair')} may contradict each other, "
            f"{counted(len(pairs) - contrary, 'pair')} say mostly the same."
        )
        self.list.show_entries([self._entry(place, pair) for place, pair in enumerate(pairs)])
        self.nothing.say("circle-check", "No conflicts", "No two articles repeat or contradict each other.")
        self._stack.setCurrentIndex(1 if pairs else 0)

    def _entry(self, place: int, pair: ArticlePair) -> Entry:
        badge, tone = _BADGES[pair.kind]
        one, other = self._title(pair.one), self._title(pair.other)
        difference = pair.evidence[0].difference if pair.evidence else ""
        detail = difference or f"{pair.likeness:.0%} alike"
        return Entry(value=place, title=f"{one}  |  {other}", detail=detail, badge=badge, tone=tone)

    def _title(self, article: ArticleId) -> str:
        return self._titles.get(article, (article, ""))[0]

    def _on_current(self) -> None:
        pair = self.pair
        if pair is None:
            return
        differences = [one.difference for one in pair.evidence if one.difference]
        self.difference.say(
            "; ".join(differences) or f"Their nearest passages are {pair.likeness:.0%} alike."
        )
        self.difference.set_tone(_BADGES[pair.kind][1])
        texts = ([one.one for one in pair.evidence], [one.other for one in pair.evidence])
        for side, article, passages in zip(self.sides, (pair.one, pair.other), texts, strict=True):
            title, owner = self._titles.get(article, (article, ""))
            side.show_passages(title, owner, passages)


class Side(QWidget):
    """One article of a pair, with the passages that were compared."""

    def __init__(self) -> None:
        super().__init__()
        self.title = ElidedLabel("", Text.STRONG)
        self._owner = ElidedLabel("", Text.SMALL, "muted")
        self.text = Reader("Passages")
        inside = column(self.title, self._owner, self.text, margins=Space.M, spacing=Space.XS)
        inside.setStretch(2, 1)
        self.setLayout(column(frame(inside, "card")))

    def show_passages(self, title: str, owner: str, passages: list[str]) -> None:
        """Show another article."""
        self.title.setText(title)
        self._owner.setText(owner)
        self.text.setAccessibleName(f"Passages of {title}")
        self.text.show_text("\n\n".join(passages))
