"""Python counts a text in code points, Qt in UTF-16 units: an emoji is one here and two there."""

from __future__ import annotations

from bisect import bisect_left


class QtOffsets:
    """Turns positions in one text into Qt's and back."""

    def __init__(self, text: str) -> None:
        self._wide = [index for index, letter in enumerate(text) if ord(letter) > 0xFFFF]

    def to_qt(self, index: int) -> int:
        """The UTF-16 position of a code point."""
        return index + bisect_left(self._wide, index)

    def from_qt(self, position: int) -> int:
        """The code point at a UTF-16 position; one inside a pair belongs to its letter."""
        before = 0
        while before < len(self._wide) and self._wide[before] + before < position - 1:
            before += 1
        if before < len(self._wide) and self._wide[before] + before == position - 1:
            return self._wide[before]
        return position - before
