"""Where each item of a long list stands while most heights are only estimated."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from itertools import accumulate


class Extents:
    """The heights of all items, from top to bottom, in pixels, and the positions that follow from them."""

    def __init__(self, heights: Iterable[int] = ()) -> None:
        self._heights = list(heights)
        self._tops: list[int] | None = None

    def __len__(self) -> int:
        return len(self._heights)

    @property
    def total(self) -> int:
        """The height of all items together."""
        return self._all_tops()[-1]

    def top(self, index: int) -> int:
        """Where an item begins; `top(len(self))` is where the last one ends."""
        return self._all_tops()[index]

    def height(self, index: int) -> int:
        """How high an item is, as far as known."""
        return self._heights[index]

    def set_height(self, index: int, height: int) -> bool:
        """An item's real height is known; answers whether that moves anything."""
        if self._heights[index] == height:
            return False
        self._heights[index] = height
        self._tops = None
        return True

    def at(self, y: int) -> int:
        """The item at a position; the nearest one for positions outside. Raises `IndexError` when there is none."""
        if not self._heights:
            raise IndexError(y)
        return min(max(bisect_right(self._all_tops(), y) - 1, 0), len(self._heights) - 1)

    def _all_tops(self) -> list[int]:
        if self._tops is None:
            self._tops = list(accumulate(self._heights, initial=0))
        return self._tops
