"""77 fine intents of a bank's customers: dev.jsonl with `text` and `intent`; with all examples, and with ten each."""

from __future__ import annotations

import numpy as np

from tests.bench.quality.frame import Bench, Figure, QualitySet
from tests.bench.quality.sets.intents import few, learned, named, names_by_words, nearest_names, per_cent

_FOLDS = 3
_DRAWS = 3


def measure(bench: Bench) -> list[Figure]:
    """Accuracy without abstaining."""
    parts = bench.parts()
    ours, near, words, ten, ten_near = [], [], [], [], []
    for learn, report in parts.folds(_FOLDS):
        ours.append(per_cent(named(bench, learned(bench, learn), report)[0], report))
        near.append(per_cent(nearest_names(bench, learn, report), report))
        words.append(per_cent(names_by_words(learn, report), report))
        bench.say(f"all examples: {ours[-1]:.1f}")
        for draw in range(_DRAWS):
            small = few(learn, 10, draw)
            ten.append(per_cent(named(bench, learned(bench, small), report)[0], report))
            ten_near.append(per_cent(nearest_names(bench, small, report), report))
    baselines = {"five nearest (MiniLM)": float(np.mean(near)), "words alone": float(np.mean(words))}
    return [
        Figure("accuracy", float(np.mean(ours)), 93.0, baselines, note=parts.how),
        Figure(
            "accuracy, 10 examples each",
            float(np.mean(ten)),
            85.0,
            {"five nearest (MiniLM)": float(np.mean(ten_near))},
            note=f"{_DRAWS} draws a fold",
        ),
    ]


SET = QualitySet(name="banking77", folder="banking77", measure=measure)
