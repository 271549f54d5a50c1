"""The desks that are read by dates, under the real sync and store: what the rep's computer holds is what is there.

A day passes in which tickets are opened, answered in bursts (also twice within a second) and closed, polled every half
minute; at its end every thread is held whole.
"""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

import pytest

from copilot.desks.base import Desk
from copilot.domain import RemoteId, View
from copilot.events import EventStream
from copilot.store import Store
from copilot.sync import Intake, Patience, Puller
from tests.desks.freescout.fake_freescout import FakeFreeScout
from tests.desks.freshdesk.fake_freshdesk import FakeFreshdesk
from tests.desks.github.fake_github import ASKER, FakeGitHub
from tests.desks.standin import StandIn
from tests.desks.zammad.fake_zammad import CUSTOMER, FakeZammad
from tests.sync.fake_clock import FakeClock

POLLS = 25


class Opens(Protocol):
    def __call__(self, subject: str) -> RemoteId: ...


@dataclass
class Server:
    """A stand-in, and how its people act on it."""

    standin: StandIn
    desk: Desk
    opens: Opens
    answers: Callable[[RemoteId, str], object]


async def freshdesk() -> Server:
    server = FakeFreshdesk()
    return Server(
        server,
        await server.desk(),
        lambda subject: server.open_ticket(subject, "<p>Words</p>"),
        lambda ticket, text: server.write(ticket, text, 101),
    )


async def zammad() -> Server:
    server = FakeZammad()
    return Server(
        server,
        await server.desk(),
        lambda subject: server.open_ticket(subject, "Words"),
        lambda ticket, text: server.write(ticket, text, CUSTOMER),
    )


async def freescout() -> Server:
    server = FakeFreeScout()
    return Server(
        server,
        await server.desk(),
        lambda subject: server.open_conversation(subject, "<p>Words</p>"),
        lambda ticket, text: server.write(ticket, f"<p>{text}</p>", "customer", 1),
    )


async def issues() -> Server:
    server = FakeGitHub()
    return Server(
        server,
        await server.desk(),
        lambda subject: server.open_issue(subject, "Words"),
        lambda ticket, text: server.write(ticket, text, ASKER),
    )


async def discussions() -> Server:
    server = FakeGitHub()
    return Server(
        server,
        await server.desk(),
        lambda subject: server.open_discussion(subject, "Words"),
        lambda ticket, text: server.discuss(ticket, text, ASKER),
    )


@pytest.fixture(params=[freshdesk, zammad, freescout, issues, discussions], ids=lambda make: make.__name__)
async def server(request: pytest.FixtureRequest) -> AsyncIterator[Server]:
    made: Server = await request.param()
    yield made
    await made.desk.aclose()


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    store = await Store.open(tmp_path / "store.sqlite3")
    yield store
    await store.aclose()


async def test_a_busy_day_is_held_whole(server: Server, store: Store) -> None:
    chance = random.Random(11)
    puller = Puller(
        Intake(server.desk, store), store, EventStream(), clock=FakeClock(), patience=Patience(random=chance)
    )
    said: dict[RemoteId, int] = {server.opens(f"Before {n}"): 1 for n in range(30)}
    usual = server.standin.tick

    def nearly_still(seconds: float = 3) -> datetime:
        """All that happens now happens within the second in which we ask."""
        del seconds
        server.standin.now += timedelta(milliseconds=1)
        return server.standin.now

    for poll in range(POLLS):
        server.standin.now = server.standin.now.replace(microsecond=0)
        ticket = chance.choice(list(said))
        for _ in range(chance.randrange(3)):
            ticket = chance.choice(list(said))
            server.answers(ticket, f"More {poll}")
            said[ticket] += 1
        if chance.random() < 0.3:
            ticket = server.opens(f"During {poll}")
            said[ticket] = 1
        server.standin.tick = nearly_still  # type: ignore[method-assign]
        server.answers(ticket, f"Just before {poll}")
        await puller.pull()
        server.answers(ticket, f"Just after {poll}")
        said[ticket] += 2
        server.standin.tick = usual  # type: ignore[method-assign]
        server.standin.tick(30)
    await puller.pull()
    for ticket, count in said.items():
        found = await store.tickets.find(server.desk.id, ticket)
        assert found is not None, ticket
        assert len((await store.tickets.conversation(found)).messages) == count, ticket
    assert (await store.tickets.counts())[View.ALL] == len(said)
    server.standin.asked.clear()
    assert await puller.pull() == 0
    assert len(server.standin.asked) <= 2
