"""Articles, macros and internal answers, cut into passages, with their full-text index."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from copilot.domain import Article, ArticleId, Audience, SourceKind
from copilot.store.article_rows import SourceWriter
from copilot.store.codec import optional_moment, storable
from copilot.store.database import Database
from copilot.store.passage import Passage
from copilot.store.words import any_of, rarest, rows_with, terms_of

__all__ = ["ArticleHeader", "KnowledgeTable", "Passage", "PassageHit"]

ARTICLE_COLUMNS = "name, title, text, summary, url, audience, kind, updated"
ARTICLE_QUERY = f"SELECT {ARTICLE_COLUMNS} FROM article WHERE name = ?"
PASSAGES_QUERY = """
SELECT passage_fts.rowid, -passage_fts.rank AS score FROM passage_fts
WHERE passage_fts MATCH ? ORDER BY passage_fts.rank LIMIT ?
"""
PASSAGE_QUERY = """
SELECT article.name, article.title, article.text, article.summary, article.url, article.audience, article.kind,
    article.updated, passage.start, passage.stop, passage.heading, passage.text
FROM passage CROSS JOIN article ON article.id = passage.article WHERE passage.id = ?
"""
COUNT_OF_QUERY = "SELECT count(*) FROM article WHERE source = ?"
HEADERS_QUERY = (
    "SELECT name, source, title, kind, audience, updated FROM article ORDER BY updated DESC, id DESC"
)
OF_KIND_QUERY = f"SELECT {ARTICLE_COLUMNS} FROM article WHERE kind = ? ORDER BY title LIMIT ?"
TITLED_QUERY = f"SELECT {ARTICLE_COLUMNS} FROM article WHERE kind <> 'macro'"
_TITLE_HOLDS = " AND title LIKE ? ESCAPE '~'"
_NEWEST = " ORDER BY updated DESC, id DESC LIMIT ?"
_MANY = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class PassageHit:
    """A passage that matched, with the article it belongs to. `score` is BM25 scaled to [0, 1] within one search."""

    passage: Passage
    article: Article
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleHeader:
    """An article without its text, and the source it comes from."""

    id: ArticleId
    source: str
    title: str
    kind: SourceKind
    audience: Audience
    updated: datetime | None


class KnowledgeTable:
    """The team's knowledge."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def replace(self, source: str, articles: Sequence[tuple[Article, Sequence[Passage]]]) -> bool:
        """Make this the whole content of a source: adds, changes and removes. False when nothing differed.

        Raises `ValueError` when another source already holds an article of the same id: ids are unique in a workspace.
        """
        return await self._database.write(lambda db: SourceWriter(db, source).replace(articles))

    async def amend(
        self,
        source: str,
        changed: Sequence[tuple[Article, Sequence[Passage]]],
        gone: Sequence[ArticleId] = (),
    ) -> bool:
        """Put these articles into a source and take those out of it, leaving its others. False when nothing differed.

        Raises `ValueError` as `replace` does.
        """
        return await self._database.write(lambda db: SourceWriter(db, source).amend(changed, gone))

    async def count_of(self, source: str) -> int:
        """How many articles a source has."""
        return await self._database.read(lambda db: int(db.execute(COUNT_OF_QUERY, (source,)).fetchone()[0]))

    async def article(self, article: ArticleId) -> Article:
        """One article. Raises `KeyError`."""

        def work(db: sqlite3.Connection) -> Article:
            found = db.execute(ARTICLE_QUERY, (article,)).fetchone()
            if found is None:
                raise KeyError(article)
            return _article(found)

        return await self._database.read(work)

    async def headers(self) -> tuple[ArticleHeader, ...]:
        """All articles, macros and internal answers, the newest first."""

        def work(db: sqlite3.Connection) -> tuple[ArticleHeader, ...]:
            return tuple(
                ArticleHeader(
                    id=ArticleId(name),
                    source=source,
                    title=title,
                    kind=SourceKind(kind),
                    audience=Audience(audience),
                    updated=optional_moment(updated),
                )
                for name, source, title, kind, audience, updated in db.execute(HEADERS_QUERY)
            )

        return await self._database.read(work)

    async def of_kind(self, kind: SourceKind, *, limit: int = 2_000) -> tuple[Article, ...]:
        """All articles of a kind, by title."""
        return await self._database.read(
            lambda db: tuple(_article(row) for row in db.execute(OF_KIND_QUERY, (kind.value, limit)))
        )

    async def titled(self, words: str, *, limit: int = 20) -> tuple[Article, ...]:
        """Articles and internal answers with all these parts of words in their title, the newest first."""
        parts = [f"%{_literally(part)}%" for part in storable(words).split()]
        query = TITLED_QUERY + _TITLE_HOLDS * len(parts) + _NEWEST
        return await self._database.read(
            lambda db: tuple(_article(row) for row in db.execute(query, (*parts, limit)))
        )

    async def passages(self, text: str, *, limit: int = 30) -> tuple[PassageHit, ...]:
        """Passages that share words with `text` (OR query, stop words dropped, title weighs double), best first."""
        terms = terms_of(text)
        return await self._database.read(lambda db: _passages(db, terms, limit))

    async def count(self) -> int:
        """How many articles there are."""

        def work(db: sqlite3.Connection) -> int:
            return int(db.execute("SELECT count(*) FROM article").fetchone()[0])

        return await self._database.read(work)


def _passages(db: sqlite3.Connection, terms: list[str], limit: int) -> tuple[PassageHit, ...]:
    asked = rarest(terms, [rows_with(db, "passage_fts", term, _MANY) for term in terms])
    if not asked:
        return ()
    found = db.execute(PASSAGES_QUERY, (any_of(asked), limit)).fetchall()
    best = max((score for _, score in found), default=1.0)
    return tuple(_hit(db, passage, score / best) for passage, score in found)


def _hit(db: sqlite3.Connection, passage: int, score: float) -> PassageHit:
    *columns, start, stop, heading, text = db.execute(PASSAGE_QUERY, (passage,)).fetchone()
    article = _article(columns)
    return PassageHit(
        passage=Passage(article=article.id, start=start, end=stop, heading=heading, text=text),
        article=article,
        score=score,
    )


def _literally(part: str) -> str:
    """For LIKE, without its wild cards."""
    return part.replace("~", "~~").replace("%", "~%").replace("_", "~_")


def _article(row: Sequence[Any]) -> Article:
    name, title, text, summary, url, audience, kind, updated = row
    return Article(
        id=ArticleId(name),
        title=title,
        text=text,
        summary=summary,
        url=url,
        audience=Audience(audience),
        kind=SourceKind(kind),
        updated=optional_moment(updated),
    )
