from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot.store.risk import DUE_SOON_MS, risk

NOW = 1_772_452_800_000
OPTIONAL_LEVELS = st.none() | st.integers(0, 3)
OPTIONAL_MOODS = st.none() | st.floats(-1, 1)


@pytest.mark.parametrize(
    ("urgency", "mood", "due", "at_risk"),
    [
        (None, None, None, False),
        (1, -0.49, NOW + DUE_SOON_MS + 1, False),
        (2, None, None, True),
        (3, None, None, True),
        (0, -0.5, None, True),
        (0, 1.0, NOW + DUE_SOON_MS, True),
        (0, 1.0, NOW - 1, True),
    ],
)
def test_what_is_at_risk(urgency: int | None, mood: float | None, due: int | None, at_risk: bool) -> None:
    assert (risk(urgency=urgency, mood=mood, due=due, now=NOW).points > 0) is at_risk


@given(
    urgency=OPTIONAL_LEVELS,
    mood=OPTIONAL_MOODS,
    due=st.integers(NOW - 10**9, NOW + 10**9),
    later=st.integers(0, 10**9),
)
def test_nothing_changes_before_the_moment_that_was_named(
    urgency: int | None, mood: float | None, due: int, later: int
) -> None:
    first = risk(urgency=urgency, mood=mood, due=due, now=NOW)
    second = risk(urgency=urgency, mood=mood, due=due, now=NOW + later)
    named = first.until is not None and NOW + later >= first.until
    assert (second.points > first.points) is named
    assert second.until is None or second.until > NOW + later


@given(mood=st.floats(-1, -0.5), worse=st.floats(0, 0.5))
def test_worse_moods_and_sooner_dates_never_count_less(mood: float, worse: float) -> None:
    def points(**other: float | None) -> int:
        values = {"urgency": 2, "mood": mood, "due": NOW + 1} | other
        return risk(now=NOW, **values).points  # type: ignore[arg-type]  # one builder for all three

    assert points(mood=max(-1.0, mood - worse)) >= points()
    assert points(urgency=3) > points()
    assert points(due=NOW) > points()
    assert points() > points(due=None) > points(due=None, mood=None)
