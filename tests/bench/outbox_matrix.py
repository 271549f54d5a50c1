"""The outbox's crash matrix: what becomes of a reply, by what goes wrong and by what the desk offers.

`python -m tests.bench.outbox_matrix` prints it. Each cell is a run of its own over a real store and a desk in memory
that recognises our messages by author and words alone. A process "dies" by hanging for good at a point; all memory is
dropped and the same files are opened again. Real SIGKILLs are in `tests/sync/test_kill.py`.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from copilot.domain import Capabilities, OutboxId, OutboxState, RemoteId, Reply, Status
from tests.bench.figures import machine, table
from tests.sync.fake_desk import Fault
from tests.sync.make import REQUESTER
from tests.sync.world import SETTLE_SECONDS, World

DESKS = {
    "neither": Capabilities(),
    "safe update": Capabilities(safe_update=True),
    "idempotency": Capabilities(idempotency=True),
    "both": Capabilities(safe_update=True, idempotency=True),
}

Happening = Callable[[World, RemoteId], Awaitable[None]]


@dataclass(frozen=True)
class Cell:
    """How a run ended."""

    arrived: int
    state: OutboxState

    @property
    def verdict(self) -> str:
        """In a word: what the requester got and what the rep was told."""
        if self.arrived > 1:
            return f"ARRIVED {self.arrived} TIMES"
        match self.state, self.arrived:
            case OutboxState.SENT, 1:
                return "once"
            case OutboxState.BLOCKED, 0:
                return "blocked"
            case OutboxState.SENT, 0:
                return "LOST"
        return f"{self.state}, arrived {self.arrived}"


def dies(owner: str, method: str, when: str) -> Happening:
    """The process dies before or after a call of the store."""

    async def happen(world: World, _: RemoteId) -> None:
        target = getattr(world.store, owner)
        original: Callable[..., Awaitable[Any]] = getattr(target, method)

        async def deadly(*args: Any, **kwargs: Any) -> Any:
            if when == "after":
                await original(*args, **kwargs)
            world.server.hanging.set()
            await asyncio.Event().wait()

        setattr(target, method, deadly)

    return happen


def network(*faults: Fault) -> Happening:
    """The network's plans for the write."""

    async def happen(world: World, _: RemoteId) -> None:
        world.server.plan("reply", *faults)

    return happen


async def _writes_before(world: World, ticket: RemoteId) -> None:
    world.server.writes(ticket, REQUESTER)


async def _writes_at_the_last_moment(world: World, ticket: RemoteId) -> None:
    world.server.meanwhile("reply", lambda: world.server.writes(ticket, REQUESTER))


async def _closed(world: World, ticket: RemoteId) -> None:
    world.server.change(ticket, status=Status.CLOSED)


async def _lost_then_written(world: World, ticket: RemoteId) -> None:
    world.server.plan("reply", Fault.LOST)
    world.server.meanwhile("reply", lambda: world.server.writes(ticket, REQUESTER))


HAPPENINGS: dict[str, Happening] = {
    "nothing goes wrong": network(),
    "dies before the claim": dies("outbox", "claim", "before"),
    "dies after the claim": dies("outbox", "claim", "after"),
    "dies, request not carried out": network(Fault.HANGS),
    "dies, request carried out": network(Fault.HANGS_AFTER),
    "dies with the answer in hand": dies("outbox", "step", "before"),
    "dies after SENT is on disk": dies("outbox", "step", "after"),
    "dies before the thread is read back": dies("tickets", "put_threads", "before"),
    "request lost": network(Fault.LOST),
    "answer lost": network(Fault.UNANSWERED),
    "answer unreadable": network(Fault.GARBLED),
    "lost twice, then answer lost": network(Fault.LOST, Fault.LOST, Fault.UNANSWERED),
    "rate limited": network(Fault.RATE_LIMITED),
    "signed out": network(Fault.SIGNED_OUT),
    "request late, within the settle time": network(Fault.LATE),
    "request later than that (*)": network(Fault.LATE),
    "request doubled by the network (*)": network(Fault.TWICE),
    "requester writes before we look": _writes_before,
    "requester writes after we looked (*)": _writes_at_the_last_moment,
    "ticket closed meanwhile": _closed,
    "lost, and the requester writes": _lost_then_written,
}


async def run(capabilities: Capabilities, name: str, folder: Path) -> Cell:
    """One reply, one happening, and all the patience it takes afterwards."""
    world = World(path=folder / "workspace.sqlite3")
    world.server.capabilities = capabilities
    await world.start()
    ticket = await world.opened()
    (entry,) = await world.post(ticket, Reply(text="Please restart it."), hold_seconds=0)
    await HAPPENINGS[name](world, ticket)
    await _until_dead_or_done(world)
    if "within" in name:
        world.clock.advance(SETTLE_SECONDS / 2)
        _land_late(world)
    for _ in range(3):
        world.sender.retry_now(world.desk.id)
        await world.patiently(rounds=3)
    _land_late(world)
    await world.patiently(rounds=1)
    return await _cell(world, ticket, entry)


async def _until_dead_or_done(world: World) -> None:
    drain = asyncio.create_task(world.sender.drain())
    death = asyncio.create_task(world.server.hanging.wait())
    await asyncio.wait({drain, death}, return_when=asyncio.FIRST_COMPLETED)
    for task in (drain, death):
        task.cancel()
    await asyncio.wait({drain, death})
    if world.server.hanging.is_set():
        await world.restart()


def _land_late(world: World) -> None:
    while world.server.late:
        world.server.land_late()


async def _cell(world: World, ticket: RemoteId, entry: OutboxId) -> Cell:
    cell = Cell(arrived=len(world.server.texts(ticket)), state=await world.state(entry))
    await world.stop()
    return cell


async def matrix() -> dict[str, dict[str, Cell]]:
    """All happenings on all desks."""
    cells: dict[str, dict[str, Cell]] = {}
    for name in HAPPENINGS:
        cells[name] = {}
        for desk, capabilities in DESKS.items():
            with tempfile.TemporaryDirectory() as folder:
                cells[name][desk] = await run(capabilities, name, Path(folder))
    return cells


NOTE = """
  (*) What remains on a desk without safe updates, and that no client can close: a request that lands after the
      settle time, a network that delivers a request twice, and a message that arrives between our look and our write.
"""


def main() -> None:
    """Print the matrix with the machine."""
    began = time.perf_counter()
    cells = asyncio.run(matrix())
    print(machine())
    rows = [["", *DESKS], *([name, *(cell.verdict for cell in row.values())] for name, row in cells.items())]
    print(table("What becomes of a reply when …, by what the desk offers", rows))
    print(NOTE)
    runs = len(HAPPENINGS) * len(DESKS)
    print(f"  {runs} runs in {time.perf_counter() - began:.1f} s")


if __name__ == "__main__":
    main()
