"""Keeps the list in step with the workspace: pages, search, what changed, and what is to be prepared next."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal

from copilot.domain import QueuePage, QueueRow, TicketId, View
from copilot.errors import UserError
from copilot.events import TicketsChanged
from ui import aio
from ui.queue.model import QueueModel

if TYPE_CHECKING:
    from copilot.workspace import Workspace

PAGE = 200
MERGED_PAGES = 5
"""A refresh reads as many pages as are loaded, this many at most; what is further down stays as it was read."""
SEARCH_DELAY_MS = 0
"""Keys that are already there are searched for once. To wait for more would only make each result late: a newer search
interrupts the older one."""
REFRESH_DELAY_MS = 120
FILL_DELAY_MS = 500
PREPARED_AHEAD = 10


class QueueFeed(QObject):
    """Fills a `QueueModel`. Newer wishes cancel older ones."""

    loaded = Signal()
    """The model shows what was asked for."""
    failed = Signal(object)
    """A page could not be read: the `UserError`."""
    counts_changed = Signal(object)
    refreshed = Signal()
    """The list was brought up to date in place."""

    def __init__(self, workspace: Workspace, model: QueueModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._model = model
        self._view = View.MINE
        self._text = ""
        self._shown: tuple[View, str] | None = None
        self._loading: asyncio.Task[Any] | None = None
        self._refreshing: asyncio.Task[Any] | None = None
        self._changed: set[TicketId] = set()
        self._search_timer = QTimer(self, interval=SEARCH_DELAY_MS, singleShot=True)
        self._search_timer.timeout.connect(self._load)
        self._refresh_timer = QTimer(self, interval=REFRESH_DELAY_MS, singleShot=True)
        self._refresh_timer.timeout.connect(self._refresh)
        model.more_wanted.connect(self._on_more_wanted)
        model.rows_wanted.connect(self._on_rows_wanted)

    @property
    def view(self) -> View:
        """The view that is shown, or was before the search."""
        return self._view

    @property
    def search_text(self) -> str:
        """What is searched for; empty while a view is shown."""
        return self._text

    @property
    def is_current(self) -> bool:
        """Whether the model shows what was asked for last."""
        return self._shown == (self._view, self._text)

    def show_view(self, view: View) -> None:
        """Show a view from its top."""
        self._view, self._text = view, ""
        self._search_timer.stop()
        self._load()

    def search(self, text: str) -> None:
        """Search as one types, and only for the newest text."""
        text = text.strip()
        if text == self._text:
            return
        self._text = text
        if text:
            self._search_timer.start()
        else:
            self._search_timer.stop()
            self._load()

    def reload(self) -> None:
        """Read the same again from the top."""
        self._load()

    def on_tickets_changed(self, event: TicketsChanged) -> None:
        """Bring the list up to date, soon and once for many events."""
        self._changed |= event.tickets
        if not self._refresh_timer.isActive():
            self._refresh_timer.start(REFRESH_DELAY_MS if event.tickets else FILL_DELAY_MS)

    def prepare_after(self, row: int) -> None:
        """Have the briefs of the next tickets made."""
        ahead = tuple(self._model.ids()[row : row + PREPARED_AHEAD + 1])
        if ahead:
            self._spawn(self._workspace.prepare(ahead), "prepare briefs")

    def refresh_counts(self) -> None:
        """Read how many tickets each view holds."""
        self._spawn(self._read_counts(), "count views")

    def rest(self) -> None:
        """Read nothing more: the workspace is about to close."""
        self._search_timer.stop()
        self._refresh_timer.stop()

    # -- inside ----------------------------------------------------------------------------------------------------

    def _load(self) -> None:
        for task in (self._loading, self._refreshing):
            if task is not None:
                task.cancel()
        self._loading = self._spawn(self._read_first_page(), "read the queue")

    async def _read_first_page(self) -> None:
        asked = (self._view, self._text)
        try:
            page = await self._page()
        except UserError as error:
            self.failed.emit(error)
            return
        self._shown = asked
        self._model.show(page)
        self.loaded.emit()
        await self._read_counts()

    async def _page(self) -> QueuePage:
        if self._text:
            return await self._workspace.search(self._text, limit=PAGE)
        return await self._workspace.queue(self._view, limit=PAGE)

    async def _read_counts(self) -> None:
        self.counts_changed.emit(await self._workspace.counts())

    def _on_more_wanted(self) -> None:
        self._spawn(self._read_more(), "read more of the queue")

    async def _read_more(self) -> None:
        view, after = self._view, self._model.next_page()
        if after is None or self._text:
            return
        try:
            page = await self._workspace.queue(view, after=after, limit=PAGE)
        except UserError as error:
            self._model.ask_failed()
            self.failed.emit(error)
            return
        if view == self._view and after == self._model.next_page():
            self._model.append(page)

    def _on_rows_wanted(self, tickets: tuple[TicketId, ...]) -> None:
        self._spawn(self._read_rows(tickets), "read rows")

    async def _read_rows(self, tickets: tuple[TicketId, ...]) -> None:
        try:
            self._model.update_rows(await self._workspace.rows(tickets))
        except UserError as error:
            self._model.ask_failed()
            self.failed.emit(error)

    def _refresh(self) -> None:
        if self._loading is not None and not self._loading.done():
            self._refresh_timer.start()  # a first page is on its way: look again when it is there
            return
        if self._refreshing is not None and not self._refreshing.done():
            self._refresh_timer.start()
            return
        changed, self._changed = frozenset(self._changed), set()
        self._refreshing = self._spawn(self._bring_up_to_date(changed), "refresh the queue")

    async def _bring_up_to_date(self, changed: frozenset[TicketId]) -> None:
        read = frozenset() if self._text else await self._merge_pages()
        here = [ticket for ticket in changed - read if self._model.row_of(ticket) >= 0]
        if here:
            self._model.update_rows(await self._workspace.rows(here))
        self.refreshed.emit()
        await self._read_counts()

    async def _merge_pages(self) -> frozenset[TicketId]:
        """Read again what is loaded, as far as is sensible; answers which tickets were read."""
        view, loaded = self._view, len(self._model.ids())
        wanted = min(max(loaded, PAGE), MERGED_PAGES * PAGE)
        page = await self._workspace.queue(view, limit=PAGE)
        rows: list[QueueRow] = list(page.rows)
        while page.next is not None and len(rows) < wanted:
            page = await self._workspace.queue(view, after=page.next, limit=PAGE)
            rows.extend(page.rows)
        if view != self._view or self._text:
            return frozenset()
        if page.next is not None and loaded > len(rows):
            self._model.merge_head(rows)
        else:
            self._model.merge(rows, page.next)
        return frozenset(row.id for row in rows)

    def _spawn(self, coroutine: Coroutine[Any, Any, None], name: str) -> asyncio.Task[None]:
        return aio.spawn(coroutine, name, self)
