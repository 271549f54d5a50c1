"""Escalations that go out of the desk, and each step they went through."""

from __future__ import annotations

from sqlite_utils import Database

from copilot.store.migrations.statements import run

_SCRIPT = """
CREATE TABLE dispatch (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    ticket INTEGER NOT NULL REFERENCES ticket (id),
    destination TEXT NOT NULL,
    title TEXT NOT NULL,
    text TEXT NOT NULL,
    after TEXT,
    at INTEGER NOT NULL
);
CREATE INDEX dispatch_ticket ON dispatch (ticket, seq);
CREATE TABLE dispatch_step (
    seq INTEGER PRIMARY KEY,
    dispatch INTEGER NOT NULL REFERENCES dispatch (seq),
    at INTEGER NOT NULL,
    state TEXT NOT NULL,
    problem TEXT NOT NULL
);
CREATE INDEX dispatch_step_dispatch ON dispatch_step (dispatch, seq);
"""


def apply(database: Database) -> None:
    """Add both; their rows are only ever appended."""
    run(database.conn, _SCRIPT)
    for table in ("dispatch", "dispatch_step"):
        for change in ("UPDATE", "DELETE"):
            database.conn.execute(
                f"CREATE TRIGGER {table}_no_{change.lower()} BEFORE {change} ON {table} "
                f"BEGIN SELECT raise(ABORT, '{table} rows are only ever appended'); END"
            )
