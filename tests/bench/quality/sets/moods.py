"""What the sets of mood have in common: the score, and the baselines."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from copilot.triage.mood_learning import learned_mood_model, logistic_weights
from copilot.triage.mood_model import MOODS, MoodModel, Views
from tests.bench.quality.frame import Bench

Classes = NDArray[np.int64]
Example = tuple[str, str]
"""A text and its mood."""

_WORDS_SHARE = 4.0
"""How much TF-IDF rows count: under a penalty of 3, as C = 5 elsewhere."""
_WORD = re.compile(r"(?u)\b\w\w+\b")


def ours(bench: Bench, learn: Sequence[Example], report: Sequence[Example]) -> Classes:
    """The recipe of the shipped model, learned from `learn`."""
    texts = [text for text, _ in learn]
    moods = [mood for _, mood in learn]
    model = learned_mood_model(texts, bench.embed(texts), moods, embedder=bench.embedder.id)
    return read(bench, model, report)


def read(bench: Bench, model: MoodModel, report: Sequence[Example]) -> Classes:
    """What a model makes of the texts."""
    texts = [text for text, _ in report]
    chances = model.chances(texts, bench.embed(texts))
    found: Classes = chances.argmax(axis=1)
    return found


def by_vader(report: Sequence[Example]) -> Classes:
    """VADER with the bars its authors name: 0.05 on either side."""
    from vader import SentimentIntensityAnalyzer

    analyzer = SentimentIntensityAnalyzer()
    scores = np.array([analyzer.polarity_scores(text)["compound"] for text, _ in report])
    return 1 + (scores >= 0.05).astype(np.int64) - (scores <= -0.05).astype(np.int64)


def by_words(learn: Sequence[Example], report: Sequence[Example]) -> Classes:
    """Logistic regression over TF-IDF of words and word pairs seen at least twice."""
    seen = Counter(gram for text, _ in learn for gram in set(_grams(text)))
    kept = [gram for gram, times in seen.items() if times > 1]
    places = {gram: place for place, gram in enumerate(kept)}
    rarity = np.array([math.log((1 + len(learn)) / (1 + seen[gram])) + 1 for gram in kept], dtype=np.float32)
    weights = logistic_weights(_word_views(learn, places, rarity), classes(learn), len(kept))
    found: Classes = _word_views(report, places, rarity).times(weights).argmax(axis=1)
    return found


def macro_f1(found: Classes, report: Sequence[Example]) -> float:
    """The mean of the moods' F1, in per cent."""
    right = classes(report)
    each = []
    for mood in range(len(MOODS)):
        both = int(((found == mood) & (right == mood)).sum())
        each.append(2 * both / max(int((found == mood).sum() + (right == mood).sum()), 1))
    return 100 * float(np.mean(each))


def classes(examples: Sequence[Example]) -> Classes:
    """The moods as columns of the model."""
    return np.array([MOODS.index(mood) for _, mood in examples], dtype=np.int64)


def _grams(text: str) -> list[str]:
    words = _WORD.findall(text.lower())
    return words + [f"{first} {second}" for first, second in pairwise(words)]


def _word_views(examples: Sequence[Example], places: dict[str, int], rarity: NDArray[np.float32]) -> Views:
    rows: list[int] = []
    columns: list[int] = []
    counts: list[float] = []
    for row, (text, _) in enumerate(examples):
        for gram, times in Counter(gram for gram in _grams(text) if gram in places).items():
            rows.append(row)
            columns.append(places[gram])
            counts.append(1 + math.log(times))
    row_of, column = np.array(rows, dtype=np.int64), np.array(columns, dtype=np.int64)
    value = np.array(counts, dtype=np.float32) * rarity[column]
    length = np.sqrt(np.bincount(row_of, value**2, len(examples))).astype(np.float32)
    value = (_WORDS_SHARE * value / np.maximum(length, 1e-6)[row_of]).astype(np.float32)
    return Views(np.ones((len(examples), 1), dtype=np.float32), row_of, column, value)
