"""Earlier versions of what a rep typed, and the moment at which a ticket's risk changes by time alone."""

from __future__ import annotations

from sqlite_utils import Database

from copilot.store.migrations.statements import run

_FOUR_HOURS_MS = 4 * 60 * 60 * 1000

_SCRIPT = f"""
CREATE TABLE saved_reply_version (
    id INTEGER PRIMARY KEY,
    ticket INTEGER NOT NULL REFERENCES ticket (id),
    note INTEGER NOT NULL,
    text TEXT NOT NULL,
    saved INTEGER NOT NULL
);
CREATE INDEX saved_reply_version_ticket ON saved_reply_version (ticket, note, id);
INSERT INTO saved_reply_version (ticket, note, text, saved)
SELECT ticket, note, text, saved FROM saved_reply ORDER BY ticket, note;

ALTER TABLE ticket ADD COLUMN risk_until INTEGER;
UPDATE ticket SET risk_until = due - {_FOUR_HOURS_MS} WHERE due IS NOT NULL AND done = 0;
CREATE INDEX ticket_risk_until ON ticket (risk_until) WHERE risk_until IS NOT NULL;
"""


def apply(database: Database) -> None:
    """Add both; the next `wake` sets every risk that has changed since."""
    run(database.conn, _SCRIPT)
