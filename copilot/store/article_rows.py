"""Writes a knowledge source: what is new, what changed, what is gone."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Sequence

from copilot.domain import Article
from copilot.store.codec import optional_ms, storable, to_json
from copilot.store.passage import Passage

OF_SOURCE_QUERY = "SELECT name, digest FROM article WHERE source = ?"
KNOWN_QUERY = "SELECT digest FROM article WHERE name = ? AND source = ?"
_DIGEST_BYTES = 8


class SourceWriter:
    """Stores the articles of one source in the transaction that is open."""

    def __init__(self, db: sqlite3.Connection, source: str) -> None:
        self._db = db
        self._source = source

    def replace(self, articles: Sequence[tuple[Article, Sequence[Passage]]]) -> bool:
        """Make this the whole content of the source; whether anything differed."""
        known = dict(self._db.execute(OF_SOURCE_QUERY, (self._source,)))
        wanted = {storable(article.id): (article, passages) for article, passages in articles}
        differs = False
        for name in known.keys() - wanted.keys():
            self._remove(name)
            differs = True
        for name, (article, passages) in wanted.items():
            content = _digest(article, passages)
            if known.get(name) == content:
                continue
            if name in known:
                self._remove(name)
            self._add(name, article, passages, content)
            differs = True
        return differs

    def amend(self, changed: Sequence[tuple[Article, Sequence[Passage]]], gone: Sequence[str]) -> bool:
        """Put these articles in and take those out, leaving the others; whether anything differed."""
        differs = False
        for name in map(storable, gone):
            if self._known(name) is not None:
                self._remove(name)
                differs = True
        for article, passages in changed:
            name, content = storable(article.id), _digest(article, passages)
            known = self._known(name)
            if known == content:
                continue
            if known is not None:
                self._remove(name)
            self._add(name, article, passages, content)
            differs = True
        return differs

    def _known(self, name: str) -> bytes | None:
        found = self._db.execute(KNOWN_QUERY, (name, self._source)).fetchone()
        return None if found is None else bytes(found[0])

    def _remove(self, name: str) -> None:
        row = self._db.execute("SELECT id FROM article WHERE name = ?", (name,)).fetchone()[0]
        # The index must be told the words that go: https://sqlite.org/fts5.html#the_delete_command
        self._db.execute(
            "INSERT INTO passage_fts (passage_fts, rowid, title, heading, text) "
            "SELECT 'delete', passage_text.id, title, passage_text.heading, passage_text.text "
            "FROM passage CROSS JOIN passage_text ON passage_text.id = passage.id WHERE passage.article = ?",
            (row,),
        )
        self._db.execute("DELETE FROM passage WHERE article = ?", (row,))
        self._db.execute("DELETE FROM article WHERE id = ?", (row,))

    def _add(self, name: str, article: Article, passages: Sequence[Passage], content: bytes) -> None:
        other = self._db.execute("SELECT source FROM article WHERE name = ?", (name,)).fetchone()
        if other is not None:
            raise ValueError(f"article {name} of source {self._source} is already one of source {other[0]}")
        row = self._db.execute(
            "INSERT INTO article (name, source, title, text, summary, url, audience, kind, updated, digest) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
            (
                name,
                self._source,
                storable(article.title),
                storable(article.text),
                storable(article.summary),
                storable(article.url),
                article.audience.value,
                article.kind.value,
                optional_ms(article.updated),
                content,
            ),
        ).fetchone()[0]
        for passage in passages:
            self._add_passage(row, article, passage)

    def _add_passage(self, article_row: int, article: Article, passage: Passage) -> None:
        heading, text = storable(passage.heading), storable(passage.text)
        row = self._db.execute(
            "INSERT INTO passage (article, start, stop, heading, text) VALUES (?, ?, ?, ?, ?) RETURNING id",
            (article_row, passage.start, passage.end, heading, text),
        ).fetchone()[0]
        self._db.execute(
            "INSERT INTO passage_fts (rowid, title, heading, text) VALUES (?, ?, ?, ?)",
            (row, storable(article.title), heading, text),
        )


def _digest(article: Article, passages: Sequence[Passage]) -> bytes:
    content = (
        article.title,
        article.text,
        article.summary,
        article.url,
        article.audience,
        article.kind,
        optional_ms(article.updated),
        [(passage.start, passage.end, passage.heading, passage.text) for passage in passages],
    )
    return hashlib.blake2b(storable(to_json(content)).encode(), digest_size=_DIGEST_BYTES).digest()
