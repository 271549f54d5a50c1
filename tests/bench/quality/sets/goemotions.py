"""Mood of forum comments: dev.jsonl with `text` and `polarity`, a list; those with exactly one of three are read."""

from __future__ import annotations

import time

import numpy as np

from copilot.triage.mood_model import MOODS, shipped_mood_model
from tests.bench.quality.frame import Bench, Figure, QualitySet
from tests.bench.quality.parts import Record
from tests.bench.quality.sets.moods import Example, by_vader, by_words, macro_f1, ours

_FOLDS = 3
_TIMED = 200


def measure(bench: Bench) -> list[Figure]:
    """Macro-F1 of the three moods, and what reading one message costs beyond its vector."""
    parts = bench.parts()
    fitted, vader, words = [], [], []
    for learned_from, reported in parts.folds(_FOLDS):
        learn, report = _examples(learned_from), _examples(reported)
        fitted.append(macro_f1(ours(bench, learn, report), report))
        vader.append(macro_f1(by_vader(report), report))
        words.append(macro_f1(by_words(learn, report), report))
        bench.say(f"macro-F1 {fitted[-1]:.1f}, TF-IDF {words[-1]:.1f}")
    baselines = {"VADER": float(np.mean(vader)), "TF-IDF": float(np.mean(words))}
    return [
        Figure("macro-F1", float(np.mean(fitted)), 68.0, baselines, note=parts.how),
        Figure(
            "ms a message",
            _milliseconds(bench, [text for text, _ in _examples(parts.dev)[:_TIMED]]),
            2.0,
            lower_is_better=True,
            note="shipped weights, beyond the embedding, median",
        ),
    ]


def _milliseconds(bench: Bench, texts: list[str]) -> float:
    model, vectors = shipped_mood_model(), bench.embed(texts)
    model.chances(texts[:1], vectors[:1])
    taken = []
    for place, text in enumerate(texts):
        began = time.perf_counter()
        model.chances([text], vectors[place : place + 1])
        taken.append(time.perf_counter() - began)
    return 1000 * float(np.median(taken))


def _examples(records: list[Record]) -> list[Example]:
    only = [(record["text"], record["polarity"]) for record in records if len(record["polarity"]) == 1]
    return [(text, polarity[0]) for text, polarity in only if polarity[0] in MOODS]


SET = QualitySet(name="goemotions", folder="goemotions", measure=measure)
