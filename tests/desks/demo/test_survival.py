"""The demo desk under ill treatment: killed, opened by several at once, and read while everything changes."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from copilot.desks.base import ChangePage, Cursor
from copilot.desks.demo import DemoBehaviour, DemoDesk, NewTicket, World
from copilot.domain import Person, RemoteId, Reply, Role, Status
from copilot.errors import ConflictError, UnavailableError
from tests.desks.contract import pages_since, said, tickets_in
from tests.desks.small import Clock, small_demo

ROOT = Path(__file__).parents[3]
DATA_TICKETS = 8

SENDS_FOR_EVER = """
import asyncio, sys
from itertools import count
from pathlib import Path
from copilot.desks.demo import DemoDesk, World
from copilot.domain import RemoteId, Reply

async def main(path, data):
    desk = DemoDesk(path, world=World(resources=data))
    print("begun", flush=True)
    for number in count():
        reply = Reply(text=f"Reply {number}.")
        await desk.reply(RemoteId("new"), reply, key=str(number), version=None)
        print(number, flush=True)

asyncio.run(main(Path(sys.argv[1]), Path(sys.argv[2])))
"""


def start_sending(path: Path, data: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", SENDS_FOR_EVER, str(path), str(data)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )


def kill_after(process: subprocess.Popen[str], lines: int) -> list[str]:
    """Kill the process once it has printed so many lines; the answer is all it had printed."""
    with process:
        assert process.stdout is not None
        heard = [process.stdout.readline() for _ in range(lines)]
        process.kill()
        heard += process.stdout.readlines()
    return [line.strip() for line in heard]


@pytest.mark.parametrize("lines", [1, 2, 40])
async def test_a_desk_killed_while_working_holds_whole_requests(tmp_path: Path, lines: int) -> None:
    data = small_demo(tmp_path / "data")
    path = tmp_path / "desk.sqlite3"
    acknowledged = [int(line) for line in kill_after(start_sending(path, data), lines) if line != "begun"]
    desk = DemoDesk(path, world=World(resources=data))
    try:
        assert len(tickets_in(await pages_since(desk, None))) == DATA_TICKETS
        thread = await desk.thread(RemoteId("new"))
        replies = [message.text for message in thread.messages[1:]]
        assert replies == [f"Reply {number}." for number in range(len(replies))]
        assert len(replies) in {len(acknowledged), len(acknowledged) + 1}
        again = Reply(text=f"Reply {len(replies)}.")
        await desk.reply(RemoteId("new"), again, key=str(len(replies)), version=thread.snapshot.version)
    finally:
        await desk.aclose()


async def test_many_may_create_the_same_desk_at_once(tmp_path: Path) -> None:
    world = World(resources=small_demo(tmp_path / "data"))
    desks = [DemoDesk(tmp_path / "desk.sqlite3", world=world) for _ in range(8)]
    try:
        counts = await asyncio.gather(*(pages_since(desk, None) for desk in desks))
        assert [len(tickets_in(pages)) for pages in counts] == [DATA_TICKETS] * 8
        assert len({pages[-1].cursor for pages in counts}) == 1
    finally:
        await asyncio.gather(*(desk.aclose() for desk in desks))


async def test_of_two_reps_with_the_same_version_one_wins(tmp_path: Path) -> None:
    world = World(resources=small_demo(tmp_path / "data"))
    desks = [DemoDesk(tmp_path / "desk.sqlite3", world=world) for _ in range(4)]
    try:
        for round_ in range(10):
            version = (await desks[0].thread(RemoteId("new"))).snapshot.version
            outcomes = await asyncio.gather(
                *(
                    desk.reply(
                        RemoteId("new"), Reply(text="Mine!"), key=f"{round_} {number}", version=version
                    )
                    for number, desk in enumerate(desks)
                ),
                return_exceptions=True,
            )
            assert sum(isinstance(outcome, ConflictError) for outcome in outcomes) == 3
            assert len(said(await desks[0].thread(RemoteId("new")), "Mine!")) == round_ + 1
    finally:
        await asyncio.gather(*(desk.aclose() for desk in desks))


class Reader:
    """Reads changes page by page as sync does; a crash falls back to what was stored with the last page."""

    def __init__(self, desk: DemoDesk) -> None:
        self.known: dict[RemoteId, str] = {}
        self.cursor: Cursor | None = None
        self._desk = desk

    async def read_a_page(self) -> bool:
        async for page in self._desk.changes(self.cursor):
            self._store(page)
            return True
        return False

    async def read_to_the_end(self) -> None:
        while await self.read_a_page():
            pass

    def _store(self, page: ChangePage) -> None:
        self.known.update({ticket.remote_id: ticket.version for ticket in page.tickets})
        self.cursor = page.cursor


class Happenings:
    """What may happen to a desk while a reader reads it: each method is a step, done to one ticket."""

    def __init__(self, desk: DemoDesk, clock: Clock, tickets: list[RemoteId], me: Person) -> None:
        self.reader = Reader(desk)
        self.alive = tickets
        self.ever = set(tickets)
        self.clock_ran_straight = True
        self._desk = desk
        self._clock = clock
        self._me = me
        self._steps = 0
        self._agent_said: dict[RemoteId, int] = {}

    async def do(self, step: str, number: int) -> None:
        """Do the step to one of the tickets, and see that the AI agent is silent where a person has taken over."""
        self._steps += 1
        ticket = self.alive[number % len(self.alive)]
        await getattr(self, step)(ticket, number)
        if ticket in self.alive:
            await self._check_takeover(ticket)

    async def page(self, ticket: RemoteId, number: int) -> None:
        await self.reader.read_a_page()

    async def failing_page(self, ticket: RemoteId, number: int) -> None:
        self._desk.behaviour.fail(UnavailableError("The line went dead."), "changes", carried_out=True)
        with pytest.raises(UnavailableError):
            await self.reader.read_a_page()

    async def new(self, ticket: RemoteId, number: int) -> None:
        new = await self._desk.new_ticket(NewTicket(subject=f"New {self._steps}", text="How?"))
        self.alive.append(new)
        self.ever.add(new)

    async def requester(self, ticket: RemoteId, number: int) -> None:
        await self._desk.act_as_requester(ticket, "Hello?")

    async def rep(self, ticket: RemoteId, number: int) -> None:
        await self._desk.act_as_rep(ticket, "Hello!")

    async def reply(self, ticket: RemoteId, number: int) -> None:
        await self._desk.set_status(ticket, Status.OPEN)
        await self._desk.reply(ticket, Reply(text="Hello!"), key=str(self._steps), version=None)

    async def status(self, ticket: RemoteId, number: int) -> None:
        await self._desk.set_status(ticket, (Status.PENDING, Status.SOLVED, Status.CLOSED)[number % 3])

    async def take(self, ticket: RemoteId, number: int) -> None:
        await self._desk.assign(ticket, self._me, None)

    async def give_back(self, ticket: RemoteId, number: int) -> None:
        await self._desk.assign(ticket, None, None)

    async def delete(self, ticket: RemoteId, number: int) -> None:
        if len(self.alive) > 1:
            await self._desk.delete_ticket(ticket)
            self.alive.remove(ticket)

    async def time(self, ticket: RemoteId, number: int) -> None:
        self._clock.forward(number * 30)

    async def clock_set_back(self, ticket: RemoteId, number: int) -> None:
        self._clock.forward(-60)
        self.clock_ran_straight = False

    async def _check_takeover(self, ticket: RemoteId) -> None:
        thread = await self._desk.thread(ticket)
        said_so_far = sum(message.author.role is Role.AI_AGENT for message in thread.messages)
        if thread.snapshot.assignee is None:
            self._agent_said.pop(ticket, None)
        else:
            assert self._agent_said.setdefault(ticket, said_so_far) == said_so_far


STEPS = [name for name in vars(Happenings) if not name.startswith("_") and name != "do"]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    steps=st.lists(
        st.tuples(st.sampled_from(STEPS), st.integers(min_value=0, max_value=3)), min_size=20, max_size=60
    ),
    page_size=st.integers(min_value=1, max_value=4),
)
async def test_a_reader_knows_everything_in_the_end(steps: list[tuple[str, int]], page_size: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        clock = Clock()
        world = World(resources=small_demo(Path(folder) / "data"), clock=clock, page_size=page_size)
        desk = DemoDesk(Path(folder) / "desk.sqlite3", behaviour=DemoBehaviour.lively(), world=world)
        desk.behaviour.latency_seconds = desk.behaviour.slow_seconds = 0
        try:
            tickets = list(tickets_in(await pages_since(desk, None)))[::-1]  # the live ones first
            happenings = Happenings(desk, clock, tickets, await desk.whoami())
            for step, number in steps:
                await happenings.do(step, number)
            await check_end(desk, happenings)
        finally:
            await desk.aclose()


async def check_end(desk: DemoDesk, happenings: Happenings) -> None:
    """The reader must know every ticket's newest version, and every thread must be in order."""
    reader = happenings.reader
    await reader.read_to_the_end()
    assert set(reader.known) == happenings.ever
    for ticket in happenings.alive:
        thread = await desk.thread(ticket)
        assert reader.known[ticket] == thread.snapshot.version
        if happenings.clock_ran_straight:
            dates = [message.created for message in thread.messages]
            assert dates == sorted(dates)
            assert thread.snapshot.updated >= dates[-1]
