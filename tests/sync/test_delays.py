from __future__ import annotations

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from copilot.errors import RateLimitedError
from copilot.sync.delays import Patience


@given(st.integers(1, 10_000), st.integers())
def test_backoff_grows_to_its_cap_and_keeps_half_of_it_fixed(failures: int, seed: int) -> None:
    patience = Patience(first_seconds=1, cap_seconds=60, random=Random(seed))
    whole = min(60.0, 2.0 ** min(failures - 1, 30))
    assert whole / 2 <= patience.backoff(failures) <= whole


@given(st.floats(0, 800), st.integers())
def test_a_rate_limit_waits_at_least_what_the_desk_asks(asked: float, seed: int) -> None:
    patience = Patience(rate_limit_cap_seconds=900, random=Random(seed))
    delay = patience.rate_limit(RateLimitedError("Slow down.", retry_after_seconds=asked), 1)
    assert asked <= delay <= asked * 1.1 + 1e-9


def test_an_absurd_rate_limit_is_capped_and_a_missing_one_backs_off() -> None:
    patience = Patience(rate_limit_cap_seconds=900, first_seconds=4, random=Random(1))
    assert patience.rate_limit(RateLimitedError("x", retry_after_seconds=1e9), 1) == 900
    assert 2 <= patience.rate_limit(RateLimitedError("x"), 1) <= 4
