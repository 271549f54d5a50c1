"""The program under the stopwatch, one measurement a process: `start`, `open` or `lag`, over a workspace's folder."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Callable
from functools import partial
from importlib import import_module
from operator import contains
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QWidget

from copilot.domain import TicketId
from copilot.events import Event, SyncProgress
from ui import aio
from ui.app import make_application
from ui.window import Window

if TYPE_CHECKING:
    from copilot.workspace import Workspace
    from ui.furnish import Furniture

OPENED = 40


class Painted(QObject):
    """Tells when a widget has been painted and a condition holds."""

    def __init__(self, widget: QWidget, holds: Callable[[], bool]) -> None:
        super().__init__(widget)
        self._holds = holds
        self.at: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        widget.installEventFilter(self)
        widget.update()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and not self.at.done() and self._holds():
            self.at.set_result(time.perf_counter())
        return False


async def start(folder: Path) -> int:
    """Says when the queue is painted with rows in it."""
    from ui.app import furnish, show_glimpse

    window = Window()
    queue = window.queue.list
    painted = Painted(queue.viewport(), lambda: queue.model() is not None and queue.model().rowCount() > 0)
    window.show()
    await show_glimpse(window, folder)
    await painted.at
    print("queue painted", flush=True)
    module = await asyncio.to_thread(import_module, "copilot.workspace.door")
    workspace: Workspace = await module.Workspace.open(folder)
    furniture = await furnish(window, workspace)
    while not _briefed(furniture):  # noqa: ASYNC110  the stopwatch must not wait for a timer
        await asyncio.sleep(0)
    furniture.copilot.grab()
    print("brief painted", flush=True)
    await furniture.put_away()
    await aio.cancel_all()
    await workspace.aclose()
    window.put_away()
    return 0


def _briefed(furniture: Furniture) -> bool:
    """Whether the ticket that opened by itself has its brief on screen."""
    return furniture.conversation.ticket is not None and _has_brief(furniture, furniture.conversation.ticket)


async def open_tickets(folder: Path) -> int:
    """Prints the seconds from choosing a ticket to its thread and to its brief on screen."""
    from copilot.domain import View
    from copilot.workspace import Workspace
    from ui.furnish import Furniture

    window = Window()
    window.show()
    workspace = await Workspace.open(folder)
    furniture = Furniture(window, workspace)
    furniture.begin()
    _opened_by_itself, *rows = (await workspace.queue(View.MINE, limit=OPENED)).rows
    threads: list[float] = []
    briefs: list[float] = []
    for row in rows:
        if await workspace.brief(row.id) is None:
            await workspace.make_brief(row.id)
    shown: list[TicketId] = []
    furniture.conversation.shown.connect(shown.append)
    for row in rows:
        began = time.perf_counter()
        furniture.conversation.show_ticket(row.id)
        furniture.copilot.show_ticket(row.id)
        is_shown, has_brief = partial(contains, shown, row.id), partial(_has_brief, furniture, row.id)
        threads.append(await _seconds_until(is_shown, furniture.conversation, began))
        briefs.append(await _seconds_until(has_brief, furniture.copilot, began))
    print(json.dumps({"ticket chosen to thread painted": threads, "ticket chosen to brief painted": briefs}))
    await _end(window, furniture, workspace)
    return 0


async def _seconds_until(holds: Callable[[], bool], widget: QWidget, began: float) -> float:
    """Until a condition holds and the widget has been painted with it."""
    while not holds():  # noqa: ASYNC110  the stopwatch must not wait for a timer
        await asyncio.sleep(0)
    widget.grab()
    return time.perf_counter() - began


def _has_brief(furniture: Furniture, ticket: TicketId) -> bool:
    brief = furniture.copilot.brief
    return brief is not None and brief.ticket == ticket


async def lag(folder: Path) -> int:
    """Prints how late a 5 ms timer is while a fresh workspace fills beside the window."""
    from copilot.config.settings import DemoDeskSettings, Settings, save_settings
    from copilot.workspace import Workspace
    from ui.furnish import Furniture

    fresh = folder / "fresh"
    save_settings(fresh, Settings(desks=(DemoDeskSettings(lively=False),)))
    window = Window()
    window.show()
    workspace = await Workspace.open(fresh)
    furniture = Furniture(window, workspace)
    furniture.begin()
    filled = asyncio.Event()

    def on_event(event: Event) -> None:
        if isinstance(event, SyncProgress) and event.finished:
            filled.set()

    workspace.events.subscribe(on_event)
    late: list[float] = []
    ticking = asyncio.create_task(_tick(late))
    await workspace.start()
    await filled.wait()
    ticking.cancel()
    print(json.dumps({"event loop late while syncing": late}))
    await _end(window, furniture, workspace)
    return 0


async def _tick(late: list[float]) -> None:
    while True:
        due = time.perf_counter() + 0.005
        await asyncio.sleep(0.005)
        late.append(max(0.0, time.perf_counter() - due))


async def _end(window: Window, furniture: Furniture, workspace: Workspace) -> None:
    await furniture.put_away()
    await aio.cancel_all()
    await workspace.aclose()
    window.put_away()


if __name__ == "__main__":
    probe = {"start": start, "open": open_tickets, "lag": lag}[sys.argv[1]]
    sys.exit(aio.run(lambda: probe(Path(sys.argv[2])), make_application(["sidedesk"], "light")))
