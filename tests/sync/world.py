"""A store in a real file, a fake desk and a clock in hand: what the tests of sync play in."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random

from copilot.domain import (
    BatchId,
    Command,
    Conversation,
    OutboxEntry,
    OutboxId,
    OutboxState,
    RemoteId,
    TicketId,
)
from copilot.events import Event, EventStream
from copilot.store import Store
from copilot.sync import Intake, OutboxSender, Patience, Puller
from tests.sync.fake_clock import FakeClock
from tests.sync.fake_desk import FakeDesk, FakeServer

HOLD_SECONDS = 10.0
SETTLE_SECONDS = 90.0


@dataclass
class World:
    """One rep's computer and the desk. `restart` forgets everything that is not on disk."""

    path: Path
    server: FakeServer = field(default_factory=FakeServer)
    clock: FakeClock = field(default_factory=FakeClock)
    heard: list[Event] = field(default_factory=list)
    patience: Patience = field(
        default_factory=lambda: Patience(settle_seconds=SETTLE_SECONDS, random=Random(7))
    )

    async def start(self) -> None:
        self.server.time = self.clock.monotonic
        self.store = await Store.open(self.path)
        self.events = EventStream()
        self.events.subscribe(self.heard.append)
        self.desk = FakeDesk(self.server)
        self.intake = Intake(self.desk, self.store)
        self.sender = OutboxSender(self.store, self.events, clock=self.clock, patience=self.patience)
        self.sender.attach(self.intake)
        self.puller = Puller(self.intake, self.store, self.events, clock=self.clock, patience=self.patience)

    async def stop(self) -> None:
        await self.store.aclose()

    async def restart(self) -> None:
        await self.stop()
        await self.start()

    # -- the rep ---------------------------------------------------------------------------------------------------

    async def opened(self, number: int = 1) -> RemoteId:
        """A ticket that is on the desk and in the store."""
        ticket = self.server.open_ticket(number)
        await self.puller.pull()
        return ticket

    async def post(
        self,
        ticket: RemoteId,
        *commands: Command,
        hold_seconds: float = HOLD_SECONDS,
        seen: RemoteId | None = None,
    ) -> tuple[OutboxId, ...]:
        """What the rep decides on what the store shows, as one batch."""
        conversation = await self.conversation(ticket)
        header = conversation.ticket
        batch = BatchId(str(uuid.uuid4()))
        entries = [
            OutboxEntry(
                id=OutboxId(str(uuid.uuid4())),
                batch=batch,
                ticket=header.id,
                desk=header.desk,
                remote_id=ticket,
                command=command,
                key=uuid.uuid4().hex,
                created=self.clock.now(),
                release_at=self.clock.now() + timedelta(seconds=hold_seconds),
                state=OutboxState.HELD,
                seen=seen or conversation.messages[-1].remote_id,
                seen_status=header.status,
            )
            for command in commands
        ]
        await self.store.outbox.add(entries)
        self.sender.poke()
        return tuple(entry.id for entry in entries)

    async def hold_over(self) -> None:
        """The undo period ends, and all that is due is sent."""
        await self.sender.drain()
        self.clock.advance(HOLD_SECONDS)
        await self.sender.drain()

    async def patiently(self, rounds: int = 12) -> None:
        """Time enough for every backoff and settling."""
        for _ in range(rounds):
            await self.sender.drain()
            self.clock.advance(SETTLE_SECONDS * 5)
        await self.sender.drain()

    # -- what can be seen ------------------------------------------------------------------------------------------

    async def id_of(self, ticket: RemoteId) -> TicketId:
        found = await self.store.tickets.find(self.desk.id, ticket)
        assert found is not None
        return found

    async def conversation(self, ticket: RemoteId) -> Conversation:
        return await self.store.tickets.conversation(await self.id_of(ticket))

    async def entry(self, entry: OutboxId) -> OutboxEntry:
        return await self.store.outbox.get(entry)

    async def state(self, entry: OutboxId) -> OutboxState:
        return (await self.entry(entry)).state

    def events_of(self, kind: type[Event]) -> list[Event]:
        return [event for event in self.heard if isinstance(event, kind)]


async def until(condition: Callable[[], bool]) -> None:
    """Let the loop run until something holds; a test's own time limit is the end of patience."""
    while not condition():  # noqa: ASYNC110 - the conditions are a server's state, which tells nobody
        await asyncio.sleep(0.001)
