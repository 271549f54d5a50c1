"""A customer's tickets are found by who asked, and the same person by their e-mail address on any desk."""

from __future__ import annotations

from sqlite_utils import Database

from copilot.store.migrations.statements import run

_SCRIPT = """
CREATE INDEX person_email ON person (email COLLATE NOCASE) WHERE email != '';
CREATE INDEX ticket_requester ON ticket (requester, created DESC) WHERE deleted = 0;
"""


def apply(database: Database) -> None:
    """Add both indexes."""
    run(database.conn, _SCRIPT)
