"""Rows of the outbox: an entry never changes, each of its steps holds its whole state from then on."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import Any

from copilot.domain import (
    BatchId,
    DeskId,
    OutboxEntry,
    OutboxId,
    OutboxState,
    RemoteId,
    Reply,
    Status,
    TicketId,
    Upload,
)
from copilot.store.codec import (
    from_ms,
    new_id,
    optional_text,
    storable,
    texts_from_json,
    texts_to_json,
    to_ms,
)
from copilot.store.payloads import command_from_json, command_to_json, messages_from_json, messages_to_json

_ENTRY = """
SELECT
    outbox.seq, outbox.id, outbox.batch, outbox.ticket, outbox.desk, outbox.remote_id, outbox.kind, outbox.payload,
    outbox.key, outbox.created, outbox.release_at,
    outbox_step.state, outbox_step.attempts, outbox_step.problem, outbox_step.newer, outbox_step.lookalikes,
    outbox_step.sent_as, outbox_step.seen, outbox_step.seen_status
FROM {tables}
CROSS JOIN outbox_step ON outbox_step.seq = (SELECT max(seq) FROM outbox_step WHERE entry = outbox.seq)
"""
_BY_ID = _ENTRY.format(tables="outbox") + "WHERE outbox.id = ?"
_OF_TICKET = _ENTRY.format(tables="outbox") + "WHERE outbox.ticket = ? ORDER BY outbox.seq"
_PENDING = _ENTRY.format(tables="outbox_pending CROSS JOIN outbox ON outbox.seq = outbox_pending.entry")
_UNFINISHED = _PENDING + "WHERE outbox_pending.sent = 0 ORDER BY outbox_pending.entry"
_SHOWN = _PENDING + "WHERE outbox_pending.ticket = ? ORDER BY outbox_pending.entry"
_SENT = """
SELECT outbox_pending.entry, outbox_step.at, outbox_step.sent_as
FROM outbox_pending
CROSS JOIN outbox_step
    ON outbox_step.seq = (SELECT max(seq) FROM outbox_step AS newest WHERE newest.entry = outbox_pending.entry)
