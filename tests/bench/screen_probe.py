"""The window under the stopwatch over a store of any size, one measurement a process: see `tests.bench.screen`."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from copilot.domain import QueuePage, QueueRow, RemoteId, TicketId, View
from copilot.events import TicketsChanged
from copilot.store import Store
from copilot.workspace import Workspace
from tests.bench.generate import DESK, Generator, read_texts
from ui import aio
from ui.app import make_application
from ui.furnish import Furniture
from ui.queue.listview import QueueList
from ui.queue.model import QueueModel
from ui.window import Window

Figures = dict[str, list[float]]
LENGTHS = (10, 200, 2_000)
OPENED = 20
MANY = 1_000_000
KEYS = 150
WORDS = 12
BETWEEN_KEYS = 0.12
"""A quick typist's pace, in seconds."""
PATIENCE = 60.0
_READ_AHEAD = 12


class Desk:
    """The whole window over a workspace."""

    def __init__(self, window: Window, workspace: Workspace, furniture: Furniture) -> None:
        self.window, self.workspace, self.furniture = window, workspace, furniture
        self.list = window.queue.list

    @classmethod
    async def open(cls, folder: Path) -> Desk:
        """Open it, and wait for the queue."""
        window = Window()
        window.show()
        workspace = await Workspace.open(folder)
        desk = cls(window, workspace, Furniture(window, workspace))
        desk.furniture.begin()
        await until(lambda: desk.list.model().rowCount() > 0)
        return desk

    async def show(self, ticket: TicketId) -> float:
        """Seconds from choosing a ticket to its thread and its brief painted in one frame."""
        shown = Heard()
        connection = self.furniture.conversation.shown.connect(shown.hear)
        began = time.perf_counter()
        self.furniture.conversation.show_ticket(ticket)
        self.furniture.copilot.show_ticket(ticket)
        await shown.wait()
        paint(self.furniture.conversation.messages.viewport())
        paint(self.furniture.copilot)
        took = time.perf_counter() - began
        self.furniture.conversation.shown.disconnect(connection)
        return took

    async def close(self) -> None:
        """Put everything away."""
        await self.furniture.put_away()
        await aio.cancel_all()
        await self.workspace.aclose()
        self.window.put_away()


