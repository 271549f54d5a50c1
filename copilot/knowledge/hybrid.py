"""The hybrid retriever: words, meaning and the team's history under one learned ranker, kept in step in the background.

Until everything has its vector, and for good where the model is missing or damaged, `WordRetriever` answers. Nothing
that takes time runs on the event loop: vectors are made on one thread of low priority, questions answered on another.
"""

from __future__ import annotations

import asyncio
import importlib
import os
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, TypeVar

import structlog

from copilot.domain import ArticleHit, Citation, SimilarTicket, TicketId
from copilot.knowledge.calibration import HYBRID_BAR
from copilot.knowledge.question import Question, question_of
from copilot.knowledge.retrieval import (
    FOUND_BY_MEANING,
    MAX_SIMILAR,
    PASSAGES_READ,
    SIMILAR_READ,
    Findings,
    QuestionWords,
    WordRetriever,
)
from copilot.store import Store
from copilot.store.knowledge import PassageHit
from copilot.store.solved import SolvedThread
from copilot.store.vectors import LearnedWeights, Vector

if TYPE_CHECKING:
    from copilot.knowledge.dense import Embedder
    from copilot.knowledge.library import Asked, FoundArticle, Library
    from copilot.knowledge.shelf import QuestionVectors

REMEMBERED_TICKETS = 3000
ENOUGH_LESSONS = 150
"""With fewer solved tickets that link an article, the ranker keeps the weights it was shipped with."""
MOST_LESSONS = 400
_LEARN_AGAIN = 1.25
BEHIND = 200
"""With more passages than this without a vector, words alone answer until they have one."""
_BATCH = 8
"""Texts embedded at a time: how long closing may have to wait."""
_ARTICLES_AT_ONCE = 50
_WEIGHING_PASSAGES = 40
_NICE = 10
_QUESTIONS = 200
"""So many of the questions asked last keep their vectors: a brief is made anew with each message of its thread."""

_T = TypeVar("_T")

log = structlog.get_logger(__name__)


