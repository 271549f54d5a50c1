from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from copilot.domain import MoodPoint, RemoteId, Role, Sentiment, Suggestion, SummaryLine, SummaryPart
from tests.ui.fake_desk import article_citation, brief_of, cases
from ui.assist.knowledge import markdown_link
from ui.assist.words import (
    confidence_words,
    course_words,
    due_words,
    is_overdue,
    mood_words,
    origin_words,
    source_words,
    strength_words,
)

NOW = datetime(2026, 6, 26, 14, 30, tzinfo=UTC)


def suggestion() -> Suggestion:
    return brief_of(cases(NOW)[0], NOW).suggestion


@pytest.mark.parametrize(
    ("confidence", "words"), [(0.83, "Sure, 83%"), (0.6, "Fairly sure, 60%"), (0.2, "Unsure, 20%")]
)
def test_confidence(confidence: float, words: str) -> None:
    assert confidence_words(confidence) == words


@pytest.mark.parametrize(
    ("score", "words"), [(0.9, "Strong match"), (0.5, "Good match"), (0.1, "Weak match")]
)
def test_strength(score: float, words: str) -> None:
    assert strength_words(score) == words


def test_the_embedded_engine_says_that_nothing_left() -> None:
    assert origin_words(suggestion()) == "Embedded engine, no cost, nothing left this computer."


def test_another_model_says_what_it_cost() -> None:
    assert (
        origin_words(replace(suggestion(), model="qwen3", cost=Decimal("0.00210")))
        == "qwen3, cost 0.0021 US$."
    )
    assert origin_words(replace(suggestion(), model="llama")) == "llama, no cost."


def test_a_promise_has_its_date_and_may_be_overdue() -> None:
    line = SummaryLine(part=SummaryPart.PROMISE, text="Write", message=RemoteId("1"), role=Role.REP, due=NOW)
    assert due_words(line, NOW - timedelta(hours=1)).startswith("Due Fri 26 June, ")
    assert due_words(line, NOW + timedelta(hours=1)).endswith(", overdue")
    assert is_overdue(line, NOW + timedelta(hours=1))
    assert due_words(replace(line, due=None), NOW) == ""


def test_the_mood_is_a_word_and_a_number() -> None:
    assert mood_words(Sentiment(score=-0.72, confidence=0.8)) == "Angry −0.72"
    assert mood_words(Sentiment(score=0.5, confidence=0.8)) == "Happy +0.50"


def test_the_course_of_the_mood_in_words() -> None:
    points = tuple(
        MoodPoint(message=RemoteId(str(n)), at=NOW, score=s) for n, s in enumerate((0.2, -0.1, -0.7))
    )
    assert course_words(points) == "Mood over 3 messages: falling, from +0.2 to -0.7"
    assert course_words(points[::-1]).startswith("Mood over 3 messages: rising")
    assert course_words(points[:1]) == "One message so far"


def test_an_internal_source_is_said_to_be_internal() -> None:
    said = source_words(article_citation("goodwill", "a voucher of up to 15 euros"))
    assert said == "Internal answer, internal: Goodwill after a late refund: a voucher of up to 15 euros"


def test_brackets_in_a_title_do_not_end_the_link() -> None:
    assert markdown_link("A [draft] title", "https://x.example") == r"[A \[draft\] title](https://x.example)"
