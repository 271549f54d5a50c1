"""The words of a text that can be misspelled: no addresses, code, numbers, variables or abbreviations."""

from __future__ import annotations

import re
from dataclasses import dataclass

_SKIPPED = re.compile(
    r"https?://\S+|\bwww\.\S+|\S+@\S+|`[^`\n]*`|```.*?(?:```|\Z)|\{[^{}\n]*\}|[@#/:]\w+|^>.*$|\]\([^()\n]*\)",
    re.DOTALL | re.MULTILINE,
)
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*(?![\w])", re.UNICODE)
_LEAST = 2


@dataclass(frozen=True, slots=True)
class Word:
    """A word at code points [start, end)."""

    text: str
    start: int
    end: int


def words_of(text: str) -> tuple[Word, ...]:
    """All words to check, in order."""
    bare = _SKIPPED.sub(lambda found: " " * len(found[0]), text)
    return tuple(
        Word(found[0].replace("’", "'"), found.start(), found.end())
        for found in _WORD.finditer(bare)
        if len(found[0]) >= _LEAST and not found[0].isupper() and not _glued(bare, found.start())
    )


def _glued(text: str, start: int) -> bool:
    """Whether the letters are the end of something else, such as "4th" or "some_name"."""
    return start > 0 and (text[start - 1].isalnum() or text[start - 1] == "_")
