"""What a requester wants, in the team's own names: learned on this computer from the team's tags and macros.

A kernel machine with two kernels: of sentence vectors, which know what means the same, and of words, word pairs and
runs of letters, which know what was said. It is ridge regression on 0/1 targets, so each intent's score falls to 0
where a message is like none of the examples: "none of these" needs no examples of its own, but uses them as rows of
zeros. What every example would score had it been left out has a closed form (from leverages, as in Rasmussen &
Williams, Gaussian Processes for Machine Learning, 5.4.2): confidence and the bar for "none of these" are set on those.
"""

from __future__ import annotations

import math
import re
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from copilot.domain import Intent
from copilot.store.words import STOP_WORDS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

_SHARPNESS = 4.0
_WORDS_SHARE = 0.25
"""How much the kernel of words counts beside that of meaning."""
_RIDGES = (0.1, 0.3, 1.0)
"""How far scores are held back: whichever names most left-out examples rightly; the last where examples are many."""
_MANY = 2000
_ALL_SPAN = 12_000
"""Up to so many examples each one spans the kernel: on banking77 half a point more are named rightly."""
_LANDMARKS = 4000
"""Of more examples so many span the kernel and the others refine the weights, which bounds time and memory."""
_WORD_COLUMNS = 2048
_LETTERS = 4
_SHARE_BELOW_BAR = 0.0075
"""Of the examples that would be named rightly, so many are given up to keep strangers out."""
_CAUSES = 3
_WEIGHED_WORDS = 16
_WORD = re.compile(r"[\w']+")


class IntentModel:
    """Intents learned from examples. Learning and reading block.

    Learning costs the cube of the number of examples: 770 took 3 seconds and 6,700 ninety, two busy cores.
    """

    def __init__(self, texts: Sequence[str], vectors: Vectors, names: Sequence[str | None]) -> None:
        """Learn from messages, their unit vectors and what they want; None marks an example of "none of these".

        Raises `ValueError` unless there are at least two different names.
        """
        self.names = tuple(sorted({name for name in names if name is not None}))
        if len(self.names) < 2:
            raise ValueError("an intent can only be told from another")
        self._rarity = _rarities(texts)
        words = np.stack([self._word_row(text) for text in texts])
        chosen = _landmarks(names)
        self._vectors = vectors[chosen]
        kernel = self._alike(vectors)
        kernel += _WORDS_SHARE * (words @ words[chosen].T)
        targets = np.zeros((len(texts), len(self.names)), dtype=np.float32)
        column = {name: place for place, name in enumerate(self.names)}
        for row, name in enumerate(names):
            if name is not None:
                targets[row, column[name]] = 1.0
        tried = [
            _solved(kernel, chosen, targets, ridge)
            for ridge in (_RIDGES if len(texts) <= _MANY else _RIDGES[-1:])
        ]
        self._dual, left_out = max(tried, key=lambda one: _accuracy(one[1], targets))
        self._effects = words[chosen].T @ self._dual
        self.left_out_accuracy = _accuracy(left_out, targets)
        self._set_bar(left_out, targets)

    def read(self, text: str, vector: Vectors) -> Intent:
        """What one message wants."""
        row = self._word_row(text)
        scores = self.scores([text], vector[None])[0]
        order = np.argsort(-scores, kind="stable")
        best = int(order[0])
        chances = self._chances(scores)
        known = scores[best] >= self.bar
        return Intent(
            name=self.names[best] if known else None,
            confidence=float(chances[best]) if known else float(1 - chances[best]),
            words=self._causes(text, row, best),
            closest=tuple((self.names[place], float(chances[place])) for place in order[:_CAUSES]),
        )

    def scores(self, texts: Sequence[str], vectors: Vectors) -> NDArray[np.float32]:
        """A row a message, a column a name; about 1 for a sure one, about 0 for each name of a stranger."""
        words = np.stack([self._word_row(text) for text in texts])
        scores: Vectors = self._alike(vectors) @ self._dual
        scores += _WORDS_SHARE * (words @ self._effects)
        return scores

    def _alike(self, vectors: Vectors) -> Vectors:
        """The kernel of meaning, a column an example that spans it."""
        alike: Vectors = np.exp(_SHARPNESS * (vectors @ self._vectors.T - 1))
        return alike

    def _word_row(self, text: str) -> Vectors:
        """A message's words, pairs and letters by rarity, hashed into a fixed number of columns, at unit length."""
        row = np.zeros(_WORD_COLUMNS, dtype=np.float32)
        for gram, times in Counter(_grams(text)).items():
            place = zlib.crc32(gram.encode())
            sign = 1.0 if place & 1 else -1.0
            row[(place >> 1) % _WORD_COLUMNS] += sign * (1 + math.log(times)) * self._rarity.get(gram, 0.0)
        return row / max(float(np.linalg.norm(row)), 1e-6)

    def _set_bar(self, left_out: Vectors, targets: Vectors) -> None:
        best = left_out.argmax(axis=1)
        top = left_out[np.arange(len(best)), best]
        right = targets[np.arange(len(best)), best] > 0
        self.bar = float(np.quantile(top[right], _SHARE_BELOW_BAR)) if right.any() else 1.0
        self._slope, self._offset = _logistic(top, right)

    def _chances(self, scores: Vectors) -> Vectors:
        chances: Vectors = 1 / (1 + np.exp(-(self._slope * scores + self._offset)))
        return chances

    def _causes(self, text: str, row: Vectors, name: int) -> tuple[str, ...]:
        """The words without which the name would lose most."""
        found = {
            word: self._loss(text, word, row, name)
            for word in sorted(
                {word for word in _WORD.findall(text.lower()) if len(word) > 2 and word not in STOP_WORDS},
                key=lambda word: (-self._alone(word, name), word),
            )[:_WEIGHED_WORDS]
        }
        told = sorted((word for word, loss in found.items() if loss > 0), key=lambda word: -found[word])
        return tuple(told[:_CAUSES])

    def _loss(self, text: str, word: str, row: Vectors, name: int) -> float:
        without = " ".join(other for other in _WORD.findall(text.lower()) if other != word)
        effect = (row - self._word_row(without)) @ self._effects
        return float(effect[name] - effect.mean())

    def _alone(self, word: str, name: int) -> float:
        """What a word by itself would say for a name: enough to choose which are worth weighing in their text."""
        place = zlib.crc32(word.encode())
        effect = self._effects[(place >> 1) % _WORD_COLUMNS]
        sign = 1.0 if place & 1 else -1.0
        return sign * self._rarity.get(word, 0.0) * float(effect[name] - effect.mean())


