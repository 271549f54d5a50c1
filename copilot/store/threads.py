"""Writes what a desk says of its tickets: headers, messages, attachments, and all that follows from them."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, replace

from copilot.domain import DeskId, Message, RemoteId, Role, Thread, TicketId, TicketSnapshot
from copilot.store.changed import Changed
from copilot.store.codec import fields_to_json, optional_ms, storable, texts_to_json, to_json, to_ms
from copilot.store.facts import ThreadFacts, digest, thread_facts, thread_version
from copilot.store.outbox_rows import drop_confirmed
from copilot.store.overlay import desk_row_of, settle
from copilot.store.people import Cards, add_desk
from copilot.store.text_index import TextChanges
from copilot.store.ticket_rows import Row, escalation_to_json, find_row, insert_row, update_row

STORED_QUERY = "SELECT remote_id, id, author, digest FROM message WHERE ticket = ?"
DRAFT_QUERY = """
SELECT suggestion.kind FROM brief CROSS JOIN suggestion ON suggestion.id = brief.suggestion
WHERE brief.ticket = ? AND brief.thread_version = ? ORDER BY brief.seq DESC LIMIT 1
"""
_NEW_TICKET: Row = {
    "unread": 0, "snoozed_until": None, "mood": None, "urgency": None, "draft_ready": 0,
    "escalated": 0, "mine": 0, "risk": 0, "risk_until": None, "desk_values": None,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Stored:
    row: int
    author: int
    digest: bytes


class ThreadWriter:
    """Stores threads of one desk in the transaction that is open."""

    def __init__(self, db: sqlite3.Connection, desk: DeskId, now: int) -> None:
        self._db = db
        self._desk = add_desk(db, desk)
        self._now = now
        self._cards = Cards(db, self._desk)
        self._texts = TextChanges()
        self._tickets: set[TicketId] = set()
        self._threads: set[TicketId] = set()

    def put(self, threads: Sequence[Thread]) -> Changed:
        """Store these threads; what that altered."""
        for thread in threads:
            if thread.snapshot.deleted:
                self._put_deleted(thread.snapshot)
            else:
                self._put(thread.snapshot, _oldest_first(thread.messages))
        self._texts.apply(self._db)
        return Changed(tickets=frozenset(self._tickets), threads=frozenset(self._threads))

    def keep_cursor(self, cursor: str) -> None:
        """Store where to go on reading the desk's changes."""
        self._db.execute(
            "INSERT INTO sync_cursor (desk, cursor, stored) VALUES (?, ?, ?) "
            "ON CONFLICT (desk) DO UPDATE SET cursor = excluded.cursor, stored = excluded.stored",
            (self._desk, cursor, self._now),
        )

    def _put_deleted(self, snapshot: TicketSnapshot) -> None:
        old = find_row(self._db, self._desk, storable(snapshot.remote_id))
        if old is None:
            self._put(snapshot, [])
            return
        gone = desk_row_of(old) | {"deleted": 1, "version": storable(snapshot.version)}
        if update_row(self._db, old, settle(self._db, gone, self._now)):
            self._tickets.add(TicketId(old["id"]))

    def _put(self, snapshot: TicketSnapshot, messages: list[Message]) -> None:
        old = find_row(self._db, self._desk, storable(snapshot.remote_id))
        digests = {message.remote_id: digest(message) for message in messages}
        facts = thread_facts(snapshot, messages)
        said = _said(snapshot, self._cards) | _seen(facts, messages, digests) | {"desk": self._desk}
        if old is None:
            row = settle(self._db, _NEW_TICKET | said | {"unread": int(facts.asks)}, self._now)
            ticket = insert_row(self._db, row)
            self._texts.added(ticket)
            self._put_messages(ticket, messages, digests, {})
            self._tickets.add(ticket)
            self._threads.add(ticket)
            return
        self._change(old, said, messages, digests)

    def _change(self, old: Row, said: Row, messages: list[Message], digests: dict[RemoteId, bytes]) -> None:
        ticket = TicketId(old["id"])
        new = desk_row_of(old) | said
        if new["subject"] != old["subject"] or new["requester"] != old["requester"]:
            self._texts.remember(self._db, ticket)
        stored = self._stored(ticket)
        if self._differs(stored, messages, digests):
            self._texts.remember(self._db, ticket)
            if _asks_anew(stored, messages):
                new |= {"unread": 1, "snoozed_until": None}
            self._put_messages(ticket, messages, digests, stored)
            self._threads.add(ticket)
        new["draft_ready"] = has_draft(self._db, ticket, new["thread_version"])
        drop_confirmed(self._db, ticket, self._now)
        if update_row(self._db, old, settle(self._db, new, self._now)):
            self._tickets.add(ticket)

    def _stored(self, ticket: TicketId) -> dict[RemoteId, _Stored]:
        rows = self._db.execute(STORED_QUERY, (ticket,))
        return {RemoteId(remote_id): _Stored(*rest) for remote_id, *rest in rows}

    def _differs(
        self, stored: dict[RemoteId, _Stored], messages: list[Message], digests: dict[RemoteId, bytes]
    ) -> bool:
        if len(stored) != len(messages):
            return True
        return any(self._is_stale(stored.get(message.remote_id), message, digests) for message in messages)

    def _is_stale(self, stored: _Stored | None, message: Message, digests: dict[RemoteId, bytes]) -> bool:
        if stored is None or stored.digest != digests[message.remote_id]:
            return True
        return stored.author != self._cards.card(message.author)

    def _put_messages(
        self,
        ticket: TicketId,
        messages: list[Message],
        digests: dict[RemoteId, bytes],
        stored: dict[RemoteId, _Stored],
    ) -> None:
        gone = [known.row for remote_id, known in stored.items() if remote_id not in digests]
        self._db.executemany("DELETE FROM message WHERE id = ?", [(row,) for row in gone])
        for message in messages:
            known = stored.get(message.remote_id)
            if known is None:
                self._insert(ticket, message, digests[message.remote_id])
            elif self._is_stale(known, message, digests):
                self._update(known.row, message, digests[message.remote_id])

    def _insert(self, ticket: TicketId, message: Message, content: bytes) -> None:
        added = self._db.execute(
            "INSERT INTO message (author, created, kind, text, html, clean, hidden, language, digest, "
            "ticket, remote_id) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
            (*self._columns(message), content, ticket, message.remote_id),
        )
        self._add_attachments(int(added.fetchone()[0]), message)

    def _update(self, row: int, message: Message, content: bytes) -> None:
        self._db.execute(
            "UPDATE message SET author = ?, created = ?, kind = ?, text = ?, html = ?, clean = ?, hidden = ?, "
            "language = ?, digest = ? WHERE id = ?",
            (*self._columns(message), content, row),
        )
        self._db.execute("DELETE FROM attachment WHERE message = ?", (row,))
        self._add_attachments(row, message)

    def _columns(self, message: Message) -> tuple[object, ...]:
        return (
            self._cards.card(message.author),
            to_ms(message.created),
            message.kind.value,
            storable(message.text),
            storable(message.html),
            None if message.clean == message.text else storable(message.clean),
            to_json([[part.kind.value, storable(part.text)] for part in message.hidden]),
            message.language,
        )

    def _add_attachments(self, row: int, message: Message) -> None:
        self._db.executemany(
            "INSERT INTO attachment (message, remote_id, name, media_type, size_bytes) VALUES (?, ?, ?, ?, ?)",
            [
                (row, file.remote_id, storable(file.name), storable(file.media_type), file.size_bytes)
                for file in message.attachments
            ],
        )


