from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot.domain import Draft, DraftSentence, Support
from ui.conversation.grounding import find_marks, tally, tally_line

_WORDS = st.text(alphabet="abc déß🙂", min_size=1, max_size=12).filter(str.strip).map(str.strip)


def sentence(text: str, support: Support = Support.SUPPORTED, separator: str = " ") -> DraftSentence:
    return DraftSentence(text=text, support=support, separator=separator)


DRAFT = (
    sentence("Hi Amara,", Support.COURTESY, "\n\n"),
    sentence("Delete the old profile."),
    sentence("Then restart Thunderbird."),
    sentence("It takes a minute.", Support.UNSUPPORTED, "\n\n"),
    sentence("Kind regards,\nSam", Support.COURTESY, ""),
)
TEXT = Draft(sentences=DRAFT, confidence=0.8).text


def numbers(text: str) -> list[int]:
    return [mark.number for mark in find_marks(text, DRAFT)]


def test_an_untouched_draft_is_marked_throughout() -> None:
    assert numbers(TEXT) == [0, 1, 2, 3, 4]
    assert [TEXT[m.start : m.end] for m in find_marks(TEXT, DRAFT)] == [s.text for s in DRAFT]


@pytest.mark.parametrize(
    "changed",
    [
        TEXT.replace("Delete the old", "Delete the oldest"),
        TEXT.replace("Delete the old profile.", "Do not Delete the old profile."),
        TEXT.replace("Delete the old profile.", "Delete the old profile.d folder first."),
        TEXT.replace("Delete the old profile.", "~~Delete the old profile.~~"),
        TEXT.replace("Delete the old profile.", "“Delete the old profile.”"),
    ],
)
def test_a_changed_sentence_becomes_the_reps_own(changed: str) -> None:
    assert numbers(changed) == [0, 2, 3, 4]


def test_text_written_around_a_sentence_leaves_its_mark() -> None:
    text = TEXT.replace("Delete the old profile.", "Back it up first. Delete the old profile. Good luck!")
    assert numbers(text) == [0, 1, 2, 3, 4]
    assert tally(text, DRAFT, find_marks(text, DRAFT)).own == 2


def test_a_moved_sentence_keeps_its_mark() -> None:
    text = "Hi Amara,\n\nThen restart Thunderbird. Delete the old profile."
    assert sorted(numbers(text)) == [0, 1, 2]


def test_undo_brings_the_mark_back() -> None:
    changed = TEXT.replace("minute", "moment")
    assert 3 not in numbers(changed)
    assert 3 in numbers(changed.replace("moment", "minute"))


def test_a_sentence_that_occurs_twice_is_marked_once() -> None:
    assert numbers("Delete the old profile. Delete the old profile.") == [1]


def test_the_line_under_the_editor_counts_what_stands_there() -> None:
    text = TEXT.replace("It takes a minute.", "It takes an hour. Write to me any time.")
    count = tally(text, DRAFT, find_marks(text, DRAFT))
    assert (count.sourced, count.unsupported, count.courtesy, count.own) == (2, 0, 2, 2)
    assert tally_line(count) == "6 sentences, 2 with sources, 2 yours"


def test_a_number_with_a_point_is_no_end_of_a_sentence() -> None:
    assert tally("It has 3.5 GB of mail.", (), ()).own == 1


@given(st.lists(_WORDS, min_size=1, max_size=6), st.data())
def test_what_was_not_touched_is_always_found(words: list[str], data: st.DataObject) -> None:
    sentences = [
        sentence(f"{word}.", separator=data.draw(st.sampled_from([" ", "\n", "\n\n", ""]))) for word in words
    ]
    text = "".join(s.text + s.separator for s in sentences)
    assert len(find_marks(text, sentences)) == len(sentences)


@given(st.text(max_size=200), st.lists(_WORDS, max_size=5))
def test_marks_never_overlap_and_hold_their_sentence(text: str, words: list[str]) -> None:
    sentences = [sentence(word) for word in words]
    marks = find_marks(text, sentences)
    for mark in marks:
        assert text[mark.start : mark.end] == sentences[mark.number].text
    for before, after in pairwise(marks):
        assert before.end <= after.start
    assert len({mark.number for mark in marks}) == len(marks)
