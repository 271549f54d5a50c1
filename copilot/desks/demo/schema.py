"""The tables of the demo desk's own file."""

from __future__ import annotations

VERSION = 1
"""Kept in `PRAGMA user_version`; a file with another one is not read."""

TABLES = (
    "CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    """CREATE TABLE people (
        id TEXT PRIMARY KEY, name TEXT NOT NULL, email TEXT NOT NULL, role TEXT NOT NULL, position INTEGER NOT NULL
    ) WITHOUT ROWID""",
    "CREATE TABLE groups (name TEXT PRIMARY KEY, position INTEGER NOT NULL) WITHOUT ROWID",
    # `seq` is the number of the newest change: cursor, order of changes and version of the ticket in one. No clock
    # takes part, so a clock that jumps cannot hide a change.
    """CREATE TABLE tickets (
        id TEXT PRIMARY KEY, seq INTEGER NOT NULL UNIQUE, subject TEXT NOT NULL, status TEXT NOT NULL,
        channel TEXT NOT NULL, created TEXT NOT NULL, updated TEXT NOT NULL,
        requester TEXT NOT NULL REFERENCES people, assignee TEXT REFERENCES people, team TEXT NOT NULL,
        priority TEXT, tags TEXT NOT NULL, fields TEXT NOT NULL, url TEXT NOT NULL,
        escalation_reason TEXT, escalation_confidence REAL, escalated_at TEXT,
        accepted_solution TEXT, deleted INTEGER NOT NULL DEFAULT 0
    ) WITHOUT ROWID""",
    """CREATE TABLE messages (
        position INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, ticket TEXT NOT NULL REFERENCES tickets,
        author TEXT NOT NULL REFERENCES people, created TEXT NOT NULL, kind TEXT NOT NULL,
        text TEXT NOT NULL, html TEXT NOT NULL, scripted INTEGER NOT NULL
    )""",
    "CREATE INDEX messages_of_ticket ON messages (ticket, position)",
    """CREATE TABLE attachments (
        id TEXT PRIMARY KEY, message TEXT NOT NULL REFERENCES messages (id), position INTEGER NOT NULL,
        name TEXT NOT NULL, media_type TEXT NOT NULL, content BLOB NOT NULL
    )""",
    "CREATE INDEX attachments_of_message ON attachments (message, position)",
    # What was carried out for an idempotency key, and a digest of what was asked.
    """CREATE TABLE carried_out (
        key TEXT PRIMARY KEY, asked TEXT NOT NULL, message TEXT NOT NULL, version TEXT NOT NULL
    ) WITHOUT ROWID""",
    """CREATE TABLE articles (
        id TEXT PRIMARY KEY, position INTEGER NOT NULL, title TEXT NOT NULL, text TEXT NOT NULL,
        summary TEXT NOT NULL, url TEXT NOT NULL, kind TEXT NOT NULL, updated TEXT
    ) WITHOUT ROWID""",
    # What colleagues and requesters will say, per ticket in the order of `position`.
    """CREATE TABLE script (
        position INTEGER PRIMARY KEY, ticket TEXT NOT NULL REFERENCES tickets, author TEXT NOT NULL REFERENCES people,
        kind TEXT NOT NULL, text TEXT NOT NULL, html TEXT NOT NULL
    )""",
    "CREATE INDEX script_of_ticket ON script (ticket, position)",
    # Answers on their way: written, not yet posted.
    """CREATE TABLE planned (
        id INTEGER PRIMARY KEY, ticket TEXT NOT NULL REFERENCES tickets, author TEXT NOT NULL REFERENCES people,
        due TEXT NOT NULL, text TEXT NOT NULL, solved INTEGER NOT NULL
    )""",
    "CREATE TABLE answers (position INTEGER PRIMARY KEY, satisfied INTEGER NOT NULL, text TEXT NOT NULL)",
)
