"""Writes what a desk says of its tickets: headers, messages, attachments, and all that follows from them."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import replace

from copilot.domain import DeskId, Message, RemoteId, Thread, TicketId, TicketSnapshot
from copilot.store.changed import Changed
from copilot.store.codec import fields_to_json, optional_ms, optional_text, storable, texts_to_json, to_ms
from copilot.store.facts import ThreadFacts, thread_facts, thread_version
from copilot.store.message_rows import NOTHING, ThreadMessages, read_stored
from copilot.store.outbox_rows import drop_confirmed
from copilot.store.overlay import desk_row_of, settle
from copilot.store.people import Cards, add_desk
from copilot.store.text_index import TextChanges
from copilot.store.ticket_rows import (
    Row,
    escalation_to_json,
    find_row,
    insert_row,
    rating_to_json,
    update_row,
)

DRAFT_QUERY = """
SELECT suggestion.kind FROM brief CROSS JOIN suggestion ON suggestion.id = brief.suggestion
WHERE brief.ticket = ? AND brief.thread_version = ? ORDER BY brief.seq DESC LIMIT 1
"""
_NEW_TICKET: Row = {
    "unread": 0, "snoozed_until": None, "mood": None, "urgency": None, "draft_ready": 0,
    "escalated": 0, "mine": 0, "risk": 0, "risk_until": None, "desk_values": None,
}  # fmt: skip


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
        told = ThreadMessages(messages, self._cards)
        facts = thread_facts(snapshot, messages)
        said = _said(snapshot, self._cards) | _follows(facts, told.digests) | {"desk": self._desk}
        if old is None:
            self._add(_NEW_TICKET | said | {"unread": int(facts.asks)}, told)
        else:
            self._change(old, desk_row_of(old) | said, told)

    def _add(self, row: Row, told: ThreadMessages) -> None:
        ticket = insert_row(self._db, settle(self._db, row, self._now))
        self._texts.added(ticket)
        told.write(self._db, ticket, NOTHING)
        self._tickets.add(ticket)
        self._threads.add(ticket)

    def _change(self, old: Row, new: Row, told: ThreadMessages) -> None:
        ticket = TicketId(old["id"])
        if new["subject"] != old["subject"] or new["requester"] != old["requester"]:
            self._texts.remember(self._db, ticket)
        stored = read_stored(self._db, ticket)
        if told.differ(stored):
            self._texts.remember(self._db, ticket)
            told.write(self._db, ticket, stored)
            self._threads.add(ticket)
            if told.ask_anew(stored):
                new |= {"unread": 1, "snoozed_until": None}
        new["draft_ready"] = has_draft(self._db, ticket, new["thread_version"])
        confirmed = drop_confirmed(self._db, ticket, self._now)
        if update_row(self._db, old, settle(self._db, new, self._now)) or confirmed:
            self._tickets.add(ticket)


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
        "accepted_solution": optional_text(snapshot.accepted_solution),
        "rating": rating_to_json(snapshot.rating),
        "reply_until": optional_ms(snapshot.reply_until),
    }


def _follows(facts: ThreadFacts, digests: dict[RemoteId, bytes]) -> Row:
    return {
        "thread_version": thread_version(digests),
        "message_count": len(digests),
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