class HybridRetriever:
    """A `Retriever`. `catch_up` brings it in step with the store; closing it ends its threads."""

    def __init__(self, store: Store, embedder: Embedder) -> None:
        self._store = store
        self._embedder = embedder
        self._words = WordRetriever(store)
        self._library: Library | None = None
        self._ready = False
        self._asked: dict[Question, QuestionVectors] = {}
        self._answering = ThreadPoolExecutor(1, "answering")
        self._embedding = ThreadPoolExecutor(1, "embedding", initializer=_stand_back)

    @property
    def is_ready(self) -> bool:
        """Whether questions are answered by meaning and history, not by words alone."""
        return self._ready

    async def find(self, question: Question, *, ticket: TicketId) -> Findings:
        """See `Retriever.find`."""
        library = self._library
        if library is None or not self._ready or not question.whole.strip():
            return await self._words.find(question, ticket=ticket)
        vectors, hits, similar, (at, tags) = await asyncio.gather(
            self._answer(partial(self._vectors_for, question)),
            self._store.knowledge.passages(question.whole, limit=PASSAGES_READ),
            self._store.search.similar(question.whole, exclude=ticket, limit=SIMILAR_READ),
            self._header(ticket),
        )
        asked = _asked(vectors, hits, ticket, at, tags)
        articles = await self._answer(partial(library.articles_for, asked))
        shared = {one.ticket: one.score for one in similar}
        tickets = await self._answer(partial(library.tickets_for, asked, shared, MAX_SIMILAR))
        words = await asyncio.to_thread(QuestionWords.of, question, hits[:_WEIGHING_PASSAGES])
        return Findings(
            articles=tuple([hit for one in articles if (hit := await self._hit(one, words)) is not None]),
            similar=tuple(_similar(one.thread, one.cosine) for one in tickets),
            bar=HYBRID_BAR,
            found_by=FOUND_BY_MEANING,
        )

    async def catch_up(self) -> None:
        """Embed what has no vector yet, and take in what changed. Raises `ModelError`.

        What was embedded stays in the store, so that being cancelled loses little.
        """
        await self._embed(_import_numpy)
        model = await self._embed(lambda: self._embedder.id)
        if len(await self._store.vectors.lacking(model, limit=BEHIND + 1)) > BEHIND:
            self._ready = False
        await self._embed_titles(model)
        await self._embed_passages(model)
        await self._embed_tickets(model)
        library = await self._take_in(model)
        if library.digests and not self._ready:
            self._ready = True
            log.info("hybrid.ready", model=model, articles=len(library.digests), tickets=len(library.tickets))

    async def aclose(self) -> None:
        """End both threads; waits for the texts being embedded."""
        for executor in (self._embedding, self._answering):
            await asyncio.to_thread(executor.shutdown, cancel_futures=True)

    # -- answering -------------------------------------------------------------------------------------------------

    async def _header(self, ticket: TicketId) -> tuple[datetime, frozenset[str]]:
        try:
            header = await self._store.tickets.get(ticket)
        except KeyError:  # a question that is no ticket's
            return datetime.now(UTC), frozenset()
        return header.created, frozenset(header.tags)

    async def _hit(self, found: FoundArticle, words: QuestionWords) -> ArticleHit | None:
        try:
            article = await self._store.knowledge.article(found.article)
        except KeyError:
            return None  # it has just left the index
        passage = found.passage
        citation = Citation(
            kind=article.kind,
            title=article.title,
            quote=article.text[passage.start : passage.end],
            start=passage.start,
            end=passage.end,
            article=article.id,
            url=article.url,
            audience=article.audience,
        )
        return ArticleHit(
            article=article.id,
            title=article.title,
            kind=article.kind,
            audience=article.audience,
            score=round(found.chance, 3),
            passage=citation,
            url=article.url,
            reason=_reason(found.solved, words.shared(f"{article.title} {passage.heading} {passage.text}")),
        )

    def _vectors_for(self, question: Question) -> QuestionVectors:
        """A question's vectors, embedded once. Only ever called on the answering thread."""
        vectors = self._asked.pop(question, None) or _vectors_of(question, self._embedder)
        self._asked[question] = vectors
        while len(self._asked) > _QUESTIONS:
            del self._asked[next(iter(self._asked))]
        return vectors

    async def _answer(self, work: Callable[[], _T]) -> _T:
        return await asyncio.get_running_loop().run_in_executor(self._answering, work)

    # -- keeping in step -------------------------------------------------------------------------------------------

    async def _embed(self, work: Callable[[], _T]) -> _T:
        return await asyncio.get_running_loop().run_in_executor(self._embedding, work)

    async def _vectors(self, texts: Sequence[str]) -> list[Vector]:
        from copilot.knowledge.library import vector_of

        return await self._embed(lambda: [vector_of(row) for row in self._embedder.encode(texts)])

    async def _embed_titles(self, model: str) -> None:
        from copilot.knowledge.shelf import title_text_of

        while lacking := await self._store.vectors.lacking_titles(model, limit=_BATCH):
            vectors = await self._vectors(
                [title_text_of(one.title, one.summary, one.article) for one in lacking]
            )
            await self._store.vectors.put_titles(
                model, [(one.key, vector) for one, vector in zip(lacking, vectors, strict=True)]
            )

    async def _embed_passages(self, model: str) -> None:
        from copilot.knowledge.shelf import passage_text_of

        while lacking := await self._store.vectors.lacking(model, limit=_BATCH):
            vectors = await self._vectors([passage_text_of(one.title, one.passage) for one in lacking])
            await self._store.vectors.put_passages(
                model, [(one.key, vector) for one, vector in zip(lacking, vectors, strict=True)]
            )

    async def _embed_tickets(self, model: str) -> None:
        newest = await self._store.solved.newest(REMEMBERED_TICKETS)
        known = await self._store.vectors.tickets(model)
        lacking = [
            ticket for ticket, version in newest.items() if ticket not in known or known[ticket][0] != version
        ]
        for begin in range(0, len(lacking), _BATCH):
            threads = await self._store.solved.threads(lacking[begin : begin + _BATCH])
            questions = await asyncio.to_thread(lambda read: [_question(one).whole for one in read], threads)
            for thread, vector in zip(threads, await self._vectors(questions), strict=True):
                await self._store.vectors.put_ticket(model, thread.ticket, thread.thread_version, vector)

    async def _take_in(self, model: str) -> Library:
        if self._library is None:
            self._library = await self._embed(partial(_new_library, self._embedder))
        library = self._library
        articles_changed = await self._take_articles(library, model)
        newest = await self._store.solved.newest(REMEMBERED_TICKETS)
        held = {ticket: thread.thread_version for ticket, thread in library.tickets.items()}
        if articles_changed or held != newest:
            await self._take_tickets(library, model, newest)
            await self._weigh(library, model)
        return library

    async def _take_articles(self, library: Library, model: str) -> bool:
        digests = await self._store.vectors.digests()
        changed = [name for name, digest in digests.items() if library.digests.get(name) != digest]
        gone = [name for name in library.digests if name not in digests]
        for begin in range(0, len(changed), _ARTICLES_AT_ONCE):
            articles = await self._store.vectors.articles(model, changed[begin : begin + _ARTICLES_AT_ONCE])
            await self._answer(partial(library.change_articles, articles, ()))
        await self._answer(partial(library.change_articles, (), gone))
        return bool(changed or gone)

    async def _take_tickets(self, library: Library, model: str, newest: Mapping[TicketId, str]) -> None:
        from copilot.knowledge.library import Remembered

        threads = await self._store.solved.threads(list(newest))
        vectors = await self._store.vectors.tickets(model)
        remembered = [Remembered(one, vectors[one.ticket][1]) for one in threads if one.ticket in vectors]
        await self._answer(partial(library.remember, remembered))

    async def _weigh(self, library: Library, model: str) -> None:
        """Use the weights learned earlier; learn them (again) where there is enough more to learn from."""
        learned = await self._store.vectors.learned(model)
        if learned is not None:
            await self._answer(partial(library.weigh_by, learned.weights))
        telling = (await self._answer(library.telling))[-MOST_LESSONS:]
        enough = ENOUGH_LESSONS if learned is None else min(MOST_LESSONS, learned.tickets * _LEARN_AGAIN)
        if len(telling) < enough or (learned is not None and learned.tickets >= MOST_LESSONS):
            return
        lessons = [await self._lesson(thread) for thread in telling]
        weights = await self._answer(partial(library.learn, lessons))
        await self._store.vectors.keep_learned(model, LearnedWeights(len(lessons), weights))

    async def _lesson(self, thread: SolvedThread) -> Asked:
        question = await asyncio.to_thread(_question, thread)
        hits = await self._store.knowledge.passages(question.whole, limit=PASSAGES_READ)
        vectors = await self._embed(partial(_vectors_of, question, self._embedder))
        return _asked(vectors, hits, thread.ticket, thread.created, thread.tags)


