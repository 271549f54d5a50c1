"""The connector under sync and the outbox: whatever happens on the wire, a reply arrives once, and the rep is told."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random

import httpx
import pytest

from copilot.desks.base import Desk
from copilot.domain import BatchId, OutboxEntry, OutboxId, OutboxState, RemoteId, Reply
from copilot.events import EventStream
from copilot.store import Store
from copilot.sync import Intake, OutboxSender, Patience, Puller
from tests.desks.contract import MakeTicket, Write, said
from tests.desks.faults.base import FaultsBase
from tests.desks.faults.wire import FaultyWire, When, copy_of
from tests.desks.faults.words import VendorFaults
from tests.sync.fake_clock import FakeClock

TEXT = "Please unplug the lamp."
ROUNDS = 12
LONG_SECONDS = 450.0

Trouble = Callable[[FaultyWire, VendorFaults, When], None]


class Once:
    """A condition that holds the first time only; `used` says whether it ever did."""

    def __init__(self, when: When) -> None:
        self._when = when
        self.used = False

    def __call__(self, request: httpx.Request) -> bool:
        fits = not self.used and self._when(request)
        self.used = self.used or fits
        return fits


TROUBLES: dict[str, Trouble] = {
    "its answer is lost": lambda wire, _, when: wire.lose(when),
    "it is carried out and answered 504": lambda wire, vendor, when: wire.spoil(
        lambda _: vendor.refusal(504), when
    ),
    "its answer is cut off": lambda wire, _, when: wire.spoil(
        lambda answer: copy_of(answer, answer.content[:-1]), when
    ),
    "the desk fails": lambda wire, vendor, when: wire.answer(lambda: vendor.refusal(503), when),
    "the desk is busy": lambda wire, vendor, when: wire.answer(lambda: vendor.slow_down(5), when),
}


@dataclass
class Office:
    """A store, sync and outbox of a rep, over the connector."""

    desk: Desk
    store: Store
    clock: FakeClock = field(default_factory=FakeClock)
    events: EventStream = field(default_factory=EventStream)

    def __post_init__(self) -> None:
        patience = Patience(random=Random(7))
        self.intake = Intake(self.desk, self.store)
        self.sender = OutboxSender(self.store, self.events, clock=self.clock, patience=patience)
        self.sender.attach(self.intake)
        self.puller = Puller(
            self.intake, self.store, self.events, clock=self.clock, patience=Patience(random=Random(7))
        )

    async def post(self, ticket: RemoteId, text: str) -> OutboxId:
        """What a rep decides on what the store shows."""
        found = await self.store.tickets.find(self.desk.id, ticket)
        assert found is not None
        conversation = await self.store.tickets.conversation(found)
        entry = OutboxEntry(
            id=OutboxId(str(uuid.uuid4())),
            batch=BatchId(str(uuid.uuid4())),
            ticket=found,
            desk=self.desk.id,
            remote_id=ticket,
            command=Reply(text=text),
            key=uuid.uuid4().hex,
            created=self.clock.now(),
            release_at=self.clock.now() + timedelta(seconds=10),
            state=OutboxState.HELD,
            seen=conversation.messages[-1].remote_id,
            seen_status=conversation.ticket.status,
        )
        await self.store.outbox.add([entry])
        self.clock.advance(11)
        return entry.id

    async def patiently(self) -> None:
        """Time enough for every backoff and settling."""
        for _ in range(ROUNDS):
            await self.sender.drain()
            self.clock.advance(LONG_SECONDS)


class OutboxFaults(FaultsBase):
    """What becomes of replies when the wire breaks."""

    @pytest.fixture
    async def office(self, desk: Desk, tmp_path: Path) -> AsyncIterator[Office]:
        store = await Store.open(tmp_path / "store.sqlite3")
        yield Office(desk, store)
        await store.aclose()

    @pytest.mark.parametrize("trouble", TROUBLES.values(), ids=[name.replace(" ", "-") for name in TROUBLES])
    async def test_a_reply_arrives_once(
        self, desk: Desk, wire: FaultyWire, office: Office, ticket: RemoteId, trouble: Trouble
    ) -> None:
        await office.puller.pull()
        entry = await office.post(ticket, TEXT)
        first_try = Once(self.vendor.writes)
        trouble(wire, self.vendor, first_try)
        await office.patiently()
        assert first_try.used
        assert (await office.store.outbox.get(entry)).state is OutboxState.SENT
        assert len(said(await desk.thread(ticket), TEXT)) == 1

    async def test_a_reply_does_not_talk_over_the_requester(
        self, desk: Desk, office: Office, ticket: RemoteId, act_as_requester: Write
    ) -> None:
        await office.puller.pull()
        entry = await office.post(ticket, TEXT)
        await act_as_requester(ticket, "I found it myself.")
        await office.patiently()
        blocked = await office.store.outbox.get(entry)
        assert (blocked.state, bool(blocked.problem)) == (OutboxState.BLOCKED, True)
        assert not said(await desk.thread(ticket), TEXT)

    async def test_a_refused_reply_waits_for_the_rep_with_the_desks_words(
        self, desk: Desk, wire: FaultyWire, office: Office, ticket: RemoteId
    ) -> None:
        await office.puller.pull()
        entry = await office.post(ticket, TEXT)
        wire.answer(lambda: self.vendor.refusal(422), when=self.vendor.writes)
        await office.patiently()
        failed = await office.store.outbox.get(entry)
        assert failed.state is OutboxState.FAILED
        assert desk.name in failed.problem or "refused" in failed.problem
        assert sum(self.vendor.writes(request) for request in wire.asked) == 1

    async def test_what_was_read_is_in_the_store_and_read_once(
        self, wire: FaultyWire, office: Office, make_ticket: MakeTicket
    ) -> None:
        made = [await make_ticket(f"Question {n}", f"Words of question {n}.") for n in range(3)]
        await office.puller.pull()
        for ticket in made:
            assert await office.store.tickets.find(office.desk.id, ticket) is not None
        wire.asked.clear()
        await office.puller.pull()
        assert len(wire.asked) <= 2, "a poll with no change costs at most two requests"
