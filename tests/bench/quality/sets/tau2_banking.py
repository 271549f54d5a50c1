"""A bank's product and procedure articles for a customer's long story: tau2-bench's banking tasks.

kb.jsonl: articles; dev.jsonl: `customer_brief` and the `required_documents`. A hit is any required document. Reported
with the other tasks as the team's solved tickets (one article is required by half of them), and without any history.
"""

from __future__ import annotations

import random

from copilot.domain import Article, ArticleId, SourceKind
from tests.bench.quality.frame import Bench, Figure, QualitySet
from tests.bench.quality.parts import Record, read_lines
from tests.bench.quality.sets.retrieval import (
    Asked,
    Library,
    Trial,
    hit_at,
    learned_orders,
    ordered_by,
    weights_line,
    whole_articles,
)

_FOLDS = 7


def measure(bench: Bench) -> list[Figure]:
    """Hit@3 with and without a history."""
    library = Library(
        bench, whole_articles([_article(record) for record in read_lines(bench.folder / "kb.jsonl")])
    )
    parts = bench.parts()
    dev = library.read([_asked(record) for record in parts.dev])
    heldout = None if parts.heldout is None else library.read([_asked(record) for record in parts.heldout])
    shuffled = random.Random(20261123).sample(dev, len(dev))
    folds = [([r for r in dev if r not in shuffled[n::_FOLDS]], shuffled[n::_FOLDS]) for n in range(_FOLDS)]
    figures = []
    for metric, goal, history in (("Hit@3", 80.0, dev), ("Hit@3 without history", None, [])):
        trial = Trial(library, history)
        orders, ranker = learned_orders(trial, folds if heldout is None else [(dev, heldout)])
        bench.say(weights_line(ranker))
        reported = [one for one, _ in orders]
        baselines = {
            "FTS5 BM25": ordered_by(trial, reported, lambda of: of["words_best"]),
            "MiniLM int8": ordered_by(trial, reported, lambda of: of["near_best"]),
            "most required": ordered_by(trial, reported, lambda of: of["usual"]),
        }
        beside = {
            name: hit_at(library, found, 3) for name, found in baselines.items() if history or name[0] != "m"
        }
        figures.append(Figure(metric, hit_at(library, orders, 3), goal, beside, note=parts.how))
    return figures


def _article(record: Record) -> Article:
    return Article(
        id=ArticleId(record["id"]),
        title=record["title"],
        text=record["content"],
        kind=SourceKind.INTERNAL_ANSWER,
    )


def _asked(record: Record) -> Asked:
    gold = {ArticleId(document): 1.0 for document in record["required_documents"]}
    return Asked(id=record["id"], subject="", text=record["customer_brief"], gold=gold)


SET = QualitySet(name="tau2-banking-knowledge", folder="tau2-banking-knowledge", measure=measure)
