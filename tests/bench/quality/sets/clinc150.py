"""150 intents and what fits none of them: dev.jsonl with `text` and `intent`, `out_of_scope` for strangers.

In scope: named rightly and not held for a stranger. Out of scope: held for "none of these".
"""

from __future__ import annotations

import numpy as np

from tests.bench.quality.frame import Bench, Figure, QualitySet
from tests.bench.quality.parts import Record
from tests.bench.quality.sets.intents import NONE, learned, named, names_by_words, nearest_names, per_cent

_FOLDS = 3


def measure(bench: Bench) -> list[Figure]:
    """Accuracy in scope and recall out of scope at the bar that the model set itself."""
    parts = bench.parts()
    kept, free, out, near, words = [], [], [], [], []
    for learn, report in parts.folds(_FOLDS):
        best, barred = named(bench, learned(bench, learn), report)
        kept.append(per_cent(barred, report, _in_scope))
        free.append(per_cent(best, report, _in_scope))
        out.append(per_cent(barred, report, lambda record: not _in_scope(record)))
        near.append(per_cent(nearest_names(bench, learn, report), report, _in_scope))
        words.append(per_cent(names_by_words(learn, report), report, _in_scope))
        bench.say(f"in scope {kept[-1]:.1f}, out of scope {out[-1]:.1f}")
    baselines = {
        "five nearest (MiniLM), no bar": float(np.mean(near)),
        "words alone, no bar": float(np.mean(words)),
    }
    return [
        Figure("in-scope accuracy", float(np.mean(kept)), 94.0, baselines, note=parts.how),
        Figure("out-of-scope recall", float(np.mean(out)), 70.0, note="at the same bar"),
        Figure("in-scope accuracy without a bar", float(np.mean(free))),
    ]


def _in_scope(record: Record) -> bool:
    return bool(record["intent"] != NONE)


SET = QualitySet(name="clinc150", folder="clinc150", measure=measure)
