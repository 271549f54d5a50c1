"""What the rep is typing, kept at every change, with earlier versions to go back to."""

from __future__ import annotations

import sqlite3

from copilot.domain import SavedReply, SuggestionId, TicketId
from copilot.store.codec import from_ms, storable

VERSION_EVERY_MS = 30_000
VERSIONS_KEPT = 50
_MUCH_SHORTER = 20

SAVED_QUERY = "SELECT saved, note, text, suggestion FROM saved_reply WHERE ticket = ?"
VERSIONS_QUERY = """
SELECT id, saved, text FROM saved_reply_version WHERE ticket = ? AND note = ? ORDER BY id DESC
"""


def keep_reply(db: sqlite3.Connection, reply: SavedReply, now: int) -> None:
    """Keep the text in place of the one before, which becomes a version when much would be lost with it."""
    key = (reply.ticket, int(reply.note))
    before = db.execute("SELECT text FROM saved_reply WHERE ticket = ? AND note = ?", key).fetchone()
    if (
        before is not None
        and before[0] != reply.text
        and _is_worth_a_version(db, key, before[0], reply.text, now)
    ):
        _keep_version(db, key, before[0], now)
    if not reply.text:
        db.execute("DELETE FROM saved_reply WHERE ticket = ? AND note = ?", key)
        return
    db.execute(
        "INSERT INTO saved_reply (ticket, note, text, suggestion, saved) VALUES (?, ?, ?, ?, ?) "
        "ON CONFLICT (ticket, note) DO UPDATE SET text = excluded.text, suggestion = excluded.suggestion, "
        "saved = excluded.saved",
        (*key, storable(reply.text), reply.suggestion, now),
    )


def read_reply(db: sqlite3.Connection, ticket: TicketId) -> SavedReply | None:
    """The text kept last for a ticket."""
    kept = db.execute(SAVED_QUERY, (ticket,)).fetchall()
    if not kept:
        return None
    saved, note, text, suggestion = max(kept, key=lambda row: (row[0], -row[1]))
    return SavedReply(
        ticket=ticket,
        text=text,
        note=bool(note),
        suggestion=None if suggestion is None else SuggestionId(suggestion),
        saved=from_ms(saved),
    )


def read_versions(db: sqlite3.Connection, ticket: TicketId, *, note: bool) -> tuple[SavedReply, ...]:
    """Earlier texts, newest first."""
    return tuple(
        SavedReply(ticket=ticket, text=text, note=note, saved=from_ms(saved))
        for _, saved, text in db.execute(VERSIONS_QUERY, (ticket, int(note)))
    )


def _is_worth_a_version(
    db: sqlite3.Connection, key: tuple[TicketId, int], before: str, after: str, now: int
) -> bool:
    if not after or len(before) - len(after) >= _MUCH_SHORTER:
        return True
    last = db.execute(VERSIONS_QUERY + " LIMIT 1", key).fetchone()
    return last is None or now - last[1] >= VERSION_EVERY_MS


def _keep_version(db: sqlite3.Connection, key: tuple[TicketId, int], text: str, now: int) -> None:
    db.execute(
        "INSERT INTO saved_reply_version (ticket, note, text, saved) VALUES (?, ?, ?, ?)", (*key, text, now)
    )
    db.execute(
        f"DELETE FROM saved_reply_version WHERE id IN (SELECT id FROM ({VERSIONS_QUERY} LIMIT -1 OFFSET ?))",
        (*key, VERSIONS_KEPT),
    )
