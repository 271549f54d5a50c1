from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot.domain import Sentiment, Urgency
from copilot.triage.habits import (
    Habits,
    Lesson,
    causes_of_urgency,
    learned,
    mood_by,
    urgency_by,
)

LOUD = Urgency(level=1, confidence=0.6, reasons=("Writes loudly: “NOW”",))


def test_the_third_correction_the_same_way_moves_a_level() -> None:
    causes = causes_of_urgency(LOUD)
    told = [urgency_by(learned([Lesson(causes, -1)] * times), LOUD).level for times in (0, 1, 2, 3)]
    assert told == [1, 1, 1, 0]


def test_it_says_that_it_was_learned_and_how_much() -> None:
    moved = urgency_by(learned([Lesson(causes_of_urgency(LOUD), -1)] * 3), LOUD)
    assert moved.shift == -1
    assert moved.reasons == (*LOUD.reasons, "Your team's corrections make it lower.")
    assert causes_of_urgency(moved) == causes_of_urgency(LOUD)


def test_tickets_that_were_let_stand_pull_it_back() -> None:
    causes = causes_of_urgency(LOUD)
    lessons = [Lesson(causes, -1)] * 3 + [Lesson(causes, 0)] * 3
    assert urgency_by(learned(lessons), LOUD).level == 1


def test_one_reason_is_not_blamed_for_another() -> None:
    lessons = [Lesson(("Writes loudly",), -1)] * 6 + [Lesson(("Writes loudly", "Says it is urgent"), 0)] * 6
    habits = learned(lessons)
    urgent = Urgency(level=2, confidence=0.7, reasons=("Says it is urgent: “asap”", "Writes loudly: “NOW”"))
    assert urgency_by(habits, LOUD).level == 0
    assert urgency_by(habits, urgent).level == 2


def test_danger_is_never_made_less() -> None:
    danger = Urgency(level=3, confidence=0.9, reasons=("Speaks of danger to a person: “in danger”",))
    assert urgency_by(learned([Lesson(causes_of_urgency(danger), -3)] * 50), danger) == danger


def test_figures_and_words_of_the_requester_are_no_part_of_a_reason() -> None:
    waited = Urgency(
        level=2, confidence=1, reasons=("Has waited 3 days for an answer.", "Cannot get in: “x 2”")
    )
    assert causes_of_urgency(waited) == ("Has waited days for an answer.", "Cannot get in")


def test_a_word_that_reps_find_harmless_counts_less() -> None:
    habits = learned([Lesson(("kill",), 0.4)] * 6)
    mood = mood_by(habits, Sentiment(score=-0.4, confidence=0.5, words=("Kill",)))
    assert mood.score == pytest.approx(-0.1, abs=0.01)
    assert mood.score - mood.shift == pytest.approx(-0.4)
    other = Sentiment(score=-0.4, confidence=0.5, words=("useless",))
    assert mood_by(habits, other) == other


_LESSONS = st.lists(
    st.builds(
        Lesson,
        causes=st.lists(st.sampled_from("abcd"), max_size=3).map(tuple),
        change=st.sampled_from((-3.0, -1.0, 0.0, 1.0, 2.0)),
    ),
    max_size=30,
)


@given(lessons=_LESSONS, level=st.integers(0, 3), reasons=st.lists(st.sampled_from("abcd"), max_size=3))
def test_never_further_than_one_level_and_never_out_of_the_scale(
    lessons: list[Lesson], level: int, reasons: list[str]
) -> None:
    told = Urgency(level=level, confidence=0.5, reasons=tuple(reasons))
    moved = urgency_by(learned(lessons), told)
    assert 0 <= moved.level <= 3
    assert abs(moved.level - level) <= 1
    assert moved.level - moved.shift == level


@given(lessons=_LESSONS, score=st.floats(-1, 1), words=st.lists(st.sampled_from("abcd"), max_size=3))
def test_a_mood_stays_in_its_scale(lessons: list[Lesson], score: float, words: list[str]) -> None:
    moved = mood_by(learned(lessons), Sentiment(score=score, confidence=0.5, words=tuple(words)))
    assert -1 <= moved.score <= 1
    assert abs(moved.score - score) <= 0.501


def test_nothing_learned_changes_nothing() -> None:
    assert learned([]) == Habits({}, 0)
    assert urgency_by(Habits({}), LOUD) == LOUD