def _vectors_of(question: Question, embedder: Embedder) -> QuestionVectors:
    from copilot.knowledge.shelf import vectors_of

    return vectors_of(question, embedder)


def _asked(
    vectors: QuestionVectors,
    hits: Sequence[PassageHit],
    ticket: TicketId,
    at: datetime,
    tags: frozenset[str],
) -> Asked:
    from copilot.knowledge.library import Asked
    from copilot.knowledge.shelf import WordHit

    words = [WordHit(hit.passage.article, hit.passage.start, hit.score) for hit in hits]
    return Asked(vectors=vectors, words=words, ticket=ticket, at=at, tags=tags)


def _question(thread: SolvedThread) -> Question:
    return question_of(thread.subject, thread.asked)


def _import_numpy() -> None:
    """Takes a tenth of a second: what imports it afterwards on the event loop finds it there."""
    importlib.import_module("copilot.knowledge.library")


def _new_library(embedder: Embedder) -> Library:
    from copilot.knowledge.library import Library

    return Library(embedder.dimension)


def _similar(thread: SolvedThread, cosine: float) -> SimilarTicket:
    return SimilarTicket(
        ticket=thread.ticket,
        subject=thread.subject,
        status=thread.status,
        score=round(min(cosine, 1.0), 3),
        answer=thread.answer,
    )


def _reason(solved: int, shared: Sequence[str]) -> str:
    """Why an article is offered."""
    from copilot.knowledge.library import NEIGHBOURS

    history = f"Answered {solved} of the {NEIGHBOURS} most similar solved tickets" if solved else ""
    words = f"shares {', '.join(f'“{word}”' for word in shared)}" if shared else ""
    reason = "; ".join(part for part in (history, words) if part) or "Close in meaning"
    return reason[0].upper() + reason[1:]


def _stand_back() -> None:
    """Give the embedding thread a low priority where the system has one a thread."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICE)
