"""Fuzzy matching: what one means comes first, and every letter is found in order."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ui.actions import ACTIONS
from ui.widgets.fuzzy import match


def best(needle: str, names: list[str]) -> str:
    found = {name: match(needle, name) for name in names}
    return max(names, key=lambda name: hit[0] if (hit := found[name]) else -1.0)


def test_what_one_means_comes_first() -> None:
    names = [action.name for action in ACTIONS]
    meant = {"esc": "Escalate", "ddw": "Dismiss draft: wrong", "send": "Send", "snoo": "Snooze", "undo": "Undo",
             "sas": "Send and solve", "una": "Unassigned"}  # fmt: skip
    assert {needle: best(needle, names) for needle in meant} == meant


def test_letters_out_of_order_do_not_match() -> None:
    assert match("etalacse", "Escalate") is None
    assert match("x", "") is None
    assert match("", "anything") == (0.0, ())


@given(st.text(max_size=30), st.data())
def test_any_letters_in_order_match(text: str, data: st.DataObject) -> None:
    places = data.draw(st.sets(st.integers(0, max(len(text) - 1, 0)), max_size=6)) if text else set()
    needle = "".join(text[place] for place in sorted(places))
    found = match(needle, text)
    if needle.strip() and needle.casefold() == needle and text.casefold() == text:
        assert found is not None
        assert list(found[1]) == sorted(set(found[1]))


@given(st.text(max_size=8), st.text(max_size=30))
def test_places_are_those_of_the_letters(needle: str, text: str) -> None:
    found = match(needle, text)
    if found is not None:
        letters = [letter for letter in needle.casefold() if not letter.isspace()]
        assert len(found[1]) == len(letters)
        assert all(0 <= place < len(text) for place in found[1])
