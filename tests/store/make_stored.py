"""Makes a small stored file as an older version would have left it: `python -m tests.store.make_stored 1`.

Run once, when a new migration is added and before its code is: the files are committed, and every later program must
open them and find their rows. Rows are written with plain SQL of that version, since the program's own code moves on.
"""

from __future__ import annotations

import sqlite3
import sys
from contextlib import closing
from pathlib import Path

from copilot.store.migrations import migrations
from copilot.store.upgrade import APPLICATION_ID

STORED = Path(__file__).parent / "stored"

# Due at a fixed time: the second migration computes from it.
_ROWS_V1 = """
INSERT INTO desk (id, name) VALUES (1, 'demo');
INSERT INTO person (id, desk, remote_id, name, email, role) VALUES
    (1, 1, 'cust-1', 'Amara Okoye', 'amara@example.com', 'requester'),
    (2, 1, 'rep-1', 'Ines Okafor', 'ines@example.com', 'rep');
UPDATE desk SET me = 2;
INSERT INTO sync_cursor (desk, cursor, stored) VALUES (1, 'page 7', 1772452800000);
INSERT INTO ticket (
    id, desk, remote_id, version, subject, channel, created, updated, requester, status, assignee, group_name, tags,
    fields, due, url, deleted, thread_version, message_count, preview, last_activity, last_role, escalated, mine, risk,
    unread, draft_ready
) VALUES
    (1, 1, 'T1', 'v1', 'Calendar does not sync', 'email', 1772452800000, 1772452860000, 1, 'open', 2, 'Support',
     '["sync"]', '{"product":"desktop"}', 1772488800000, 'https://desk.example/1', 0, 'f00d', 2, 'Sign in again.',
     1772452860000, 'rep', 0, 1, 0, 0, 1),
    (2, 1, 'T2', 'v1', 'Junk', 'web', 1772452800000, 1772452800000, 1, 'solved', NULL, '', '[]', '{}', NULL, '', 0,
     'beef', 1, 'Größe', 1772452800000, 'requester', 0, 0, 0, 0, 0);
INSERT INTO message (id, ticket, remote_id, author, created, kind, text, html, clean, hidden, language, digest) VALUES
    (1, 1, 'm1', 1, 1772452800000, 'public', 'My calendar', '<p>My calendar</p>', NULL, '[]', 'en', x'01'),
    (2, 1, 'm2', 2, 1772452860000, 'public', 'Sign in again.' || char(10) || '> My calendar', '', 'Sign in again.',
     '[["quote","> My calendar"]]', 'en', x'02'),
    (3, 2, 'm1', 1, 1772452800000, 'public', 'Größe', '', NULL, '[]', 'de', x'03');
INSERT INTO attachment (message, remote_id, name, media_type, size_bytes) VALUES (1, 'a1', 'log.txt', 'text/plain', 12);
INSERT INTO ticket_fts (rowid, subject, requester, body) SELECT id, subject, requester, body FROM ticket_text;
INSERT INTO suggestion (id, ticket, thread_version, made, kind, model, cost, payload) VALUES
    ('s1', 1, 'f00d', 1772452900000, 'Draft', 'embedded', '0',
     '{"id":"s1","ticket":1,"thread_version":"f00d","made":"2026-03-02T12:01:40Z",
       "content":{"sentences":[{"text":"Sign in again.","support":"supported","citations":[],"separator":" "}],
                  "confidence":0.8,"intent":"sync"},
       "model":"embedded","cost":"0","reason":""}');
INSERT INTO brief (id, ticket, thread_version, made, suggestion, payload) VALUES
    ('b1', 1, 'f00d', 1772452900000, 's1',
     '{"id":"b1","ticket":1,"thread_version":"f00d","made":"2026-03-02T12:01:40Z","summary":[],
       "sentiment":{"score":-0.2,"confidence":0.9,"words":["annoyed"]},"mood_course":[],
       "urgency":{"level":1,"confidence":0.5,"reasons":[]},"articles":[],"similar":[],"language":"en","warnings":[]}');
INSERT INTO decision (id, suggestion, kind, at, seconds, reason, text) VALUES
    ('d1', 's1', 'edited', 1772452950000, 4.5, '', 'Please sign in again.');
INSERT INTO saved_reply (ticket, note, text, suggestion, saved) VALUES (1, 0, 'Dear Amara', 's1', 1772452960000);
INSERT INTO outbox (id, batch, ticket, desk, remote_id, kind, payload, key, created, release_at) VALUES
    ('o1', 'batch', 1, 'demo', 'T1', 'Reply', '{"text":"Please sign in again.","status":"solved"}', 'k1', 1772452950000,
     1772452960000);
INSERT INTO outbox_upload (entry, position, name, media_type, content) VALUES (1, 0, 'how.txt', 'text/plain', x'00ff');
INSERT INTO outbox_step (id, entry, at, state, attempts, problem, newer, lookalikes, seen, seen_status) VALUES
    ('st1', 1, 1772452950000, 'blocked', 0, 'somebody wrote', '[]', '[]', 'm2', 'open');
INSERT INTO outbox_pending (entry, ticket) VALUES (1, 1);
INSERT INTO article (id, name, source, title, text, summary, url, audience, kind, digest) VALUES
    (1, 'kb-1', 'demo', 'Junk filter', 'Train the filter.', '', '', 'public', 'article', x'01');
INSERT INTO passage (id, article, start, stop, heading, text) VALUES (1, 1, 0, 17, 'Junk', 'Train the filter.');
INSERT INTO passage_fts (rowid, title, heading, text) SELECT id, title, heading, text FROM passage_text;
INSERT INTO audit (id, at, what, ticket, detail) VALUES ('au1', 1772452800000, 'desk.connected', NULL, '{}');
"""
_ROWS_V2 = """
INSERT INTO saved_reply_version (ticket, note, text, saved) VALUES (1, 0, 'Dear', 1772452955000);
UPDATE ticket SET risk_until = 1772474400000 WHERE id = 1;
"""
_ROWS_V3 = """
INSERT INTO source_document (source, name, title, fingerprint, problem, read) VALUES
    ('folder', 'how-to.md', 'How to', 'abc', '', 1772452800000);
INSERT INTO source_reading (source, finished, problem) VALUES ('folder', 1772452800000, '');
INSERT INTO internal_answer (id, name, at, approved_by, title, text, ticket, removed) VALUES
    ('ia1', 'proxy', 1772452800000, 'Ines Okafor', 'Proxy', 'Import the certificate.', 1, 0);
"""
_ROWS_V4 = ""
_ROWS_V5 = """
INSERT INTO passage_vector (passage, model, step, levels) VALUES (1, 'mini:1', 0.25, x'01020304');
INSERT INTO ticket_vector (ticket, model, thread_version, step, levels) VALUES (2, 'mini:1', 'beef', 0.25, x'01020304');
"""
_ROWS_V6 = """
INSERT INTO article_vector (article, model, step, levels) VALUES (1, 'mini:1', 0.25, x'01020304');
INSERT INTO ranking (model, tickets, weights) VALUES ('mini:1', 40, '[0.5, 0.5]');
"""
_ROWS_V7 = """
UPDATE ticket SET reply_until = 1772539200000 WHERE id = 1;
"""
_ROWS_V8 = """
INSERT INTO model_call (
    id, at, ticket, task, prompt, provider, model, class, rule, sent, hidden
) VALUES ('mc1', 1772452900000, 1, 'draft', 'draft-1', 'local', 'small', 'local', 'local first', '[]', '{}');
INSERT INTO model_answer (call, received, tokens_in, tokens_out, cost, seconds, outcome) VALUES
    (1, 'Sign in again.', 20, 4, 1000, 0.5, 'done');
"""
_ROWS_V9 = """
INSERT INTO correction (id, ticket, at, kind, value, told, causes, message, takes_back) VALUES
    ('co1', 1, 1772452900000, 'mood', '0.5', '-0.5', '["broken"]', 'm1', NULL);
INSERT INTO review_step (id, ticket, at, state, answer) VALUES ('rs1', 1, 1772452900000, 'done', NULL);
"""
_ROWS_V10 = """
INSERT INTO dispatch (id, ticket, destination, title, text, after, at) VALUES
    ('di1', 1, 'second-line', 'Calendar does not sync', 'Handoff', NULL, 1772452900000);
INSERT INTO dispatch_step (dispatch, at, state, problem) VALUES (1, 1772452900000, 'sent', '');
"""
_ROWS = (_ROWS_V1, _ROWS_V2, _ROWS_V3, _ROWS_V4, _ROWS_V5, _ROWS_V6, _ROWS_V7, _ROWS_V8, _ROWS_V9, _ROWS_V10)


def make(version: int, folder: Path = STORED) -> Path:
    """Write `folder/v<version>.sqlite3`."""
    from sqlite_utils import Database

    target = folder / f"v{version}.sqlite3"
    target.unlink(missing_ok=True)
    names = [migration.name for migration in migrations.pending(Database(memory=True))]
    with closing(sqlite3.connect(target, isolation_level=None)) as connection:
        connection.execute("PRAGMA page_size = 512")  # small files: the repository keeps them for ever
        migrations.apply(Database(connection), stop_before=names[version])
        connection.execute(f"PRAGMA user_version = {version}")
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        for rows in _ROWS[:version]:
            connection.executescript(rows)
        connection.execute("VACUUM")
    return target


if __name__ == "__main__":
    print(make(int(sys.argv[1])))
