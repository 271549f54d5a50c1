"""What reps corrected in the triage of tickets, and how far the guided pages were worked through."""

from __future__ import annotations

from sqlite_utils import Database

from copilot.store.migrations.statements import run

# A correction is taken back by a row of its own that names it. `message` is the requester's last one when it was made:
# mood and urgency hold until they write again. `causes` is what had spoken for the value that was shown.
_SCRIPT = """
CREATE TABLE correction (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    ticket INTEGER NOT NULL REFERENCES ticket (id),
    at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    value TEXT NOT NULL,
    told TEXT NOT NULL,
    causes TEXT NOT NULL,
    message TEXT,
    takes_back TEXT
);
CREATE INDEX correction_ticket ON correction (ticket, seq);
CREATE INDEX correction_kind ON correction (kind, seq);
CREATE TABLE review_step (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    ticket INTEGER NOT NULL REFERENCES ticket (id),
    at INTEGER NOT NULL,
    state TEXT NOT NULL,
    answer TEXT
);
CREATE INDEX review_step_ticket ON review_step (ticket, seq);
"""


def apply(database: Database) -> None:
    """Add both; their rows are only ever appended."""
    run(database.conn, _SCRIPT)
    for table in ("correction", "review_step"):
        for change in ("UPDATE", "DELETE"):
            database.conn.execute(
                f"CREATE TRIGGER {table}_no_{change.lower()} BEFORE {change} ON {table} "
                f"BEGIN SELECT raise(ABORT, '{table} rows are only ever appended'); END"
            )
