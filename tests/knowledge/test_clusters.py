from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from copilot.knowledge.clusters import clusters_of

Vectors = NDArray[np.float32]


def unit(rows: NDArray[np.float64]) -> Vectors:
    made: Vectors = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    return made


@st.composite
def some_vectors(draw: st.DrawFn) -> Vectors:
    generator = np.random.default_rng(draw(st.integers(0, 10_000)))
    return unit(generator.normal(size=(draw(st.integers(1, 25)), draw(st.integers(2, 5)))))


def plainly(vectors: Vectors, least: float) -> list[list[int]]:
    """The same by the book: join the two nearest groups until none are near enough."""
    groups = [[place] for place in range(len(vectors))]
    cosines = (vectors @ vectors.T).astype(np.float64)
    while len(groups) > 1:
        pairs = [
            (cosines[np.ix_(groups[a], groups[b])].mean(), a, b)
            for a in range(len(groups))
            for b in range(a + 1, len(groups))
        ]
        best, one, other = max(pairs)
        if best < least:
            break
        groups[one] += groups.pop(other)
    return sorted(sorted(group) for group in groups)


@given(vectors=some_vectors(), least=st.floats(-0.5, 0.95))
def test_the_chain_finds_what_the_plain_way_finds(vectors: Vectors, least: float) -> None:
    found = clusters_of(vectors, least)
    assert sorted(place for group in found for place in group) == list(range(len(vectors)))
    assert [len(group) for group in found] == sorted(map(len, found), reverse=True)
    assert sorted(found) == plainly(vectors, least)


def test_equal_vectors_are_one_group_and_the_chain_ends() -> None:
    assert clusters_of(np.tile(unit(np.ones((1, 3))), (50, 1)), 0.9) == [list(range(50))]


def test_nothing_is_no_group() -> None:
    assert clusters_of(np.zeros((0, 3), dtype=np.float32), 0.5) == []


def test_it_can_be_ended_and_tells_how_far_it_is() -> None:
    vectors = unit(np.random.default_rng(1).normal(size=(400, 8)))
    heard: list[tuple[int, int]] = []

    def tick(done: int, total: int) -> None:
        heard.append((done, total))
        if len(heard) == 3:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        clusters_of(vectors, 0.5, tick)
    assert all(0 <= done <= total == 400 for done, total in heard)
