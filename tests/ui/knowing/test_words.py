"""What the pages say, and what was left out of a reply."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot.domain import TicketId
from copilot.workspace import Replayed
from ui.knowing.editor import left_out
from ui.knowing.words import age_words, counted, hidden_words, replayed_words

NOW = datetime(2026, 11, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (0, "today"),
        (1, "1 day ago"),
        (29, "29 days ago"),
        (31, "1 month ago"),
        (64, "2 months ago"),
        (800, "2 years ago"),
    ],
)
def test_ages_are_told_in_the_largest_unit(days: int, words: str) -> None:
    assert age_words(NOW - timedelta(days=days), NOW) == words


def test_an_unknown_age_is_unknown() -> None:
    assert age_words(None, NOW) == "unknown"


def test_what_was_taken_out_is_counted() -> None:
    assert hidden_words({"name": 2, "mail": 1, "iban": 0}) == "2 names, 1 e-mail address"
    assert hidden_words({}) == ""
    assert counted(1200, "ticket") == "1,200 tickets"


def replayed(*, answered: bool, found: bool) -> Replayed:
    return Replayed(ticket=TicketId(1), subject="A", answered=answered, found=found, likeness=0.5)


def test_a_replay_counts_what_would_have_been_answered() -> None:
    found = (
        replayed(answered=True, found=True),
        replayed(answered=False, found=True),
        replayed(answered=False, found=False),
    )
    assert replayed_words(found) == (
        "It would have answered 1 past ticket and been offered in 1 more, of the 3 nearest."
    )
    assert replayed_words(()) == "No past ticket asks anything like it."


def test_words_that_are_gone_are_found_in_the_reply() -> None:
    text = "Hi Maya, open the settings. Regards, Sam"
    spans = left_out(text, "open the settings.")
    assert [text[start:end] for start, end in spans] == ["Hi Maya,", "Regards, Sam"]


@given(st.text(max_size=80), st.text(max_size=80))
def test_spans_lie_in_the_text_in_order(original: str, kept: str) -> None:
    spans = left_out(original, kept)
    assert all(0 <= start < end <= len(original) for start, end in spans)
    assert list(spans) == sorted(spans)
    assert left_out(original, original) == ()
