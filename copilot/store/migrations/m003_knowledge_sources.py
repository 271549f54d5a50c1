"""What was read of each knowledge source, and the internal answers with all their versions."""

from __future__ import annotations

from sqlite_utils import Database

from copilot.store.migrations.statements import run

# An internal answer is every row of its name, the newest says how it stands; so who wrote what, and when, stays.
_SCRIPT = """
CREATE TABLE source_document (
    source TEXT NOT NULL,
    name TEXT NOT NULL,
    title TEXT NOT NULL,
    fingerprint TEXT NOT NULL, -- '': to be read again
    problem TEXT NOT NULL,
    read INTEGER NOT NULL,
    PRIMARY KEY (source, name)
) WITHOUT ROWID;
CREATE TABLE source_reading (
    source TEXT PRIMARY KEY,
    finished INTEGER,
    problem TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE internal_answer (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    at INTEGER NOT NULL,
    approved_by TEXT NOT NULL,
    title TEXT NOT NULL,
    text TEXT NOT NULL,
    ticket INTEGER REFERENCES ticket (id),
    removed INTEGER NOT NULL
);
CREATE INDEX internal_answer_name ON internal_answer (name, seq);
"""


def apply(database: Database) -> None:
    """Add the tables; versions of an answer are only ever appended."""
    run(database.conn, _SCRIPT)
    for change in ("UPDATE", "DELETE"):
        database.conn.execute(
            f"CREATE TRIGGER internal_answer_no_{change.lower()} BEFORE {change} ON internal_answer "
            "BEGIN SELECT raise(ABORT, 'internal_answer rows are only ever appended'); END"
        )
