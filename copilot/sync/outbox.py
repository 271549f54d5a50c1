"""Carries the rep's decisions to the desks: in order, after the undo period, exactly once."""

from __future__ import annotations

import asyncio
import contextlib
import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from copilot.domain import DeskHealth, DeskId, OutboxEntry, OutboxId, OutboxState, RemoteId, Status, TicketId
from copilot.errors import AuthError, BadDataError, DeskError, RateLimitedError, StoreError, TooLateError
from copilot.events import DeskChanged, Event, EventStream, Failed, OutboxChanged
from copilot.store import Store
from copilot.sync.attempt import Attempt, Ended
from copilot.sync.clock import Clock, SystemClock
from copilot.sync.delays import Patience
from copilot.sync.intake import Intake
from copilot.sync.rests import PERHAPS_SENT, Next
from copilot.sync.telling import OUR_FAULT, log_bug, tell_changed
from copilot.sync.turns import take_turns

CONCURRENT_TICKETS = 4
"""How many tickets of one desk are written to at a time."""

WAITS_ITS_TURN = "An earlier entry of this ticket needs you first."

_MOVING = frozenset({OutboxState.HELD, OutboxState.WAITING, OutboxState.SENDING})


@dataclass(slots=True)
class _Trial:
    """What this run remembers of an entry; after a restart everything is tried at once. Times are monotonic."""

    not_before: float
    failures: int = 0
    bad_answers: int = 0
    doubt_since: float | None = None


