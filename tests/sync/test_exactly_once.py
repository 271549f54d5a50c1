"""Random crashes, faults, late and doubled requests, other people, undos: each accepted reply arrives exactly once."""

from __future__ import annotations

import asyncio
import math
import shutil
import tempfile
from collections import Counter
from collections.abc import Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from copilot.domain import (
    Capabilities,
    OutboxEntry,
    OutboxId,
    OutboxState,
    Person,
    RemoteId,
    Reply,
    SetStatus,
    Status,
)
from copilot.errors import TooLateError
from copilot.sync import rests
from copilot.sync.outbox import WAITS_ITS_TURN
from tests.sync.fake_desk import FakeServer, Fault
from tests.sync.make import AI_AGENT, COLLEAGUE, ME, REQUESTER
from tests.sync.world import HOLD_SECONDS, SETTLE_SECONDS, World

T = TypeVar("T")

TICK_SECONDS = 10.0
TICKETS = (1, 2)
FEW = st.sampled_from([0, 0, 1])
WORDS = st.sampled_from(["Please restart it.", "Thanks!"])
READ_FAULTS = (Fault.LOST, Fault.RATE_LIMITED, Fault.SIGNED_OUT, Fault.GARBLED)
STATUSES = st.sampled_from([None, None, Status.PENDING])
TROUBLE = st.lists(
    st.sampled_from([fault for fault in Fault if not fault.name.startswith("HANGS")]), max_size=3
)
WRITE_FAULTS = (
    Fault.NONE,
    Fault.UNREACHABLE,
    Fault.LOST,
    Fault.UNANSWERED,
    Fault.RATE_LIMITED,
    Fault.SIGNED_OUT,
    Fault.GARBLED,
    Fault.REFUSED,
)


@dataclass
class Accepted:
    """A reply that the rep has sent off at a moment of the test's clock."""

    entry: OutboxId
    ticket: RemoteId
    key: str
    at: float
    undone: bool = False


