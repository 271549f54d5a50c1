"""Orders articles for a question: scores of many kinds, each standardised within the question, under learned weights.

Ranks are never fused: on support questions that loses to the better of the two lists. The weights are a regularised
listwise logistic regression (the softmax cross entropy of ListNet with one chosen article, Cao et al., ICML 2007),
pulled towards weights that work without any history, and refitted from what reps accepted: some hundred decisions take
well under a second.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Column = NDArray[np.float64]

PRIOR: Mapping[str, float] = {
    "words_best": 0.2,
    "words_top": 0.2,
    "near_best": 0.4,
    "near_top": 0.4,
    "near_mean": 0.2,
    "near_title": 0.2,
    "near_subject": 0.1,
    "subject_title": 0.0,
    "part_best": 0.1,
    "part_mean": 0.3,
    "history": 0.4,
    "nearest": 0.2,
    "centroid": 0.4,
    "usual": 0.1,
    "recent": 0.1,
    "tagged": 0.1,
}
"""What each kind of evidence weighs before anything was learned: meaning over words, the team's history over both."""
OF_HISTORY = frozenset({"history", "nearest", "centroid", "usual", "recent", "tagged"})
_FEW = 0.3
"""How much of the history's weight counts where few solved tickets link an article.

Its standardised columns then jump at the few articles that were linked at all. With 13 links among 303 tickets
(sumo-thunderbird, 695 core questions) R@1 is 52 so, 42 with the whole weight and 49 with none; with 60 links among 300
it is 57, 54 and 49."""
FEATURES = tuple(PRIOR)
_CANDIDATES = 40
_SCOUTS = ("words_best", "near_best", "near_top", "part_mean", "history", "centroid")
"""An article among the best of any of these is looked at with all the others."""
_HOLD = 30.0
"""How strongly weights are held to the prior, in examples."""
_STEPS = 12


@dataclass(frozen=True, slots=True)
class Candidates:
    """The articles worth ordering for one question: their places among all articles, and a row of features each."""

    places: NDArray[np.int64]
    features: Column


def candidates_of(evidence: Mapping[str, Column]) -> Candidates:
    """Choose candidates by the evidence of all articles and standardise it among them. Every feature must be there."""
    columns = np.stack([evidence[name] for name in FEATURES], axis=1)
    count = len(columns)
    if count <= _CANDIDATES:
        chosen = np.arange(count)
    else:
        scouts = columns[:, [FEATURES.index(name) for name in _SCOUTS]]
        best = np.argpartition(-scouts, _CANDIDATES, axis=0)[:_CANDIDATES]
        chosen = np.unique(best)
    rows = columns[chosen]
    spread = rows.std(axis=0)
    features = np.where(spread > 1e-9, (rows - rows.mean(axis=0)) / np.maximum(spread, 1e-9), 0.0)
    return Candidates(chosen, features)


@dataclass(frozen=True, slots=True)
class Example:
    """A question whose right articles are known: places among all articles."""

    candidates: Candidates
    right: frozenset[int]


@dataclass(frozen=True, slots=True)
class Ranked:
    """An article's place, its probability of being the one a rep picks, and what weighed most for it."""

    place: int
    probability: float
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Ranker:
    """Weights of the features, in the order of `FEATURES`."""

    weights: Column = field(default_factory=lambda: np.array([PRIOR[name] for name in FEATURES]))

    @classmethod
    def starting(cls) -> Ranker:
        """The ranker of a team with few solved tickets to learn from."""
        return cls(np.array([PRIOR[name] * (_FEW if name in OF_HISTORY else 1.0) for name in FEATURES]))

    def order(self, candidates: Candidates, *, limit: int = 10) -> list[Ranked]:
        """The best articles, best first."""
        scores = candidates.features @ self.weights
        chances = _softmax(scores)
        return [
            Ranked(int(candidates.places[row]), float(chances[row]), self._reasons(candidates.features[row]))
            for row in np.argsort(-scores, kind="stable")[:limit]
        ]

    def _reasons(self, features: Column) -> tuple[str, ...]:
        parts = features * self.weights
        return tuple(FEATURES[place] for place in np.argsort(-parts)[:3] if parts[place] > 0)


def fitted(examples: Sequence[Example], *, hold: float = _HOLD) -> Ranker:
    """Weights learned from examples, by Newton's method; those whose right articles are no candidates teach nothing."""
    prior = Ranker().weights
    useful = [(example.candidates.features, _target(example)) for example in examples]
    useful = [(features, target) for features, target in useful if target.sum() > 0]
    weights = prior.copy()
    for _ in range(_STEPS if useful else 0):
        slope = hold * (weights - prior)
        bend = hold * np.eye(len(weights))
        for features, target in useful:
            chances = _softmax(features @ weights)
            mean = chances @ features
            slope += features.T @ (chances - target)
            bend += (features * chances[:, None]).T @ features - np.outer(mean, mean)
        step = np.linalg.solve(bend, slope)
        weights = weights - step
        if np.abs(step).max() < 1e-6:
            break
    return Ranker(weights)


def _target(example: Example) -> Column:
    right = np.isin(example.candidates.places, list(example.right)).astype(np.float64)
    target: Column = right / max(right.sum(), 1.0)
    return target


def _softmax(scores: Column) -> Column:
    raised = np.exp(scores - scores.max(initial=0.0))
    chances: Column = raised / raised.sum()
    return chances
