"""Which models are resting after a failure, and until when; remembered as long as the program runs."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from copilot.errors import ModelBusyError, ModelError, ModelKeyError, ModelQuotaError, ModelUnreachableError

FIRST_REST_SECONDS = 15.0
LONGEST_REST_SECONDS = 600.0
MOST_BELIEVED_SECONDS = 3_600.0
"""A provider's own Retry-After counts up to this; a longer one is tried again anyway."""


@dataclass(frozen=True, slots=True)
class Rest:
    """A model's rest: the monotonic time it ends at, the failures in a row, and the last of them in words."""

    until: float
    failures: int
    reason: str


class Health:
    """Failures of models by their id. A success forgets them."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._rests: dict[str, Rest] = {}

    def resting_seconds(self, offer: str) -> float:
        """How long a model should still be left alone; 0 when it may be asked."""
        rest = self._rests.get(offer)
        return 0.0 if rest is None else max(0.0, rest.until - self._clock())

    def reason(self, offer: str) -> str:
        """Why it rests, or rested last; empty after a success."""
        rest = self._rests.get(offer)
        return "" if rest is None else rest.reason

    def succeeded(self, offer: str) -> None:
        """It answered."""
        self._rests.pop(offer, None)

    def failed(self, offer: str, error: ModelError) -> None:
        """It did not. Only a provider's failures make it rest: a bad answer to one ticket says nothing of the next."""
        seconds = self._seconds(offer, error)
        if seconds is None:
            return
        before = self._rests.get(offer)
        failures = 1 if before is None else before.failures + 1
        self._rests[offer] = Rest(self._clock() + seconds, failures, error.message)

    def forget(self) -> None:
        """The settings changed: ask all again."""
        self._rests.clear()

    def _seconds(self, offer: str, error: ModelError) -> float | None:
        if isinstance(error, ModelBusyError) and error.retry_after_seconds is not None:
            return min(error.retry_after_seconds, MOST_BELIEVED_SECONDS)
        if isinstance(error, ModelKeyError | ModelQuotaError):
            return LONGEST_REST_SECONDS
        if isinstance(error, ModelBusyError | ModelUnreachableError):
            before = self._rests.get(offer)
            return min(FIRST_REST_SECONDS * 2.0 ** (before.failures if before else 0), LONGEST_REST_SECONDS)
        return None
