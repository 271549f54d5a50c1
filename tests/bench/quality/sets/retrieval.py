"""What the retrieval sets share: articles on a shelf and in a real store, questions ranked, figures of the ranking."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from copilot.domain import Article, ArticleId
from copilot.knowledge.history import History, SolvedTicket
from copilot.knowledge.passages import cut_passages
from copilot.knowledge.question import question_of
from copilot.knowledge.ranking import FEATURES, Candidates, Example, Ranker, candidates_of, fitted
from copilot.knowledge.shelf import QuestionVectors, Shelf, WordHit, passage_text, title_text, vectors_of
from copilot.store import Store
from copilot.store.passage import Passage
from tests.bench.quality.frame import Bench

Columns = Mapping[str, NDArray[np.float64]]
HISTORY = ("history", "nearest", "centroid", "usual", "recent", "tagged")
_HITS = 200


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with its gold: grades of the right articles (any number above 0)."""

    id: str
    subject: str
    text: str
    gold: Mapping[ArticleId, float]
    weights: Mapping[ArticleId, float] = field(default_factory=dict)
    at: datetime = datetime(2026, 1, 1, tzinfo=UTC)
    tags: frozenset[str] = frozenset()
    counted: bool = True


@dataclass(frozen=True, slots=True)
class Read:
    """A question as the product reads it."""

    asked: Asked
    vectors: QuestionVectors
    text_evidence: Columns


Orders = list[tuple[Read, list[int]]]
"""Questions with the places of the articles found for them, best first."""


class Library:
    """The articles of one set, indexed as the product indexes them."""

    def __init__(self, bench: Bench, articles: Sequence[tuple[Article, Sequence[Passage]]]) -> None:
        self._bench = bench
        self._articles = articles
        self.shelf = Shelf(bench.embedder.dimension)
        for article, passages in articles:
            vectors = bench.embed([passage_text(article, passage) for passage in passages])
            self.shelf.put(article.id, passages, vectors, bench.embed([title_text(article)])[0])
        self.place = {article: place for place, article in enumerate(self.shelf.articles)}
        bench.say(
            f"{len(articles)} articles, {sum(len(passages) for _, passages in articles)} passages embedded"
        )

    def read(self, asked: Sequence[Asked]) -> list[Read]:
        """Embed questions, and find passages by their words in a store on disk."""
        questions = [question_of(one.subject, one.text) for one in asked]
        hits = asyncio.run(self._word_hits([question.whole for question in questions]))
        vectors = [vectors_of(question, self._bench.embedder) for question in questions]
        self._bench.say(f"{len(asked)} questions read")
        return [
            Read(one, vector, self.shelf.evidence(vector, found))
            for one, vector, found in zip(asked, vectors, hits, strict=True)
        ]

    async def _word_hits(self, questions: Sequence[str]) -> list[list[WordHit]]:
        with tempfile.TemporaryDirectory() as folder:
            store = await Store.open(Path(folder) / "bench.sqlite")
            try:
                await store.knowledge.replace("bench", self._articles)
                found = [await store.knowledge.passages(question, limit=_HITS) for question in questions]
            finally:
                await store.aclose()
        return [
            [WordHit(hit.passage.article, hit.passage.start, hit.score) for hit in hits] for hits in found
        ]


def whole_articles(articles: Sequence[Article]) -> list[tuple[Article, Sequence[Passage]]]:
    """Articles with the passages that the product cuts; one without text is its own title."""
    return [(article, cut_passages(article) or (_title_passage(article),)) for article in articles]


def _title_passage(article: Article) -> Passage:
    return Passage(article=article.id, start=0, end=0, heading="", text=article.title)


