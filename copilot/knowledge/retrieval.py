"""Finds what helps with a ticket: articles with the passage that matched, and earlier tickets with their answers.

`Retriever` is the seam: this file holds the first one, on the words that question and source share. Its scores are
estimates of the chance that a human helper would have linked the article, so that a bar on them means something.
"""

from __future__ import annotations

import asyncio
import math
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from copilot.domain import Article, ArticleHit, ArticleId, Citation, SimilarTicket, TicketId
from copilot.knowledge.question import Question
from copilot.store import Store
from copilot.store.knowledge import PassageHit
from copilot.store.words import STOP_WORDS
from copilot.text.terms import stem, stems_of, words_of

FOUND_BY_WORDS = "words"
FOUND_BY_MEANING = "meaning"
MAX_ARTICLES = 3
MAX_SIMILAR = 5
LEAST_CHANCE = 0.015
"""An article less likely than this is not worth a rep's glance."""
WORDS_BAR = 0.26
"""Below this chance what the word retriever found is not worth a draft. Read by a person, drafts were worth sending
for 16 of the 22 first messages that pass, of 250 open threads (development part of sumo-thunderbird). Counted strictly,
as "a helper linked this very article", also over questions that got no link at all, the best article is right for 58 %
of the 14 % that pass (`python -m tests.bench.brief`)."""
PASSAGES_READ = 200
"""Wide, because what earlier answers linked to may share few words with the question."""
SIMILAR_READ = 40
_QUERY_TERMS = 40
_REASON_WORDS = 5
_WEIGHING_PASSAGES = 40
_ADDRESS = re.compile(r"https?://[^\s<>()\[\]\"'?#]{4,500}")


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found for one question, best first.

    `bar` is the chance below which no article found here is worth a draft.
    """

    articles: tuple[ArticleHit, ...] = ()
    similar: tuple[SimilarTicket, ...] = ()
    bar: float = WORDS_BAR
    found_by: str = FOUND_BY_WORDS


class Retriever(Protocol):
    """Anything that finds articles and earlier tickets for a question."""

    async def find(self, question: Question, *, ticket: TicketId) -> Findings:
        """The best articles and solved tickets for `question`, without `ticket` itself."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for one article, each from 0 to 1."""

    bm25: float = 0.0
    """BM25 of its passage, against the best passage of the search."""
    title: float = 0.0
    """How much of the subject's words the title and the headings hold."""
    linked: float = 0.0
    """How much of all likeness comes from earlier tickets whose answer links to it (the square root)."""


WEIGHTS = Evidence(bm25=5.2, title=1.9, linked=8.5)
"""Logistic regression on the development part of sumo-thunderbird: 695 questions for which a helper linked an article
and 488 for which nobody did; 550 solved threads as history, never the question's own. In five-fold cross-validation
over questions: R@1 32, R@3 49 (BM25 alone 24 and 42). `tests.bench.brief` prints how often the best one was right."""
BIAS = -8.2


def chance(evidence: Evidence) -> float:
    """The estimated chance that a helper would link the article."""
    total = (
        BIAS
        + WEIGHTS.bm25 * evidence.bm25
        + WEIGHTS.title * evidence.title
        + WEIGHTS.linked * evidence.linked
    )
    return 1 / (1 + math.exp(-total))


