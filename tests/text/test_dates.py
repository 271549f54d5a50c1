from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot.text.dates import find_date

WEDNESDAY = datetime(2026, 6, 24, 9, 30, tzinfo=UTC)


def day(month: int, number: int, year: int = 2026) -> datetime:
    return datetime(year, month, number, 23, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I will have it by Friday.", day(6, 26)),
        ("We will call you on Monday", day(6, 29)),
        ("by Wednesday", day(7, 1)),
        ("next Friday", day(7, 3)),
        ("next Monday", day(6, 29)),
        ("I'll look tomorrow morning", day(6, 25)),
        ("later today", day(6, 24)),
        ("by the end of the week", day(6, 26)),
        ("before the end of the month", day(6, 30)),
        ("next week", day(7, 3)),
        ("in two weeks", day(7, 8)),
        ("within 3 business days", day(6, 29)),
        ("within 24 hours", datetime(2026, 6, 25, 9, 30, tzinfo=UTC)),
        ("on 12 July", day(7, 12)),
        ("July 12th, 2027", day(7, 12, 2027)),
        ("by January 5", day(1, 5, 2027)),
        ("on 2026-07-01", day(7, 1)),
        ("February 31", None),
        ("I may march on", None),
        ("soon", None),
    ],
)
def test_reads(text: str, expected: datetime | None) -> None:
    assert find_date(text, WEDNESDAY) == expected


MOMENTS = st.integers(min_value=0, max_value=4_000_000_000).map(lambda s: datetime.fromtimestamp(s, UTC))


@given(st.text(max_size=60), MOMENTS)
def test_never_fails(text: str, said: datetime) -> None:
    found = find_date(text, said)
    assert found is None or found.tzinfo is not None
