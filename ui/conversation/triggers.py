"""Where in a text the rep has begun to ask for something: `/` macros, `#` articles, `@` people, `:` emoji."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum


class Mark(StrEnum):
    """The character that asks, at the beginning of a word."""

    MACRO = "/"
    ARTICLE = "#"
    PERSON = "@"
    EMOJI = ":"


@dataclass(frozen=True, slots=True)
class Trigger:
    """A mark at code point `start`, and what was typed behind it so far."""

    mark: Mark
    start: int
    typed: str


_LONGEST = 40
_ASKED = re.compile(
    r"(?:^|(?<=[\s(\[“\"']))(?:([/#@])((?:\w[^\n/#@]*)?)|(:)([a-z][a-z0-9_+-]+))$", re.IGNORECASE
)


def find_trigger(before: str) -> Trigger | None:
    """What is asked for where the cursor stands; `before` is its line up to there."""
    begin = max(len(before) - _LONGEST, 0)
    found = _ASKED.search(before, begin)
    if found is None or (begin and found.start() == begin):
        return None
    mark, typed = (found[1], found[2]) if found[1] else (found[3], found[4])
    return Trigger(Mark(mark), found.start(), typed)
