"""Figures made of orders: rank correlation, area under the curve, precision against coverage, calibration."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def spearman(one: Sequence[float], other: Sequence[float]) -> float:
    """Spearman's rank correlation; equal values share the mean of their ranks."""
    return float(np.corrcoef(_ranks(one), _ranks(other))[0, 1])


def area(high: Sequence[float], low: Sequence[float]) -> float:
    """The area under the curve: how often a value of `high` is above one of `low`, ties counting half."""
    ranks = _ranks([*high, *low])[: len(high)]
    pairs = len(high) * len(low)
    return float((ranks.sum() - len(high) * (len(high) - 1) / 2) / pairs)


def coverage_at(precision: float, confidence: Sequence[float], right: Sequence[bool]) -> tuple[float, float]:
    """The largest share of cases whose most confident ones are right so often, and the confidence of the last of them.

    0 and infinity where no such share exists.
    """
    order = np.argsort(-np.asarray(confidence), kind="stable")
    hits = np.cumsum(np.asarray(right, dtype=np.float64)[order]) / np.arange(1, len(order) + 1)
    good = np.flatnonzero(hits >= precision)
    if not len(good):
        return 0.0, float("inf")
    return float((good[-1] + 1) / len(order)), float(np.asarray(confidence)[order[good[-1]]])


def precision_at(coverage: float, confidence: Sequence[float], right: Sequence[bool]) -> float:
    """How often the most confident share of cases is right."""
    order = np.argsort(-np.asarray(confidence), kind="stable")[: max(1, round(coverage * len(confidence)))]
    return float(np.asarray(right, dtype=np.float64)[order].mean())


def calibration_error(confidence: Sequence[float], right: Sequence[bool], *, bins: int = 10) -> float:
    """Expected calibration error over bins of equal width (Guo et al., ICML 2017, equation 3)."""
    said, hit = np.asarray(confidence), np.asarray(right, dtype=np.float64)
    number = np.minimum((said * bins).astype(int), bins - 1)
    return float(
        sum(
            abs(said[number == one].mean() - hit[number == one].mean()) * (number == one).mean()
            for one in np.unique(number)
        )
    )


def _ranks(values: Sequence[float]) -> NDArray[np.float64]:
    _, inverse, counts = np.unique(np.asarray(values), return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    ranks: NDArray[np.float64] = ((ends - counts) + (ends - 1))[inverse] / 2
    return ranks
