"""How long to wait before trying again.

Not stamina or tenacity: both keep their loop to themselves, and here a retry must be cut short when the network returns
or the rep asks, must be shared by many tickets, and must follow a clock that tests can move.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random, SystemRandom

from copilot.errors import RateLimitedError

RATE_LIMIT_JITTER = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long sync waits for a desk, in seconds.

    `settle_seconds` is for a desk that offers neither safe updates nor idempotency: that long after a write without an
    answer we look again and only then retry. It covers a request that is still on its way (a proxy's queue, a server's
    own time limit, both commonly 30 or 60 seconds). A request that lands even later would arrive twice: that is the
    risk that remains on such a desk, and on no other.
    """

    first_seconds: float = 1.0
    cap_seconds: float = 300.0
    rate_limit_cap_seconds: float = 900.0
    settle_seconds: float = 90.0
    random: Random = field(default_factory=SystemRandom, repr=False)

    def backoff(self, failures: int) -> float:
        """The delay after so many failures in a row (1 is the first).

        Exponential with "equal jitter", half fixed and half random, as in "Exponential Backoff And Jitter" (AWS
        Architecture Blog): many clients that lost one server do not return to it at the same moment.
        """
        exponent = min(max(failures, 1) - 1, 30)
        whole = min(self.cap_seconds, self.first_seconds * 2.0**exponent)
        return whole / 2 + self.random.uniform(0, whole / 2)

    def rate_limit(self, error: RateLimitedError, failures: int) -> float:
        """The desk's own delay and up to a tenth more, never less than it asked unless that is absurdly long."""
        if error.retry_after_seconds is None:
            return self.backoff(failures)
        asked = max(0.0, error.retry_after_seconds)
        return min(self.rate_limit_cap_seconds, asked * (1 + self.random.uniform(0, RATE_LIMIT_JITTER)))
