"""Everything the first version keeps.

Integer row ids inside; rows that are only ever appended carry globally unique text ids too. Times are milliseconds
since 1970, UTC. A person row is one name card exactly as a desk showed it: a renamed person gets another card, so that
old threads read as they were and a rename never rewrites a thousand tickets.
"""

from __future__ import annotations

from sqlite_utils import Database

from copilot.store.migrations.statements import run

_DESKS = """
CREATE TABLE desk (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    me INTEGER REFERENCES person (id)
);
CREATE TABLE sync_cursor (
    desk INTEGER PRIMARY KEY REFERENCES desk (id),
    cursor TEXT NOT NULL,
    stored INTEGER NOT NULL
);
CREATE TABLE person (
    id INTEGER PRIMARY KEY,
    desk INTEGER NOT NULL REFERENCES desk (id),
    remote_id TEXT NOT NULL,
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    role TEXT NOT NULL,
    UNIQUE (desk, remote_id, name, email, role)
);
"""

# status, assignee, group_name, tags and fields are what the rep sees: the desk's values with unsent changes laid over
# them; desk_values keeps the desk's own (JSON) as long as the two differ.
_TICKETS = """
CREATE TABLE ticket (
    id INTEGER PRIMARY KEY,
    desk INTEGER NOT NULL REFERENCES desk (id),
    remote_id TEXT NOT NULL,
    version TEXT NOT NULL,
    subject TEXT NOT NULL,
    channel TEXT NOT NULL,
    created INTEGER NOT NULL,
    updated INTEGER NOT NULL,
    requester INTEGER NOT NULL REFERENCES person (id),
    status TEXT NOT NULL,
    assignee INTEGER REFERENCES person (id),
    group_name TEXT NOT NULL,
    tags TEXT NOT NULL,
    fields TEXT NOT NULL,
    priority TEXT,
    escalation TEXT,
    due INTEGER,
    url TEXT NOT NULL,
    deleted INTEGER NOT NULL,
    accepted_solution TEXT,
    desk_values TEXT,
    thread_version TEXT NOT NULL,
    message_count INTEGER NOT NULL,
    preview TEXT NOT NULL,
    last_activity INTEGER NOT NULL,
    last_role TEXT NOT NULL,
    escalated INTEGER NOT NULL,
    mine INTEGER NOT NULL,
    risk INTEGER NOT NULL,
    unread INTEGER NOT NULL,
    snoozed_until INTEGER,
    mood REAL,
    urgency INTEGER,
    draft_ready INTEGER NOT NULL,
    done INTEGER NOT NULL AS (status IN ('solved', 'closed')) VIRTUAL,
    waiting INTEGER NOT NULL AS (status IN ('pending', 'hold')) VIRTUAL,
    active INTEGER NOT NULL
        AS (deleted = 0 AND snoozed_until IS NULL AND status NOT IN ('solved', 'closed')) VIRTUAL,
    UNIQUE (desk, remote_id)
);
CREATE INDEX ticket_mine ON ticket (last_activity DESC, id DESC) WHERE active = 1 AND mine = 1;
CREATE INDEX ticket_unassigned ON ticket (last_activity DESC, id DESC) WHERE active = 1 AND assignee IS NULL;
CREATE INDEX ticket_escalated ON ticket (last_activity DESC, id DESC) WHERE active = 1 AND escalated = 1;
CREATE INDEX ticket_at_risk ON ticket (risk DESC, last_activity DESC, id DESC) WHERE active = 1 AND risk > 0;
CREATE INDEX ticket_waiting ON ticket (last_activity DESC, id DESC) WHERE active = 1 AND waiting = 1;
CREATE INDEX ticket_snoozed ON ticket (last_activity DESC, id DESC)
    WHERE deleted = 0 AND snoozed_until IS NOT NULL AND done = 0;
CREATE INDEX ticket_all ON ticket (last_activity DESC, id DESC) WHERE deleted = 0;
CREATE INDEX ticket_wake ON ticket (snoozed_until) WHERE snoozed_until IS NOT NULL;
CREATE INDEX ticket_assignee ON ticket (assignee) WHERE assignee IS NOT NULL;

CREATE TABLE message (
    id INTEGER PRIMARY KEY,
    ticket INTEGER NOT NULL REFERENCES ticket (id),
    remote_id TEXT NOT NULL,
    author INTEGER NOT NULL REFERENCES person (id),
    created INTEGER NOT NULL,
    kind TEXT NOT NULL,
    text TEXT NOT NULL,
    html TEXT NOT NULL,
    clean TEXT, -- NULL: the same as text
    hidden TEXT NOT NULL,
    language TEXT NOT NULL,
    digest BLOB NOT NULL,
    UNIQUE (ticket, remote_id)
);
CREATE INDEX message_thread ON message (ticket, created, id);
CREATE TABLE attachment (
    id INTEGER PRIMARY KEY,
    message INTEGER NOT NULL REFERENCES message (id) ON DELETE CASCADE,
    remote_id TEXT NOT NULL,
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    size_bytes INTEGER NOT NULL
);
CREATE INDEX attachment_message ON attachment (message);
"""

_SEARCH = """
CREATE VIEW ticket_text AS
SELECT
    ticket.id AS id,
    ticket.subject AS subject,
    person.name || ' ' || person.email AS requester,
    (
        SELECT group_concat(words, char(10))
        FROM (
            SELECT coalesce(message.clean, message.text) AS words
            FROM message
            WHERE message.ticket = ticket.id
            ORDER BY message.created, message.id
        )
    ) AS body
FROM ticket JOIN person ON person.id = ticket.requester;
CREATE VIRTUAL TABLE ticket_fts USING fts5 (
    subject, requester, body,
    content = 'ticket_text', content_rowid = 'id',
    tokenize = 'porter unicode61 remove_diacritics 2', prefix = '2 3'
);
INSERT INTO ticket_fts (ticket_fts, rank) VALUES ('rank', 'bm25(4.0, 2.0, 1.0)');
"""

