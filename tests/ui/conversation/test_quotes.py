from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.conversation.offsets import QtOffsets
from ui.conversation.quotes import find_quote


def found(shown: str, source: str, quote: str, number: int = 0) -> str | None:
    start = -1
    for _ in range(number + 1):
        start = source.index(quote, start + 1)
    span = find_quote(shown, source, start, start + len(quote), quote)
    return shown[span.start : span.end] if span else None


def test_a_quote_is_found_although_marks_and_line_breaks_are_gone() -> None:
    source = "Hello,\n\nplease **restart**\nThunderbird _now_. Thanks"
    shown = "Hello,\nplease restart Thunderbird now. Thanks"
    assert found(shown, source, "please **restart**\nThunderbird _now_.") == "please restart Thunderbird now"


def test_a_link_shows_without_its_address() -> None:
    source = "See [the article](https://help.example/kb/1) first."
    assert found("See the article first.", source, source) == "See the article first"


def test_the_right_one_of_several_occurrences() -> None:
    source = "No. I said no. And no again."
    shown = "No. I said no. And no again."
    start = source.rindex("no")
    span = find_quote(shown, source, start, start + 2, "no")
    assert span is not None
    assert span.start == shown.rindex("no")


def test_a_quote_of_a_text_that_has_changed_is_looked_for_by_its_words() -> None:
    span = find_quote("Now: the pole broke on Friday.", "something else entirely", 3, 9, "the pole broke")
    assert span is not None
    assert (span.start, span.end) == (5, 19)


def test_a_quote_with_a_word_left_out_is_found_by_its_longest_part() -> None:
    shown = "The refund was released yesterday by the warehouse team"
    span = find_quote(shown, "", 0, 0, "refund was released yesterday by the warehouse crew")
    assert span is not None
    assert shown[span.start : span.end].startswith("refund was released yesterday")


@pytest.mark.parametrize("quote", ["", "...", "nowhere to be found"])
def test_what_is_not_there_is_not_found(quote: str) -> None:
    assert find_quote("a text of other things", "x", 0, 0, quote) is None


@given(st.text(max_size=60), st.data())
def test_a_quote_of_the_text_itself_is_found_in_it(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    quote = text[start:end]
    span = find_quote(text, text, start, end, quote)
    if not any(letter.isalnum() for letter in quote):
        assert span is None
        return
    assert span is not None
    assert 0 <= span.start < span.end <= len(text)
    letters = "".join(letter for letter in text[span.start : span.end] if letter.isalnum())
    assert letters.lower() == "".join(letter for letter in quote if letter.isalnum()).lower()


@given(st.text(alphabet="aé🙂𝄞 \n", max_size=40))
def test_positions_survive_the_way_to_qt_and_back(text: str) -> None:
    offsets = QtOffsets(text)
    for index in range(len(text) + 1):
        position = offsets.to_qt(index)
        assert position == len(text[:index].encode("utf-16-le")) // 2
        assert offsets.from_qt(position) == index


def test_a_position_inside_a_pair_belongs_to_its_letter() -> None:
    assert QtOffsets("a🙂b").from_qt(2) == 1