class Heard:
    """A signal waited for. Asking again and again would keep the interpreter from the threads that do the work."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def hear(self, *_: object) -> None:
        """To be connected to the signal."""
        self._event.set()

    async def wait(self) -> None:
        """Until it is emitted; raises `TimeoutError` when it never is."""
        await asyncio.wait_for(self._event.wait(), PATIENCE)


async def until(holds: Callable[[], bool]) -> None:
    """Wait for what is not measured. Raises `TimeoutError`."""
    latest = time.perf_counter() + PATIENCE
    while not holds():
        if time.perf_counter() > latest:
            raise TimeoutError("What is waited for did not happen.")
        await asyncio.sleep(0.01)


def paint(widget: QWidget) -> None:
    """Lay out and paint, here and now: `repaint` would do nothing in a window that is not exposed yet."""
    widget.grab()


def timed(work: Callable[[], object], widget: QWidget) -> float:
    """Seconds that a piece of work and the paint after it take."""
    began = time.perf_counter()
    work()
    paint(widget)
    return time.perf_counter() - began


async def prepare(folder: Path) -> Figures:
    """What the other probes look for: long threads, and the briefs that would have been made ahead."""
    workspace = await Workspace.open(folder)
    await workspace.aclose()
    from copilot.config.paths import STORE_NAME

    store = await Store.open(folder / STORE_NAME)
    generator = Generator(1_000)
    for length in LENGTHS:
        for copy in range(OPENED if length < max(LENGTHS) else 8):
            thread = generator.long_thread(length)
            own = RemoteId(f"long-{length}-{copy}")
            messages = tuple(
                replace(one, remote_id=RemoteId(f"{own}-{place}"))
                for place, one in enumerate(thread.messages)
            )
            snapshot = replace(thread.snapshot, remote_id=own)
            await store.tickets.put_threads(DESK, [replace(thread, snapshot=snapshot, messages=messages)])
    await store.aclose()
    workspace = await Workspace.open(folder)
    rows = (await workspace.queue(View.MINE, limit=_READ_AHEAD)).rows
    for ticket in (*(row.id for row in rows), *await _long(folder, LENGTHS[0])):
        if await workspace.brief(ticket) is None:
            await workspace.make_brief(ticket)
    await workspace.aclose()
    return {}


async def _long(folder: Path, length: int) -> list[TicketId]:
    from copilot.config.paths import STORE_NAME

    store = await Store.open(folder / STORE_NAME)
    found = [await store.tickets.find(DESK, RemoteId(f"long-{length}-{copy}")) for copy in range(OPENED)]
    await store.aclose()
    return [ticket for ticket in found if ticket is not None]


async def queue(folder: Path) -> Figures:
    """The list alone, on real rows: as many as a page, then a million."""
    workspace = await Workspace.open(folder)
    page = await workspace.queue(View.ALL, limit=200)
    await workspace.aclose()
    figures: Figures = {"queue first paint": [], "queue first paint, 1 M rows": []}
    rows = page.rows
    million = tuple(replace(rows[n % len(rows)], id=TicketId(n + 1)) for n in range(MANY))
    model = QueueModel()
    for name, shown in (
        ("queue first paint", rows),
        ("queue first paint, 1 M rows", million),
    ):
        model.show(QueuePage(rows=shown))
        for _ in range(3):
            began = time.perf_counter()
            view = QueueList(model)
            view.resize(360, 900)
            view.show()
            paint(view.viewport())
            figures[name].append(time.perf_counter() - began)
            view.hide()
            view.setModel(QueueModel(view))
    view = QueueList(model)
    view.resize(360, 900)
    view.show()
    paint(view.viewport())
    head = list(million[:200])
    fresh = [replace(rows[0], id=TicketId(MANY + 1 + n)) for n in range(20)]
    figures["insert a ticket, 1 M rows"] = [
        timed(partial(_put_first, model, head, one), view.viewport()) for one in fresh
    ]
    figures["change a ticket, 1 M rows"] = [
        timed(partial(model.update_rows, [one]), view.viewport())
        for one in (replace(head[place], unread=True, subject=f"changed {place}") for place in range(8))
    ]
    bar = view.verticalScrollBar()
    figures["scroll frame, 1 M rows"] = [
        timed(lambda: bar.setValue(bar.value() + 90), view.viewport()) for _ in range(KEYS)
    ]
    figures["reset to a page"] = [
        timed(lambda: model.show(QueuePage(rows=rows)), view.viewport()) for _ in range(20)
    ]
    view.hide()
    return figures


def _put_first(model: QueueModel, head: list[QueueRow], row: QueueRow) -> None:
    head.insert(0, row)
    model.merge_head(head[:200])


async def keys(folder: Path) -> Figures:
    """What the rep does by keys in the whole window: walk, switch views, search, write."""
    desk = await Desk.open(folder)
    figures: Figures = {"j and k": [], "view switch": []}
    for number in range(KEYS):
        key = Qt.Key.Key_J if number % 40 < 30 else Qt.Key.Key_K
        began = time.perf_counter()
        QTest.keyClick(desk.list, key)
        paint(desk.list.viewport())
        figures["j and k"].append(time.perf_counter() - began)
        await asyncio.sleep(0.02)
    for number in range(30):
        loaded = Heard()
        feed = desk.window.queue.feed
        assert feed is not None
        connection = feed.loaded.connect(loaded.hear)
        view = (View.MINE, View.UNASSIGNED, View.ALL)[number % 3]
        began = time.perf_counter()
        desk.window.queue.show_view(view)
        await loaded.wait()
        paint(desk.list.viewport())
        figures["view switch"].append(time.perf_counter() - began)
        feed.loaded.disconnect(connection)
        await asyncio.sleep(0.05)
    figures |= await _search(desk)
    await desk.show((await desk.workspace.queue(View.MINE, limit=1)).rows[0].id)
    figures["a key in the editor"] = await _write(desk)
    await desk.close()
    return figures


async def _search(desk: Desk) -> Figures:
    words = sorted({w.lower() for text in read_texts().sentences for w in text.split() if w.isalpha()})
    chosen = [word for word in words if 5 <= len(word) <= 9][:: max(1, len(words) // (WORDS * 4))][:WORDS]
    blocked: list[float] = []
    painted: list[float] = []
    began = 0.0
    feed = desk.window.queue.feed
    assert feed is not None

    def on_loaded() -> None:
        if feed.search_text:
            paint(desk.list.viewport())
            painted.append(time.perf_counter() - began)

    feed.loaded.connect(on_loaded)
    for word in chosen:
        desk.window.queue.start_search()
        for letter in word:
            began = time.perf_counter()
            QTest.keyClicks(desk.window.queue.search, letter)
            paint(desk.window.queue.search)
            blocked.append(time.perf_counter() - began)
            await asyncio.sleep(BETWEEN_KEYS)
        await until(lambda: feed.is_current)
        desk.window.queue.leave_search()
        await asyncio.sleep(BETWEEN_KEYS)
    return {"search, a key blocks": blocked, "search, painted": painted}


async def _write(desk: Desk) -> list[float]:
    editor = desk.furniture.conversation.composer.editor
    desk.furniture.conversation.reply()
    times = []
    for number in range(KEYS):
        key = Qt.Key.Key_A if number % 6 else Qt.Key.Key_Space
        times.append(timed(partial(QTest.keyClick, editor, key), editor.viewport()))
        await asyncio.sleep(0.005)
    return times


async def tickets(folder: Path) -> Figures:
    """Threads of each length opened, a short one between."""
    desk = await Desk.open(folder)
    figures: Figures = {}
    between = [row.id for row in (await desk.workspace.queue(View.UNASSIGNED, limit=_READ_AHEAD)).rows]
    for length in LENGTHS:
        times = figures.setdefault(f"ticket open, {length:,} messages", [])
        for number, ticket in enumerate(await _long(folder, length)):
            await desk.show(between[number % len(between)])
            times.append(await desk.show(ticket))
            if length == LENGTHS[0]:
                brief = desk.furniture.copilot.brief
                figures.setdefault("brief not in the same frame", []).append(
                    float(brief is None or brief.ticket != ticket)
                )
    await desk.close()
    return figures


async def memory(folder: Path, count: int) -> Figures:
    """Megabytes resident: the window open, and after ever more tickets opened."""
    desk = await Desk.open(folder)
    figures: Figures = {"memory, open": [_resident_mb()]}
    found: list[TicketId] = []
    page = await desk.workspace.queue(View.ALL, limit=200)
    while len(found) < count:
        found.extend(row.id for row in page.rows)
        if page.next is None:
            break
        page = await desk.workspace.queue(View.ALL, after=page.next, limit=200)
    course = figures["memory, as tickets are opened"] = []
    for number, ticket in enumerate(found[:count]):
        await desk.show(ticket)
        if number % 100 == 99:
            course.append(_resident_mb())
            desk.workspace.events.publish(TicketsChanged(frozenset({ticket})))
    await desk.close()
    return figures


def _resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * 4096 / 1e6


PROBES = {"prepare": prepare, "queue": queue, "keys": keys, "tickets": tickets}


async def _main(arguments: Sequence[str]) -> int:
    what, folder = arguments[0], Path(arguments[1])
    found = await (memory(folder, int(arguments[2])) if what == "memory" else PROBES[what](folder))
    print(json.dumps(found))
    return 0


if __name__ == "__main__":
    sys.exit(aio.run(lambda: _main(sys.argv[1:]), make_application(["sidedesk"], "light")))
