"""Finds a citation's span in a text as it is shown.

A citation counts in the source (`Message.clean`, `Article.text`), which may be Markdown or mail text; on the screen
marks, link targets and line breaks are gone. So letters and digits alone are compared, and positions mapped back.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

_LINK_TARGET = re.compile(r"\]\([^)\s]*\)|<https?://[^>\s]*>")
_FUZZY_LIMIT = 20_000
_FUZZY_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Span:
    """Code points [start, end) of a text."""

    start: int
    end: int


def find_quote(shown: str, source: str, start: int, end: int, quote: str) -> Span | None:
    """Where `quote`, which is `source[start:end]`, stands in `shown`; None when it is not there.

    When the source has changed since, the quote's own words are looked for.
    """
    here = _Letters.of(shown)
    if source[start:end] != quote:
        wanted_letters = _Letters.of(quote).text
        return _occurrence(here, wanted_letters, 0) or _nearest(here, wanted_letters)
    before = _Letters.of(source[:start]).text
    for wanted in (quote, _LINK_TARGET.sub("]", quote)):
        letters = _Letters.of(wanted).text
        found = _occurrence(here, letters, before.count(letters) if letters else 0)
        if found:
            return found
    return _nearest(here, _Letters.of(quote).text)


@dataclass(frozen=True, slots=True)
class _Letters:
    """The letters and digits of a text, in lower case, and where each stood."""

    text: str
    places: tuple[int, ...]

    @classmethod
    def of(cls, text: str) -> _Letters:
        kept = [(letter.lower()[0], place) for place, letter in enumerate(text) if letter.isalnum()]
        return cls("".join(letter for letter, _ in kept), tuple(place for _, place in kept))

    def span(self, first: int, length: int) -> Span:
        return Span(self.places[first], self.places[first + length - 1] + 1)


def _occurrence(here: _Letters, wanted: str, number: int) -> Span | None:
    """The `number`-th place of the words, counted from 0, or the last one there is."""
    found = -1
    if not wanted:
        return None
    for _ in range(number + 1):
        following = here.text.find(wanted, found + 1)
        if following < 0:
            break
        found = following
    return here.span(found, len(wanted)) if found >= 0 else None


def _nearest(here: _Letters, wanted: str) -> Span | None:
    if not wanted or len(here.text) > _FUZZY_LIMIT:
        return None
    match = SequenceMatcher(None, here.text, wanted, autojunk=False).find_longest_match()
    return here.span(match.a, match.size) if match.size >= _FUZZY_SHARE * len(wanted) else None