WHERE outbox_pending.ticket = ? AND outbox_pending.sent = 1
"""
PATIENCE_MS = 10 * 60 * 1000
QUERIES = {
    "entry": _BY_ID,
    "of ticket": _OF_TICKET,
    "unfinished": _UNFINISHED,
    "shown": _SHOWN,
    "sent": _SENT,
}


@dataclass(frozen=True, slots=True)
class Place:
    """An entry with its row number."""

    seq: int
    entry: OutboxEntry


def insert_entry(db: sqlite3.Connection, entry: OutboxEntry) -> None:
    """Write an entry, its files, and its first step."""
    seq = db.execute(
        "INSERT INTO outbox (id, batch, ticket, desk, remote_id, kind, payload, key, created, release_at) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING seq",
        (
            entry.id,
            entry.batch,
            entry.ticket,
            entry.desk,
            storable(entry.remote_id),
            type(entry.command).__name__,
            command_to_json(entry.command),
            entry.key,
            to_ms(entry.created),
            to_ms(entry.release_at),
        ),
    ).fetchone()[0]
    if isinstance(entry.command, Reply):
        db.executemany(
            "INSERT INTO outbox_upload (entry, position, name, media_type, content) VALUES (?, ?, ?, ?, ?)",
            [
                (seq, position, storable(file.name), file.media_type, file.content)
                for position, file in enumerate(entry.command.attachments)
            ],
        )
    if not entry.state.is_final:
        db.execute("INSERT INTO outbox_pending (entry, ticket) VALUES (?, ?)", (seq, entry.ticket))
    insert_step(db, Place(seq, entry), to_ms(entry.created))


def insert_step(db: sqlite3.Connection, place: Place, at: int) -> None:
    """Append the state in which the entry now is; `at` in ms."""
    entry = place.entry
    db.execute(
        "INSERT INTO outbox_step "
        "(id, entry, at, state, attempts, problem, newer, lookalikes, sent_as, seen, seen_status) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            new_id(),
            place.seq,
            at,
            entry.state.value,
            entry.attempts,
            storable(entry.problem),
            messages_to_json(entry.newer),
            texts_to_json(entry.lookalikes),
            optional_text(entry.sent_as),
            optional_text(entry.seen),
            None if entry.seen_status is None else entry.seen_status.value,
        ),
    )


def find_entry(db: sqlite3.Connection, entry: OutboxId) -> Place:
    """An entry as it stands. Raises `KeyError`."""
    found = db.execute(_BY_ID, (entry,)).fetchone()
    if found is None:
        raise KeyError(entry)
    return _place(db, found)


def unfinished(db: sqlite3.Connection) -> tuple[OutboxEntry, ...]:
    """All entries that are not final."""
    return _entries(db, db.execute(_UNFINISHED))


def of_ticket(db: sqlite3.Connection, ticket: TicketId) -> tuple[OutboxEntry, ...]:
    """All entries of a ticket."""
    return _entries(db, db.execute(_OF_TICKET, (ticket,)))


def shown(db: sqlite3.Connection, ticket: TicketId, stored: Collection[RemoteId]) -> tuple[OutboxEntry, ...]:
    """The entries that belong into a conversation with these messages: not final, or sent and not yet among them."""
    entries = _entries(db, db.execute(_SHOWN, (ticket,)))
    return tuple(
        entry
        for entry in entries
        if not entry.state.is_final or (entry.sent_as is not None and entry.sent_as not in stored)
    )


def drop_confirmed(db: sqlite3.Connection, ticket: TicketId, now: int) -> bool:
    """Forget what was sent, now that the desk's thread has been stored again and shows it; whether anything was.

    A thread that was read before the desk knew our message does not count, but not for ever: the desk may have given
    the message another id.
    """
    confirmed = [
        (entry,)
        for entry, at, sent_as in db.execute(_SENT, (ticket,)).fetchall()
        if sent_as is None or now - at > PATIENCE_MS or _holds(db, ticket, sent_as)
    ]
    db.executemany("DELETE FROM outbox_pending WHERE entry = ?", confirmed)
    return bool(confirmed)


def _holds(db: sqlite3.Connection, ticket: TicketId, message: str) -> bool:
    found = db.execute("SELECT 1 FROM message WHERE ticket = ? AND remote_id = ?", (ticket, message))
    return found.fetchone() is not None


def _entries(db: sqlite3.Connection, rows: Iterable[tuple[Any, ...]]) -> tuple[OutboxEntry, ...]:
    return tuple(_place(db, row).entry for row in list(rows))


def _place(db: sqlite3.Connection, row: tuple[Any, ...]) -> Place:
    seq, entry_id, batch, ticket, desk, remote_id, kind, payload, key, created, release_at, *state = row
    name, attempts, problem, newer, lookalikes, sent_as, seen, seen_status = state
    command = command_from_json(kind, payload)
    if isinstance(command, Reply):
        command = replace(command, attachments=_uploads(db, seq))
    entry = OutboxEntry(
        id=OutboxId(entry_id),
        batch=BatchId(batch),
        ticket=TicketId(ticket),
        desk=DeskId(desk),
        remote_id=RemoteId(remote_id),
        command=command,
        key=key,
        created=from_ms(created),
        release_at=from_ms(release_at),
        state=OutboxState(name),
        seen=seen,
        seen_status=None if seen_status is None else Status(seen_status),
        attempts=attempts,
        lookalikes=tuple(RemoteId(message) for message in texts_from_json(lookalikes)),
        problem=problem,
        newer=messages_from_json(newer),
        sent_as=sent_as,
    )
    return Place(seq, entry)


def _uploads(db: sqlite3.Connection, entry: int) -> tuple[Upload, ...]:
    rows = db.execute(
        "SELECT name, media_type, content FROM outbox_upload WHERE entry = ? ORDER BY position", (entry,)
    )
    return tuple(
        Upload(name=name, media_type=media_type, content=content) for name, media_type, content in rows
    )
