"""Learning a mood model from texts that people labelled: multinomial logistic regression by L-BFGS, in numpy alone."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from copilot.triage.mood_model import MOODS, Measures, MoodModel, Views, softmax
from copilot.triage.mood_signs import COLUMNS, signs, valences

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    Point = NDArray[np.float64]

_PENALTY = 3.0
"""How far weights are held back; chosen with the shares of the views by cross-validation on both quality sets."""
_STEPS = 40
_REMEMBERED = 8
"""Pairs of step and change of slope that L-BFGS keeps."""
_ENOUGH = 1e-5
"""Learning ends where a step gains less than this share."""


def learned_mood_model(
    texts: Sequence[str], vectors: Floats, moods: Sequence[str], *, embedder: str
) -> MoodModel:
    """A model of labelled texts and their unit vectors, which `embedder` made. Blocks for seconds a thousand texts.

    Raises `ValueError` for a mood that is none of `MOODS`, or when one of them has no example.
    """
    named = np.array([MOODS.index(mood) for mood in moods], dtype=np.int64)
    if len(set(named.tolist())) < len(MOODS):
        raise ValueError("each mood needs an example")
    measures = _measures(texts)
    weights = logistic_weights(measures.views(texts, vectors), named, COLUMNS)
    return MoodModel(embedder, measures, weights.astype(np.float32))


def logistic_weights(views: Views, named: NDArray[np.int64], columns: int) -> Point:
    """A row a feature, a column a class: the penalised weights under which the names are likeliest.

    `columns` is how many columns the runs of words have. Rarer classes count more, by the root of how rare they are.
    """
    classes = int(named.max()) + 1
    targets = np.eye(classes)[named]
    often = np.bincount(named, minlength=classes)
    importance = np.sqrt(len(named) / classes / np.maximum(often, 1))[named][:, None]
    width = views.dense.shape[1]

    def loss_and_slope(point: Point) -> tuple[float, Point]:
        weights = point.reshape(width + columns, classes)
        chances = softmax(views.times(weights))
        missed = importance * (chances - targets)
        slope = (
            np.concatenate([views.dense.T @ missed, _gathered(views, missed, columns)]) + _PENALTY * weights
        )
        likely = importance * targets * np.log(np.maximum(chances, 1e-12))
        return float(0.5 * _PENALTY * (point @ point) - likely.sum()), slope.ravel()

    found = _lowest(loss_and_slope, np.zeros((width + columns) * classes))
    return found.reshape(width + columns, classes)


def _measures(texts: Sequence[str]) -> Measures:
    felt = np.stack([valences(text) for text in texts])
    seen = np.zeros(COLUMNS)
    for text in texts:
        seen[signs(text)[0]] += 1
    rarity = np.where(seen > 1, np.log((1 + len(texts)) / (1 + seen)) + 1, 0.0)
    # rounded as the file keeps it, so that a model reads the same before and after it was stored
    return Measures(felt.mean(axis=0), felt.std(axis=0) + 1e-3, rarity.astype(np.float16).astype(np.float32))


def _gathered(views: Views, missed: Point, columns: int) -> Point:
    parts = [
        np.bincount(views.column, views.value * missed[views.row, mood], columns)
        for mood in range(missed.shape[1])
    ]
    return np.stack(parts, axis=1)


def _lowest(loss_and_slope: Callable[[Point], tuple[float, Point]], point: Point) -> Point:
    """Where a convex function is lowest: L-BFGS (Nocedal and Wright, Numerical Optimization, algorithm 7.5)."""
    loss, slope = loss_and_slope(point)
    past: deque[tuple[Point, Point]] = deque(maxlen=_REMEMBERED)
    for _ in range(_STEPS):
        way = -_bent(slope, past)
        length, descent = 1.0, float(slope @ way)
        new_loss, new_slope = loss_and_slope(point + way)
        while new_loss > loss + 1e-4 * length * descent and length > 1e-6:
            length /= 2
            new_loss, new_slope = loss_and_slope(point + length * way)
        if new_loss > loss:
            return point
        step, change = length * way, new_slope - slope
        if step @ change > 1e-10:
            past.append((step, change))
        gained = loss - new_loss
        point, loss, slope = point + step, new_loss, new_slope
        if gained < _ENOUGH * abs(loss):
            return point
    return point


def _bent(slope: Point, past: deque[tuple[Point, Point]]) -> Point:
    """The slope times the inverse of the curvature, as far as the last steps showed it (algorithm 7.4)."""
    if not past:
        return slope / max(float(np.linalg.norm(slope)), 1e-12)
    bent = slope.copy()
    shares: list[float] = []
    for step, change in reversed(past):
        share = float(step @ bent) / float(step @ change)
        shares.append(share)
        bent -= share * change
    step, change = past[-1]
    bent *= float(step @ change) / float(change @ change)
    for (step, change), share in zip(past, reversed(shares), strict=True):
        bent += step * (share - float(change @ bent) / float(step @ change))
    return bent
