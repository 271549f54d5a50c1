"""Articles, macros and internal answers, cut into passages, with their full-text index."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from copilot.domain import Article, ArticleId


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A piece of an article: `text` is `Article.text[start:end]`, `heading` the titles above it."""

    article: ArticleId
    start: int
    end: int
    heading: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PassageHit:
    """A passage that matched, with the article it belongs to. `score` is BM25 scaled to [0, 1] within one search."""

    passage: Passage
    article: Article
    score: float


class KnowledgeTable:
    """The team's knowledge."""

    async def replace(self, source: str, articles: Sequence[tuple[Article, Sequence[Passage]]]) -> bool:
        """Make this the whole content of a source: adds, changes and removes. False when nothing differed."""
        raise NotImplementedError

    async def article(self, article: ArticleId) -> Article:
        """One article. Raises `KeyError`."""
        raise NotImplementedError

    async def passages(self, text: str, *, limit: int = 30) -> tuple[PassageHit, ...]:
        """Passages that share words with `text` (OR query, stop words dropped, title weighs double), best first."""
        raise NotImplementedError

    async def count(self) -> int:
        """How many articles there are."""
        raise NotImplementedError
