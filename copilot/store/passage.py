"""A passage: what the knowledge index finds."""

from __future__ import annotations

from dataclasses import dataclass

from copilot.domain import ArticleId


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A piece of an article: `text` is `Article.text[start:end]`, `heading` the titles above it."""

    article: ArticleId
    start: int
    end: int
    heading: str
    text: str
