"""How fast a first fill is, and how late it makes the event loop: `python -m tests.bench.sync --tickets 5000`.

Twice: from the demo desk (its own SQLite file, real texts) and from a desk in memory with so many made tickets, which
shows what cleaning and storing cost by themselves. The loop's lateness is that of a 5 ms timer, beside the same timer's
on an idle loop of the same run.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from copilot.desks.base import Desk
from copilot.desks.demo import DemoDesk
from copilot.domain import View
from copilot.events import EventStream
from copilot.store import Store
from copilot.sync import Intake, Puller
from copilot.text.clean import clean_message
from tests.bench.figures import machine, table
from tests.bench.generate import Generator
from tests.sync.fake_desk import FakeDesk, FakeServer

TICK_SECONDS = 0.005
IDLE_SECONDS = 2.0


@dataclass(frozen=True)
class Lateness:
    """How late a timer came, in seconds."""

    samples: Sequence[float]

    @property
    def cells(self) -> tuple[str, str, str]:
        """Median, 99th percentile and worst, in milliseconds."""
        ordered = sorted(self.samples)
        p99 = ordered[min(len(ordered) - 1, round(0.99 * len(ordered)))]
        return tuple(f"{value * 1e3:.1f}" for value in (statistics.median(ordered), p99, ordered[-1]))  # type: ignore[return-value]  # three of three


class LatenessWatch:
    """Samples the loop's lateness while it is open."""

    def __init__(self) -> None:
        self._samples: list[float] = []

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._watch())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task

    @property
    def lateness(self) -> Lateness:
        """All samples until now."""
        return Lateness(self._samples or [0.0])

    async def _watch(self) -> None:
        while True:
            began = time.perf_counter()
            await asyncio.sleep(TICK_SECONDS)
            self._samples.append(time.perf_counter() - began - TICK_SECONDS)


async def first_fill(name: str, desk: Desk, folder: Path) -> list[str]:
    """A row of the table: one first fill and one poll that finds nothing."""
    store = await Store.open(folder / f"{desk.id}.sqlite3")
    puller = Puller(Intake(desk, store), store, EventStream())
    began = time.perf_counter()
    async with LatenessWatch() as watch:
        await puller.pull()
    seconds = time.perf_counter() - began
    began = time.perf_counter()
    await puller.pull()
    poll = time.perf_counter() - began
    count = (await store.tickets.counts())[View.ALL]
    await store.aclose()
    return [name, f"{count:,}", f"{count / seconds:,.0f}", *watch.lateness.cells, f"{poll * 1e3:.1f}"]


def made_desk(tickets: int) -> FakeDesk:
    """A desk in memory with so many tickets."""
    server = FakeServer(page_size=100)
    for thread in Generator(tickets).threads():
        server.put(thread)
    return FakeDesk(server)


async def run(tickets: int, folder: Path) -> list[list[str]]:
    """The whole table."""
    async with LatenessWatch() as watch:
        await asyncio.sleep(IDLE_SECONDS)
    rows = [["", "tickets", "tickets/s", "late p50 ms", "late p99 ms", "late max ms", "empty poll ms"]]
    rows.append(["idle loop", "", "", *watch.lateness.cells, ""])
    async with LatenessWatch() as watch:
        await asyncio.to_thread(clean_message, next(Generator(1).threads()).messages[0])
    rows.append(["cleaning the first message (loads the language tables)", "", "", *watch.lateness.cells, ""])
    demo = DemoDesk(folder / "demo-desk.sqlite3")
    await demo.open()
    rows.append(await first_fill("demo desk", demo, folder))
    await demo.aclose()
    rows.append(await first_fill("desk in memory", made_desk(tickets), folder))
    return rows


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the figures with the machine."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.sync", description=__doc__)
    parser.add_argument("--tickets", type=int, default=5_000)
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        rows = asyncio.run(run(asked.tickets, Path(folder)))
    print(machine())
    print(table("First fill", rows))


if __name__ == "__main__":
    main()
