"""Sentence vectors of passages and of tickets' questions, each with the model it was made by."""

from __future__ import annotations

from sqlite_utils import Database

from copilot.store.migrations.statements import run

# 8-bit levels with one step a row. A vector goes with its passage; a ticket's is good for one version of its thread.
_SCRIPT = """
CREATE TABLE passage_vector (
    passage INTEGER PRIMARY KEY REFERENCES passage (id) ON DELETE CASCADE,
    model TEXT NOT NULL,
    step REAL NOT NULL,
    levels BLOB NOT NULL
);
CREATE TABLE ticket_vector (
    ticket INTEGER PRIMARY KEY REFERENCES ticket (id) ON DELETE CASCADE,
    model TEXT NOT NULL,
    thread_version TEXT NOT NULL,
    step REAL NOT NULL,
    levels BLOB NOT NULL
);
"""


def apply(database: Database) -> None:
    """Add both, empty: vectors are made in the background."""
    run(database.conn, _SCRIPT)