class Trial:
    """Questions ranked with a history, where a question that is itself in the history never helps itself."""

    def __init__(self, library: Library, history: Sequence[Read]) -> None:
        self._library = library
        self._columns: dict[str, Columns] = {}
        self._solved = [_solved(read) for read in history]
        self._history = History(self._solved, library.shelf.articles)
        own = {id(ticket): place for place, ticket in enumerate(self._history.tickets)}
        self._own = {
            read.asked.id: own[id(ticket)]
            for read, ticket in zip(history, self._solved, strict=True)
            if id(ticket) in own
        }

    def columns(self, read: Read) -> Columns:
        """All evidence for a question."""
        if read.asked.id not in self._columns:
            own = self._own.get(read.asked.id)
            told = self._history.evidence(
                read.vectors.whole, at=read.asked.at, tags=read.asked.tags, leave_out=own
            )
            self._columns[read.asked.id] = {**read.text_evidence, **told}
        return self._columns[read.asked.id]

    def example(self, read: Read) -> Example:
        """A question to learn from."""
        right = frozenset(
            self._library.place[article] for article in read.asked.gold if article in self._library.place
        )
        return Example(candidates_of(self.columns(read)), right)


def _solved(read: Read) -> SolvedTicket:
    weights = read.asked.weights or dict.fromkeys(read.asked.gold, 1.0)
    return SolvedTicket(vector=read.vectors.whole, articles=weights, at=read.asked.at, tags=read.asked.tags)


def learned_orders(
    trial: Trial, folds: Sequence[tuple[Sequence[Read], Sequence[Read]]]
) -> tuple[Orders, Ranker]:
    """Each reported question's order under weights learned from the others; and the last fold's weights."""
    orders: Orders = []
    ranker = Ranker()
    for learn, report in folds:
        ranker = fitted([trial.example(read) for read in learn if read.asked.counted])
        orders += [
            (read, _order(ranker, trial.example(read).candidates)) for read in report if read.asked.counted
        ]
    return orders, ranker


def _order(ranker: Ranker, candidates: Candidates) -> list[int]:
    return [ranked.place for ranked in ranker.order(candidates)]


def ordered_by(
    trial: Trial, reads: Sequence[Read], score: Callable[[Columns], NDArray[np.float64]]
) -> Orders:
    """Each question's order by a score that learns nothing: the baselines."""
    return [
        (read, [int(place) for place in np.argsort(-score(trial.columns(read)), kind="stable")[:10]])
        for read in reads
        if read.asked.counted
    ]


def standardised(column: NDArray[np.float64]) -> NDArray[np.float64]:
    """A column with mean 0 and deviation 1."""
    scaled: NDArray[np.float64] = (column - column.mean()) / max(float(column.std()), 1e-9)
    return scaled


def reciprocal_ranks(*columns: NDArray[np.float64]) -> NDArray[np.float64]:
    """Reciprocal rank fusion with the usual constant (Cormack et al., SIGIR 2009)."""
    ranks = [np.argsort(np.argsort(-column, kind="stable"), kind="stable") for column in columns]
    fused: NDArray[np.float64] = np.sum([1 / (61 + rank) for rank in ranks], axis=0)
    return fused


def hit_at(library: Library, orders: Orders, depth: int) -> float:
    """Per cent of questions with a right article among the first `depth`."""
    found = [bool(_grades(library, read).keys() & set(order[:depth])) for read, order in orders]
    return 100 * float(np.mean(found))


def ndcg(library: Library, orders: Orders) -> float:
    """Normalised discounted cumulative gain of the first ten, by the gold's grades, in per cent."""
    gains = []
    for read, order in orders:
        grades = _grades(library, read)
        got = sum(grades.get(place, 0.0) / np.log2(rank + 2) for rank, place in enumerate(order[:10]))
        best = sum(
            grade / np.log2(rank + 2) for rank, grade in enumerate(sorted(grades.values(), reverse=True)[:10])
        )
        gains.append(got / best)
    return 100 * float(np.mean(gains))


def _grades(library: Library, read: Read) -> dict[int, float]:
    return {
        library.place[article]: grade
        for article, grade in read.asked.gold.items()
        if article in library.place
    }


def weights_line(ranker: Ranker) -> str:
    """The weights in words."""
    return ", ".join(f"{name} {weight:.2f}" for name, weight in zip(FEATURES, ranker.weights, strict=True))
