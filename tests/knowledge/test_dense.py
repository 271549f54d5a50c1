from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from copilot.knowledge.dense import DenseIndex

DIMENSION = 24


def unit(seed: int) -> NDArray[np.float32]:
    row = np.random.default_rng(seed).normal(size=DIMENSION).astype(np.float32)
    length: NDArray[np.float32] = row / np.linalg.norm(row)
    return length


def rows(keys: list[int]) -> NDArray[np.float32]:
    return np.stack([unit(key) for key in keys]) if keys else np.zeros((0, DIMENSION), dtype=np.float32)


def test_the_nearest_is_the_vector_itself_and_cosines_are_near_exact() -> None:
    index = DenseIndex(DIMENSION)
    keys = list(range(5000))
    index.add(keys, rows(keys))
    found = index.search(unit(4711), 5)
    assert found[0][0] == 4711
    exact = rows(keys) @ unit(4711)
    assert [key for key, _ in found] == [int(key) for key in np.argsort(-exact)[:5]]
    assert np.abs(index.similarities(unit(4711)[None])[0] - exact).max() < 0.01


def test_an_empty_index_finds_nothing() -> None:
    assert DenseIndex(DIMENSION).search(unit(1), 5) == []


def test_a_key_cannot_be_added_twice() -> None:
    index = DenseIndex(DIMENSION)
    index.add([1], rows([1]))
    with pytest.raises(ValueError, match="twice"):
        index.add([2, 1], rows([2, 1]))
    with pytest.raises(ValueError, match="twice"):
        index.add([3, 3], rows([3, 3]))


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 12)), max_size=60))
def test_after_any_adding_and_removing_it_holds_exactly_what_was_kept(steps: list[tuple[bool, int]]) -> None:
    index, kept = DenseIndex(DIMENSION), set[int]()
    for adds, key in steps:
        if adds and key not in kept:
            index.add([key], rows([key]))
            kept.add(key)
        elif not adds and key in kept:
            index.remove([key])
            kept.remove(key)
    assert sorted(index.keys) == sorted(kept)
    for key in kept:
        assert index.search(unit(key), 1)[0][0] == key
