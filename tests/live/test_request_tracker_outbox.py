"""Exactly once on a real Request Tracker, whatever the network does and whenever we are killed."""

from __future__ import annotations

import asyncio
import contextlib
import uuid
from dataclasses import dataclass, field
from enum import Enum, auto
from pathlib import Path

import httpx
import pytest

from copilot.desks.request_tracker.connecting import RequestTracker
from copilot.domain import (
    BatchId,
    OutboxEntry,
    OutboxId,
    OutboxState,
    RemoteId,
    Reply,
    Status,
)
from copilot.events import EventStream
from copilot.store import Store
from copilot.sync import Intake, OutboxSender
from tests.live.rt import REQUESTER, Counting, Rt
from tests.sync.fake_clock import FakeClock

pytestmark = [pytest.mark.live, pytest.mark.timeout(300)]  # the first one installs and starts the server

LONGER_THAN_ANY_WAIT = 1000.0
ONCE = [(REQUESTER, "Create"), ("agent1", "Correspond")]


class Fault(Enum):
    """What happens to one reply on its way to RT, or to the answer on its way back."""

    LOST = auto()
    UNANSWERED = auto()
    BAD_GATEWAY = auto()
    KILLED_BEFORE = auto()
    KILLED_AFTER = auto()


@dataclass
class Unreliable(Counting):
    """A network with faults in store for the next replies; `hangs` is set where a request goes no further."""

    faults: list[Fault]
    hangs: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        super().__init__()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.method != "POST" or not self.faults:
            return await super().handle_async_request(request)
        fault = self.faults.pop(0)
        if fault is Fault.LOST:
            raise httpx.ConnectError("no route")
        if fault is not Fault.KILLED_BEFORE:
            answer = await super().handle_async_request(request)
            await answer.aread()
            await answer.aclose()
        if fault is Fault.UNANSWERED:
            raise httpx.ReadError("connection reset")
        if fault is Fault.BAD_GATEWAY:
            return httpx.Response(502, text="<h1>Bad Gateway</h1>", headers={"content-type": "text/html"})
        self.hangs.set()
        await asyncio.Event().wait()
        raise AssertionError


@dataclass
class Rep:
    """One rep's computer: what is on its disk survives a kill."""

    path: Path
    desk: RequestTracker
    clock: FakeClock = field(default_factory=FakeClock)

    async def start(self) -> None:
        self.store = await Store.open(self.path)
        intake = Intake(self.desk, self.store)
        self.sender = OutboxSender(self.store, EventStream(), clock=self.clock)
        self.sender.attach(intake)
        self.intake = intake

    async def killed(self) -> None:
        await self.store.aclose()
        await self.start()

    async def decides(self, ticket: RemoteId, reply: Reply) -> OutboxId:
        """The rep answers what the store shows."""
        await self.intake.refresh(ticket)
        found = await self.store.tickets.find(self.desk.id, ticket)
        assert found is not None
        shown = await self.store.tickets.conversation(found)
        entry = OutboxEntry(
            id=OutboxId(str(uuid.uuid4())),
            batch=BatchId(str(uuid.uuid4())),
            ticket=found,
            desk=self.desk.id,
            remote_id=ticket,
            command=reply,
            key=uuid.uuid4().hex,
            created=self.clock.now(),
            release_at=self.clock.now(),
            state=OutboxState.HELD,
            seen=shown.messages[-1].remote_id,
            seen_status=shown.ticket.status,
        )
        await self.store.outbox.add([entry])
        return entry.id

    async def waits(self, rounds: int = 3) -> None:
        """Time enough for every backoff and settling."""
        for _ in range(rounds):
            await self.sender.drain()
            self.clock.advance(LONGER_THAN_ANY_WAIT)
        await self.sender.drain()

    async def state(self, entry: OutboxId) -> OutboxState:
        return (await self.store.outbox.get(entry)).state


async def play(rt: Rt, path: Path, faults: list[Fault], reply: Reply) -> tuple[Rep, RemoteId, OutboxId]:
    """Send one reply through these faults, being killed and started again where they say so."""
    network = Unreliable(list(faults))
    desk = await rt.desk("Support", transport=network)
    rep = Rep(path / "workspace.sqlite3", desk)
    await rep.start()
    ticket = await rt.make_ticket(f"Faults {[fault.name for fault in faults]}", "Words.")
    entry = await rep.decides(ticket, reply)
    while any(fault in {Fault.KILLED_BEFORE, Fault.KILLED_AFTER} for fault in network.faults):
        sending = asyncio.create_task(rep.waits())
        await network.hangs.wait()
        network.hangs.clear()
        sending.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await sending
        await rep.killed()
    await rep.waits()
    return rep, ticket, entry


@pytest.mark.parametrize(
    "faults",
    [
        [],
        [Fault.LOST, Fault.LOST],
        [Fault.UNANSWERED],
        [Fault.LOST, Fault.UNANSWERED],
        [Fault.BAD_GATEWAY],
        [Fault.KILLED_BEFORE, Fault.UNANSWERED],
        [Fault.KILLED_AFTER],
        [Fault.LOST, Fault.KILLED_AFTER],
    ],
    ids=lambda faults: "-".join(fault.name.lower() for fault in faults) or "none",
)
async def test_a_reply_arrives_exactly_once(rt: Rt, tmp_path: Path, faults: list[Fault]) -> None:
    reply = Reply(text="Please restart it.", status=Status.PENDING)
    rep, ticket, entry = await play(rt, tmp_path, faults, reply)
    try:
        assert await rt.correspondence(ticket) == ONCE
        assert await rep.state(entry) is OutboxState.SENT
        thread = await rep.desk.thread(ticket)
        assert thread.snapshot.status is Status.PENDING
        assert (await rep.store.outbox.get(entry)).sent_as == thread.messages[-1].remote_id
    finally:
        await rep.store.aclose()
        await rep.desk.aclose()


async def test_the_same_words_twice_are_two_replies_also_through_a_lost_answer(
    rt: Rt, tmp_path: Path
) -> None:
    rep, ticket, first = await play(rt, tmp_path, [Fault.UNANSWERED], Reply(text="Any news?"))
    try:
        again = await rep.decides(ticket, Reply(text="Any news?"))
        await rep.waits()
        assert await rt.correspondence(ticket) == [*ONCE, ("agent1", "Correspond")]
        assert [await rep.state(entry) for entry in (first, again)] == [OutboxState.SENT] * 2
    finally:
        await rep.store.aclose()
        await rep.desk.aclose()


async def test_somebody_else_was_faster(rt: Rt, tmp_path: Path) -> None:
    desk = await rt.desk("Support")
    rep = Rep(tmp_path / "workspace.sqlite3", desk)
    await rep.start()
    try:
        ticket = await rt.make_ticket("Two reps", "Words.")
        entry = await rep.decides(ticket, Reply(text="I have it."))
        await rt.reply_as_other_rep(ticket, "No, I have it.")
        await rep.waits()
        assert await rep.state(entry) is OutboxState.BLOCKED
        (newer,) = (await rep.store.outbox.get(entry)).newer
        assert newer.author.remote_id == "agent2"
        await rep.sender.send_anyway(entry)
        await rep.waits()
        assert await rep.state(entry) is OutboxState.SENT
        assert await rt.correspondence(ticket) == [
            (REQUESTER, "Create"),
            ("agent2", "Correspond"),
            ("agent1", "Correspond"),
        ]
    finally:
        await rep.store.aclose()
        await desk.aclose()
