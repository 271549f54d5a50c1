"""Words brought to a common form, for asking whether two texts speak of the same thing."""

from __future__ import annotations

import re
from functools import lru_cache

_WORD = re.compile(r"[^\W_]+(?:['’.][^\W_]+)*")
_ENDINGS = ("ations", "ation", "ings", "ing", "ies", "edly", "ed", "es", "ly", "er", "s")
_SHORTEST_STEM = 3


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """A word without its common English endings: "folders" and "folder", "deleted" and "deleting" become one."""
    low = word.casefold()
    if not low.isascii() or not low.isalpha() or len(low) <= _SHORTEST_STEM:
        return low
    for ending in _ENDINGS:
        if low.endswith(ending) and len(low) - len(ending) >= _SHORTEST_STEM and not low.endswith("ss"):
            low = low[: -len(ending)]
            break
    return low[:-1] if low.endswith("e") and len(low) > _SHORTEST_STEM + 1 else low


def words_of(text: str) -> list[str]:
    """The words of a text as written; versions, file names and contractions stay whole ("128.3", "don't")."""
    return _WORD.findall(text)


def stems_of(text: str) -> list[str]:
    """The stems of all words of a text, in order, repeats included."""
    return [stem(word) for word in _WORD.findall(text)]
