"""How well questions are put together by what they ask, on messages of banking77: its intents are the groups.

Ours stands beside k-means that is told how many groups there are. Both know the sentence vectors alone.

Nothing is fitted: the bar of the clustering is a constant of `copilot.knowledge.gaps`. Of every intent that was drawn,
all messages of the part that is reported are put together.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from copilot.knowledge.clusters import clusters_of
from copilot.knowledge.gaps import ALIKE
from tests.bench.quality.frame import Bench, Figure, QualitySet

Groups = NDArray[np.int64]
INTENTS = 40
MESSAGES = 1200
_ROUNDS = 30


def measure(bench: Bench) -> list[Figure]:
    """The adjusted Rand index, and how pure the groups of three and more are."""
    parts = bench.parts("dev")
    records = parts.dev if parts.heldout is None else parts.heldout
    draw = random.Random(20261123)
    intents = sorted({record["intent"] for record in records})
    drawn = set(draw.sample(intents, min(INTENTS, len(intents))))
    chosen = [record for record in records if record["intent"] in drawn]
    chosen = draw.sample(chosen, min(MESSAGES, len(chosen)))
    right = np.unique([record["intent"] for record in chosen], return_inverse=True)[1]
    vectors = bench.embed([record["text"] for record in chosen])
    ours = _numbered(clusters_of(vectors, ALIKE), len(vectors))
    told = _k_means(vectors, len(drawn))
    note = f"{len(chosen)} messages of {len(drawn)} intents"
    return [
        Figure(
            "adjusted Rand",
            rand(ours, right),
            baselines={"k-means told the number": rand(told, right)},
            note=note,
        ),
        Figure(
            "purity",
            purity(ours, right),
            baselines={"k-means told the number": purity(told, right)},
            note=note,
        ),
    ]


def rand(found: Groups, right: Groups) -> float:
    """Agreement on pairs, 0 by chance and 1 when all agree (Hubert and Arabie 1985)."""
    seen = np.zeros((found.max() + 1, right.max() + 1))
    np.add.at(seen, (found, right), 1)
    together = _pairs(seen)
    ours, theirs, all_pairs = (
        _pairs(seen.sum(axis=1)),
        _pairs(seen.sum(axis=0)),
        _pairs(np.array([len(found)])),
    )
    by_chance = ours * theirs / all_pairs
    return (together - by_chance) / ((ours + theirs) / 2 - by_chance)


def purity(found: Groups, right: Groups) -> float:
    """Of the messages in groups of three and more, the share that belongs to the group's largest intent; per cent."""
    groups = [right[found == number] for number in range(found.max() + 1)]
    large = [group for group in groups if len(group) >= 3]
    return 100 * sum(int(np.bincount(group).max()) for group in large) / max(sum(map(len, large)), 1)


def _pairs(counts: NDArray[np.float64]) -> float:
    return float((counts * (counts - 1) / 2).sum())


def _numbered(groups: Sequence[Sequence[int]], count: int) -> Groups:
    numbers = np.zeros(count, dtype=np.int64)
    for number, places in enumerate(groups):
        numbers[list(places)] = number
    return numbers


def _k_means(vectors: NDArray[np.float32], count: int) -> Groups:
    """Spherical k-means from points drawn at random."""
    draw = np.random.default_rng(20261123)
    middles = vectors[draw.choice(len(vectors), count, replace=False)]
    found = np.zeros(len(vectors), dtype=np.int64)
    for _ in range(_ROUNDS):
        found = (vectors @ middles.T).argmax(axis=1)
        means = [vectors[found == n].mean(axis=0) if (found == n).any() else middles[n] for n in range(count)]
        middles = np.stack(means)
        middles /= np.linalg.norm(middles, axis=1, keepdims=True)
    return found


SET = QualitySet(name="gaps", folder="banking77", measure=measure)
