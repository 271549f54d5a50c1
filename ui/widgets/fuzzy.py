"""Fuzzy matching for lists one filters by typing: `esc` finds Escalate, `dw` finds Dismiss draft: wrong."""

from __future__ import annotations

_WORD_START = 8.0
_ADJACENT = 5.0
_HIT = 1.0
_LATE = 0.05


def match(needle: str, haystack: str) -> tuple[float, tuple[int, ...]] | None:
    """How well all letters of `needle` stand in `haystack` in order, and where; None when they do not.

    Letters at the start of a word and letters side by side count more, and so do matches that begin early. Spaces in
    the needle mean nothing.
    """
    letters = [letter for letter in needle.casefold() if not letter.isspace()]
    text = haystack.casefold()
    if len(text) != len(haystack):  # some letters grow when folded; positions must stay those of the haystack
        text = haystack.lower() if len(haystack.lower()) == len(haystack) else haystack
    best: tuple[float, tuple[int, ...]] | None = None
    for start in _starts(letters, text):
        found = _greedy(letters, text, start)
        if found and (best is None or found[0] > best[0]):
            best = found
    return best if letters else (0.0, ())


def _starts(letters: list[str], text: str) -> list[int]:
    return [place for place, letter in enumerate(text) if letters and letter == letters[0]]


def _greedy(letters: list[str], text: str, start: int) -> tuple[float, tuple[int, ...]] | None:
    score, place = -_LATE * start, start
    places: list[int] = []
    for letter in letters:
        place = _next(letter, text, place, places[-1] if places else -2)
        if place < 0:
            return None
        score += _HIT
        if place == 0 or not text[place - 1].isalnum():
            score += _WORD_START
        if places and place == places[-1] + 1:
            score += _ADJACENT
        places.append(place)
        place += 1
    return score, tuple(places)


def _next(letter: str, text: str, place: int, before: int) -> int:
    """The next place of a letter: right after the last one, else at the start of a word, else anywhere."""
    if place == before + 1 and text[place : place + 1] == letter:
        return place
    anywhere = found = text.find(letter, place)
    while found > 0 and text[found - 1].isalnum():
        found = text.find(letter, found + 1)
    return found if found >= 0 else anywhere
