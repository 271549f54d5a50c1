"""What the requester thought of the help, and when a channel stops taking replies."""

from __future__ import annotations

from sqlite_utils import Database

from copilot.store.migrations.statements import run

_SCRIPT = """
ALTER TABLE ticket ADD COLUMN rating TEXT;
ALTER TABLE ticket ADD COLUMN reply_until INTEGER;
"""


def apply(database: Database) -> None:
    """Unknown for the tickets that are there; the desks tell of them when they change."""
    run(database.conn, _SCRIPT)
