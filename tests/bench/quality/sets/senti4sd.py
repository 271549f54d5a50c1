"""Mood of posts on a questions site: dev.jsonl with `text` and `polarity` (negative, neutral, positive)."""

from __future__ import annotations

import numpy as np

from copilot.triage.mood_model import shipped_mood_model
from tests.bench.quality.frame import Bench, Figure, QualitySet
from tests.bench.quality.parts import Record
from tests.bench.quality.sets.moods import Example, by_vader, by_words, macro_f1, ours, read

_FOLDS = 3


def measure(bench: Bench) -> list[Figure]:
    """The recipe learned on this set's own texts, and the shipped weights, which never saw any of them."""
    parts = bench.parts()
    fitted, shipped, vader, words = [], [], [], []
    for learned_from, reported in parts.folds(_FOLDS):
        learn, report = _examples(learned_from), _examples(reported)
        fitted.append(macro_f1(ours(bench, learn, report), report))
        shipped.append(macro_f1(read(bench, shipped_mood_model(), report), report))
        vader.append(macro_f1(by_vader(report), report))
        words.append(macro_f1(by_words(learn, report), report))
        bench.say(f"macro-F1 {fitted[-1]:.1f}, TF-IDF {words[-1]:.1f}")
    baselines = {"VADER": float(np.mean(vader)), "TF-IDF": float(np.mean(words))}
    return [
        Figure("macro-F1", float(np.mean(fitted)), 87.0, baselines, note=parts.how),
        Figure("macro-F1, shipped weights", float(np.mean(shipped)), note="learned elsewhere"),
    ]


def _examples(records: list[Record]) -> list[Example]:
    return [(record["text"], record["polarity"]) for record in records]


SET = QualitySet(name="senti4sd", folder="senti4sd", measure=measure)
