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
from typing import Any

import psutil

from copilot.domain import RemoteId, View
from copilot.events import EventStream
from copilot.store import Store
from copilot.sync import Intake, Puller
from tests.bench.figures import machine, table
from tests.desks.chatwoot.fake_chatwoot import FakeChatwoot
from tests.desks.faults import FaultyWire
from tests.desks.freescout.fake_freescout import FakeFreeScout
from tests.desks.freshdesk.fake_freshdesk import FakeFreshdesk
from tests.desks.front.fake_front import FakeFront
from tests.desks.github.fake_github import FakeGitHub
from tests.desks.help_scout.fake_help_scout import FakeHelpScout
from tests.desks.intercom import fake_intercom
from tests.desks.intercom.conftest import Server as FakeIntercom
from tests.desks.zammad.fake_zammad import FakeZammad
from tests.desks.zendesk import fake_zendesk
from tests.desks.zendesk.conftest import Server as FakeZendesk

CHANGES_A_POLL = 10
MESSAGES_KEPT = 5
EVENTS_KEPT = 500


@dataclass(frozen=True)
class Product:
    """A stand-in (see `tests.desks.overstandin`), and where it keeps the messages of a ticket."""

    name: str
    standin: Callable[[], Any]
    messages: Callable[[Any, RemoteId], list[Any]]


PRODUCTS = (
    Product("Zendesk", FakeZendesk, lambda server, ticket: server.tickets[int(ticket)].comments),
    Product("Intercom", FakeIntercom, lambda server, ticket: server.parts[ticket]),
    Product("Front", FakeFront, lambda server, ticket: server.rows[ticket].messages),
    Product("Help Scout", FakeHelpScout, lambda server, ticket: server.rows[int(ticket)].threads),
    Product("Chatwoot", FakeChatwoot, lambda server, ticket: server.rows[int(ticket)].messages),
    Product("Freshdesk", FakeFreshdesk, lambda server, ticket: server.conversations[int(ticket)]),
    Product("Zammad", FakeZammad, lambda server, ticket: server.articles[int(ticket)]),
    Product("FreeScout", FakeFreeScout, lambda server, ticket: server.threads[int(ticket)]),
    Product("GitHub", FakeGitHub, lambda server, ticket: server.comments[int(ticket.rpartition("#")[2])]),
)


def as_large_as_the_products() -> None:
    """Pages that tests make small: lists of 100 and exports of 1,000 at Zendesk, searches of 150 at Intercom."""
    fake_zendesk.PER_LIST_PAGE, fake_zendesk.PER_EXPORT_PAGE = 100, 1_000
    fake_intercom.PER_PAGE = 150


class Day:
    """What happens at a desk."""

    def __init__(self, product: Product, tickets: Sequence[RemoteId], server: Any) -> None:
        self._product = product
        self._tickets = tickets
        self._server = server
        self._chance = Random(7)

    async def a_message(self) -> None:
        """A customer writes again; the stand-in forgets what is old."""
        ticket = self._chance.choice(self._tickets)
        await self._server.act_as_requester(ticket, "And another thing.")
        del self._product.messages(self._server, ticket)[1 : -MESSAGES_KEPT + 1]
        for journal in ("events", "asked"):
            del getattr(self._server, journal, [])[:-EVENTS_KEPT]

    def later(self, seconds: float) -> None:
        """Time passes at the desk."""
        self._server.now += timedelta(seconds=seconds)


def memory_mb() -> float:
    """What this process has in memory now."""
    return float(psutil.Process().memory_info().rss) / 1_000_000


async def measure(product: Product, tickets: int, changes: int, folder: Path) -> list[str]:
    """A row of the table."""
    server = product.standin()
    made = [await server.make_ticket(f"Question {n}", f"Words of question {n}.") for n in range(tickets)]
    day = Day(product, made, server)
    day.later(300)
    wire = FaultyWire(server.transport)
    desk = await server.desk(transport=wire)
    store = await Store.open(folder / f"{product.name}.sqlite3")
    puller = Puller(Intake(desk, store), store, EventStream())
    began = time.perf_counter()
    await puller.pull()
    seconds, requests = time.perf_counter() - began, len(wire.asked)
    assert (await store.tickets.counts())[View.ALL] == tickets
    idle = await quiet(puller, wire, day)
    polled, grown = await busy(puller, wire, day, changes)
    await store.aclose()
    await desk.aclose()
    return [
        *(product.name, f"{tickets:,}", f"{tickets / seconds:,.0f}", f"{requests * 1000 / tickets:,.0f}"),
        *(idle, f"{polled:.1f}", f"{grown:+.1f}"),
    ]


async def quiet(puller: Puller, wire: FaultyWire, day: Day) -> str:
    """Requests of polls that find nothing: the usual one, and the most in twenty minutes."""
    counts = []
    for _ in range(40):
        day.later(30)
        wire.asked.clear()
        await puller.pull()
        counts.append(len(wire.asked))
    return f"{sorted(counts)[len(counts) // 2]} / {max(counts)}"


async def busy(puller: Puller, wire: FaultyWire, day: Day, changes: int) -> tuple[float, float]:
    """Requests for each change, and megabytes of growth, over so many changes; the first tenth warms up."""
    requests, before = 0, 0.0
    for done in range(0, changes, CHANGES_A_POLL):
        if before == 0.0 and done >= changes // 10:
            before = memory_mb()
        for _ in range(CHANGES_A_POLL):
            await day.a_message()
        day.later(10)
        wire.asked.clear()
        await puller.pull()
        requests += len(wire.asked)
    return requests / max(changes, 1), memory_mb() - before


async def run(tickets: int, changes: int, folder: Path) -> list[list[str]]:
    """The whole table."""
    as_large_as_the_products()
    rows = [["", "tickets", "tickets/s", "requests/1,000", "idle poll", "requests/change", "growth MB"]]
    for product in PRODUCTS:
        rows.append(await measure(product, tickets, changes, folder))  # noqa: PERF401 - one after another
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
