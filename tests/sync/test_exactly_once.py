"""Random crashes, faults, late and doubled requests, other people, undos: each accepted reply arrives exactly once."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections import Counter
from collections.abc import Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from copilot.domain import Capabilities, OutboxId, OutboxState, RemoteId, Reply, SetStatus, Status
from copilot.errors import TooLateError
from tests.sync.fake_desk import FakeServer, Fault
from tests.sync.make import AI_AGENT, COLLEAGUE, REQUESTER
from tests.sync.world import World

T = TypeVar("T")

TICKETS = (1, 2)
WORDS = st.sampled_from(["Please restart it.", "Thanks!", "We look into it."])
READ_FAULTS = (Fault.LOST, Fault.RATE_LIMITED, Fault.SIGNED_OUT, Fault.GARBLED)
WRITE_FAULTS = (
    Fault.LOST,
    Fault.UNANSWERED,
    Fault.RATE_LIMITED,
    Fault.SIGNED_OUT,
    Fault.GARBLED,
    Fault.REFUSED,
)


@dataclass
class Accepted:
    """A reply that the rep has sent off, and what became of it as far as the rep was told."""

    entry: OutboxId
    ticket: RemoteId
    text: str
    undone: bool = False


class Desk(RuleBasedStateMachine):
    """One rep, two tickets, one desk of a kind that the subclasses name."""

    capabilities = Capabilities()
    write_faults: tuple[Fault, ...] = WRITE_FAULTS
    lands_before_settling = False

    def __init__(self) -> None:
        super().__init__()
        self._runner = asyncio.Runner()
        self._folder = Path(tempfile.mkdtemp(prefix="outbox-"))
        server = FakeServer(capabilities=self.capabilities)
        self.world = World(path=self._folder / "workspace.sqlite3", server=server)
        self.accepted: list[Accepted] = []
        self.tickets = [self._do(self._open(number)) for number in TICKETS]

    async def _open(self, number: int) -> RemoteId:
        if not hasattr(self.world, "store"):
            await self.world.start()
        return await self.world.opened(number)

    def _do(self, work: Coroutine[Any, Any, T]) -> T:
        return self._runner.run(work)

    # -- what happens ----------------------------------------------------------------------------------------------

    @rule(ticket=st.sampled_from([0, 1]), text=WORDS, status=st.sampled_from([None, Status.PENDING]))
    def the_rep_replies(self, ticket: int, text: str, status: Status | None) -> None:
        remote = self.tickets[ticket]
        (entry,) = self._do(self.world.post(remote, Reply(text=text, status=status)))
        self.accepted.append(Accepted(entry, remote, text))

    @rule(ticket=st.sampled_from([0, 1]))
    def the_rep_sets_a_status(self, ticket: int) -> None:
        self._do(self.world.post(self.tickets[ticket], SetStatus(status=Status.PENDING), hold_seconds=0))

    @precondition(lambda self: self.accepted)
    @rule(which=st.integers(0, 50))
    def the_rep_undoes(self, which: int) -> None:
        reply = self.accepted[which % len(self.accepted)]
        try:
            self._do(self.world.sender.cancel([reply.entry]))
        except TooLateError:
            return
        reply.undone = True

    @precondition(lambda self: self.accepted)
    @rule(which=st.integers(0, 50))
    def the_rep_insists(self, which: int) -> None:
        reply = self.accepted[which % len(self.accepted)]
        state = self._do(self.world.state(reply.entry))
        if state in {OutboxState.BLOCKED, OutboxState.FAILED}:
            self._do(self.world.sender.send_anyway(reply.entry))

    @rule(ticket=st.sampled_from([0, 1]), who=st.sampled_from([REQUESTER, COLLEAGUE, AI_AGENT]))
    def somebody_writes(self, ticket: int, who: Any) -> None:
        self.world.server.writes(self.tickets[ticket], who, "Please restart it.")

    @rule(ticket=st.sampled_from([0, 1]), who=st.sampled_from([REQUESTER, COLLEAGUE]))
    def somebody_writes_at_the_last_moment(self, ticket: int, who: Any) -> None:
        if self.capabilities.safe_update:  # without, the moment between look and write cannot be closed
            server, remote = self.world.server, self.tickets[ticket]
            server.meanwhile("reply", lambda: server.writes(remote, who))

    @rule(ticket=st.sampled_from([0, 1]), status=st.sampled_from([Status.OPEN, Status.SOLVED]))
    def somebody_changes_the_status(self, ticket: int, status: Status) -> None:
        self.world.server.change(self.tickets[ticket], status=status)

    @rule(faults=st.lists(st.sampled_from(READ_FAULTS), min_size=1, max_size=3))
    def reading_will_fail(self, faults: list[Fault]) -> None:
        self.world.server.plan("thread", *faults)

    @rule(data=st.data())
    def writing_will_fail(self, data: st.DataObject) -> None:
        self.world.server.plan("reply", data.draw(st.sampled_from(self.write_faults)))

    @rule(which=st.integers(0, 10))
    def a_late_request_lands(self, which: int) -> None:
        if self.world.server.late:
            self.world.server.land_late(which % len(self.world.server.late))

    @rule(seconds=st.sampled_from([1.0, 10.0, 40.0]))
    def time_passes(self, seconds: float) -> None:
        self._do(self._pass(seconds))

    async def _pass(self, seconds: float) -> None:
        if self.lands_before_settling:
            self._land_all()
        self.world.clock.advance(seconds)
        await self.world.sender.drain()

    @rule()
    def the_poll_reads(self) -> None:
        self.world.server.faults["thread"].clear()
        self._do(self.world.puller.pull())

    @rule(
        call=st.sampled_from(["thread", "reply", "set_status"]),
        fault=st.sampled_from(["HANGS", "HANGS_AFTER"]),
    )
    def the_process_dies_in_a_call(self, call: str, fault: str) -> None:
        self._do(self._die(call, Fault[fault]))

    async def _die(self, call: str, fault: Fault) -> None:
        """All that is in memory is gone while a request was under way, or while nothing was."""
        server = self.world.server
        server.hanging.clear()
        server.faults[call].appendleft(fault)
        self.world.clock.advance(10)
        drain = asyncio.create_task(self.world.sender.drain())
        hanging = asyncio.create_task(server.hanging.wait())
        await asyncio.wait({drain, hanging}, return_when=asyncio.FIRST_COMPLETED)
        for task in (drain, hanging):
            task.cancel()
        await asyncio.wait({drain, hanging})
        if server.faults[call] and server.faults[call][0] is fault:
            server.faults[call].popleft()
        await self.world.restart()

    # -- what must hold --------------------------------------------------------------------------------------------

    @invariant()
    def nothing_arrives_twice_or_after_an_undo(self) -> None:
        arrived = Counter(one.key for one in self.world.server.received)
        assert all(count == 1 for count in arrived.values()), "a reply arrived twice"
        keys = {self._do(self.world.entry(one.entry)).key for one in self.accepted if one.undone}
        assert not keys & set(arrived), "an undone reply arrived"

    def teardown(self) -> None:
        try:
            self._do(self._settle())
            self._judge()
        finally:
            self._do(self.world.stop())
            self._runner.close()
            shutil.rmtree(self._folder)

    async def _settle(self) -> None:
        """The desk gets well, all that was late lands, and time passes."""
        server = self.world.server
        server.faults.clear()
        server.others.clear()
        if self.lands_before_settling:
            self._land_all()
        self.world.sender.retry_now(self.world.desk.id)
        await self.world.patiently()
        self._land_all()
        await self.world.patiently(rounds=1)

    def _land_all(self) -> None:
        while self.world.server.late:
            self.world.server.land_late()

    def _judge(self) -> None:
        arrived = [one.key for one in self.world.server.received]
        for reply in self.accepted:
            entry = self._do(self.world.entry(reply.entry))
            match entry.state:
                case OutboxState.SENT:
                    assert arrived.count(entry.key) == 1, "told as sent, did not arrive exactly once"
                case OutboxState.BLOCKED | OutboxState.CANCELLED:
                    assert entry.key not in arrived, "told as not sent, arrived"
                case OutboxState.FAILED:
                    assert arrived.count(entry.key) <= 1
                    assert entry.key not in arrived or "look at the desk" in entry.problem
                case OutboxState.WAITING:
                    assert "needs you first" in entry.problem
                    assert entry.key not in arrived
                case state:
                    raise AssertionError(f"still {state} when all was well")
        for ticket in self.tickets:
            entries = [self._do(self.world.entry(one.entry)) for one in self.accepted if one.ticket == ticket]
            decided = [entry.key for entry in entries if entry.key in arrived]
            assert [one.key for one in self.world.server.received if one.ticket == ticket] == decided, "order"


class SafeDesk(Desk):
    """Refuses what was decided on an older version: requests may be late or doubled without end."""

    capabilities = Capabilities(safe_update=True)
    write_faults = (*WRITE_FAULTS, Fault.LATE, Fault.TWICE)


class KeyedDesk(Desk):
    """Knows our keys: requests may be doubled, and late within the settle time."""

    capabilities = Capabilities(idempotency=True)
    write_faults = (*WRITE_FAULTS, Fault.LATE, Fault.TWICE)
    lands_before_settling = True


class PlainDesk(Desk):
    """Neither: a request may be late within the settle time, and is never doubled by the network."""

    write_faults = (*WRITE_FAULTS, Fault.LATE)
    lands_before_settling = True


def _few(machine: type[Desk], examples: int) -> Any:
    case = machine.TestCase
    case.settings = settings(
        max_examples=examples,
        stateful_step_count=30,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
    )
    return case


TestSafeDesk = _few(SafeDesk, 30)
TestKeyedDesk = _few(KeyedDesk, 15)
TestPlainDesk = _few(PlainDesk, 15)
