"""The dense index: finds vectors near a vector, exactly, by one pass over 8-bit rows.

At 100,000 passages that is 38 MB of memory and some tens of milliseconds on one thread. The vectors themselves are kept
by the store; this is rebuilt from them when a workspace opens, and follows each change at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Protocol

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

_LEVELS = 127
_BLOCK_ROWS = 4096
"""Rows turned to floats at a time: what fits the processor's cache, and all the memory that a search takes."""


class Embedder(Protocol):
    """Turns texts into unit vectors; `id` names the model that vectors can be compared within."""

    @property
    def id(self) -> str:
        """The model and its exact version."""

    @property
    def dimension(self) -> int:
        """The length of a vector."""

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One row a text; blocks, so call it off the event loop."""


def packed(vectors: Vectors) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Rows as 8-bit levels and the size of one level in each row."""
    steps = np.abs(vectors).max(axis=1, initial=1e-12) / _LEVELS
    levels = np.rint(vectors / steps[:, None]).astype(np.int8)
    return levels, steps.astype(np.float32)


class DenseIndex:
    """Vectors by key. Not for several threads at once; removing a key may change the order of rows."""

    def __init__(self, dimension: int) -> None:
        self._levels: NDArray[np.int8] = np.zeros((0, dimension), dtype=np.int8)
        self._steps: NDArray[np.float32] = np.zeros(0, dtype=np.float32)
        self._keys: list[int] = []
        self._rows: dict[int, int] = {}

    def __len__(self) -> int:
        return len(self._keys)

    @property
    def keys(self) -> Sequence[int]:
        """The key of each row, in the order of `similarities`."""
        return self._keys

    def add(self, keys: Sequence[int], vectors: Vectors) -> None:
        """Add unit vectors under keys that are not in the index. Raises `ValueError` for one that is."""
        self.add_packed(keys, *packed(vectors))

    def add_packed(self, keys: Sequence[int], levels: NDArray[np.int8], steps: NDArray[np.float32]) -> None:
        """Add rows as `packed` makes them."""
        known = [key for key in keys if key in self._rows]
        if known or len(set(keys)) < len(keys):
            raise ValueError(f"keys twice in the index: {known[:5]}")
        begin, end = len(self._keys), len(self._keys) + len(keys)
        self._make_room(end)
        self._levels[begin:end], self._steps[begin:end] = levels, steps
        self._rows.update(zip(keys, range(begin, end), strict=True))
        self._keys.extend(keys)

    def remove(self, keys: Iterable[int]) -> None:
        """Take keys out; the last row moves into each gap. Raises `KeyError` for one that is not there."""
        for key in keys:
            row = self._rows.pop(key)
            last = self._keys.pop()
            if last != key:
                end = len(self._keys)
                self._levels[row], self._steps[row] = self._levels[end], self._steps[end]
                self._keys[row], self._rows[last] = last, row

    def similarities(self, vectors: Vectors) -> NDArray[np.float32]:
        """The cosines of each vector with each row."""
        count = len(self._keys)
        cosines = np.empty((len(vectors), count), dtype=np.float32)
        for begin in range(0, count, _BLOCK_ROWS):
            end = min(begin + _BLOCK_ROWS, count)
            block = self._levels[begin:end].astype(np.float32)
            cosines[:, begin:end] = (vectors @ block.T) * self._steps[begin:end]
        return cosines

    def search(self, vector: Vectors, limit: int) -> list[tuple[int, float]]:
        """The nearest keys with their cosines, nearest first."""
        cosines = self.similarities(vector[None])[0]
        limit = min(limit, len(cosines))
        if not limit:
            return []
        rows = np.argpartition(-cosines, limit - 1)[:limit]
        rows = rows[np.argsort(-cosines[rows], kind="stable")]
        return [(self._keys[row], float(cosines[row])) for row in rows]

    def _make_room(self, rows: int) -> None:
        room = len(self._steps)
        if rows <= room:
            return
        more = max(rows, room + room // 4, 1024) - room
        self._levels = np.concatenate([self._levels, np.zeros((more, self._levels.shape[1]), dtype=np.int8)])
        self._steps = np.concatenate([self._steps, np.zeros(more, dtype=np.float32)])
