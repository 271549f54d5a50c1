"""The right article for a real question: Thunderbird's help centre and the articles that helpers linked in answers.

kb.jsonl, and retrieval.dev.jsonl with what was asked and linked. Reported on `core` questions: in the accepted or the
first answer a helper linked an article that is no general how-to. A hit is any linked article. The history of solved
tickets is the development part, each question without itself.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from copilot.domain import Article, ArticleId, SourceKind
from tests.bench.quality.frame import Bench, Figure, QualitySet
from tests.bench.quality.parts import Record, read_lines
from tests.bench.quality.sets.retrieval import (
    Asked,
    Columns,
    Library,
    Orders,
    Read,
    Trial,
    hit_at,
    learned_orders,
    ndcg,
    ordered_by,
    reciprocal_ranks,
    standardised,
    weights_line,
    whole_articles,
)

_FOLDS = 5
_WEIGHT = {3: 1.0, 2: 1.0, 1: 0.5}
"""What a link teaches: in the accepted or first answer fully, in a later one half; a general how-to half of that."""


def measure(bench: Bench) -> list[Figure]:
    """The learned ranker beside each of its parts."""
    library = Library(
        bench, whole_articles([_article(record) for record in read_lines(bench.folder / "kb.jsonl")])
    )
    parts = bench.parts("retrieval.dev")
    dev = library.read([_asked(record) for record in parts.dev])
    heldout = None if parts.heldout is None else library.read([_asked(record) for record in parts.heldout])
    trial = Trial(library, dev)
    folds = _folds(dev) if heldout is None else [(dev, heldout)]
    orders, ranker = learned_orders(trial, folds)
    bench.say(weights_line(ranker))
    reported = dev if heldout is None else heldout
    baselines = {name: ordered_by(trial, reported, score) for name, score in _BASELINES.items()}
    note = f"{parts.how}, {len(orders)} core"
    return [
        Figure(
            f"core {metric}",
            figure(library, orders),
            goal,
            {n: figure(library, f) for n, f in baselines.items()},
            note=note,
        )
        for metric, goal, figure in (("R@1", 62.0, _first), ("R@3", 82.0, _three), ("nDCG@10", 76.0, ndcg))
    ]


def _first(library: Library, orders: Orders) -> float:
    return hit_at(library, orders, 1)


def _three(library: Library, orders: Orders) -> float:
    return hit_at(library, orders, 3)


def _plain_sum(of: Columns) -> NDArray[np.float64]:
    return standardised(of["words_best"]) + standardised(of["near_best"]) + standardised(of["history"])


_BASELINES: Mapping[str, Callable[[Columns], NDArray[np.float64]]] = {
    "FTS5 BM25": lambda of: of["words_best"],
    "MiniLM int8": lambda of: of["near_best"],
    "both by reciprocal rank": lambda of: reciprocal_ranks(of["words_best"], of["near_best"]),
    "solved tickets alone": lambda of: of["history"],
    "plain sum of three": _plain_sum,
}


def _folds(reads: Sequence[Read]) -> list[tuple[list[Read], list[Read]]]:
    shuffled = list(reads)
    random.Random(20261123).shuffle(shuffled)
    return [
        ([read for place, read in enumerate(shuffled) if place % _FOLDS != fold], shuffled[fold::_FOLDS])
        for fold in range(_FOLDS)
    ]


def _article(record: Record) -> Article:
    return Article(
        id=ArticleId(record["id"]),
        title=record["title"],
        text=record["body_markdown"],
        summary=record["summary"],
        kind=SourceKind.ARTICLE,
    )


def _asked(record: Record) -> Asked:
    gold = {ArticleId(link["article"]): float(link["grade"]) for link in record["gold"]}
    weights = {
        ArticleId(link["article"]): _WEIGHT[link["grade"]] * (0.5 if link.get("supporting") else 1.0)
        for link in record["gold"]
    }
    return Asked(
        id=record["id"],
        subject=record["subject"],
        text=record["question"],
        gold=gold,
        weights=weights,
        at=datetime.fromisoformat(record["created"]),
        tags=frozenset({record["topic"]}),
        counted=record["core"],
    )


SET = QualitySet(name="sumo-thunderbird", folder="sumo-thunderbird", measure=measure)
