"""What the hybrid retriever holds in memory: the shelf of articles, the solved tickets, and the ranker over both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np

from copilot.domain import ArticleId, TicketId
from copilot.knowledge.calibration import LEARNED, STARTING, Standing, chance_of_article
from copilot.knowledge.dense import packed
from copilot.knowledge.history import History, SolvedTicket
from copilot.knowledge.ranking import FEATURES, Example, Ranker, candidates_of, fitted
from copilot.knowledge.retrieval import LEAST_CHANCE, MAX_ARTICLES, addresses_in
from copilot.knowledge.shelf import QuestionVectors, Shelf, WordHit
from copilot.store.passage import Passage
from copilot.store.solved import SolvedThread
from copilot.store.vectors import ArticleVectors, Vector

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]
    Column = NDArray[np.float64]

NEIGHBOURS = 20
"""How many of the nearest earlier tickets are counted to say why an article is offered."""
LEAST_COSINE = 0.5
"""A question further away asks for something else: of 241 such neighbours in the development part of sumo-thunderbird
two or so had the same answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question as the library is asked: its vectors, the passages found by its words, and whose it is."""

    vectors: QuestionVectors
    words: Sequence[WordHit]
    ticket: TicketId
    at: datetime
    tags: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Remembered:
    """A solved ticket with the vector of its question."""

    thread: SolvedThread
    vector: Vector


@dataclass(frozen=True, slots=True)
class FoundArticle:
    """An article for a question; `solved` of the `NEIGHBOURS` nearest earlier tickets were answered with it."""

    article: ArticleId
    chance: float
    passage: Passage
    solved: int


@dataclass(frozen=True, slots=True)
class FoundTicket:
    """An earlier ticket for a question, and the cosine of the two questions."""

    thread: SolvedThread
    cosine: float


class Library:
    """Everything in memory. Not for several threads at once; every call may take some ten milliseconds."""

    def __init__(self, dimension: int) -> None:
        self._dimension = dimension
        self._shelf = Shelf(dimension)
        self._digests: dict[ArticleId, bytes] = {}
        self._addresses: dict[str, ArticleId] = {}
        self._threads: list[SolvedThread] = []
        self._places: dict[TicketId, int] = {}
        self._vectors: Vectors = np.zeros((0, dimension), dtype=np.float32)
        self._history = History((), ())
        self._ranker = Ranker.starting()
        self._worth = STARTING

    @property
    def digests(self) -> Mapping[ArticleId, bytes]:
        """The articles on the shelf, each with what tells its contents apart."""
        return self._digests

    @property
    def tickets(self) -> Mapping[TicketId, SolvedThread]:
        """The solved tickets that are remembered."""
        return {ticket: self._threads[place] for ticket, place in self._places.items()}

    def change_articles(self, changed: Sequence[ArticleVectors], gone: Sequence[ArticleId]) -> None:
        """Put articles on the shelf or in the place of their earlier selves, and take others off.

        Call `remember` afterwards: the history is made for the articles there are, and says nothing until then.
        """
        for name in gone:
            self._shelf.remove(name)
            self._digests.pop(name, None)
        for article in changed:
            title = row_of(article.title)
            vectors = [row_of(vector) for _, vector in article.passages]
            passages = [passage for passage, _ in article.passages]
            if not passages:
                vectors, passages = [title], [_title_alone(article)]
            self._shelf.put(article.article, passages, np.stack(vectors), title)
            self._digests[article.article] = article.digest
        kept = {address: name for address, name in self._addresses.items() if name in self._digests}
        self._addresses = kept | {_address(one.url): one.article for one in changed if one.url}
        self._history = History((), self._shelf.articles)

    def remember(self, tickets: Sequence[Remembered]) -> None:
        """Make these the history. Costs about a second for three thousand tickets."""
        ordered = sorted(tickets, key=lambda ticket: ticket.thread.created)
        self._threads = [ticket.thread for ticket in ordered]
        self._places = {thread.ticket: place for place, thread in enumerate(self._threads)}
        rows = [row_of(ticket.vector) for ticket in ordered]
        self._vectors = np.stack(rows) if rows else np.zeros((0, self._dimension), dtype=np.float32)
        solved = [
            SolvedTicket(
                vector=row,
                articles=dict.fromkeys(self.linked(thread), 1.0),
                at=thread.created,
                tags=thread.tags,
            )
            for thread, row in zip(self._threads, rows, strict=True)
        ]
        self._history = History(solved, self._shelf.articles)

    def linked(self, thread: SolvedThread) -> frozenset[ArticleId]:
        """The articles on the shelf that a ticket's answer links to."""
        if thread.answer is None:
            return frozenset()
        found = addresses_in(thread.answer.quote)
        return frozenset(self._addresses[address] for address in found if address in self._addresses)

    def telling(self) -> list[SolvedThread]:
        """The remembered tickets whose answer links an article, oldest first."""
        return [thread for thread in self._threads if self.linked(thread)]

    def weigh_by(self, weights: Mapping[str, float]) -> None:
        """Use weights that were learned earlier; evidence they do not know keeps its own."""
        own = dict(zip(FEATURES, Ranker().weights, strict=True))
        self._ranker = Ranker(np.array([weights.get(name, own[name]) for name in FEATURES]))
        self._worth = LEARNED

    def learn(self, lessons: Sequence[Asked]) -> Mapping[str, float]:
        """Fit the weights to solved tickets of the history, none speaking for itself; the weights by name."""
        number = {article: place for place, article in enumerate(self._shelf.articles)}
        examples = []
        for lesson in lessons:
            place = self._places.get(lesson.ticket)
            if place is not None:
                right = frozenset(number[name] for name in self.linked(self._threads[place]))
                examples.append(Example(candidates_of(self._evidence(lesson)), right))
        self._ranker, self._worth = fitted(examples), LEARNED
        return dict(zip(FEATURES, map(float, self._ranker.weights), strict=True))

    def articles_for(self, asked: Asked) -> tuple[FoundArticle, ...]:
        """The best articles, best first."""
        if not len(self._shelf):
            return ()
        evidence = self._evidence(asked)
        names = self._shelf.articles
        near_tickets = [self._threads[place] for place in self._nearest(asked)[:NEIGHBOURS]]
        solved = [self.linked(thread) for thread in near_tickets]
        found = []
        for ranked in self._ranker.order(candidates_of(evidence), limit=MAX_ARTICLES):
            standing = Standing(
                share=ranked.probability,
                history=float(evidence["history"][ranked.place]),
                near=float(evidence["near_best"][ranked.place]),
                title=float(evidence["near_title"][ranked.place]),
            )
            name = names[ranked.place]
            passage, _ = self._shelf.best_passage(name, asked.vectors)
            count = sum(name in links for links in solved)
            found.append(FoundArticle(name, chance_of_article(standing, self._worth), passage, count))
        likely = [one for one in found if one.chance >= LEAST_CHANCE]
        return tuple(sorted(likely, key=lambda one: -one.chance))

    def tickets_for(self, asked: Asked, shared: Mapping[TicketId, float], limit: int) -> list[FoundTicket]:
        """The most similar earlier tickets; of two alike, first the one that shares more words."""
        cosines = self._vectors @ asked.vectors.whole
        nearest = self._nearest(asked)[: 2 * limit]
        found = [FoundTicket(self._threads[place], float(cosines[place])) for place in nearest]
        likely = [one for one in found if one.cosine >= LEAST_COSINE]
        likely.sort(key=lambda one: (-round(one.cosine, 2), -shared.get(one.thread.ticket, 0.0)))
        return likely[:limit]

    def _evidence(self, asked: Asked) -> dict[str, Column]:
        told = self._history.evidence(
            asked.vectors.whole, at=asked.at, tags=asked.tags, leave_out=self._places.get(asked.ticket)
        )
        return {**self._shelf.evidence(asked.vectors, asked.words), **told}

    def _nearest(self, asked: Asked) -> list[int]:
        """Places of solved tickets, nearest first, without the one that asks."""
        order = np.argsort(-(self._vectors @ asked.vectors.whole), kind="stable")[: NEIGHBOURS + 1]
        own = self._places.get(asked.ticket)
        return [int(place) for place in order if place != own]


def vector_of(row: Vectors) -> Vector:
    """A vector as the store keeps it."""
    levels, steps = packed(row[None])
    return Vector(float(steps[0]), levels[0].tobytes())


def row_of(vector: Vector) -> Vectors:
    """A stored vector as numbers."""
    row: Vectors = np.frombuffer(vector.levels, dtype=np.int8).astype(np.float32) * np.float32(vector.step)
    return row


def _title_alone(article: ArticleVectors) -> Passage:
    return Passage(article=article.article, start=0, end=0, heading="", text="")


def _address(url: str) -> str:
    return url.partition("#")[0].partition("?")[0].rstrip("/")
