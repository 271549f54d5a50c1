from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot.triage.sentiment import mood_of, read_mood
from tests.threads import messages

SENTI4SD = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "senti4sd" / "dev.jsonl"


@pytest.mark.parametrize(
    "text",
    [
        "This is ridiculous. I have wasted hours on it!",
        "I JUST said I have unchecked everything. Did you even read it??",
        "Third time I write and still no answer.",
        "You sent me that already.",
    ],
)
def test_a_grievance_is_heard_also_in_neutral_words(text: str) -> None:
    assert mood_of(text) <= -0.25


@pytest.mark.parametrize("text", ["That did the trick, thank you so much!", "It works now. You are a star!"])
def test_relief_is_heard(text: str) -> None:
    assert mood_of(text) >= 0.3


@pytest.mark.parametrize(
    "text",
    [
        "My junk mail filter failed with an error and blocked a message.",
        "How do I delete a folder? Please help. Thanks in advance!",
        'It says "Fatal error: login failed, access denied".',
        "> This is horrible, terrible and awful.",
        "```\nfatal: horrible terrible failure\n```",
        "",
    ],
)
def test_the_subject_courtesy_quotes_and_logs_are_no_mood(text: str) -> None:
    assert abs(mood_of(text)) <= 0.25


def test_the_end_of_the_thread_counts_most() -> None:
    calm_then_angry, course = read_mood(
        messages(
            ("requester", "How do I do this?"), ("rep", "Like so."), ("requester", "This is ridiculous!")
        )
    )
    angry_then_glad, _ = read_mood(
        messages(
            ("requester", "This is ridiculous!"),
            ("rep", "Like so."),
            ("requester", "It works now, thank you!"),
        )
    )
    assert calm_then_angry.score < -0.3
    assert angry_then_glad.score > 0
    assert "ridiculous" in " ".join(calm_then_angry.words)
    assert [point.message for point in course] == ["m0", "m2"]


def test_only_the_requester_is_asked() -> None:
    mood, course = read_mood(messages(("rep", "This is ridiculous!"), ("note", "He is horrible.")))
    assert (mood.score, mood.confidence, course) == (0.0, 0.0, ())


@given(st.text(max_size=200))
def test_any_text_has_a_mood_in_range(text: str) -> None:
    assert -1 <= mood_of(text) <= 1


@pytest.mark.skipif(not SENTI4SD.exists(), reason="the shared sentiment set is not on this machine")
def test_better_than_plain_vader_on_what_developers_write() -> None:
    rows = [json.loads(line) for line in SENTI4SD.read_text().splitlines()]
    found = [class_of(mood_of(row["text"])) for row in rows]
    gold = [row["polarity"] for row in rows]
    assert macro_f1(gold, found) >= 0.76  # plain VADER: 0.74


def class_of(score: float) -> str:
    return "positive" if score > 0.15 else "negative" if score < -0.15 else "neutral"


def macro_f1(gold: list[str], found: list[str]) -> float:
    labels = sorted(set(gold))
    hits = {label: sum(g == label == f for g, f in zip(gold, found, strict=True)) for label in labels}
    return sum(2 * hits[x] / (gold.count(x) + found.count(x)) for x in labels) / len(labels)
