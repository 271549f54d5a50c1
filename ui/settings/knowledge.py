"""Where the team's knowledge comes from: each source with what it brought and what could not be read, and one more."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from copilot.domain import SourceId, SourceInfo
from copilot.errors import UserError
from copilot.events import Event, KnowledgeChanged, KnowledgeProgress
from ui import aio
from ui.settings.add_source import AddSourcePanel
from ui.settings.cards import ThingCard
from ui.theme.tokens import Space, Text, Tone
from ui.widgets.buttons import Button, TwiceButton
from ui.widgets.labels import Label
from ui.widgets.layout import column, empty, row
from ui.widgets.notices import Strip
from ui.widgets.states import EmptyState

if TYPE_CHECKING:
    from copilot.workspace import Workspace
    from ui.window import Window

_FAILURES_SHOWN = 5


class KnowledgePage(QWidget):
    """The sources, kept in step with what the background reads."""

    def __init__(self, workspace: Workspace, window: Window) -> None:
        super().__init__()
        self._workspace, self._window = workspace, window
        self._reading: dict[SourceId, str] = {}
        self._cards: dict[SourceId, ThingCard] = {}
        self._tasks: dict[SourceId, asyncio.Task[None]] = {}
        self.cards = column(spacing=Space.M)
        self.add = Button("Add a source", "plus", kind="primary")
        self.add.clicked.connect(self._choose)
        intro = Label(
            "Help centres and macros of your desks are read by themselves. Public sources may be cited to customers; "
            "from internal ones you are warned first.",
            Text.SMALL,
            "muted",
            wrap=True,
        )
        head = row(intro, self.add, spacing=Space.L)
        head.setStretch(0, 1)
        self.outcome = Strip(Tone.BAD, "")
        self.outcome.hide()
        self.setLayout(column(head, self.outcome, self.cards, None, spacing=Space.L))
        stop = workspace.events.subscribe(self._on_event)
        self.destroyed.connect(lambda _gone=None, stop=stop: stop())
        self._look()

    def _on_event(self, event: Event) -> None:
        if isinstance(event, KnowledgeChanged):
            self._look()
        elif isinstance(event, KnowledgeProgress):
            self._show_progress(event)

    def _show_progress(self, event: KnowledgeProgress) -> None:
        of = f" of {event.total:,}" if event.total else ""
        if event.finished:
            self._reading.pop(event.source, None)
            self._look()
        elif event.source in self._cards:
            self._reading[event.source] = f"{event.done:,}{of} read"
            self._cards[event.source].show_state(self._reading[event.source], Tone.INFO)

    def _look(self) -> None:
        aio.spawn(self._fill(), "list the knowledge sources", self)

    async def _fill(self) -> None:
        sources = await self._workspace.sources()
        empty(self.cards)
        if not sources:
            self.cards.addWidget(
                EmptyState(
                    "book-open",
                    "No sources yet",
                    "Add the folder or the site where your team looks things up.",
                )
            )
        self._cards = {source.id: self._card(source) for source in sources}
        for card in self._cards.values():
            self.cards.addWidget(card)

    def _card(self, source: SourceInfo) -> ThingCard:
        reading = source.id in self._tasks
        again = Button("Stop", "x", small=True) if reading else Button("Read again", "refresh-cw", small=True)
        again.clicked.connect(partial(self._stop if reading else self._refresh, source.id))
        remove = TwiceButton("Remove", "Really remove?", "trash-2")
        remove.confirmed.connect(partial(self._let_go, source.id))
        card = ThingCard(source.name, _words(source), "book-open", self._state(source), again, remove)
        card.explain(source.problem, "bad")
        for failure in source.failures[:_FAILURES_SHOWN]:
            card.explain(f"{failure.title or failure.document}: {failure.reason}", "warn")
        if len(source.failures) > _FAILURES_SHOWN:
            card.explain(f"and {len(source.failures) - _FAILURES_SHOWN} more", "warn")
        return card

    def _state(self, source: SourceInfo) -> tuple[str, Tone]:
        if source.id in self._reading:
            return (self._reading[source.id], Tone.INFO)
        if source.problem:
            return ("Not read", Tone.BAD)
        if source.read is None:
            return ("Not read yet", Tone.NEUTRAL)
        return (f"Read {source.read.astimezone():%d %b, %H:%M}", Tone.WARN if source.failures else Tone.GOOD)

    def _refresh(self, source: SourceId) -> None:
        self._reading[source] = "Reading…"
        self._tasks[source] = aio.spawn(self._read(source), "read a knowledge source", self)
        self._look()

    def _stop(self, source: SourceId) -> None:
        self._tasks[source].cancel()

    async def _read(self, source: SourceId) -> None:
        try:
            await self._workspace.refresh_knowledge(source)
        except UserError as error:
            self._say(error)
        finally:
            self._reading.pop(source, None)
            self._tasks.pop(source, None)
            self._look()

    def _let_go(self, source: SourceId) -> None:
        aio.spawn(self._remove(source), "remove a knowledge source", self)

    async def _remove(self, source: SourceId) -> None:
        try:
            await self._workspace.remove_source(source)
        except UserError as error:
            self._say(error)
        await self._fill()

    def _choose(self) -> None:
        panel = AddSourcePanel(self._workspace)
        panel.added.connect(partial(_read_at_once, self._workspace, self._window))
        self._window.overlay.show_panel(panel)

    def _say(self, error: UserError) -> None:
        self.outcome.say(str(error))
        self.outcome.show()


def _read_at_once(workspace: Workspace, window: Window, source: SourceId) -> None:
    """Back to the settings, which follow the reading. This page is gone: the panel that added took its place."""
    window.actions_.trigger("window.settings.knowledge")
    aio.spawn(workspace.refresh_knowledge(source), "read a new knowledge source", window)


def _words(source: SourceInfo) -> str:
    articles = "1 article" if source.articles == 1 else f"{source.articles:,} articles"
    return f"{source.kind.replace('_', ' ').capitalize()}, {source.audience.value}, {articles}"
