"""Reads a ticket with all its messages."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict

from copilot.domain import (
    Attachment,
    Conversation,
    HiddenKind,
    HiddenPart,
    Message,
    MessageKind,
    Person,
    RemoteId,
    TicketId,
)
from copilot.store.codec import from_ms
from copilot.store.outbox_rows import shown
from copilot.store.people import make_person
from copilot.store.ticket_rows import read_ticket

MESSAGES_QUERY = """
SELECT id, remote_id, author, created, kind, text, html, clean, hidden, language
FROM message WHERE ticket = ? ORDER BY created, id
"""
AUTHORS_QUERY = """
SELECT id, remote_id, name, email, role FROM person
WHERE id IN (SELECT author FROM message WHERE ticket = ?)
"""
ATTACHMENTS_QUERY = """
SELECT attachment.message, attachment.remote_id, attachment.name, attachment.media_type, attachment.size_bytes
FROM message CROSS JOIN attachment ON attachment.message = message.id
WHERE message.ticket = ? ORDER BY message.created, message.id, attachment.id
"""


def read_conversation(db: sqlite3.Connection, ticket: TicketId) -> Conversation:
    """Header, messages oldest first, and what is on its way out. Raises `KeyError`."""
    header = read_ticket(db, ticket)
    messages = read_messages(db, ticket)
    stored = {message.remote_id for message in messages}
    return Conversation(ticket=header, messages=messages, outbox=shown(db, ticket, stored))


def read_messages(db: sqlite3.Connection, ticket: TicketId) -> tuple[Message, ...]:
    """The messages of a ticket, oldest first."""
    authors = {card: make_person(*columns) for card, *columns in db.execute(AUTHORS_QUERY, (ticket,))}
    files = _attachments(db, ticket)
    return tuple(_message(row, authors, files) for row in db.execute(MESSAGES_QUERY, (ticket,)))


def _message(
    row: tuple[int, str, int, int, str, str, str, str | None, str, str],
    authors: dict[int, Person],
    files: dict[int, list[Attachment]],
) -> Message:
    number, remote_id, author, created, kind, text, html, clean, hidden, language = row
    return Message(
        remote_id=RemoteId(remote_id),
        author=authors[author],
        created=from_ms(created),
        kind=MessageKind(kind),
        text=text,
        html=html,
        attachments=tuple(files.get(number, ())),
        clean=text if clean is None else clean,
        hidden=_hidden(hidden),
        language=language,
    )


def _hidden(column: str) -> tuple[HiddenPart, ...]:
    if column == "[]":
        return ()
    return tuple(HiddenPart(kind=HiddenKind(kind), text=text) for kind, text in json.loads(column))


def _attachments(db: sqlite3.Connection, ticket: TicketId) -> dict[int, list[Attachment]]:
    files: dict[int, list[Attachment]] = defaultdict(list)
    for message, remote_id, name, media_type, size_bytes in db.execute(ATTACHMENTS_QUERY, (ticket,)):
        file = Attachment(
            remote_id=RemoteId(remote_id), name=name, media_type=media_type, size_bytes=size_bytes
        )
        files[message].append(file)
    return files
