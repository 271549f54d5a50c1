"""What was sent to language models and what came back: the exact texts, tokens, cost and rule of every request."""

from __future__ import annotations

from sqlite_utils import Database

from copilot.store.migrations.statements import run

# A request is written down before it leaves, so that also one that a crash cut off stands there; its answer follows.
# Money is whole billionths of a US dollar, so that sums are exact.
_SCRIPT = """
CREATE TABLE model_call (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    at INTEGER NOT NULL,
    ticket INTEGER REFERENCES ticket (id),
    task TEXT NOT NULL,
    prompt TEXT NOT NULL,
    provider TEXT NOT NULL,
    model TEXT NOT NULL,
    class TEXT NOT NULL,
    rule TEXT NOT NULL,
    sent TEXT NOT NULL,
    hidden TEXT NOT NULL
);
CREATE INDEX model_call_ticket ON model_call (ticket, seq);
CREATE INDEX model_call_at ON model_call (at);
CREATE TABLE model_answer (
    call INTEGER PRIMARY KEY REFERENCES model_call (seq),
    received TEXT NOT NULL,
    tokens_in INTEGER NOT NULL,
    tokens_out INTEGER NOT NULL,
    cost INTEGER NOT NULL,
    seconds REAL NOT NULL,
    outcome TEXT NOT NULL
);
"""


def apply(database: Database) -> None:
    """Add both; their rows are only ever appended."""
    run(database.conn, _SCRIPT)
    for table in ("model_call", "model_answer"):
        for change in ("UPDATE", "DELETE"):
            database.conn.execute(
                f"CREATE TRIGGER {table}_no_{change.lower()} BEFORE {change} ON {table} "
                f"BEGIN SELECT raise(ABORT, '{table} rows are only ever appended'); END"
            )
