"""What the rep changed in a text, word by word."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

_TOKENS = re.compile(r"\s+|\w+|[^\w\s]")


class Change(StrEnum):
    """What became of a piece of text."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words, and what became of them."""

    change: Change
    text: str


def difference(old: str, new: str) -> tuple[Piece, ...]:
    """The pieces in reading order, what was removed before what stands there now. Slow for long texts."""
    before, after = _TOKENS.findall(old), _TOKENS.findall(new)
    pieces: list[Piece] = []
    for kind, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            pieces.append(Piece(Change.SAME, "".join(before[a:b])))
            continue
        if a < b:
            pieces.append(Piece(Change.REMOVED, "".join(before[a:b])))
        if c < d:
            pieces.append(Piece(Change.ADDED, "".join(after[c:d])))
    return tuple(pieces)


def difference_words(pieces: tuple[Piece, ...]) -> str:
    """How much changed, e.g. "3 words added, 1 removed"."""
    added, removed = (_words(pieces, change) for change in (Change.ADDED, Change.REMOVED))
    if not added and not removed:
        return "Only spaces or signs differ" if len(pieces) > 1 else "Nothing was changed"
    return f"{added} word{'' if added == 1 else 's'} added, {removed} removed"


def _words(pieces: tuple[Piece, ...], change: Change) -> int:
    return sum(len(re.findall(r"\w+", piece.text)) for piece in pieces if piece.change is change)
