"""What hosted desks cost, over their stand-ins: `python -m tests.bench.desks --tickets 1000 --changes 2000`.

Of each product: how fast a first reading is (the stand-in answers at once, so this is our own share), how many requests
a thousand tickets take, how many a poll that finds nothing, and how memory grows over a day of changes that are polled
ten at a time. The stand-ins live in the same process, so they forget all but the newest messages of a ticket; their
pages are as large as the product's.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random

import httpx
import psutil

from copilot.domain import View
from copilot.events import EventStream
from copilot.store import Store
from copilot.sync import Intake, Puller
from tests.bench.figures import machine, table
from tests.desks.faults import FaultyWire, OpenOver
from tests.desks.intercom import conftest as intercom
from tests.desks.intercom import fake_intercom
from tests.desks.zendesk import conftest as zendesk
from tests.desks.zendesk import fake_zendesk

CHANGES_A_POLL = 10
MESSAGES_KEPT = 5


@dataclass(frozen=True)
class Product:
    """A stand-in: the way to it, the connector over that, and what its customers do there."""

    name: str
    transport: httpx.AsyncBaseTransport
    open_over: OpenOver
    new_ticket: Callable[[int], object]
    change: Callable[[int], object]
    later: Callable[[float], None]


def a_zendesk() -> Product:
    """Lists of 100, an export of 1,000."""
    fake_zendesk.PER_LIST_PAGE, fake_zendesk.PER_EXPORT_PAGE = 100, 1_000
    server = fake_zendesk.FakeZendesk()

    def later(seconds: float) -> None:
        server.now += timedelta(seconds=seconds)

    def change(n: int) -> None:
        server.requester_writes(n + 1, "And another thing.")
        del server.tickets[n + 1].comments[:-MESSAGES_KEPT]

    return Product(
        name="Zendesk",
        transport=zendesk.over(server),
        open_over=zendesk.open_over,
        new_ticket=lambda n: server.new_ticket(f"Question {n}", f"Words of question {n}."),
        change=change,
        later=later,
    )


def an_intercom() -> Product:
    """Searches of 150."""
    fake_intercom.PER_PAGE = 150
    server = fake_intercom.FakeIntercom()

    def later(seconds: float) -> None:
        server.now += timedelta(seconds=seconds)

    def change(n: int) -> None:
        server.contact_writes(str(n + 1), "And another thing.")
        del server.parts[str(n + 1)][:-MESSAGES_KEPT]

    return Product(
        name="Intercom",
        transport=intercom.over(server),
        open_over=intercom.open_over,
        new_ticket=lambda n: server.new_conversation(f"Question {n}", f"<p>Words of question {n}.</p>"),
        change=change,
        later=later,
    )


PRODUCTS = (a_zendesk, an_intercom)


def memory_mb() -> float:
    """What this process has in memory now."""
    return float(psutil.Process().memory_info().rss) / 1_000_000


async def measure(product: Product, tickets: int, changes: int, folder: Path) -> list[str]:
    """A row of the table."""
    for n in range(tickets):
        product.new_ticket(n)
    product.later(300)
    wire = FaultyWire(product.transport)
    desk = await product.open_over(wire)
    store = await Store.open(folder / f"{product.name}.sqlite3")
    puller = Puller(Intake(desk, store), store, EventStream())
    began = time.perf_counter()
    await puller.pull()
    seconds, requests = time.perf_counter() - began, len(wire.asked)
    assert (await store.tickets.counts())[View.ALL] == tickets
    wire.asked.clear()
    await puller.pull()
    idle = len(wire.asked)
    polled, grown = await a_day(product, puller, wire, tickets, changes)
    await store.aclose()
    await desk.aclose()
    return [
        *(product.name, f"{tickets:,}", f"{tickets / seconds:,.0f}", f"{requests * 1000 / tickets:,.0f}"),
        *(str(idle), f"{polled:.1f}", f"{grown:+.1f}"),
    ]


async def a_day(
    product: Product, puller: Puller, wire: FaultyWire, tickets: int, changes: int
) -> tuple[float, float]:
    """Requests for each change, and megabytes of growth, over so many changes; the first tenth warms up."""
    chance, requests, before = Random(7), 0, 0.0
    for done in range(0, changes, CHANGES_A_POLL):
        if before == 0.0 and done >= changes // 10:
            before = memory_mb()
        for _ in range(CHANGES_A_POLL):
            product.change(chance.randrange(tickets))
        product.later(10)
        wire.asked.clear()
        await puller.pull()
        requests += len(wire.asked)
    return requests / max(changes, 1), memory_mb() - before


async def run(tickets: int, changes: int, folder: Path) -> list[list[str]]:
    """The whole table."""
    rows = [
        ["", "tickets", "tickets/s", "requests/1,000", "idle poll", "requests/change", "growth MB"],
    ]
    for make in PRODUCTS:
        rows.append(await measure(make(), tickets, changes, folder))  # noqa: PERF401 - one after another
    return rows


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the figures with the machine."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.desks", description=__doc__)
    parser.add_argument("--tickets", type=int, default=1_000)
    parser.add_argument("--changes", type=int, default=2_000)
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        rows = asyncio.run(run(asked.tickets, asked.changes, Path(folder)))
    print(machine())
    print(table("Hosted desks, over their stand-ins", rows))


if __name__ == "__main__":
    main()
