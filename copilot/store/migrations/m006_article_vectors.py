"""Sentence vectors of articles' titles, and the weights of evidence that were learned from solved tickets."""

from __future__ import annotations

from sqlite_utils import Database

from copilot.store.migrations.statements import run

# An article that changes is a new row, so its vector goes with the old one.
_SCRIPT = """
CREATE TABLE article_vector (
    article INTEGER PRIMARY KEY REFERENCES article (id) ON DELETE CASCADE,
    model TEXT NOT NULL,
    step REAL NOT NULL,
    levels BLOB NOT NULL
);
CREATE TABLE ranking (
    model TEXT PRIMARY KEY,
    tickets INTEGER NOT NULL,
    weights TEXT NOT NULL
);
"""


def apply(database: Database) -> None:
    """Add both, empty: they are filled in the background."""
    run(database.conn, _SCRIPT)
