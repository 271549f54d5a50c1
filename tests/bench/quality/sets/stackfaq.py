"""The right FAQ entry for a paraphrased question, answers only: the entries' own questions are not indexed.

kb.jsonl: threads with their answers; dev.jsonl: paraphrases, ten a thread. All paraphrases of a thread stand in one
fold and none is in any history: what is learned is how to weigh the evidence, and nothing about the thread.
"""

from __future__ import annotations

from copilot.domain import Article, ArticleId, SourceKind
from copilot.store.passage import Passage
from tests.bench.quality.frame import Bench, Figure, QualitySet
from tests.bench.quality.parts import Record, read_lines
from tests.bench.quality.sets.retrieval import (
    Asked,
    Library,
    Trial,
    hit_at,
    learned_orders,
    ordered_by,
    reciprocal_ranks,
    weights_line,
)

_FOLDS = 5
_BETWEEN = "\n\n"


def measure(bench: Bench) -> list[Figure]:
    """The learned ranker without history, beside words and vectors alone."""
    library = Library(bench, [_answers(record) for record in read_lines(bench.folder / "kb.jsonl")])
    parts = bench.parts()
    records = parts.dev + (parts.heldout or [])
    read = {one.asked.id: one for one in library.read([_asked(record) for record in records])}
    trial = Trial(library, [])
    folds = [
        ([read[record["id"]] for record in learn], [read[record["id"]] for record in report])
        for learn, report in parts.folds(_FOLDS, group=lambda record: record["gold"][0])
    ]
    orders, ranker = learned_orders(trial, folds)
    bench.say(weights_line(ranker))
    reported = [one for one, _ in orders]
    baselines = {
        "FTS5 BM25": ordered_by(trial, reported, lambda of: of["words_best"]),
        "MiniLM int8": ordered_by(trial, reported, lambda of: of["near_best"]),
        "both by reciprocal rank": ordered_by(
            trial, reported, lambda of: reciprocal_ranks(of["words_best"], of["near_best"])
        ),
    }
    return [
        Figure(
            f"answers only R@{depth}",
            hit_at(library, orders, depth),
            goal,
            {name: hit_at(library, found, depth) for name, found in baselines.items()},
            note=f"{parts.how}, folds by thread",
        )
        for depth, goal in ((1, 85.0), (3, None))
    ]


def _answers(record: Record) -> tuple[Article, list[Passage]]:
    text = _BETWEEN.join(record["answers"])
    article = Article(id=ArticleId(record["id"]), title="", text=text, kind=SourceKind.INTERNAL_ANSWER)
    passages, at = [], 0
    for answer in record["answers"]:
        passages.append(Passage(article=article.id, start=at, end=at + len(answer), heading="", text=answer))
        at += len(answer) + len(_BETWEEN)
    return article, passages


def _asked(record: Record) -> Asked:
    return Asked(
        id=record["id"], subject="", text=record["question"], gold={ArticleId(record["gold"][0]): 1.0}
    )


SET = QualitySet(name="stackfaq", folder="stackfaq", measure=measure)
