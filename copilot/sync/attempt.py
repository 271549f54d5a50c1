"""One pass over one outbox entry: read, decide, write, and leave behind a state that tells the truth."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

import structlog

from copilot.desks.base import MergingDesk, Receipt, SharedDesk
from copilot.domain import (
    Assign,
    Command,
    Merge,
    Message,
    MessageKind,
    Note,
    OutboxEntry,
    OutboxState,
    RemoteId,
    Reply,
    Role,
    SetFields,
    SetStatus,
    SetTags,
    Status,
    Thread,
)
from copilot.errors import (
    BadDataError,
    ConflictError,
    DeskError,
    UnavailableError,
    UnreachableError,
    UnsupportedError,
)
from copilot.events import EventStream, Failed, OutboxChanged
from copilot.store import Store
from copilot.store.tickets import Changed
from copilot.sync.intake import Fetched, Intake
from copilot.sync.rests import BUSY, NO_ANSWER, STATUS_TO_COME, Next, rest_after, rest_after_sending
from copilot.sync.telling import tell_changed
from copilot.sync.turns import carries_words
from copilot.sync.verdicts import Arrived, Block, Case, Send, Settle, decide

log = structlog.get_logger()

TRIES_AT_ONCE = 3
"""How often a refused safe update is read and decided anew before the sender waits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a pass ended: what comes next, the error if there was one, and whether a write went without an answer."""

    then: Next
    error: DeskError | None = None
    settling: bool = False
    wrote_in_doubt: bool = False


class _UndoneError(Exception):
    """The rep took the entry back while we were reading."""


AT_REST = Ended(then=Next.REP)


class Attempt:
    """One pass over one entry.

    `settled` says that the settle time since its last write without an answer is over; `bad_answers` counts unreadable
    answers until now. A cancelled pass leaves the entry as it is on disk: SENDING if a write had begun.
    """

    def __init__(
        self,
        intake: Intake,
        store: Store,
        events: EventStream,
        entry: OutboxEntry,
        *,
        settled: bool,
        bad_answers: int,
    ) -> None:
        self._intake = intake
        self._desk = intake.desk
        self._store = store
        self._events = events
        self._entry = entry
        self._settled = settled
        self._bad_answers = bad_answers
        self._doubt = entry.state is OutboxState.SENDING
        self._wrote_in_doubt = False

    async def run(self) -> Ended:
        """Bring the entry as far as it goes now. Raises `StoreError`; desk errors become its state."""
        try:
            if self._entry.sent_as is not None:
                return await self._check_status(self._entry.sent_as)
            if carries_words(self._entry):
                return await self._send_words()
            return await self._set_field()
        except _UndoneError:
            return AT_REST
        except DeskError as error:
            with contextlib.suppress(_UndoneError):
                return await self._rest_after(error)
            return AT_REST

    # -- words -----------------------------------------------------------------------------------------------------

    async def _send_words(self) -> Ended:
        """Read the thread, decide, write; a refused safe update is decided anew on a new reading."""
        me = await self._intake.me()
        others = await self._store.outbox.of_ticket(self._entry.ticket)
        taken = frozenset(other.sent_as for other in others if other.sent_as and other.id != self._entry.id)

        def looks_ours(message: Message) -> bool:
            return self._desk.is_ours(message, _words(self._entry), key=self._entry.key, me=me)

        conflict: ConflictError | None = None
        for _ in range(TRIES_AT_ONCE):
            fetched = await self._intake.fetch(self._entry.remote_id)
            case = Case(
                entry=self._entry,
                thread=fetched.thread,
                capabilities=self._desk.capabilities,
                looks_ours=looks_ours,
                taken=taken,
                settled=self._settled,
            )
            match await asyncio.to_thread(decide, case):  # telling our words from others' may take a while
                case Arrived(message=message):
                    return await self._arrived(message)
                case Settle():
                    self._tell(OutboxState.SENDING, await self._step(OutboxState.SENDING, problem=NO_ANSWER))
                    return Ended(then=Next.TRY_AGAIN, settling=True)
                case Block() as block:
                    return await self._block(block, fetched)
                case Send(lookalikes=lookalikes):
                    if others_at_work := await self._others_at_work():
                        return await self._block(Block(problem=others_at_work), fetched)
                    if not await self._begin(lookalikes):
                        return AT_REST
            try:
                receipt = await self._write(fetched.thread.snapshot.version)
            except ConflictError as error:
                conflict = error
                await self._not_carried_out()
                continue
            return await self._arrived(receipt.message or await self._find(case))
        raise conflict or ConflictError("The ticket keeps changing.")

    async def _others_at_work(self) -> str:
        """Why a reply waits for a colleague who has the ticket open, in words; empty when it need not."""
        entry, desk = self._entry, self._desk
        overridden = entry.seen_status is Status.CLOSED  # what "send anyway" leaves behind
        asks = (
            desk.capabilities.viewers and isinstance(entry.command, Reply) and not (overridden or self._doubt)
        )
        if not asks or not isinstance(desk, SharedDesk):
            return ""
        try:
            there = await desk.viewers(entry.remote_id)
        except DeskError as error:  # a courtesy between colleagues, no condition of sending
            log.info("outbox.viewers_unknown", entry=entry.id, error=type(error).__name__)
            return ""
        me = await self._intake.me()
        names = [person.name for person in there if person.remote_id != me.remote_id]
        if not names:
            return ""
        verb = "is" if len(names) == 1 else "are"
        return f"{', '.join(names)} {verb} on this ticket now. Talk to them, then send anyway or discard."

    async def _find(self, before: Case) -> RemoteId | None:
        """The message that a write without a message id in its answer has become."""
        try:
            fetched = await self._intake.fetch(self._entry.remote_id)
        except DeskError:
            return None
        verdict = await asyncio.to_thread(decide, replace(before, entry=self._entry, thread=fetched.thread))
        return verdict.message if isinstance(verdict, Arrived) else None

    async def _block(self, block: Block, fetched: Fetched) -> Ended:
        """Show the rep what is new: in the conversation, and beside the words that were not sent."""
        cleaned = await self._intake.cleaned([replace(fetched.thread, messages=block.newer)])
        stored = await self._intake.put([fetched])
        stepped = await self._step(OutboxState.BLOCKED, problem=block.problem, newer=cleaned[0].messages)
        self._tell(OutboxState.BLOCKED, stepped, stored)
        return AT_REST

    async def _arrived(self, message: RemoteId | None) -> Ended:
        if message is None or _wanted_status(self._entry.command) is None:
            return await self._sent(message)
        await self._step(OutboxState.SENDING, problem=STATUS_TO_COME, sent_as=message)
        return await self._check_status(message)

    async def _check_status(self, message: RemoteId) -> Ended:
        """See that the reply brought its status with it; set it when the desk let it fall."""
        fetched = await self._intake.fetch(self._entry.remote_id)
        wanted = _wanted_status(self._entry.command)
        there = fetched.thread.snapshot.status is wanted
        if wanted is None or there or _somebody_wrote_after(message, fetched.thread):
            return await self._sent(message, fetched)
        await self._desk.set_status(self._entry.remote_id, wanted)
        return await self._sent(message)

    # -- fields ----------------------------------------------------------------------------------------------------

    async def _set_field(self) -> Ended:
        """Setting a field twice is setting it once: no look before, and no harm in trying again."""
        if not await self._begin(()):
            return AT_REST
        await self._write(None)
        return await self._sent(None)

    # -- writing ---------------------------------------------------------------------------------------------------

    async def _begin(self, lookalikes: Sequence[RemoteId]) -> bool:
        """On disk before it leaves. False when it was undone meanwhile."""
        if self._entry.state is OutboxState.SENDING:
            await self._store.outbox.step(self._entry.id, OutboxState.SENDING)
        elif not await self._store.outbox.claim(self._entry.id, lookalikes=lookalikes):
            return False
        self._entry = await self._store.outbox.get(self._entry.id)
        self._events.publish(OutboxChanged(self._entry.id, self._entry.ticket, OutboxState.SENDING))
        return True

    async def _write(self, version: str | None) -> Receipt:
        try:
            return await self._call(version)
        except UnreachableError:
            raise
        except (UnavailableError, BadDataError):
            self._doubt = self._wrote_in_doubt = True
            raise

    async def _call(self, version: str | None) -> Receipt:
        ticket, key = self._entry.remote_id, self._entry.key
        match self._entry.command:
            case Reply() as reply:
                return await self._desk.reply(ticket, reply, key=key, version=version)
            case Note(text=text):
                return await self._desk.note(ticket, text, key=key, version=version)
            case Assign(person=person, group=group):
                return await self._desk.assign(ticket, person, group)
            case SetStatus(status=status):
                return await self._desk.set_status(ticket, status)
            case SetTags(tags=tags):
                return await self._desk.set_tags(ticket, tags)
            case SetFields(fields=fields):
                return await self._desk.set_fields(ticket, fields)
            case Merge(into=into):
                return await self._merge(into)

    async def _merge(self, into: RemoteId) -> Receipt:
        desk = self._desk
        if not isinstance(desk, MergingDesk):
            raise UnsupportedError(f"{desk.name} cannot merge tickets.")
        return await desk.merge(self._entry.remote_id, into)

    async def _not_carried_out(self) -> None:
        """The desk said no to this try: it can be undone again, unless an earlier one is still in doubt."""
        if not self._doubt:
            self._tell(OutboxState.WAITING, await self._step(OutboxState.WAITING, problem=BUSY))

    # -- coming to rest --------------------------------------------------------------------------------------------

    async def _sent(self, message: RemoteId | None, fetched: Fetched | None = None) -> Ended:
        """Final on disk at once; then the thread is read back, and only then all is told: nothing flickers."""
        stepped = await self._step(OutboxState.SENT, sent_as=message)
        stored = Changed()
        try:
            fetched = fetched or await self._intake.fetch(self._entry.remote_id)
            stored = await self._intake.put([fetched, *await self._merged_away(fetched)])
        except DeskError as error:  # the next poll brings the thread
            log.info("outbox.not_read_back", entry=self._entry.id, error=type(error).__name__)
        self._tell(OutboxState.SENT, stepped, stored)
        return AT_REST

    async def _merged_away(self, fetched: Fetched) -> list[Fetched]:
        """The ticket itself, gone, when the desk answers with the one it was merged into."""
        if fetched.thread.snapshot.remote_id == self._entry.remote_id:
            return []
        return [self._intake.gone(await self._store.tickets.get(self._entry.ticket))]

    async def _rest_after(self, error: DeskError) -> Ended:
        bad_answers = self._bad_answers + isinstance(error, BadDataError)
        if self._entry.sent_as is not None:
            rest = rest_after_sending(error, bad_answers=bad_answers)
        else:
            words = carries_words(self._entry)
            rest = rest_after(error, doubt=self._doubt, words=words, bad_answers=bad_answers)
        if (self._entry.state, self._entry.problem) != (rest.state, rest.problem):
            self._tell(rest.state, await self._step(rest.state, problem=rest.problem))
            if rest.then is Next.REP:
                self._events.publish(Failed("outbox", rest.problem))
        return Ended(then=rest.then, error=error, wrote_in_doubt=self._wrote_in_doubt)

    async def _step(
        self,
        state: OutboxState,
        *,
        problem: str = "",
        newer: Sequence[Message] = (),
        sent_as: RemoteId | None = None,
    ) -> Changed:
        outbox = self._store.outbox
        try:
            changed = await outbox.step(self._entry.id, state, problem=problem, newer=newer, sent_as=sent_as)
        except ValueError:
            raise _UndoneError from None
        self._entry = await outbox.get(self._entry.id)
        return changed

    def _tell(self, state: OutboxState, *changes: Changed) -> None:
        self._events.publish(OutboxChanged(self._entry.id, self._entry.ticket, state))
        tell_changed(self._events, *changes)


def _words(entry: OutboxEntry) -> str:
    return entry.command.text if isinstance(entry.command, Reply | Note) else ""


def _wanted_status(command: Command) -> Status | None:
    return command.status if isinstance(command, Reply) else None


def _somebody_wrote_after(sent_as: RemoteId, thread: Thread) -> bool:
    """Whether a person or the AI agent wrote publicly since; the ticket's status is then theirs, not our reply's."""
    ids = [message.remote_id for message in thread.messages]
    since = thread.messages[ids.index(sent_as) + 1 :] if sent_as in ids else thread.messages
    return any(
        message.kind is MessageKind.PUBLIC and message.author.role is not Role.SYSTEM for message in since
    )
