"""Kills itself with SIGKILL at chosen points, again and again, while it fills a store and sends an outbox.

`python -m tests.sync.killing FOLDER` forks a child for each kill, over the same files, against the demo desk, until the
work is done, and prints what then stands on both sides as JSON. Run by `test_kill.py`; POSIX only.
"""

from __future__ import annotations

import asyncio
import functools
import json
import os
import random
import shutil
import signal
import sys
import threading
import uuid
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from copilot.desks.demo import DemoBehaviour, DemoDesk, World
from copilot.domain import BatchId, OutboxEntry, OutboxId, OutboxState, RemoteId, Reply, Status, View
from copilot.events import EventStream
from copilot.store import Store
from copilot.sync import Intake, OutboxSender, Patience, Puller

TICKETS = 5
PAGE = 60
Point = tuple[str, str, str]
"""Of what, which method, before or after it."""

MODES = {"safe_update": (True, False), "idempotency": (False, True), "neither": (False, False)}
SEND_POINTS = [
    (target, method, when)
    for target, method in (
        ("outbox", "claim"),
        ("desk", "reply"),
        ("outbox", "step"),
        ("desk", "thread"),
        ("tickets", "put_threads"),
    )
    for when in ("before", "after")
]
FILL_POINTS = [
    ("tickets", "put_threads", "before"),
    ("tickets", "put_threads", "after"),
    ("desk", "thread", "after"),
]
RANDOM_KILLS = 4


@dataclass
class Room:
    """One process's view: everything is opened anew from the files."""

    store: Store
    desk: DemoDesk
    intake: Intake
    events: EventStream

    @classmethod
    async def enter(cls, folder: Path, mode: str) -> Room:
        store = await Store.open(folder / "workspace.sqlite3")
        safe_update, idempotency = MODES[mode]
        behaviour = DemoBehaviour(safe_update=safe_update, idempotency=idempotency)
        desk = DemoDesk(folder / "desk.sqlite3", behaviour=behaviour, world=World(page_size=PAGE))
        return cls(store, desk, Intake(desk, store), EventStream())

    async def leave(self) -> None:
        await self.desk.aclose()
        await self.store.aclose()

    def target(self, name: str) -> object:
        return {"desk": self.desk, "outbox": self.store.outbox, "tickets": self.store.tickets}[name]

    async def fill(self) -> None:
        await Puller(self.intake, self.store, self.events).pull()

    async def send(self) -> None:
        sender = OutboxSender(
            self.store, self.events, patience=Patience(settle_seconds=0.0, first_seconds=0.01)
        )
        sender.attach(self.intake)
        while any(entry.state is not OutboxState.BLOCKED for entry in await self.store.outbox.unfinished()):
            await sender.drain()
            await asyncio.sleep(0.01)

    async def accept_replies(self, *numbers: int) -> None:
        """A reply for each number, to one of a few tickets; every other one sets a status too."""
        page = await self.store.tickets.page(View.ALL, limit=358)
        rows = sorted(page.rows, key=lambda row: row.id)
        now = datetime.now(UTC)
        for number in numbers:
            ticket = await self.store.tickets.get(rows[number % TICKETS].id)
            conversation = await self.store.tickets.conversation(ticket.id)
            entry = OutboxEntry(
                id=OutboxId(str(uuid.uuid4())),
                batch=BatchId(str(uuid.uuid4())),
                ticket=ticket.id,
                desk=ticket.desk,
                remote_id=ticket.remote_id,
                command=Reply(text=f"Reply {number}", status=Status.PENDING if number % 2 else None),
                key=uuid.uuid4().hex,
                created=now,
                release_at=now,
                state=OutboxState.HELD,
                seen=conversation.messages[-1].remote_id,
                seen_status=ticket.status,
            )
            await self.store.outbox.add([entry])


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def arm(target: object, method: str, when: str, at: int) -> None:
    """Die before or after the so-manieth call."""
    original: Callable[..., Awaitable[Any]] = getattr(target, method)
    calls = Counter[str]()

    async def deadly(*args: Any, **kwargs: Any) -> Any:
        calls[method] += 1
        number = calls[method]
        if when == "before" and number == at:
            die()
        answer = await original(*args, **kwargs)
        if when == "after" and number == at:
            die()
        return answer

    setattr(target, method, deadly)


def forked(work: Callable[[], Coroutine[Any, Any, None]]) -> bool:
    """Run in a child; answers whether it was killed. Any other ending than a clean one is an error."""
    child = os.fork()
    if child == 0:
        try:
            asyncio.run(work())
        except BaseException:  # noqa: BLE001 - a forked child must never return into the parent's code
            sys.excepthook(*sys.exc_info())
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return os.WTERMSIG(status) == signal.SIGKILL
    if os.WEXITSTATUS(status):
        raise SystemExit("a child failed")
    return False


def play(folder: Path, mode: str, task: str, points: list[Point]) -> int:
    """Kill at every point and at random moments, then let it finish; answers how often it was killed.

    When sending, each run first accepts two replies, so that there is always something to be killed at.
    """
    chance = random.Random(len(mode))
    kills = 0
    for number in range(len(points) + RANDOM_KILLS):
        point = points[number] if number < len(points) else None
        seconds = chance.uniform(0.005, 0.08) if point is None else None
        run = functools.partial(_run, folder, mode, task, number, chance.randint(1, 2), point, seconds)
        kills += forked(run)
    if forked(functools.partial(_run, folder, mode, task, None, 1, None, None)):
        raise SystemExit("killed without being asked to")
    return kills


async def _run(
    folder: Path,
    mode: str,
    task: str,
    number: int | None,
    at: int,
    point: Point | None,
    seconds: float | None,
) -> None:
    room = await Room.enter(folder, mode)
    if task == "send" and number is not None:
        await room.accept_replies(2 * number, 2 * number + 1)
    if point is not None:
        target, method, when = point
        arm(room.target(target), method, when, at=at)
    if seconds is not None:
        threading.Timer(seconds, die).start()
    await (room.fill() if task == "fill" else room.send())
    await room.leave()


async def report(folder: Path, mode: str) -> dict[str, object]:
    """What the requesters got and what the store holds."""
    room = await Room.enter(folder, mode)
    received: dict[str, list[str]] = {}
    listed: dict[RemoteId, int] = {}
    async for page in room.desk.changes(None):
        for snapshot in page.tickets:
            thread = await room.desk.thread(snapshot.remote_id)
            listed[snapshot.remote_id] = len(thread.messages)
            ours = [m.text for m in thread.messages if m.text.startswith("Reply ")]
            if ours:
                received[snapshot.remote_id] = ours
    held: dict[RemoteId, int] = {}
    for remote_id in listed:
        ticket = await room.store.tickets.find(room.desk.id, remote_id)
        if ticket is not None:
            held[remote_id] = len((await room.store.tickets.conversation(ticket)).messages)
    unfinished = [entry.state for entry in await room.store.outbox.unfinished()]
    count = (await room.store.tickets.counts())[View.ALL]
    await room.leave()
    return {
        "received": received,
        "same": held == listed,
        "tickets": len(listed),
        "held": count,
        "unfinished": unfinished,
    }


def main(folder: Path) -> None:
    filled = folder / "filled"
    filled.mkdir()
    results: dict[str, object] = {"killed_filling": play(filled, "safe_update", "fill", FILL_POINTS)}
    for mode in MODES:
        place = shutil.copytree(filled, folder / mode)
        kills = play(place, mode, "send", SEND_POINTS)
        results[mode] = {**asyncio.run(report(place, mode)), "killed_sending": kills}
    print(json.dumps(results))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
