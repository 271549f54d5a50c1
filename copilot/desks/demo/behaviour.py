"""How the demo desk behaves: how fast, how lively, how strict, and when it fails."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, field
from typing import Literal, Self

from copilot.errors import DeskError, UnreachableError

Call = Literal[
    "whoami",
    "changes",
    "thread",
    "reply",
    "note",
    "assign",
    "set_status",
    "set_tags",
    "set_fields",
    "attachment",
    "people",
    "groups",
    "articles",
]
"""A request to the desk; each page of changes is one."""


@dataclass(slots=True, kw_only=True)
class Failure:
    """An error for the next `calls` requests among `only` (all when empty).

    With `carried_out` the desk does what was asked and the answer is lost on the way back.
    """

    error: DeskError
    calls: int = 1
    carried_out: bool = False
    only: frozenset[Call] = frozenset()


@dataclass(slots=True, kw_only=True)
class DemoBehaviour:
    """What a demo desk does beyond answering at once and truthfully; may be changed while the desk is in use.

    Every request takes `latency_seconds`, and each `slow_every`-th (0: none) `slow_seconds`. Colleagues play a part of
    their script each `others_reply_every_seconds`, requesters answer a reply after `requester_answers_after_seconds`,
    and the AI agent answers a requester nobody has taken after `ai_agent_answers_after_seconds`; None is never.
    Without `safe_update` the desk ignores versions, without `idempotency` it carries out a key twice.
    """

    latency_seconds: float = 0.0
    slow_every: int = 0
    slow_seconds: float = 2.0
    others_reply_every_seconds: float | None = None
    requester_answers_after_seconds: float | None = None
    ai_agent_answers_after_seconds: float | None = None
    safe_update: bool = True
    idempotency: bool = True
    offline: bool = False
    failures: list[Failure] = field(default_factory=list)

    @classmethod
    def lively(cls) -> Self:
        """A desk to be shown: an ordinary network, colleagues and requesters who answer while you look."""
        return cls(
            latency_seconds=0.01,  # the first fill asks for some hundred threads
            slow_every=60,
            slow_seconds=1.2,
            others_reply_every_seconds=75.0,
            requester_answers_after_seconds=60.0,
            ai_agent_answers_after_seconds=30.0,
        )

    def fail(self, error: DeskError, *only: Call, calls: int = 1, carried_out: bool = False) -> None:
        """Let the next `calls` requests (of these kinds, else of any) fail; failures are used up in order."""
        self.failures.append(Failure(error=error, calls=calls, carried_out=carried_out, only=frozenset(only)))

    def next_failure(self, call: Call) -> Failure | None:
        """Use up one failure that is meant for this request; for the desk alone."""
        if self.offline:
            return Failure(error=UnreachableError("The demo desk cannot be reached.", "It was switched off."))
        for failure in self.failures:
            if failure.only and call not in failure.only:
                continue
            failure.calls -= 1
            if failure.calls <= 0:
                self.failures.remove(failure)
            return Failure(error=copy(failure.error), carried_out=failure.carried_out)
        return None
