"""What can be read and written in one transaction of the demo desk's file, whoever asks."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from copilot.desks.demo import nouns
from copilot.desks.demo.fill import stamp
from copilot.domain import (
    Attachment,
    Message,
    MessageKind,
    Person,
    RemoteId,
    Role,
    Status,
    TicketSnapshot,
    Upload,
)
from copilot.errors import NotFoundError, RefusedError


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A message about to be added to a ticket; `id` is made up when empty."""

    ticket: str
    author: str
    text: str
    html: str = ""
    kind: MessageKind = MessageKind.PUBLIC
    attachments: tuple[Upload, ...] = ()
    scripted: bool = False
    id: str = ""


class Records:
    """The tickets, messages and people of the file, as of `now`, inside the caller's transaction."""

    def __init__(self, connection: sqlite3.Connection, now: datetime) -> None:
        self.connection = connection
        self.now = now

    def meta(self, name: str) -> str:
        """A fact about the file, empty when unknown."""
        found = self.connection.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        return str(found["value"]) if found else ""

    def set_meta(self, name: str, value: str) -> None:
        """Remember a fact about the file."""
        self.connection.execute("INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)", (name, value))

    # -- people ----------------------------------------------------------------------------------------------------

    def people(self, ids: Iterable[str | None]) -> dict[str, Person]:
        """Those of these people who are known, by id."""
        wanted = json.dumps([person for person in ids if person])
        rows = self.connection.execute(
            "SELECT * FROM people WHERE id IN (SELECT value FROM json_each(?))", (wanted,)
        )
        return {row["id"]: nouns.person(row) for row in rows}

    def reps(self) -> tuple[Person, ...]:
        """The team."""
        rows = self.connection.execute("SELECT * FROM people WHERE role = ? ORDER BY position", (Role.REP,))
        return tuple(nouns.person(row) for row in rows)

    def person(self, person: str, *roles: Role) -> Person:
        """One person. Raises `RefusedError` when there is none by that id in one of `roles`."""
        row = self.connection.execute("SELECT * FROM people WHERE id = ?", (person,)).fetchone()
        if row is None or row["role"] not in roles:
            raise RefusedError("The demo desk does not know this person.", "Choose somebody of the team.")
        return nouns.person(row)

    def groups(self) -> tuple[str, ...]:
        """The names of the groups."""
        rows = self.connection.execute("SELECT name FROM groups ORDER BY position")
        return tuple(row["name"] for row in rows)

    # -- tickets ---------------------------------------------------------------------------------------------------

    def ticket(self, ticket: str) -> sqlite3.Row:
        """One ticket's row. Raises `NotFoundError` when it was never there or is deleted."""
        row: sqlite3.Row | None = self.connection.execute(
            "SELECT * FROM tickets WHERE id = ? AND NOT deleted", (ticket,)
        ).fetchone()
        if row is None:
            raise NotFoundError("This ticket is not on the demo desk.", "It may have been deleted there.")
        return row

    def snapshots(self, rows: Iterable[sqlite3.Row]) -> tuple[TicketSnapshot, ...]:
        """These rows of tickets as the domain's nouns."""
        tickets = list(rows)
        agent = self.meta("ai_agent")
        people = self.people(
            [agent, *(row["requester"] for row in tickets), *(row["assignee"] for row in tickets)]
        )
        return tuple(nouns.snapshot(row, people, people[agent].name) for row in tickets)

    def touch(self, ticket: str, **columns: Any) -> str:
        """Note a change of the ticket, together with new values of `columns`; the answer is the new version."""
        version = int(self.meta("seq")) + 1
        self.set_meta("seq", str(version))
        values = {**columns, "seq": version, "updated": stamp(self.now)}
        places = ", ".join(f"{column} = :{column}" for column in values)
        self.connection.execute(
            f"UPDATE tickets SET {places} WHERE id = :id",  # noqa: S608 - columns are named in our code alone
            {**values, "id": ticket},
        )
        return str(version)

    # -- messages --------------------------------------------------------------------------------------------------

    def messages(self, ticket: str) -> tuple[Message, ...]:
        """All messages of a ticket, oldest first."""
        files = self._attachments(ticket)
        rows = self.connection.execute(
            "SELECT * FROM messages WHERE ticket = ? ORDER BY position", (ticket,)
        ).fetchall()
        people = self.people(row["author"] for row in rows)
        return tuple(nouns.message(row, people, tuple(files.get(row["id"], ()))) for row in rows)

    def add(self, post: Post) -> RemoteId:
        """Add a message; the caller touches the ticket."""
        message = post.id or f"{post.ticket}-{int(self.meta('seq')) + 1}w"
        self.connection.execute(
            "INSERT INTO messages (id, ticket, author, created, kind, text, html, scripted)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                message,
                post.ticket,
                post.author,
                stamp(self.now),
                post.kind,
                post.text,
                post.html,
                post.scripted,
            ),
        )
        self._attach(message, post.attachments)
        return RemoteId(message)

    def hear_requester(self, post: Post) -> RemoteId:
        """Add the requester's words: they bring the ticket back to whoever works on it."""
        status = Status(self.ticket(post.ticket)["status"])
        message = self.add(post)
        self.touch(post.ticket, status=status if status is Status.NEW else Status.OPEN)
        return message

    def attachment(self, ticket: str, attachment: str) -> bytes:
        """The bytes of an attachment of this ticket."""
        row = self.connection.execute(
            "SELECT a.content FROM attachments a JOIN messages m ON m.id = a.message"
            " WHERE a.id = ? AND m.ticket = ?",
            (attachment, ticket),
        ).fetchone()
        if row is None:
            raise NotFoundError("This attachment is not on the demo desk.")
        return bytes(row["content"])

    def _attachments(self, ticket: str) -> dict[str, list[Attachment]]:
        rows = self.connection.execute(
            "SELECT a.id, a.message, a.name, a.media_type, length(a.content) AS size"
            " FROM messages m JOIN attachments a ON a.message = m.id"
            " WHERE m.ticket = ? ORDER BY m.position, a.position",
            (ticket,),
        )
        found: dict[str, list[Attachment]] = {}
        for row in rows:
            found.setdefault(row["message"], []).append(nouns.attachment(row))
        return found

    def _attach(self, message: str, uploads: Iterable[Upload]) -> None:
        self.connection.executemany(
            "INSERT INTO attachments (id, message, position, name, media_type, content)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (
                (
                    f"{message}-file-{position}",
                    message,
                    position,
                    upload.name,
                    upload.media_type,
                    upload.content,
                )
                for position, upload in enumerate(uploads, 1)
            ),
        )
