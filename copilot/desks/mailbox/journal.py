r"""What a team decides about a mail, kept in the mailbox itself: a folder of small mails, one for each step.

Status, assignee, tags, merges and notes are mails in the folder "Sidedesk Notes". Each belongs to the thread
(References), says in words what was done, and carries it once more in a head of ours. The newest of a kind holds.

IMAP keywords were the other way. Many servers take none (Exchange among them; RFC 3501, section 7.1, PERMANENTFLAGS),
Dovecot's Maildir keeps 26 a folder, they are single ASCII words ("two words" and umlauts are no tags then), two reps
who set one at a time leave both, and nobody knows who set one and when. An APPEND is atomic, and its UID puts it in
order. The standard flag \Answered is set on a mail that was answered, for colleagues who read mail elsewhere.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr
from enum import StrEnum
from hashlib import sha256

from copilot.desks.mailbox.heads import Head
from copilot.desks.words import hash_of
from copilot.domain import Person, RemoteId, Role

FOLDER = "Sidedesk Notes"
_LINE_CHARS = 60


class Step(StrEnum):
    """What an entry of the journal says."""

    NOTE = "note"
    STATUS = "status"
    ASSIGN = "assign"
    TAGS = "tags"
    MERGE = "merge"
    REP = "rep"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry. `value` is the status, the tags, the assignee …; a note's words are in its body."""

    head: Head
    step: Step
    ticket: str
    value: Mapping[str, object]

    @property
    def author(self) -> Person:
        """The rep who made it."""
        sender = self.head.sender
        return Person(
            remote_id=RemoteId(sender.address),
            name=sender.name or sender.address,
            email=sender.address,
            role=Role.REP,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """The ticket an entry is about: its id, its subject, and the mails it is threaded to."""

    ticket: str
    subject: str
    references: tuple[str, ...] = ()


def entry_of(head: Head) -> Entry | None:
    """The entry that a mail of the folder is; None for what somebody else put there."""
    marks = head.marks or {}
    try:
        value = json.loads(base64.urlsafe_b64decode(marks.get("-Value", "")) or b"{}")
        step = Step(marks.get("", ""))
    except (ValueError, binascii.Error):
        return None
    if not isinstance(value, dict):
        return None
    return Entry(head=head, step=step, ticket=marks.get("-Ticket", ""), value=value)


def write_entry(
    step: Step, about: About, value: Mapping[str, object], words: str, *, rep: Person, id_: str
) -> bytes:
    """An entry as a mail, for APPEND."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = formataddr((rep.name, rep.email))
    mail["Date"] = format_datetime(datetime.now(UTC))
    mail["Message-ID"] = f"<{id_}>"
    mail["Subject"] = f"{step.value.title()}: {' '.join(about.subject.split())}"
    if about.references:
        mail["References"] = " ".join(f"<{known}>" for known in about.references[-10:])
    mail["X-Sidedesk"] = step.value
    mail["X-Sidedesk-Ticket"] = about.ticket
    packed = base64.urlsafe_b64encode(json.dumps(dict(value)).encode()).decode("ascii")
    lines = [packed[start : start + _LINE_CHARS] for start in range(0, len(packed), _LINE_CHARS)]
    mail["X-Sidedesk-Value"] = " ".join(lines)
    mail.set_content(words, charset="utf-8", cte="base64")
    return mail.as_bytes()


def ticket_of(root: str) -> str:
    """The id of the ticket whose first mail has this message id."""
    return base64.b32encode(sha256(root.encode()).digest())[:12].decode("ascii").lower()


def message_id(ticket: str, key: str, rep: Person, domain: str) -> str:
    """The id of a mail of ours: it names ticket, outbox entry and rep without giving any of them away."""
    return f"sidedesk.{ticket}.{hash_of(key)}.{initial_of(rep.email)}@{domain}"


def parts_of(id_: str) -> tuple[str, str, str] | None:
    """Ticket, hash of the key, and rep's sign of a message id of ours; None for anybody else's."""
    parts = id_.partition("@")[0].split(".")
    return (parts[1], parts[2], parts[3]) if len(parts) == 4 and parts[0] == "sidedesk" else None


def initial_of(address: str) -> str:
    """What stands for a rep in message ids."""
    return sha256(address.lower().encode()).hexdigest()[:8]
