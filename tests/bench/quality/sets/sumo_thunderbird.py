"""The right article for a real question: Thunderbird's help centre and the articles that helpers linked in answers.

kb.jsonl, and retrieval.dev.jsonl with what was asked and linked. Reported on `core` questions: in the accepted or the
first answer a helper linked an article that is no general how-to. A hit is any linked article. The history of solved
tickets is the development part, each question without itself.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from statistics import mean

import numpy as np
from numpy.typing import NDArray

from copilot.domain import Article, ArticleId, SourceKind
from copilot.knowledge.calibration import HYBRID_BAR, LEARNED, Standing, chance_of_article
from copilot.knowledge.ranking import Ranker, fitted
from copilot.knowledge.retrieval import MAX_ARTICLES
from tests.bench.quality.frame import Bench, Figure, QualitySet
from tests.bench.quality.parts import Record, read_lines
from tests.bench.quality.sets.ranks import calibration_error, coverage_at, precision_at
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
_SURE = 0.85
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
        *ranking_figures(library, orders, baselines, note),
        *_confidence_figures(library, trial, folds),
    ]


def ranking_figures(
    library: Library, orders: Orders, baselines: Mapping[str, Orders], note: str
) -> list[Figure]:
    """How high the linked articles stand."""
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


def _confidence_figures(
    library: Library, trial: Trial, folds: Sequence[tuple[Sequence[Read], Sequence[Read]]]
) -> list[Figure]:
    """Whether the chance said of the best article holds, and how many questions pass a bar on it."""
    said: list[float] = []
    right: list[bool] = []
    shares: list[float] = []
    for learn, report in folds:
        ranker = fitted([trial.example(read) for read in learn if read.asked.counted])
        for read in (one for one in report if one.asked.counted):
            chance, share, place = _best_article(trial, ranker, read)
            said.append(chance)
            shares.append(share)
            right.append(library.shelf.articles[place] in read.asked.gold)
    coverage, bar = coverage_at(_SURE, said, right)
    raw, _ = coverage_at(_SURE, shares, right)
    curve = ", ".join(
        f"{at:.0%}: {100 * precision_at(at, said, right):.0f}" for at in (0.1, 0.25, 0.5, 0.75, 1.0)
    )
    passing = [hit for chance, hit in zip(said, right, strict=True) if chance >= HYBRID_BAR]
    return [
        Figure(
            "best article: coverage where precision is 85", 100 * coverage, None,
            {"by the ranker's share": 100 * raw}, note=f"from a chance of {bar:.2f}; precision by coverage {curve}",
        ),
        Figure(
            "best article: precision at the bar", 100 * mean(passing), 85.0,
            note=f"bar {HYBRID_BAR}, passed by {len(passing) / len(said):.0%}",
        ),
        Figure(
            "best article: calibration error (ECE)", 100 * calibration_error(said, right), None,
            {"by the ranker's share": 100 * calibration_error(shares, right)}, lower_is_better=True,
        ),
    ]  # fmt: skip


def _best_article(trial: Trial, ranker: Ranker, read: Read) -> tuple[float, float, int]:
    """The article with the best chance: the chance, the ranker's share and its place, as the library finds it."""
    columns = trial.columns(read)
    found = [
        (
            chance_of_article(
                Standing(
                    share=ranked.probability,
                    history=float(columns["history"][ranked.place]),
                    near=float(columns["near_best"][ranked.place]),
                    title=float(columns["near_title"][ranked.place]),
                ),
                LEARNED,
            ),
            ranked.probability,
            ranked.place,
        )
        for ranked in ranker.order(trial.example(read).candidates, limit=MAX_ARTICLES)
    ]
    return max(found)


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
