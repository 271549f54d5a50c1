"""What to do with a reply or note, given the thread as it is on the desk now. Pure: no clock, no desk, no store.

Exactly once rests on three facts:

- Before a write begins its entry is SENDING on disk, so an entry that is not SENDING has not been carried out.
- The thread read before each try tells whether an earlier try has arrived (`Desk.is_ours`), leaving out messages that
  looked like ours before the first try, and messages that other entries of ours have become.
- Nothing can arrive between that reading and the try. On a desk with safe updates the try carries the version of the
  thread it was decided on: when anything arrived meanwhile, an earlier try of ours included, the desk refuses it, and
  we read again. On a desk with idempotency the key makes a second arrival harmless. On a desk with neither we let the
  first try settle before we look (see `Patience.settle_seconds`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from copilot.domain import (
    Capabilities,
    Message,
    MessageKind,
    OutboxEntry,
    OutboxState,
    RemoteId,
    Reply,
    Role,
    Thread,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Everything a verdict stands on.

    `taken` are messages that other entries of ours have become; `settled` says that the settle time since the last
    write without an answer is over.
    """

    entry: OutboxEntry
    thread: Thread
    capabilities: Capabilities
    looks_ours: Callable[[Message], bool]
    taken: frozenset[RemoteId] = frozenset()
    settled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """An earlier try has reached the desk, as this message."""

    message: RemoteId


@dataclass(frozen=True, slots=True, kw_only=True)
class Send:
    """Write it, safe against the version of this thread; `lookalikes` were there before."""

    lookalikes: tuple[RemoteId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settle:
    """An earlier try may still be on its way: look again when the settle time is over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """The ticket is no longer what the rep answered: `problem` in words, `newer` is what came meanwhile."""

    problem: str
    newer: tuple[Message, ...] = ()


Verdict = Arrived | Send | Settle | Block

DELETED = "The ticket was deleted on the desk meanwhile. Keep your words or discard them."
MERGED = "The ticket was merged into another one meanwhile. Discard this and answer there."
CLOSED = "The ticket was closed meanwhile. Send anyway, or discard this."
MESSAGE_GONE = (
    "The message you answered is no longer on the ticket. Read it again, then send anyway or discard this."
)
WRITERS = {
    Role.REQUESTER: "The requester has written again. Read it, then send anyway, edit or discard.",
    Role.REP: "Somebody else has answered meanwhile. Read it, then send anyway, edit or discard.",
    Role.AI_AGENT: "The AI agent has answered meanwhile. Read it, then send anyway, edit or discard.",
}


def decide(case: Case) -> Verdict:
    """What to do next with this reply or note."""
    ours = [message for message in case.thread.messages if _is_of_our_kind(case, message)]
    if case.entry.attempts:
        arrived = [message for message in ours if message.remote_id not in case.entry.lookalikes]
        if arrived:
            return Arrived(message=arrived[0].remote_id)
    block = _reason_to_block(case)
    if _may_still_arrive(case, would_send=block is None):
        return Settle()
    return block or Send(lookalikes=tuple(message.remote_id for message in ours))


def _is_of_our_kind(case: Case, message: Message) -> bool:
    kind = MessageKind.PUBLIC if isinstance(case.entry.command, Reply) else MessageKind.NOTE
    return message.kind is kind and message.remote_id not in case.taken and case.looks_ours(message)


def _may_still_arrive(case: Case, *, would_send: bool) -> bool:
    """Whether the next step could go wrong because an earlier try is still on its way.

    With safe updates it cannot: a try that is still under way carries an older version and is refused as soon as
    anything has changed, and if nothing has, ours carries the same version and only one of the two gets in.
    """
    if case.settled or case.entry.state is not OutboxState.SENDING or case.capabilities.safe_update:
        return False
    return not (would_send and case.capabilities.idempotency)


def _reason_to_block(case: Case) -> Block | None:
    snapshot = case.thread.snapshot
    entry = case.entry
    if snapshot.remote_id != entry.remote_id:
        return Block(problem=MERGED)
    if snapshot.deleted:
        return Block(problem=DELETED)
    if entry.seen is None and not isinstance(entry.command, Reply):
        return None
    position = _position(case.thread, entry.seen)
    if position is None:
        return Block(problem=MESSAGE_GONE)
    newer = tuple(
        message
        for message in case.thread.messages[position:]
        if message.kind is MessageKind.PUBLIC
        and message.author.role is not Role.SYSTEM
        and message.remote_id not in case.taken
    )
    if newer:
        return Block(problem=WRITERS[newer[-1].author.role], newer=newer)
    if snapshot.status.is_done and not (entry.seen_status and entry.seen_status.is_done):
        return Block(problem=CLOSED)
    return None


def _position(thread: Thread, seen: RemoteId | None) -> int | None:
    """Where what the rep had not read begins; None when the message read last has gone."""
    if seen is None:
        return 0
    places = [place for place, message in enumerate(thread.messages) if message.remote_id == seen]
    return places[-1] + 1 if places else None
