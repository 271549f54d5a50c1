"""Where an outbox entry rests after a desk error: which state tells the truth, in which words, and what comes next."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from copilot.domain import OutboxState
from copilot.errors import (
    AuthError,
    BadDataError,
    ConflictError,
    DeskError,
    NotFoundError,
    RateLimitedError,
    UnavailableError,
)

BAD_ANSWERS_ALLOWED = 5

NO_CONNECTION = "No connection; will be sent when it returns."
SLOW_DOWN = "The desk asks us to slow down; will be sent by itself."
SIGN_IN = "The desk wants you to sign in again; will be sent after that."
BUSY = "The ticket keeps changing on the desk; trying again."
UNREADABLE = "The desk answered with something unreadable; trying again."
NO_ANSWER = "No answer from the desk. We look whether it has arrived before anything is sent again."
KEEP_OR_DISCARD = "Keep your words or discard them."
PERHAPS_SENT = "An earlier try got no answer: look at the desk before sending again."
STATUS_TO_COME = "Sent; the ticket's status is still to be checked."


class Next(Enum):
    """What the sender does with the entry after it has come to rest."""

    TRY_AGAIN = auto()
    """Alone, after a growing delay."""
    PAUSE_DESK = auto()
    """After the desk's delay, and nothing else goes to this desk before."""
    REP = auto()
    """Nothing, until the rep decides."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rest:
    """A state with its problem in words, and what comes next."""

    state: OutboxState
    problem: str
    then: Next


def rest_after(error: DeskError, *, doubt: bool, words: bool, bad_answers: int) -> Rest:
    """Where the entry rests.

    `doubt` says that a write may have been carried out: then it stays SENDING, which nobody can undo, until we know.
    `words` is a reply or note. `bad_answers` counts unreadable answers in a row; they alone exhaust our patience, for a
    dead network, a busy desk and a missing sign-in are no fault of the entry's.
    """
    match error:
        case UnavailableError():
            return _waiting(NO_ANSWER if doubt else NO_CONNECTION, Next.TRY_AGAIN, doubt=doubt)
        case RateLimitedError():
            return _waiting(SLOW_DOWN, Next.PAUSE_DESK, doubt=doubt)
        case AuthError():
            return _waiting(SIGN_IN, Next.PAUSE_DESK, doubt=doubt)
        case ConflictError():
            return _waiting(BUSY, Next.TRY_AGAIN, doubt=doubt)
        case BadDataError() if bad_answers < BAD_ANSWERS_ALLOWED:
            return _waiting(NO_ANSWER if doubt else UNREADABLE, Next.TRY_AGAIN, doubt=doubt)
        case NotFoundError() if words and not doubt:
            return Rest(state=OutboxState.BLOCKED, problem=f"{error} {KEEP_OR_DISCARD}", then=Next.REP)
    problem = f"{error} {PERHAPS_SENT}" if doubt else str(error)
    return Rest(state=OutboxState.FAILED, problem=problem, then=Next.REP)


def rest_after_sending(error: DeskError, *, bad_answers: int) -> Rest:
    """Where a reply rests that is on the desk, when the status it was to bring cannot be checked or set."""
    rest = rest_after(error, doubt=True, words=True, bad_answers=bad_answers)
    if rest.then is not Next.REP:
        return Rest(state=OutboxState.SENDING, problem=STATUS_TO_COME, then=rest.then)
    return Rest(state=OutboxState.SENT, problem=f"Sent, but without the status: {error}", then=Next.REP)


def _waiting(problem: str, then: Next, *, doubt: bool) -> Rest:
    return Rest(state=OutboxState.SENDING if doubt else OutboxState.WAITING, problem=problem, then=then)
