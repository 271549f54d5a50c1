"""How good Sidedesk's reading and knowing is, on real data, beside baselines computed in the same run.

    python -m tests.bench.quality --data DIR [--json FILE] [--only SET,…] [--cache DIR]

DIR holds one folder per data set, in the form each set's module describes. Where a folder has a held-out file beside
its development file (`heldout.jsonl` beside `dev.jsonl`, `retrieval.heldout.jsonl` beside `retrieval.dev.jsonl`), a set
learns from the development file and reports on the held-out one; else it cross-validates on the development file. Sets
whose folder is absent are named and left out. The table goes to standard output, `--json` writes
`{"set": {"metric": value}}` with our figures only.

Adding a set: put one file into `sets/` that holds a `QualitySet` called `SET`; nothing else needs to be told. Its
`measure` is given a `Bench` and answers `Figure`s:

    from tests.bench.quality.frame import Bench, Figure, QualitySet

    def measure(bench: Bench) -> list[Figure]:
        parts = bench.parts("dev")            # .dev and, where there is one, .heldout: lists of records
        for learn, report in parts.folds(5):  # (dev, heldout) once, else 5 folds of dev
            ...
        return [Figure("accuracy", ours=93.1, goal=93.0, baselines={"most frequent": 1.3})]

    SET = QualitySet(name="my-set", folder="my-set", measure=measure)

`bench.embed(texts)` gives unit vectors of the shipped model, computed once per text and run; `bench.say(line)` tells
how far it has come. Figures are in per cent unless the name of the metric says otherwise. Nothing may be fitted to ids
or texts of a development part: choose constants by cross-validation there, or leave them to the learner.
"""

import os

# One thread for every library that would start its own, said before any of them is imported: figures of speed mean
# something then, and the machine stays usable.
for _variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_variable, "1")