class OutboxSender:
    """Sends the outbox of all desks.

    All that exactly-once needs is on disk (see `verdicts`): the process may die at any moment. One process sends for a
    workspace; that is the workspace's to see to.
    """

    def __init__(
        self,
        store: Store,
        events: EventStream,
        *,
        clock: Clock | None = None,
        patience: Patience | None = None,
    ) -> None:
        self._store = store
        self._events = events
        self._clock = clock or SystemClock()
        self._patience = patience or Patience()
        self._intakes: dict[DeskId, Intake] = {}
        self._gates: defaultdict[DeskId, asyncio.Semaphore] = defaultdict(
            lambda: asyncio.Semaphore(CONCURRENT_TICKETS)
        )
        self._paused_until: dict[DeskId, float] = {}
        self._trials: dict[OutboxId, _Trial] = {}
        self._busy: set[TicketId] = set()
        self._wake = asyncio.Event()
        self._store_failures = 0

    # -- for the workspace -----------------------------------------------------------------------------------------

    def attach(self, intake: Intake) -> None:
        """Send to this desk from now on."""
        self._intakes[intake.desk.id] = intake
        self.poke()

    def detach(self, desk: DeskId) -> None:
        """Send nothing more to this desk; its entries stay on disk."""
        self._intakes.pop(desk, None)

    def poke(self) -> None:
        """Look at the outbox now: something was added."""
        self._wake.set()

    def retry_now(self, desk: DeskId) -> None:
        """The desk can be reached again, or the rep has signed in: wait no longer."""
        self._paused_until.pop(desk, None)
        now = self._clock.monotonic()
        for trial in self._trials.values():
            if trial.failures:
                trial.not_before = now
        self.poke()

    async def run_forever(self) -> None:
        """Send until cancelled. Desk errors become states of the entries; only our own bugs raise."""
        unsubscribe = self._events.subscribe(self._hear)
        try:
            async with asyncio.TaskGroup() as lanes:
                while True:
                    self._wake.clear()
                    await self._clock.wait(self._wake, await self._pass_or_pause(lanes))
        finally:
            unsubscribe()

    async def drain(self) -> None:
        """Send everything that is due, then return; what waits for its time or for a desk stays."""
        started = -1
        while started:
            async with asyncio.TaskGroup() as lanes:
                started, _ = await self._pass(lanes)

    async def cancel(self, entries: Sequence[OutboxId]) -> None:
        """Take entries back, all or none. Raises `TooLateError` when one of them may have reached the desk."""
        try:
            changed = await self._store.outbox.cancel(entries)
        except ValueError as error:
            raise TooLateError(
                "It has already left for the desk and cannot be taken back.", "Send a correction instead."
            ) from error
        for entry in [await self._store.outbox.get(id_) for id_ in entries]:
            self._events.publish(OutboxChanged(entry.id, entry.ticket, entry.state))
        tell_changed(self._events, changed)
        self.poke()

    async def send_anyway(self, entry: OutboxId) -> None:
        """Try a blocked, failed or waiting entry again: the rep has read what is new and what went wrong.

        A blocked one then goes out unless something even newer has arrived; also to a ticket that is closed.
        Raises `TooLateError` when it is on its way already.
        """
        blocked = await self._store.outbox.get(entry)
        seen, status = blocked.seen, blocked.seen_status
        if blocked.state is OutboxState.BLOCKED:
            seen, status = await self._newest(blocked), Status.CLOSED
        try:
            changed = await self._store.outbox.reconsider(entry, seen=seen, seen_status=status)
        except ValueError as error:
            raise TooLateError("It is already on its way to the desk.") from error
        self._trials.pop(entry, None)
        self._events.publish(OutboxChanged(entry, blocked.ticket, OutboxState.WAITING))
        tell_changed(self._events, changed)
        self.poke()

    async def _newest(self, blocked: OutboxEntry) -> RemoteId | None:
        if blocked.newer:
            return blocked.newer[-1].remote_id
        conversation = await self._store.tickets.conversation(blocked.ticket)
        return conversation.messages[-1].remote_id if conversation.messages else blocked.seen

    def _hear(self, event: Event) -> None:
        match event:
            case DeskChanged(desk=desk, health=DeskHealth.ONLINE, problem=""):
                self.retry_now(desk)

    # -- one pass --------------------------------------------------------------------------------------------------

    async def _pass_or_pause(self, lanes: asyncio.TaskGroup) -> float | None:
        """A pass; while the store cannot be used, a growing delay and a word to the rep."""
        try:
            _, wait = await self._pass(lanes)
        except StoreError as error:
            self._store_failures += 1
            self._events.publish(Failed("outbox", error.message, error.advice))
            return self._patience.backoff(self._store_failures)
        self._store_failures = 0
        return wait

    async def _pass(self, lanes: asyncio.TaskGroup) -> tuple[int, float | None]:
        """Start all that is due; answers how many, and the seconds until the next (None: until something happens)."""
        unfinished = await self._store.outbox.unfinished()
        known = {entry.id for entry in unfinished}
        self._trials = {id_: trial for id_, trial in self._trials.items() if id_ in known}
        turns = take_turns(unfinished)
        await self._explain(turns.stuck)
        started, waits = 0, []
        for entry in turns.heads:
            intake = self._intakes.get(entry.desk)
            if intake is None or entry.ticket in self._busy:
                continue
            wait = self._due_in(entry)
            if wait > 0:
                waits.append(wait)
                continue
            self._busy.add(entry.ticket)
            lanes.create_task(self._lane(entry, intake), name=f"outbox {entry.id}")
            started += 1
        return started, min(waits, default=None)

    async def _explain(self, stuck: Sequence[OutboxEntry]) -> None:
        for entry in stuck:
            if entry.problem == WAITS_ITS_TURN or self._due_in(entry) > 0:
                continue
            changed = await self._store.outbox.step(entry.id, OutboxState.WAITING, problem=WAITS_ITS_TURN)
            self._events.publish(OutboxChanged(entry.id, entry.ticket, OutboxState.WAITING))
            tell_changed(self._events, changed)

    def _due_in(self, entry: OutboxEntry) -> float:
        """Seconds until the entry may leave."""
        now = self._clock.monotonic()
        if entry.id not in self._trials:
            self._trials[entry.id] = _Trial(
                not_before=now + self._held_for(entry),
                doubt_since=now if entry.state is OutboxState.SENDING else None,
            )
        not_before = max(self._trials[entry.id].not_before, self._paused_until.get(entry.desk, now))
        return not_before - now

    def _held_for(self, entry: OutboxEntry) -> float:
        """What is left of the undo period: never more than the whole of it, wherever the wall clock was set to."""
        if entry.state is not OutboxState.HELD:
            return 0.0
        whole = (entry.release_at - entry.created).total_seconds()
        left = (entry.release_at - self._clock.now()).total_seconds()
        return max(0.0, min(whole, left))

    # -- one entry -------------------------------------------------------------------------------------------------

    async def _lane(self, listed: OutboxEntry, intake: Intake) -> None:
        try:
            async with self._gates[listed.desk]:
                await self._attempt(listed.id, intake)
        except StoreError as error:
            self._events.publish(Failed("outbox", error.message, error.advice))
            self._after(listed, Ended(then=Next.TRY_AGAIN))
        except Exception as error:  # noqa: BLE001 - one entry's bug must not keep the others from being sent
            with contextlib.suppress(StoreError, ValueError):  # it is logged; more cannot be done
                await self._own_up(listed, error)
        finally:
            self._busy.discard(listed.ticket)
            self._wake.set()

    async def _attempt(self, entry_id: OutboxId, intake: Intake) -> None:
        entry = await self._store.outbox.get(entry_id)
        if entry.state not in _MOVING:
            return
        trial = self._trials[entry_id]
        attempt = Attempt(
            intake,
            self._store,
            self._events,
            entry,
            settled=self._settles_at(trial) <= self._clock.monotonic(),
            bad_answers=trial.bad_answers,
        )
        self._after(entry, await attempt.run())

    def _after(self, entry: OutboxEntry, ended: Ended) -> None:
        """Remember when to try again."""
        trial = self._trials.get(entry.id)
        if trial is None:
            return
        now = self._clock.monotonic()
        trial.bad_answers = trial.bad_answers + 1 if isinstance(ended.error, BadDataError) else 0
        if ended.wrote_in_doubt or (ended.settling and trial.doubt_since is None):
            trial.doubt_since = now
        if ended.then is Next.REP:
            trial.failures = 0
        elif ended.settling:
            trial.not_before = self._settles_at(trial)
        else:
            trial.failures += 1
            trial.not_before = now + self._delay(ended.error, trial.failures)
        if ended.then is Next.PAUSE_DESK:
            self._paused_until[entry.desk] = trial.not_before

    def _delay(self, error: DeskError | None, failures: int) -> float:
        match error:
            case RateLimitedError():
                return self._patience.rate_limit(error, failures)
            case AuthError():
                return self._patience.cap_seconds
        return self._patience.backoff(failures)

    def _settles_at(self, trial: _Trial) -> float:
        if trial.doubt_since is None:
            return math.inf
        return trial.doubt_since + self._patience.settle_seconds

    async def _own_up(self, listed: OutboxEntry, error: Exception) -> None:
        """A bug of ours: leave the entry to the rep and say where it happened, without the words it happened on."""
        log_bug("outbox.bug", error, entry=listed.id)
        entry = await self._store.outbox.get(listed.id)
        if entry.state.is_final:
            return
        problem = f"{OUR_FAULT} {PERHAPS_SENT}" if entry.state is OutboxState.SENDING else OUR_FAULT
        changed = await self._store.outbox.step(entry.id, OutboxState.FAILED, problem=problem)
        self._events.publish(OutboxChanged(entry.id, entry.ticket, OutboxState.FAILED))
        self._events.publish(Failed("outbox", problem))
        tell_changed(self._events, changed)
