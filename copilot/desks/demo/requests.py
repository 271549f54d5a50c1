"""What the demo desk does for the signed-in rep: the server's side of `copilot.desks.base.Desk`, without the network.

Its rules, where desks differ:

- A public reply makes a NEW ticket OPEN, or gives it the status asked for; else the status stays. A CLOSED ticket takes
  no reply until its status is set to something else. Nothing becomes NEW again.
- Only the requester's words reopen a PENDING, HOLD, SOLVED or CLOSED ticket by themselves.
- Giving a ticket to a group alone takes it from the person who had it; assigning nobody leaves the group.
- A person who has the ticket silences the AI agent on it, also in the middle of an answer.
- The same key with other words is refused.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from hashlib import blake2b
from typing import Any

from copilot.desks.base import ChangePage, Cursor, Receipt
from copilot.desks.demo import nouns
from copilot.desks.demo.records import Post, Records
from copilot.desks.demo.script import Script
from copilot.desks.demo.transactions import Transactions
from copilot.domain import Article, Group, MessageKind, Person, RemoteId, Reply, Role, Status, Thread, Upload
from copilot.errors import BadDataError, ConflictError, RefusedError

FIELDS = frozenset({"topic", "system", "follow_up"})
"""The custom fields of the demo desk."""
LARGEST_ATTACHMENT = 25 * 1024 * 1024


def digest(text: str) -> str:
    """A short name for a key or a request that is always the same."""
    return blake2b(text.encode(), digest_size=8).hexdigest()


def check_words(text: str, attachments: tuple[Upload, ...] = ()) -> None:
    """Refuse an empty message: asked by the connector before anything leaves, and by the server again."""
    if not text.strip() and not attachments:
        raise RefusedError("There is nothing to send.", "Write something first.")


class Requests:
    """The signed-in rep's requests, each in one transaction."""

    def __init__(self, transactions: Transactions) -> None:
        self._reading = transactions.reading
        self._writing = transactions.writing
        self._behaviour = transactions.behaviour

    # -- looking ---------------------------------------------------------------------------------------------------

    def whoami(self) -> Person:
        """The signed-in rep."""
        with self._reading() as records:
            return records.person(records.meta("signed_in"), Role.REP)

    def page(self, since: Cursor | None, size: int) -> ChangePage:
        """The next tickets that changed; a cursor of another file begins anew."""
        with self._reading() as records:
            generation = records.meta("generation")
            seen = _seen(since, generation)
            rows = records.connection.execute(
                "SELECT * FROM tickets WHERE seq > ? ORDER BY seq LIMIT ?", (seen, size)
            ).fetchall()
            last = rows[-1]["seq"] if rows else seen
            remaining = records.connection.execute(
                "SELECT count(*) AS n FROM tickets WHERE seq > ?", (last,)
            ).fetchone()["n"]
            tickets = records.snapshots(rows)
        return ChangePage(
            tickets=tickets,
            cursor=Cursor(f"{generation}:{last}"),
            remaining=remaining,
        )

    def thread(self, ticket: RemoteId) -> Thread:
        """A ticket with all its messages."""
        with self._reading() as records:
            (snapshot,) = records.snapshots([records.ticket(ticket)])
            return Thread(snapshot=snapshot, messages=records.messages(ticket))

    def attachment(self, ticket: RemoteId, attachment: RemoteId) -> bytes:
        """The bytes of an attachment."""
        with self._reading() as records:
            records.ticket(ticket)
            return records.attachment(ticket, attachment)

    def people(self) -> tuple[Person, ...]:
        """The reps."""
        with self._reading() as records:
            return records.reps()

    def groups(self) -> tuple[Group, ...]:
        """The groups; a group's id is its name."""
        with self._reading() as records:
            return tuple(Group(remote_id=RemoteId(name), name=name) for name in records.groups())

    def articles(self) -> tuple[Article, ...]:
        """The help centre and the macros."""
        with self._reading() as records:
            rows = records.connection.execute("SELECT * FROM articles ORDER BY position")
            return tuple(nouns.article(row) for row in rows)

    # -- writing ---------------------------------------------------------------------------------------------------

    def reply(self, ticket: RemoteId, reply: Reply, *, key: str, version: str | None) -> Receipt:
        """A public reply of the signed-in rep."""
        check_words(reply.text, reply.attachments)
        for upload in reply.attachments:
            _check_upload(upload)
        with self._writing() as records:
            row = records.ticket(ticket)
            asked = digest(f"reply {ticket} {reply.text}")
            if done := self._already_done(records, key, asked):
                return done
            self._check_version(row, version)
            if row["status"] == Status.CLOSED:
                raise RefusedError("The ticket is closed.", "Open it again, then send the reply.")
            if reply.status is Status.NEW and row["status"] != Status.NEW:
                raise RefusedError("A ticket cannot become new again.", "Choose another status.")
            rep = records.meta("signed_in")
            message = records.add(
                Post(
                    ticket=ticket,
                    author=rep,
                    text=reply.text,
                    attachments=reply.attachments,
                    id=self._message_id(ticket, key),
                )
            )
            opened = Status.OPEN if row["status"] == Status.NEW else Status(row["status"])
            receipt = Receipt(message=message, version=records.touch(ticket, status=reply.status or opened))
            Script(records, self._behaviour).after_reply(row, rep)
            return self._remember(records, key, asked, receipt)

    def note(self, ticket: RemoteId, text: str, *, key: str, version: str | None) -> Receipt:
        """An internal note of the signed-in rep; a closed ticket takes it too."""
        check_words(text)
        with self._writing() as records:
            row = records.ticket(ticket)
            asked = digest(f"note {ticket} {text}")
            if done := self._already_done(records, key, asked):
                return done
            self._check_version(row, version)
            post = Post(
                ticket=ticket,
                author=records.meta("signed_in"),
                text=text,
                kind=MessageKind.NOTE,
                id=self._message_id(ticket, key),
            )
            receipt = Receipt(message=records.add(post), version=records.touch(ticket))
            return self._remember(records, key, asked, receipt)

    def assign(self, ticket: RemoteId, person: Person | None, group: str | None) -> Receipt:
        """Give the ticket to a person, a group, both or nobody."""
        with self._writing() as records:
            row = records.ticket(ticket)
            if group is not None and group not in records.groups():
                raise RefusedError("The demo desk has no such group.", "Choose one of its groups.")
            assignee = records.person(person.remote_id, Role.REP).remote_id if person else None
            version = _change(records, row, assignee=assignee, team=group or row["team"])
            script = Script(records, self._behaviour)
            if assignee:
                script.stop_agent(ticket)
            if assignee == records.meta("signed_in"):
                script.colleagues_leave(ticket)
            return Receipt(message=None, version=version)

    def set_status(self, ticket: RemoteId, status: Status) -> Receipt:
        """Change the status."""
        with self._writing() as records:
            row = records.ticket(ticket)
            if status is Status.NEW and row["status"] != Status.NEW:
                raise RefusedError("A ticket cannot become new again.", "Choose another status.")
            return Receipt(message=None, version=_change(records, row, status=status))

    def set_tags(self, ticket: RemoteId, tags: tuple[str, ...]) -> Receipt:
        """Replace the tags; each is kept once, in the order given."""
        if any(not tag.strip() for tag in tags):
            raise RefusedError("A tag cannot be empty.", "Remove it or give it a name.")
        with self._writing() as records:
            kept = json.dumps(list(dict.fromkeys(tags)), ensure_ascii=False)
            return Receipt(message=None, version=_change(records, records.ticket(ticket), tags=kept))

    def set_fields(self, ticket: RemoteId, fields: Mapping[str, str]) -> Receipt:
        """Set custom fields."""
        if unknown := sorted(set(fields) - FIELDS):
            raise RefusedError(f"The demo desk has no field “{unknown[0]}”.", "Choose one of its fields.")
        with self._writing() as records:
            row = records.ticket(ticket)
            kept = json.dumps({**json.loads(row["fields"]), **fields}, ensure_ascii=False)
            return Receipt(message=None, version=_change(records, row, fields=kept))

    # -- rules -----------------------------------------------------------------------------------------------------

    def _already_done(self, records: Records, key: str, asked: str) -> Receipt | None:
        if not self._behaviour.idempotency:
            return None
        found = records.connection.execute("SELECT * FROM carried_out WHERE key = ?", (key,)).fetchone()
        if found is None:
            return None
        if found["asked"] != asked:
            raise RefusedError("This was already sent with other words.", "Send it again as a new message.")
        return Receipt(message=RemoteId(found["message"]), version=found["version"])

    def _remember(self, records: Records, key: str, asked: str, receipt: Receipt) -> Receipt:
        if self._behaviour.idempotency:
            records.connection.execute(
                "INSERT INTO carried_out (key, asked, message, version) VALUES (?, ?, ?, ?)",
                (key, asked, receipt.message, receipt.version),
            )
        return receipt

    def _message_id(self, ticket: str, key: str) -> str:
        return f"{ticket}-{digest(key)}" if self._behaviour.idempotency else ""

    def _check_version(self, row: sqlite3.Row, version: str | None) -> None:
        if self._behaviour.safe_update and version is not None and version != str(row["seq"]):
            raise ConflictError("The ticket has changed on the demo desk.", "Read what is new, then send.")


def _seen(since: Cursor | None, generation: str) -> int:
    if since is None:
        return 0
    made_by, _, seq = since.partition(":")
    if made_by != generation:
        return 0
    if not seq.isdecimal():
        raise BadDataError("The place where reading stopped cannot be understood.", "Read the desk anew.")
    return int(seq)


def _check_upload(upload: Upload) -> None:
    if not upload.name:
        raise RefusedError("An attachment has no name.", "Attach it again.")
    if len(upload.content) > LARGEST_ATTACHMENT:
        raise RefusedError("An attachment is larger than 25 MB.", "Send a link to it.")


def _change(records: Records, row: sqlite3.Row, **columns: Any) -> str:
    """Write new values; what is already so is no change. The answer is the ticket's version."""
    if all(row[column] == value for column, value in columns.items()):
        return str(row["seq"])
    return records.touch(row["id"], **columns)
