"""All articles as the ranker sees them: whose each passage is, and how near each article is to a question."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from copilot.domain import Article, ArticleId
from copilot.knowledge.dense import DenseIndex, Embedder
from copilot.knowledge.question import Question
from copilot.store.passage import Passage

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]
    Column = NDArray[np.float64]

_TOP = 3
"""How many of an article's best passages count beside the best one."""
_MARKUP = re.compile(r"!?\[([^\]\n]*)\]\([^)\s]*\)|[*_`#|]+")


@dataclass(frozen=True, slots=True)
class WordHit:
    """A passage found by its words; `score` in any unit that is the same within one search."""

    article: ArticleId
    start: int
    score: float


@dataclass(frozen=True, slots=True)
class QuestionVectors:
    """A question as the model sees it; `parts` has one row a part."""

    whole: Vectors
    subject: Vectors
    parts: Vectors


def vectors_of(question: Question, embedder: Embedder) -> QuestionVectors:
    """Embed a question; blocks."""
    texts = [question.whole, question.subject, *question.parts]
    different = list(dict.fromkeys(texts))  # a short question is its own only part
    rows = embedder.encode(different)[[different.index(text) for text in texts]]
    return QuestionVectors(rows[0], rows[1], rows[2:])


def passage_text(article: Article, passage: Passage) -> str:
    """What is embedded of a passage: its words under the titles above it."""
    return passage_text_of(article.title, passage)


def passage_text_of(title: str, passage: Passage) -> str:
    """The same, where only the article's title is at hand."""
    return _plain(". ".join(part for part in (title, passage.heading, passage.text) if part))


def title_text(article: Article) -> str:
    """What is embedded of an article as a whole."""
    return title_text_of(article.title, article.summary, article.id)


def title_text_of(title: str, summary: str, article: ArticleId) -> str:
    """The same from its parts."""
    return _plain(". ".join(part for part in (title, summary) if part)) or article


class Shelf:
    """Articles, their passages' vectors and their titles' vectors. Not for several threads at once."""

    def __init__(self, dimension: int) -> None:
        self._index = DenseIndex(dimension)
        self._articles: dict[ArticleId, tuple[int, ...]] = {}
        self._titles: dict[ArticleId, Vectors] = {}
        self._passages: dict[int, Passage] = {}
        self._next = 0
        self._order: _Order | None = None

    def __len__(self) -> int:
        return len(self._articles)

    @property
    def articles(self) -> tuple[ArticleId, ...]:
        """The articles, in the order of every column of evidence."""
        return tuple(self._articles)

    def put(self, article: ArticleId, passages: Sequence[Passage], vectors: Vectors, title: Vectors) -> None:
        """Add an article or put it in the place of its earlier self: a vector for each passage and one for the title.

        Raises `ValueError` for an article without passages.
        """
        if not passages:
            raise ValueError(f"article {article} has no passages")
        self.remove(article)
        keys = tuple(range(self._next, self._next + len(passages)))
        self._next += len(passages)
        self._index.add(keys, vectors)
        self._articles[article], self._titles[article] = keys, title
        self._passages.update(zip(keys, passages, strict=True))
        self._order = None

    def remove(self, article: ArticleId) -> None:
        """Take an article off, if it is there."""
        for key in (keys := self._articles.pop(article, ())):
            del self._passages[key]
        self._index.remove(keys)
        self._titles.pop(article, None)
        self._order = None

    def evidence(self, question: QuestionVectors, words: Sequence[WordHit]) -> Mapping[str, Column]:
        """Columns of what speaks for each article, by the names in `ranking.FEATURES`."""
        order = self._ordered()
        near = order.per_passage(self._index.similarities(question.whole[None]))[0]
        subject = order.per_passage(self._index.similarities(question.subject[None]))
        parts = order.best(order.per_passage(self._index.similarities(question.parts)))
        shared = order.words(words)
        return {
            "words_best": order.best(shared[None])[0],
            "words_top": order.top(shared),
            "near_best": order.best(near[None])[0],
            "near_top": order.top(near),
            "near_mean": order.mean(near),
            "near_title": (order.titles @ question.whole).astype(np.float64),
            "near_subject": order.best(subject)[0],
            "subject_title": (order.titles @ question.subject).astype(np.float64),
            "part_best": parts.max(axis=0),
            "part_mean": parts.mean(axis=0),
        }

    def best_passage(self, article: ArticleId, question: QuestionVectors) -> tuple[Passage, float]:
        """The passage of an article that is nearest to the question or to one of its parts, with the cosine."""
        order = self._ordered()
        place = order.number[article]
        begin = order.starts[place]
        end = order.starts[place + 1] if place + 1 < len(order.starts) else len(order.rows)
        asked = np.vstack([question.whole[None], question.parts])
        cosines = self._index.similarities(asked)[:, order.rows[begin:end]].max(axis=0)
        best = int(cosines.argmax())
        return self._passages[self._index.keys[order.rows[begin + best]]], float(cosines[best])

    def _ordered(self) -> _Order:
        if self._order is None:
            self._order = _Order(self._index.keys, self._articles, self._titles, self._passages)
        return self._order


class _Order:
    """The rows of the dense index sorted by article, so that a column per article is one sweep."""

    def __init__(
        self,
        keys: Sequence[int],
        articles: Mapping[ArticleId, tuple[int, ...]],
        titles: Mapping[ArticleId, Vectors],
        passages: Mapping[int, Passage],
    ) -> None:
        row_of = {key: row for row, key in enumerate(keys)}
        self.number = {article: place for place, article in enumerate(articles)}
        self.rows = np.array([row_of[key] for own in articles.values() for key in own], dtype=np.int64)
        self.sizes = np.array([len(own) for own in articles.values()], dtype=np.int64)
        self.starts = np.concatenate([[0], np.cumsum(self.sizes)[:-1]]).astype(np.int64)
        self.owner = np.repeat(np.arange(len(self.sizes)), self.sizes)
        self.titles = np.stack(list(titles.values())) if titles else np.zeros((0, 0), dtype=np.float32)
        sorted_keys = [key for own in articles.values() for key in own]
        self._place = {
            (passages[key].article, passages[key].start): place for place, key in enumerate(sorted_keys)
        }

    def per_passage(self, cosines: Vectors) -> Column:
        """Columns of the index in the order of articles."""
        return cosines[:, self.rows].astype(np.float64)

    def words(self, hits: Sequence[WordHit]) -> Column:
        """Scores of hits, one a passage; a hit on a passage that is not on the shelf (any more) is left out."""
        scores = np.zeros(len(self.rows))
        for hit in hits:
            place = self._place.get((hit.article, hit.start))
            if place is not None:
                scores[place] = hit.score
        return scores

    def best(self, values: Column) -> Column:
        """Each article's greatest value, for each row of values."""
        greatest: Column = np.maximum.reduceat(values, self.starts, axis=1)
        return greatest

    def mean(self, values: Column) -> Column:
        """Each article's mean."""
        mean: Column = np.add.reduceat(values, self.starts) / self.sizes
        return mean

    def top(self, values: Column) -> Column:
        """The mean of each article's best three passages (of all, where it has fewer)."""
        best_first = values[np.lexsort((-values, self.owner))]
        rank = np.arange(len(values)) - np.repeat(self.starts, self.sizes)
        counted = np.where(rank < _TOP, best_first, 0.0)
        top: Column = np.add.reduceat(counted, self.starts) / np.minimum(self.sizes, _TOP)
        return top


def _plain(text: str) -> str:
    return " ".join(_MARKUP.sub(r"\1", text).split())