class WordRetriever:
    """Finds by shared words (FTS5, BM25) and by what earlier answers linked to. No model."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def find(self, question: Question, *, ticket: TicketId) -> Findings:
        """See `Retriever.find`."""
        if not question.whole.strip():
            return Findings()
        similar = await self._store.search.similar(question.whole, exclude=ticket, limit=SIMILAR_READ)
        hits = await self._store.knowledge.passages(question.whole, limit=PASSAGES_READ)
        articles = await asyncio.to_thread(_best_articles, question, hits, similar)
        return Findings(articles=articles, similar=similar[:MAX_SIMILAR])


def _best_articles(
    question: Question, hits: Sequence[PassageHit], similar: Sequence[SimilarTicket]
) -> tuple[ArticleHit, ...]:
    words = QuestionWords.of(question, hits[:_WEIGHING_PASSAGES])
    likely = [found for found in weigh(question, hits, similar).values() if found[0] >= LEAST_CHANCE]
    ranked = sorted(likely, key=lambda found: -found[0])[:MAX_ARTICLES]
    return tuple(_article_hit(score, hit, words) for score, hit in ranked)


@dataclass(frozen=True, slots=True)
class QuestionWords:
    """The telling stems of a question, each with its weight: the rarer among what was found, the heavier."""

    weights: Mapping[str, float]
    written: Mapping[str, str]

    @classmethod
    def of(cls, question: Question, hits: Sequence[PassageHit]) -> QuestionWords:
        """The words of `question`, weighed by how few of the found passages hold them."""
        written: dict[str, str] = {}
        for word in words_of(f"{question.subject} {question.whole}"):
            if len(word) > 2 and word.casefold() not in STOP_WORDS and not word.isdigit():
                written.setdefault(stem(word), word)
        texts = [frozenset(stems_of(_searched(hit))) for hit in hits]
        counts = {term: sum(term in text for text in texts) for term in list(written)[:_QUERY_TERMS]}
        weights = {term: math.log(1 + (len(texts) + 1) / (count + 1)) for term, count in counts.items()}
        return cls(weights, written)

    def shared(self, text: str) -> tuple[str, ...]:
        """The heaviest words of the question that stand in `text`, as the requester wrote them."""
        stems = frozenset(stems_of(text))
        found = sorted((term for term in self.weights if term in stems), key=lambda term: -self.weights[term])
        return tuple(self.written[term] for term in found[:_REASON_WORDS])


def links_of(similar: Sequence[SimilarTicket], addresses: Collection[str]) -> dict[str, float]:
    """For each of the `addresses`, how much of the likeness of similar tickets comes with a link to it.

    Likeness counts by its cube: the nearest ticket says more than three distant ones.
    """
    whole = sum(one.score**3 for one in similar) or 1.0
    votes: dict[str, float] = {}
    for one in similar:
        if one.answer is None:
            continue
        for address in addresses_in(one.answer.quote) & frozenset(addresses):
            votes[address] = votes.get(address, 0.0) + one.score**3 / whole
    return votes


def weigh(
    question: Question, hits: Sequence[PassageHit], similar: Sequence[SimilarTicket]
) -> dict[ArticleId, tuple[float, PassageHit]]:
    """For each article found: its score, and its best passage."""
    found: dict[ArticleId, tuple[float, PassageHit]] = {}
    links = links_of(similar, {_address(hit.article) for hit in hits if hit.article.url})
    for hit in hits:
        score = chance(evidence_for(question, hit, links))
        known = found.get(hit.article.id)
        if known is None or score > known[0]:
            found[hit.article.id] = (score, hit)
    return found


def evidence_for(question: Question, hit: PassageHit, links: Mapping[str, float]) -> Evidence:
    """What speaks for an article by one of its passages."""
    subject = {stem(w) for w in words_of(question.subject) if w.casefold() not in STOP_WORDS and len(w) > 2}
    title = frozenset(stems_of(f"{hit.article.title} {hit.passage.heading}"))
    return Evidence(
        bm25=hit.score,
        title=len(subject & title) / len(subject) if subject else 0.0,
        linked=math.sqrt(links.get(_address(hit.article), 0.0)),
    )


def addresses_in(text: str) -> frozenset[str]:
    """The web addresses in a text, without fragment and query."""
    return frozenset(found.rstrip("/.,;:!") for found in _ADDRESS.findall(text))


def _address(article: Article) -> str:
    return article.url.split("#")[0].split("?")[0].rstrip("/")


def _searched(hit: PassageHit) -> str:
    return f"{hit.article.title} {hit.passage.heading} {hit.passage.text}"


def _article_hit(score: float, hit: PassageHit, words: QuestionWords) -> ArticleHit:
    article, passage = hit.article, hit.passage
    citation = Citation(
        kind=article.kind,
        title=article.title,
        quote=passage.text,
        start=passage.start,
        end=passage.end,
        article=article.id,
        url=article.url,
        audience=article.audience,
    )
    shared = words.shared(_searched(hit))
    return ArticleHit(
        article=article.id,
        title=article.title,
        kind=article.kind,
        audience=article.audience,
        score=round(score, 3),
        passage=citation,
        url=article.url,
        reason=f"Shares {', '.join(f'“{word}”' for word in shared)}" if shared else "",
    )
