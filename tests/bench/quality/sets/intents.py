"""What the intent sets share: learning from records with `text` and `intent`, and naming the reported ones."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Sequence

import numpy as np

from copilot.triage.intent import IntentModel
from tests.bench.quality.frame import Bench
from tests.bench.quality.parts import Record

NONE = "out_of_scope"


def texts_of(records: Sequence[Record]) -> list[str]:
    """What was written."""
    return [record["text"] for record in records]


def learned(bench: Bench, records: Sequence[Record]) -> IntentModel:
    """A model of these examples."""
    names = [None if record["intent"] == NONE else str(record["intent"]) for record in records]
    return IntentModel(texts_of(records), bench.embed(texts_of(records)), names)


def named(bench: Bench, model: IntentModel, records: Sequence[Record]) -> tuple[list[str], list[str]]:
    """The best name of each record, and the name with "none of these" below the model's bar."""
    texts = texts_of(records)
    scores = model.scores(texts, bench.embed(texts))
    best = [model.names[place] for place in scores.argmax(axis=1)]
    kept = [
        name if score >= model.bar else NONE for name, score in zip(best, scores.max(axis=1), strict=True)
    ]
    return best, kept


def nearest_names(bench: Bench, learn: Sequence[Record], report: Sequence[Record]) -> list[str]:
    """The baseline: what most of the five nearest sentence vectors are called."""
    cosines = bench.embed(texts_of(report)) @ bench.embed(texts_of(learn)).T
    names = []
    for row in cosines:
        votes: dict[str, float] = defaultdict(float)
        for place in np.argpartition(-row, 5)[:5]:
            votes[learn[place]["intent"]] += float(row[place])
        names.append(max(votes, key=lambda name: votes[name]))
    return names


def names_by_words(learn: Sequence[Record], report: Sequence[Record]) -> list[str]:
    """The baseline without any model of language: the same regression on words, pairs and runs of letters alone."""
    nothing = np.zeros((max(len(learn), len(report)), 1), dtype=np.float32)
    intents = [None if record["intent"] == NONE else str(record["intent"]) for record in learn]
    model = IntentModel(texts_of(learn), nothing[: len(learn)], intents)
    scores = model.scores(texts_of(report), nothing[: len(report)])
    return [model.names[place] for place in scores.argmax(axis=1)]


def few(records: Sequence[Record], count: int, seed: int) -> list[Record]:
    """So many examples of each intent."""
    by_name: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        by_name[record["intent"]].append(record)
    draw = random.Random(seed)
    return [
        record
        for name in sorted(by_name)
        for record in draw.sample(by_name[name], min(count, len(by_name[name])))
    ]


def per_cent(
    names: Sequence[str], records: Sequence[Record], counts: Callable[[Record], bool] = bool
) -> float:
    """How many of the records that count were named rightly."""
    right = [name == record["intent"] for name, record in zip(names, records, strict=True) if counts(record)]
    return 100 * float(np.mean(right))
