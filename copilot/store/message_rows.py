"""Writes the messages of a thread: what is new, what was edited, what was deleted on the desk."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from copilot.domain import Message, RemoteId, Role, TicketId
from copilot.store.codec import storable, to_json, to_ms
from copilot.store.facts import digest
from copilot.store.people import Cards

STORED_QUERY = "SELECT remote_id, id, author, digest FROM message WHERE ticket = ?"
_INSERT = """
INSERT INTO message (author, created, kind, text, html, clean, hidden, language, digest, ticket, remote_id)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_UPDATE = """
UPDATE message
SET author = ?, created = ?, kind = ?, text = ?, html = ?, clean = ?, hidden = ?, language = ?, digest = ?
WHERE ticket = ? AND remote_id = ?
"""
_ATTACH = """
INSERT INTO attachment (message, remote_id, name, media_type, size_bytes)
VALUES ((SELECT id FROM message WHERE ticket = ? AND remote_id = ?), ?, ?, ?, ?)
"""


@dataclass(frozen=True, slots=True)
class StoredMessage:
    """What tells whether a message is still as the desk has it."""

    row: int
    author: int
    digest: bytes


Stored = Mapping[RemoteId, StoredMessage]
NOTHING: Stored = {}


def read_stored(db: sqlite3.Connection, ticket: TicketId) -> Stored:
    """The messages that are stored of a ticket."""
    rows = db.execute(STORED_QUERY, (ticket,))
    return {RemoteId(remote_id): StoredMessage(*rest) for remote_id, *rest in rows}


class ThreadMessages:
    """The messages of one thread as the desk has them, oldest first, each id once."""

    def __init__(self, messages: Sequence[Message], cards: Cards) -> None:
        self._cards = cards
        self._messages = messages
        self.digests = {message.remote_id: digest(message) for message in messages}

    def differ(self, stored: Stored) -> bool:
        """Whether anything has to be written."""
        return stored.keys() != self.digests.keys() or any(
            self._is_stale(stored, one) for one in self._messages
        )

    def ask_anew(self, stored: Stored) -> bool:
        """Whether the requester has written since."""
        return any(
            one.remote_id not in stored and one.author.role is Role.REQUESTER for one in self._messages
        )

    def write(self, db: sqlite3.Connection, ticket: TicketId, stored: Stored) -> None:
        """Make the stored messages the desk's."""
        gone = [known.row for remote_id, known in stored.items() if remote_id not in self.digests]
        db.executemany("DELETE FROM message WHERE id = ?", [(row,) for row in gone])
        new = [one for one in self._messages if one.remote_id not in stored]
        edited = [one for one in self._messages if one.remote_id in stored and self._is_stale(stored, one)]
        db.executemany(_INSERT, [self._columns(ticket, one) for one in new])
        db.executemany(_UPDATE, [self._columns(ticket, one) for one in edited])
        db.executemany(
            "DELETE FROM attachment WHERE message = ?", [(stored[one.remote_id].row,) for one in edited]
        )
        db.executemany(_ATTACH, [file for one in (*new, *edited) for file in _attachments(ticket, one)])

    def _is_stale(self, stored: Stored, message: Message) -> bool:
        known = stored[message.remote_id]
        return known.digest != self.digests[message.remote_id] or known.author != self._cards.card(
            message.author
        )

    def _columns(self, ticket: TicketId, message: Message) -> tuple[object, ...]:
        return (
            self._cards.card(message.author),
            to_ms(message.created),
            message.kind.value,
            storable(message.text),
            storable(message.html),
            None if message.clean == message.text else storable(message.clean),
            to_json([[part.kind.value, storable(part.text)] for part in message.hidden])
            if message.hidden
            else "[]",
            message.language,
            self.digests[message.remote_id],
            ticket,
            message.remote_id,
        )


def _attachments(ticket: TicketId, message: Message) -> list[tuple[object, ...]]:
    return [
        (
            ticket,
            message.remote_id,
            storable(file.remote_id),
            storable(file.name),
            storable(file.media_type),
            file.size_bytes,
        )
        for file in message.attachments
    ]
