"""What the head of a mail says: who, when, which thread, and whether a machine wrote it.

Threads follow RFC 5322, section 3.6.4. What counts as written by a machine follows RFC 3834 (section 2: what responders
must not answer), RFC 3464 (reports) and the heads that Microsoft's and other responders set.
"""

from __future__ import annotations

import email
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import Message as Part
from email.policy import compat32
from email.utils import getaddresses
from enum import IntEnum
from hashlib import sha256

from copilot.text.charsets import header_text
from copilot.text.mime import MailAddress

FIELDS = (
    "MESSAGE-ID IN-REPLY-TO REFERENCES SUBJECT FROM SENDER REPLY-TO TO CC DELIVERED-TO AUTO-SUBMITTED PRECEDENCE "
    "LIST-ID RETURN-PATH X-AUTOREPLY X-AUTO-RESPONSE-SUPPRESS X-SIDEDESK X-SIDEDESK-TICKET X-SIDEDESK-VALUE "
    "CONTENT-TYPE"
)
MAX_REFERENCES = 100
NO_ID = "no-id."
MAX_HEAD_CHARS = 20_000
_MESSAGE_ID = re.compile(r"<\s*([^<>\s]{1,900})\s*>")
_MACHINES = re.compile(
    r"^(mailer-daemon|postmaster|no-?reply|do-?not-?reply|bounces?)([+@\-_.]|$)", re.IGNORECASE
)
_PREFIX = re.compile(r"^\s*((re|aw|sv|antw|odp|rif|fwd?|wg|tr)(\[\d+\])?\s*:\s*)+", re.IGNORECASE)


class Place(IntEnum):
    """Where a mail lies; of two copies of a mail the one in the first place counts."""

    SENT = 0
    INBOX = 1
    NOTES = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """A mail without its body. `references` are the ids of earlier mails, oldest first; `arrived` is the server's time.

    `report_of` is the id of the mail that a delivery report is about.
    """

    place: Place
    folder: str
    uid: int
    size: int
    arrived: datetime
    id: str
    subject: str
    sender: MailAddress
    answer_to: tuple[MailAddress, ...] = ()
    to: tuple[MailAddress, ...] = ()
    copies: tuple[MailAddress, ...] = ()
    references: tuple[str, ...] = ()
    by_machine: bool = False
    from_list: bool = False
    is_report: bool = False
    marks: Mapping[str, str] | None = None

    @property
    def bare_subject(self) -> str:
        """The subject without what answering and forwarding put before it."""
        return _PREFIX.sub("", self.subject).strip()


def head_of(place: Place, folder: str, uid: int, fetched: Mapping[bytes, object]) -> Head:
    """A head from what FETCH answered. Never raises on what a mail says; what is broken is left out."""
    raw = next((value for key, value in fetched.items() if key.startswith(b"BODY[HEADER")), b"")
    mail = email.message_from_bytes(raw if isinstance(raw, bytes) else b"", policy=compat32)
    arrived = fetched.get(b"INTERNALDATE")
    size = fetched.get(b"RFC822.SIZE")
    references = _ids(_field(mail, "References"))
    parent = [known for known in _ids(_field(mail, "In-Reply-To")) if known not in references]
    senders = _people(mail, "From") or _people(mail, "Sender")
    own = _ids(_field(mail, "Message-ID"))
    sender = senders[0] if senders else MailAddress("", "")
    return Head(
        place=place,
        folder=folder,
        uid=uid,
        size=size if isinstance(size, int) else 0,
        arrived=arrived.astimezone(UTC) if isinstance(arrived, datetime) else datetime.fromtimestamp(0, UTC),
        id=own[0] if own else _made_up(raw, arrived, size),
        subject=header_text(_field(mail, "Subject")),
        sender=sender,
        answer_to=_people(mail, "Reply-To"),
        to=_people(mail, "To") + _people(mail, "Delivered-To"),
        copies=_people(mail, "Cc"),
        references=(*references, *parent)[-MAX_REFERENCES:],
        by_machine=_by_machine(mail, sender),
        from_list=bool(_field(mail, "List-ID")),
        is_report=_field(mail, "Content-Type").lower().lstrip().startswith("multipart/report"),
        marks=_marks(mail) if place is Place.NOTES else None,
    )


def ids_in(text: str) -> tuple[str, ...]:
    """All message ids of a text, in order."""
    return _ids(text)


def _by_machine(mail: Part, sender: MailAddress) -> bool:
    auto = _field(mail, "Auto-Submitted").strip().lower()
    precedence = _field(mail, "Precedence").strip().lower()
    return (
        (bool(auto) and not auto.startswith("no"))
        or precedence in {"bulk", "junk", "auto_reply"}
        or _field(mail, "Return-Path").strip() == "<>"
        or bool(_field(mail, "X-Autoreply"))
        or _field(mail, "Content-Type").lower().lstrip().startswith("multipart/report")
        or bool(_MACHINES.match(sender.address))
    )


def _marks(mail: Part) -> dict[str, str]:
    return {name: "".join(_field(mail, f"X-Sidedesk{name}").split()) for name in ("", "-Ticket", "-Value")}


def _made_up(*known: object) -> str:
    """An id for a mail that has none: the same whenever it is read, also from another folder."""
    return f"{NO_ID}{sha256(repr(known).encode()).hexdigest()[:24]}"


def _ids(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_MESSAGE_ID.findall(text)))


def _field(mail: Part, name: str) -> str:
    wanted = name.lower()
    return next((str(value) for key, value in mail.raw_items() if key.lower() == wanted), "")[:MAX_HEAD_CHARS]


def _people(mail: Part, name: str) -> tuple[MailAddress, ...]:
    raw = _field(mail, name)
    try:
        pairs = getaddresses([raw])
    except (ValueError, IndexError, TypeError, AttributeError):  # the library's parser gives up on some
        return ()
    return tuple(
        MailAddress(header_text(shown), address.lower()) for shown, address in pairs if "@" in address
    )
