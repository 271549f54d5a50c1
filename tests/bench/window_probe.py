"""The program under the stopwatch, one measurement a process: `start`, `open` or `lag`, over a workspace's folder."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QWidget

from copilot.domain import TicketId
from copilot.events import Event, SyncProgress
from ui import aio
from ui.app import make_application
from ui.window import Window

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
    from ui.app import furnish

    window = Window()
    queue = window.queue.list
    painted = Painted(queue.viewport(), lambda: queue.model() is not None and queue.model().rowCount() > 0)
    window.show()
    module = await asyncio.to_thread(__import__, "copilot.workspace", fromlist=["Workspace"])
    workspace = await module.Workspace.open(folder)
    furniture = await furnish(window, workspace)
    await painted.at
    print("queue painted", flush=True)
    await furniture.put_away()
    await aio.cancel_all()
    await workspace.aclose()
    window.put_away()
    return 0


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
    rows = (await workspace.queue(View.MINE, limit=OPENED)).rows
    threads: list[float] = []
    briefs: list[float] = []
    for row in rows:
        if await workspace.brief(row.id) is None:
            await workspace.make_brief(row.id)
    for row in rows:
        began = time.perf_counter()
        thread, brief = _painted(furniture, row.id)
        furniture.conversation.show_ticket(row.id)
        furniture.copilot.show_ticket(row.id)
        threads.append(await thread.at - began)
        briefs.append(await brief.at - began)
    print(json.dumps({"ticket chosen to thread painted": threads, "ticket chosen to brief painted": briefs}))
    await _end(window, furniture, workspace)
    return 0


def _painted(furniture: QObject, ticket: TicketId) -> tuple[Painted, Painted]:
    conversation, copilot = furniture.conversation, furniture.copilot  # type: ignore[attr-defined]
    shown: list[bool] = []
    conversation.shown.connect(lambda _ticket: shown.append(True))
    thread = Painted(conversation, lambda: bool(shown) and conversation.ticket == ticket)
    brief = Painted(copilot, lambda: copilot.brief is not None and copilot.brief.ticket == ticket)
    return thread, brief


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


async def _end(window: Window, furniture: object, workspace: object) -> None:
    await furniture.put_away()  # type: ignore[attr-defined]
    await aio.cancel_all()
    await workspace.aclose()  # type: ignore[attr-defined]
    window.put_away()


if __name__ == "__main__":
    probe = {"start": start, "open": open_tickets, "lag": lag}[sys.argv[1]]
    sys.exit(aio.run(lambda: probe(Path(sys.argv[2])), make_application(["sidedesk"], "light")))