def has_draft(db: sqlite3.Connection, ticket: TicketId, version: str) -> int:
    """1 when a brief for this version of the thread brought a draft."""
    found = db.execute(DRAFT_QUERY, (ticket, version)).fetchone()
    return int(found is not None and found[0] == "Draft")


def _said(snapshot: TicketSnapshot, cards: Cards) -> Row:
    return {
        "remote_id": storable(snapshot.remote_id),
        "version": storable(snapshot.version),
        "subject": storable(snapshot.subject),
        "channel": snapshot.channel.value,
        "created": to_ms(snapshot.created),
        "updated": to_ms(snapshot.updated),
        "requester": cards.card(snapshot.requester),
        "status": snapshot.status.value,
        "assignee": cards.optional(snapshot.assignee),
        "group_name": storable(snapshot.group),
        "tags": texts_to_json(snapshot.tags),
        "fields": fields_to_json(snapshot.fields),
        "priority": None if snapshot.priority is None else snapshot.priority.value,
        "escalation": escalation_to_json(snapshot.escalation),
        "due": optional_ms(snapshot.due),
        "url": storable(snapshot.url),
        "deleted": int(snapshot.deleted),
        "accepted_solution": snapshot.accepted_solution,
    }


def _seen(facts: ThreadFacts, messages: list[Message], digests: dict[RemoteId, bytes]) -> Row:
    return {
        "thread_version": thread_version(
            (message.remote_id, digests[message.remote_id]) for message in messages
        ),
        "message_count": len(messages),
        "preview": facts.preview,
        "last_activity": facts.last_activity,
        "last_role": facts.last_role.value,
        "escalated": int(facts.escalated),
    }


def _oldest_first(messages: Sequence[Message]) -> list[Message]:
    """In the order in which they will be read back; of two with one remote id the later stays."""
    distinct = {message.remote_id: message for message in map(_with_storable_id, messages)}
    return sorted(distinct.values(), key=lambda message: to_ms(message.created))


def _with_storable_id(message: Message) -> Message:
    name = storable(message.remote_id)
    return message if name == message.remote_id else replace(message, remote_id=RemoteId(name))


def _asks_anew(stored: dict[RemoteId, _Stored], messages: list[Message]) -> bool:
    return any(m.remote_id not in stored and m.author.role is Role.REQUESTER for m in messages)
