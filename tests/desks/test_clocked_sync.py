"""Chatwoot, Help Scout and Front under the real sync: nothing read twice, a reply sent once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from copilot.domain import Note, OutboxState, Reply, SetStatus, Status
from copilot.events import EventStream
from copilot.store import Store
from copilot.sync import Intake, OutboxSender, Puller
from tests.desks.chatwoot.fake_chatwoot import FakeChatwoot
from tests.desks.faults import FaultyWire
from tests.desks.front.fake_front import FakeFront
from tests.desks.help_scout.fake_help_scout import FakeHelpScout
from tests.sync.world import HOLD_SECONDS, World

SERVERS: dict[str, tuple[type[Any], str]] = {
    "chatwoot": (FakeChatwoot, "/messages"),
    "help_scout": (FakeHelpScout, "/reply"),
    "front": (FakeFront, "/messages"),
}


@dataclass
class HostedWorld(World):
    """The world with a hosted desk in it, behind a wire that can break."""

    kind: str = ""

    async def start(self) -> None:
        made, self.writes = SERVERS[self.kind]
        self.hosted = made()
        self.wire = FaultyWire(self.hosted.transport)
        self.store = await Store.open(self.path)
        self.events = EventStream()
        self.events.subscribe(self.heard.append)
        self.desk = await self.hosted.desk(transport=self.wire)
        self.intake = Intake(self.desk, self.store)
        self.sender = OutboxSender(self.store, self.events, clock=self.clock, patience=self.patience)
        self.sender.attach(self.intake)
        self.puller = Puller(self.intake, self.store, self.events, clock=self.clock, patience=self.patience)

    async def stop(self) -> None:
        await self.desk.aclose()
        await super().stop()

    def written(self) -> int:
        """How many replies were asked for."""
        return sum(one.method == "POST" and one.url.path.endswith(self.writes) for one in self.wire.asked)


@pytest.fixture(params=list(SERVERS))
async def world(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[HostedWorld]:
    built = HostedWorld(path=tmp_path / "workspace.sqlite3", kind=request.param)
    await built.start()
    yield built
    await built.stop()


async def test_every_thread_is_read_once_and_again_only_when_it_changed(world: HostedWorld) -> None:
    tickets = [await world.hosted.make_ticket(f"Question {n}", f"Words {n}.") for n in range(30)]
    await world.puller.pull()
    for ticket in tickets:
        assert len((await world.conversation(ticket)).messages) == 1
    world.hosted.tick(3600)
    await world.puller.pull()
    world.wire.asked.clear()
    await world.puller.pull()
    assert len(world.wire.asked) == 1, "a quiet poll"
    await world.hosted.act_as_requester(tickets[3], "One more thing.")
    world.wire.asked.clear()
    await world.puller.pull()
    assert len(world.wire.asked) <= 6
    assert len((await world.conversation(tickets[3])).messages) == 2
    world.wire.asked.clear()
    await world.puller.pull()
    assert len(world.wire.asked) == 1, "what was read is not read again"


async def test_what_the_rep_decides_arrives_and_comes_back_once(world: HostedWorld) -> None:
    ticket = await world.hosted.make_ticket("Hello", "Words.")
    await world.puller.pull()
    entries = await world.post(
        ticket, Reply(text="Please **unplug** it."), Note(text="Called."), SetStatus(status=Status.SOLVED)
    )
    await world.hold_over()
    assert [await world.state(one) for one in entries] == [OutboxState.SENT] * 3
    world.hosted.tick(3600)
    await world.puller.pull()
    conversation = await world.conversation(ticket)
    assert len(conversation.messages) == 3
    assert conversation.ticket.status is Status.SOLVED


async def test_a_reply_whose_answer_is_lost_is_sent_once(world: HostedWorld) -> None:
    ticket = await world.hosted.make_ticket("Hello", "Words.")
    await world.puller.pull()
    world.wire.lose(when=lambda one: one.method == "POST" and one.url.path.endswith(world.writes))
    (entry,) = await world.post(ticket, Reply(text="Please unplug it."))
    await world.hold_over()
    assert await world.state(entry) is not OutboxState.SENT
    world.wire.heal()
    await world.patiently()
    assert await world.state(entry) is OutboxState.SENT
    assert world.written() == 0
    assert len(world.hosted.received(ticket)) == 1


async def test_a_colleague_who_was_faster_blocks_the_reply(world: HostedWorld) -> None:
    ticket = await world.hosted.make_ticket("Hello", "Words.")
    await world.puller.pull()
    (entry,) = await world.post(ticket, Reply(text="Please unplug it."))
    await world.hosted.act_as_other_rep(ticket, "I have this one.")
    world.clock.advance(HOLD_SECONDS)
    await world.sender.drain()
    assert await world.state(entry) is OutboxState.BLOCKED
    assert world.written() == 0


async def test_a_deleted_conversation_is_told(world: HostedWorld) -> None:
    ticket = await world.hosted.make_ticket("Hello", "Words.")
    await world.puller.pull()
    (entry,) = await world.post(ticket, Reply(text="Please unplug it."))
    world.hosted.rows.clear()
    await world.hold_over()
    assert await world.state(entry) is OutboxState.BLOCKED
    assert (await world.entry(entry)).problem
    assert world.written() == 0


async def test_front_sends_in_a_moment_and_the_reply_comes_back_then(tmp_path: Path) -> None:
    world = HostedWorld(path=tmp_path / "workspace.sqlite3", kind="front")
    await world.start()
    ticket = await world.hosted.make_ticket("Hello", "Words.")
    await world.puller.pull()
    world.hosted.holds_back = True
    (entry,) = await world.post(ticket, Reply(text="Please unplug it."))
    await world.hold_over()
    assert await world.state(entry) is OutboxState.SENT
    assert world.hosted.received(ticket) == []
    world.hosted.send_what_was_held_back()
    await world.puller.pull()
    messages = (await world.conversation(ticket)).messages
    assert [one.remote_id for one in messages][1:] == [(await world.entry(entry)).sent_as]
    await world.patiently()
    assert len(world.hosted.received(ticket)) == 1
    await world.stop()