def _solved(
    kernel: Vectors, chosen: NDArray[np.int64], targets: Vectors, ridge: float
) -> tuple[Vectors, Vectors]:
    """The weights of the landmarks, and what each example would score had it been left out."""
    if len(chosen) == len(kernel):
        return _solved_by_all(kernel, targets, ridge)
    inner = (kernel.T @ kernel).astype(np.float64) + ridge * kernel[chosen].astype(np.float64)
    inner[np.diag_indices_from(inner)] += 1e-4
    inverse = np.linalg.inv(inner).astype(np.float32)
    dual = inverse @ (kernel.T @ targets)
    leverage = np.minimum(np.einsum("ij,ij->i", kernel @ inverse, kernel), 0.999)[:, None]
    left_out: Vectors = (kernel @ dual - leverage * targets) / (1 - leverage)
    return dual, left_out


def _solved_by_all(kernel: Vectors, targets: Vectors, ridge: float) -> tuple[Vectors, Vectors]:
    """The same where every example is a landmark: one inverse, and equation 5.12 of Rasmussen & Williams."""
    held = kernel.copy()
    held[np.diag_indices_from(held)] += ridge
    inverse: Vectors = np.linalg.inv(held).astype(np.float32, copy=False)
    dual = inverse @ targets
    left_out: Vectors = targets - dual / np.diag(inverse)[:, None]
    return dual, left_out


def _accuracy(scores: Vectors, targets: Vectors) -> float:
    """The share of examples with a name whose best score is that name's."""
    named = targets.any(axis=1)
    return float((scores.argmax(axis=1) == targets.argmax(axis=1))[named].mean())


def _grams(text: str) -> Iterator[str]:
    words = _WORD.findall(text.lower())
    yield from words
    for first, second in pairwise(words):
        yield f"{first} {second}"
    letters = f" {' '.join(words)} "
    for begin in range(len(letters) - _LETTERS + 1):
        yield f"\x00{letters[begin : begin + _LETTERS]}"


def _rarities(texts: Sequence[str]) -> dict[str, float]:
    """The inverse document frequency of what at least two messages hold."""
    seen = Counter(gram for text in texts for gram in set(_grams(text)))
    return {gram: math.log(len(texts) / times) for gram, times in seen.items() if times > 1}


def _landmarks(names: Sequence[str | None]) -> NDArray[np.int64]:
    """Places of examples that stand for all: every one, or evenly many of each name."""
    if len(names) <= _ALL_SPAN:
        return np.arange(len(names))
    turn: Counter[str | None] = Counter()
    nth = np.zeros(len(names), dtype=np.int64)
    for place, name in enumerate(names):
        nth[place] = turn[name]
        turn[name] += 1
    return np.sort(np.argsort(nth, kind="stable")[:_LANDMARKS])


def _logistic(scores: Vectors, right: NDArray[np.bool_]) -> tuple[float, float]:
    """Slope and offset that turn a score into the chance that it is right (Platt 1999, with his smoothed targets)."""
    count = max(int(right.sum()), 1), max(int((~right).sum()), 1)
    target = np.where(right, (count[0] + 1) / (count[0] + 2), 1 / (count[1] + 2))
    design = np.stack([scores.astype(np.float64), np.ones(len(scores))], axis=1)
    weights = np.zeros(2)
    for _ in range(30):
        chance = 1 / (1 + np.exp(-design @ weights))
        slope = design.T @ (chance - target) + 1e-3 * weights
        bend = (design * (chance * (1 - chance))[:, None]).T @ design + 1e-3 * np.eye(2)
        weights -= np.linalg.solve(bend, slope)
    return float(weights[0]), float(weights[1])