_BOOKS = """
CREATE TABLE suggestion (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    ticket INTEGER NOT NULL REFERENCES ticket (id),
    thread_version TEXT NOT NULL,
    made INTEGER NOT NULL,
    kind TEXT NOT NULL,
    model TEXT NOT NULL,
    cost TEXT NOT NULL,
    payload TEXT NOT NULL
);
CREATE INDEX suggestion_ticket ON suggestion (ticket, seq);
CREATE TABLE brief (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    ticket INTEGER NOT NULL REFERENCES ticket (id),
    thread_version TEXT NOT NULL,
    made INTEGER NOT NULL,
    suggestion TEXT NOT NULL REFERENCES suggestion (id),
    payload TEXT NOT NULL
);
CREATE INDEX brief_thread ON brief (ticket, thread_version, seq);
CREATE TABLE decision (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    suggestion TEXT NOT NULL REFERENCES suggestion (id),
    kind TEXT NOT NULL,
    at INTEGER NOT NULL,
    seconds REAL NOT NULL,
    reason TEXT NOT NULL,
    text TEXT NOT NULL
);
CREATE INDEX decision_suggestion ON decision (suggestion, seq);
CREATE TABLE saved_reply (
    ticket INTEGER NOT NULL REFERENCES ticket (id),
    note INTEGER NOT NULL,
    text TEXT NOT NULL,
    suggestion TEXT,
    saved INTEGER NOT NULL,
    PRIMARY KEY (ticket, note)
) WITHOUT ROWID;
CREATE TABLE audit (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    at INTEGER NOT NULL,
    what TEXT NOT NULL,
    ticket INTEGER REFERENCES ticket (id),
    detail TEXT NOT NULL
);
"""

# Each step holds the whole state of the entry after it, so that the newest step is all there is to read.
_OUTBOX = """
CREATE TABLE outbox (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    batch TEXT NOT NULL,
    ticket INTEGER NOT NULL REFERENCES ticket (id),
    desk TEXT NOT NULL,
    remote_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    payload TEXT NOT NULL,
    key TEXT NOT NULL UNIQUE,
    created INTEGER NOT NULL,
    release_at INTEGER NOT NULL
);
CREATE INDEX outbox_ticket ON outbox (ticket, seq);
CREATE TABLE outbox_upload (
    entry INTEGER NOT NULL REFERENCES outbox (seq),
    position INTEGER NOT NULL,
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    content BLOB NOT NULL,
    PRIMARY KEY (entry, position)
);
CREATE TABLE outbox_step (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    entry INTEGER NOT NULL REFERENCES outbox (seq),
    at INTEGER NOT NULL,
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    problem TEXT NOT NULL,
    newer TEXT NOT NULL,
    lookalikes TEXT NOT NULL,
    sent_as TEXT,
    seen TEXT,
    seen_status TEXT
);
CREATE INDEX outbox_step_entry ON outbox_step (entry, seq);
CREATE TABLE outbox_pending (
    entry INTEGER PRIMARY KEY REFERENCES outbox (seq),
    ticket INTEGER NOT NULL REFERENCES ticket (id),
    sent INTEGER NOT NULL DEFAULT 0 -- 1: final, kept until the desk's thread shows it
);
CREATE INDEX outbox_pending_ticket ON outbox_pending (ticket, entry);
"""

_KNOWLEDGE = """
CREATE TABLE article (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    source TEXT NOT NULL,
    title TEXT NOT NULL,
    text TEXT NOT NULL,
    summary TEXT NOT NULL,
    url TEXT NOT NULL,
    audience TEXT NOT NULL,
    kind TEXT NOT NULL,
    updated INTEGER,
    digest BLOB NOT NULL
);
CREATE INDEX article_source ON article (source, name);
CREATE TABLE passage (
    id INTEGER PRIMARY KEY,
    article INTEGER NOT NULL REFERENCES article (id),
    start INTEGER NOT NULL,
    stop INTEGER NOT NULL,
    heading TEXT NOT NULL,
    text TEXT NOT NULL
);
CREATE INDEX passage_article ON passage (article);
CREATE VIEW passage_text AS
SELECT passage.id AS id, article.title AS title, passage.heading AS heading, passage.text AS text
FROM passage JOIN article ON article.id = passage.article;
CREATE VIRTUAL TABLE passage_fts USING fts5 (
    title, heading, text,
    content = 'passage_text', content_rowid = 'id',
    tokenize = 'porter unicode61 remove_diacritics 2'
);
INSERT INTO passage_fts (passage_fts, rank) VALUES ('rank', 'bm25(2.0, 1.5, 1.0)');
"""

_APPENDED = ("suggestion", "brief", "decision", "outbox", "outbox_upload", "outbox_step", "audit")


def apply(database: Database) -> None:
    """Create all tables, the indexes of the views, and the guards of the appended rows."""
    for script in (_DESKS, _TICKETS, _SEARCH, _BOOKS, _OUTBOX, _KNOWLEDGE):
        run(database.conn, script)
    for table in _APPENDED:
        for change in ("UPDATE", "DELETE"):
            database.conn.execute(
                f"CREATE TRIGGER {table}_no_{change.lower()} BEFORE {change} ON {table} "
                f"BEGIN SELECT raise(ABORT, '{table} rows are only ever appended'); END"
            )