class Desk(RuleBasedStateMachine):
    """One rep, two tickets, one desk of a kind that the subclasses name."""

    capabilities = Capabilities()
    write_faults: tuple[Fault, ...] = WRITE_FAULTS
    longest_delay = 1e9

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

    # Hypothesis leaves out some rules in each example; what everything hangs on stands here twice.

    @rule(ticket=FEW, text=WORDS, status=STATUSES, trouble=TROUBLE)
    def the_rep_replies(self, ticket: int, text: str, status: Status | None, trouble: list[Fault]) -> None:
        self._reply(self.tickets[ticket], Reply(text=text, status=status), trouble)

    @initialize(text=WORDS, status=STATUSES, trouble=TROUBLE)
    def the_rep_has_replied(self, text: str, status: Status | None, trouble: list[Fault]) -> None:
        self._reply(self.tickets[0], Reply(text=text, status=status), trouble)

    @rule(text=WORDS, status=STATUSES, trouble=TROUBLE)
    def the_rep_replies_again(self, text: str, status: Status | None, trouble: list[Fault]) -> None:
        self._reply(self.tickets[0], Reply(text=text, status=status), trouble)

    def _reply(self, ticket: RemoteId, reply: Reply, trouble: list[Fault]) -> None:
        """To what stands on the desk now; the network has its plans for the writing."""
        self._poll()
        (entry,) = self._do(self.world.post(ticket, reply))
        key = self._do(self.world.entry(entry)).key
        self.accepted.append(Accepted(entry, ticket, key, self.world.clock.monotonic()))
        self.world.server.plan("reply", *(fault for fault in trouble if fault in self.write_faults))

    @rule(ticket=FEW)
    def the_rep_sets_a_status(self, ticket: int) -> None:
        self._do(self.world.post(self.tickets[ticket], SetStatus(status=Status.PENDING), hold_seconds=0))

    @precondition(lambda self: self.accepted)
    @rule(which=st.integers(0, 3))
    def the_rep_undoes(self, which: int) -> None:
        reply = self.accepted[-1 - which % len(self.accepted)]
        if rests.PERHAPS_SENT in self._do(self.world.entry(reply.entry)).problem:
            return  # the rep looks at the desk first, as asked to
        try:
            self._do(self.world.sender.cancel([reply.entry]))
        except TooLateError:
            return
        reply.undone = True

    @precondition(lambda self: self.accepted)
    @rule()
    def the_rep_insists(self) -> None:
        self._insist()

    def _insist(self) -> None:
        for reply in self.accepted:
            state = self._do(self.world.state(reply.entry))
            if state in {OutboxState.BLOCKED, OutboxState.FAILED}:
                self._do(self.world.sender.send_anyway(reply.entry))

    @rule(ticket=FEW, who=st.sampled_from([REQUESTER, COLLEAGUE, AI_AGENT, ME]), last_moment=st.booleans())
    def somebody_writes(self, ticket: int, who: Person, last_moment: bool) -> None:
        server, remote = self.world.server, self.tickets[ticket]
        closable = self.capabilities.safe_update  # without, the moment after our look cannot be closed
        if who is ME:
            self._write_on_the_desk_itself(remote)
        elif last_moment and closable:
            server.meanwhile("reply", lambda: server.writes(remote, who, "Please restart it."))
        else:
            server.writes(remote, who, "Please restart it.")

    def _write_on_the_desk_itself(self, ticket: RemoteId) -> None:
        """Not with the words of a reply under way: without its key, this desk's would be the same message."""
        unfinished = self._do(self.world.store.outbox.unfinished())
        under_way = any(entry.remote_id == ticket for entry in unfinished)
        self.world.server.writes(ticket, ME, "As said on the phone." if under_way else "Please restart it.")

    @rule(ticket=FEW, status=st.sampled_from([Status.OPEN, Status.SOLVED]))
    def somebody_changes_the_status(self, ticket: int, status: Status) -> None:
        self.world.server.change(self.tickets[ticket], status=status)

    @rule(faults=st.lists(st.sampled_from(READ_FAULTS), min_size=1, max_size=2))
    def reading_will_fail(self, faults: list[Fault]) -> None:
        self.world.server.plan("thread", *faults)

    @rule(which=st.integers(0, 3))
    def a_late_request_lands(self, which: int) -> None:
        if self.world.server.late:
            self.world.server.land_late(which % len(self.world.server.late))

    @rule(seconds=st.sampled_from([3.0, 12.0, 40.0, 100.0]))
    def time_passes(self, seconds: float) -> None:
        self._do(self._pass(seconds))

    @rule(seconds=st.sampled_from([12.0, 100.0]))
    def more_time_passes(self, seconds: float) -> None:
        self._do(self._pass(seconds))

    async def _pass(self, seconds: float) -> None:
        await self.world.sender.drain()
        while seconds > 0:
            step = min(seconds, TICK_SECONDS)
            self.world.clock.advance(step)
            seconds -= step
            self._land(older_than=self.longest_delay)
            await self.world.sender.drain()

    def _poll(self) -> None:
        self.world.server.faults["thread"].clear()
        self._do(self.world.puller.pull())

    @rule(call=st.sampled_from(["thread", "reply", "reply", "set_status"]), carried_out=st.booleans())
    def the_process_dies(self, call: str, carried_out: bool) -> None:
        self._do(self._die(call, Fault.HANGS_AFTER if carried_out else Fault.HANGS))

    async def _die(self, call: str, fault: Fault) -> None:
        """All that is in memory is gone while a request was under way, or while nothing was."""
        server = self.world.server
        server.hanging.clear()
        server.faults[call].appendleft(fault)
        self.world.clock.advance(12)
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
    def no_reply_arrives_twice_too_soon_or_after_an_undo(self) -> None:
        arrived = Counter(one.key for one in self.world.server.received)
        assert all(count == 1 for count in arrived.values()), "twice"
        at = {one.key: one.at for one in self.world.server.received}
        for reply in self.accepted:
            assert not (reply.undone and reply.key in at), "after an undo"
            assert at.get(reply.key, math.inf) >= reply.at + HOLD_SECONDS, "too soon"

    def teardown(self) -> None:
        try:
            self._do(self._settle())
            self._judge()
            self._insist()
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
        await self._pass(SETTLE_SECONDS)
        self.world.sender.retry_now(self.world.desk.id)
        await self.world.patiently(rounds=3)
        self._land()
        await self.world.patiently(rounds=1)

    def _land(self, *, older_than: float = 0.0) -> None:
        server = self.world.server
        while server.late and self.world.clock.monotonic() - server.late[0].since >= older_than:
            server.land_late()

    def _judge(self) -> None:
        self.no_reply_arrives_twice_too_soon_or_after_an_undo()
        arrived = [one.key for one in self.world.server.received]
        entries = {one.key: self._do(self.world.entry(one.entry)) for one in self.accepted}
        for key, entry in entries.items():
            match entry.state:
                case OutboxState.SENT:
                    assert key in arrived, "told as sent, and is not"
                    self._check_nothing_was_overlooked(entry)
                case OutboxState.BLOCKED | OutboxState.CANCELLED:
                    assert key not in arrived, "told as not sent, and is"
                case OutboxState.FAILED:
                    assert key not in arrived or rests.PERHAPS_SENT in entry.problem
                case OutboxState.WAITING:
                    assert entry.problem == WAITS_ITS_TURN
                    assert key not in arrived
                case state:
                    raise AssertionError(f"still {state} when all was well")
        for ticket in self.tickets:
            decided = [one.key for one in self.accepted if one.ticket == ticket and one.key in arrived]
            assert [one.key for one in self.world.server.received if one.ticket == ticket] == decided, "order"

    def _check_nothing_was_overlooked(self, entry: OutboxEntry) -> None:
        """With safe updates, between what the rep had read and the reply there is only what we sent ourselves."""
        if not self.capabilities.safe_update:
            return
        ours = {one.message for one in self.world.server.received}
        ids = [message.remote_id for message in self.world.server.threads[entry.remote_id].messages]
        assert entry.seen is not None
        assert entry.sent_as is not None
        assert set(ids[ids.index(entry.seen) + 1 : ids.index(entry.sent_as)]) <= ours, "overlooked"


class SafeDesk(Desk):
    """Refuses what was decided on an older version: requests may be late or doubled without end."""

    capabilities = Capabilities(safe_update=True)
    write_faults = (*WRITE_FAULTS, Fault.LATE, Fault.TWICE)


class KeyedDesk(Desk):
    """Knows our keys: requests may be doubled, and late within the settle time."""

    capabilities = Capabilities(idempotency=True)
    write_faults = (*WRITE_FAULTS, Fault.LATE, Fault.TWICE)
    longest_delay = SETTLE_SECONDS - 2 * TICK_SECONDS


class PlainDesk(Desk):
    """Neither: a request may be late within the settle time, and is never doubled by the network."""

    write_faults = (*WRITE_FAULTS, Fault.LATE)
    longest_delay = SETTLE_SECONDS - 2 * TICK_SECONDS


def _few(machine: type[Desk], examples: int) -> Any:
    case = machine.TestCase
    case.settings = settings(
        max_examples=examples,
        stateful_step_count=20,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
    )
    return case


TestSafeDesk = _few(SafeDesk, 40)
TestKeyedDesk = _few(KeyedDesk, 25)
TestPlainDesk = _few(PlainDesk, 25)
