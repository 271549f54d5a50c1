"""From RT's records to our nouns. Pure: no network, no clock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from email.errors import HeaderParseError
from email.header import decode_header, make_header

from copilot.desks.request_tracker.wire import FieldValues, MessageRow, PartRow, TicketRecord, UserRef
from copilot.domain import (
    Attachment,
    Channel,
    Escalation,
    Message,
    MessageKind,
    Person,
    Priority,
    RemoteId,
    Role,
    Status,
    TicketSnapshot,
)
from copilot.text.plain import html_to_text

NOBODY = "Nobody"
SYSTEM = "RT_System"

STATUSES = {
    "new": Status.NEW,
    "open": Status.OPEN,
    "stalled": Status.PENDING,
    "resolved": Status.SOLVED,
    "rejected": Status.CLOSED,
    "deleted": Status.CLOSED,
}
"""The statuses of RT's default lifecycle (RT_Config, Lifecycles). See `status_of` for those of others."""
SETTABLE = {Status.NEW: "new", Status.OPEN: "open", Status.PENDING: "stalled", Status.SOLVED: "resolved"}
"""What a rep may set. "rejected" is left out: in RT it says that the request was no proper one, not that it is done."""

WAITING_WORDS = ("wait", "pending", "stall")
"""What teams call their own statuses in which the requester has to act."""

LINK_NAMES = {
    "depends-on": "Depends on",
    "depended-on-by": "Depended on by",
    "parent": "Member of",
    "child": "Members",
    "refers-to": "Refers to",
    "referred-to-by": "Referred to by",
}
MESSAGE_TYPES = ("Create", "Correspond", "Comment")
"""The transactions that are messages. Every mail RT sends leaves an EmailRecord beside them, which is none."""

MAX_BODY_BYTES = 1024 * 1024
"""A longer text is no message but a file that came without a name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Customs:
    """What this team has agreed on: its AI agents' user names, and where tags and reasons are kept.

    `base` is RT's address, for the tickets' own pages.
    """

    base: str = ""
    ai_agents: frozenset[str] = frozenset()
    tags_field: str = "Tags"
    escalated_tag: str = "ai-escalated"
    reason_field: str = "Escalation reason"
    confidence_field: str = "Escalation confidence"


def snapshot(
    record: TicketRecord, version: str, customs: Customs, *, inactive: bool | None = None
) -> TicketSnapshot:
    """A ticket's header. `inactive` is what RT says of a status whose name says nothing (see `status_of`)."""
    values = {field.name: field for field in record.fields}
    tags = values.pop(customs.tags_field).texts if customs.tags_field in values else ()
    return TicketSnapshot(
        remote_id=RemoteId(record.id),
        subject=plain_header(record.subject) or "(no subject)",
        status=status_of(record, inactive=bool(inactive)),
        channel=Channel.EMAIL,
        created=record.created,
        updated=record.updated,
        requester=requester_of(record.requestors),
        version=version,
        assignee=_assignee(record.owner, customs),
        group=record.queue.name or f"queue {record.queue.id}",
        priority=priority_of(record.priority),
        tags=tuple(sorted(tags)),
        fields=_fields(values, record),
        escalation=_escalation(record, tags, values, customs),
        due=record.due,
        url=f"{customs.base}/Ticket/Display.html?id={record.id}",
        deleted=record.status == "deleted",
    )


def gone(ticket: str, why: str, at: datetime, version: str) -> TicketSnapshot:
    """What is left of a ticket that we may no longer read."""
    return TicketSnapshot(
        remote_id=RemoteId(ticket),
        subject=why,
        status=Status.CLOSED,
        channel=Channel.EMAIL,
        created=at,
        updated=at,
        requester=requester_of(()),
        version=left(version),
        deleted=True,
    )


def left(version: str) -> str:
    """The version of a ticket that has left the queues we follow: another one than while it was there."""
    return f"{version} left"


def says_its_status(record: TicketRecord) -> bool:
    """Whether the status is one of the names every RT has."""
    return record.status.lower() in STATUSES


def status_of(record: TicketRecord, *, inactive: bool) -> Status:
    """The status in our words.

    Teams may name their own: then `inactive` says whether RT counts it among those nobody needs to act on, and the
    date of starting, which RT sets when a ticket leaves the initial ones, tells new from open.
    """
    name = record.status.lower()
    if name in STATUSES:
        return STATUSES[name]
    if inactive:
        return Status.SOLVED
    if "hold" in name:
        return Status.HOLD
    if any(word in name for word in WAITING_WORDS):
        return Status.PENDING
    return Status.OPEN if record.started is not None else Status.NEW


def priority_of(value: str) -> Priority | None:
    """RT counts from 0 to 100; its own names are Low 0, Medium 50, High 100 (RT_Config, PriorityAsString).

    0 is also what a ticket has that nobody has given a priority, so it is none.
    """
    try:
        number = int(value)
    except ValueError:
        return None
    if number <= 0:
        return None
    if number < 25:
        return Priority.LOW
    if number < 75:
        return Priority.NORMAL
    return Priority.HIGH if number <= 100 else Priority.URGENT


def person(user: UserRef, role: Role) -> Person:
    """Somebody, by the name RT knows them under."""
    return Person(
        remote_id=RemoteId(user.id), name=user.real_name or user.email or user.id, email=user.email, role=role
    )


def requester_of(requestors: Sequence[UserRef]) -> Person:
    """The first requestor; RT allows several, and none."""
    if requestors:
        return person(requestors[0], Role.REQUESTER)
    return Person(remote_id=RemoteId(""), name="(no requester)", role=Role.REQUESTER)


def message(row: MessageRow, parts: Sequence[PartRow], author: Person) -> Message:
    """One message from its MIME parts, in their order."""
    texts = [part for part in parts if is_text(part)]
    plain = [part.content or "" for part in texts if part.media_type == "text/plain"]
    html = [part.content or "" for part in texts if part.media_type == "text/html"]
    return Message(
        remote_id=RemoteId(str(row.id)),
        author=author,
        created=row.created,
        kind=MessageKind.NOTE if row.type == "Comment" else MessageKind.PUBLIC,
        text="\n".join(text.replace("\r\n", "\n") for text in plain),
        html="\n".join(html),
        attachments=tuple(_attachment(part) for part in parts if is_file(part)),
    )


def is_text(part: PartRow) -> bool:
    """Whether the part is what the person wrote."""
    return (
        part.media_type in {"text/plain", "text/html"}
        and not part.name
        and part.length <= MAX_BODY_BYTES
        and "content-disposition: attachment" not in part.headers.lower()
    )


def is_file(part: PartRow) -> bool:
    """Whether the part is a file that came along."""
    return not is_text(part) and not part.media_type.startswith("multipart/")


def plain_header(value: str) -> str:
    """A header's text, with what is left of RFC 2047 in it decoded."""
    if "=?" not in value:
        return value
    try:
        return str(make_header(decode_header(value)))
    except (HeaderParseError, LookupError, UnicodeDecodeError, ValueError):
        return value


def needs_reason(snapshot: TicketSnapshot) -> bool:
    """Whether an AI agent handed over without saying why in a field."""
    return snapshot.escalation is not None and not snapshot.escalation.reason


def with_reason(snapshot: TicketSnapshot, messages: Iterable[Message]) -> TicketSnapshot:
    """Where no field says why the AI agent handed over, its last note does."""
    notes = [m for m in messages if m.author.role is Role.AI_AGENT and m.kind is MessageKind.NOTE]
    if snapshot.escalation is None or not notes:
        return snapshot
    words = notes[-1].text or html_to_text(notes[-1].html).text
    return replace(
        snapshot, escalation=replace(snapshot.escalation, reason=words.strip(), at=notes[-1].created)
    )


def role_by_name(user: UserRef, requestors: Sequence[UserRef], customs: Customs) -> Role | None:
    """Who somebody is on a ticket, where the name alone tells it."""
    if user.id in customs.ai_agents:
        return Role.AI_AGENT
    if user.id == SYSTEM:
        return Role.SYSTEM
    if any(user.id == requestor.id for requestor in requestors):
        return Role.REQUESTER
    return None


def _attachment(part: PartRow) -> Attachment:
    name = plain_header(part.name) or f"part {part.id}"
    return Attachment(
        remote_id=RemoteId(part.id), name=name, media_type=part.media_type, size_bytes=part.length
    )


def _assignee(owner: UserRef, customs: Customs) -> Person | None:
    if owner.id in {NOBODY, ""}:
        return None
    return person(owner, Role.AI_AGENT if owner.id in customs.ai_agents else Role.REP)


def _fields(values: Mapping[str, FieldValues], record: TicketRecord) -> dict[str, str]:
    fields = {name: ", ".join(field.texts) for name, field in sorted(values.items()) if field.texts}
    links: dict[str, list[str]] = {}
    for link in record.links:
        if link.ref in LINK_NAMES:
            target = f"#{link.id}" if link.type == "ticket" else link.url
            links.setdefault(LINK_NAMES[link.ref], []).append(target)
    return fields | {name: ", ".join(sorted(targets)) for name, targets in sorted(links.items())}


def _escalation(
    record: TicketRecord, tags: Sequence[str], values: Mapping[str, FieldValues], customs: Customs
) -> Escalation | None:
    if customs.escalated_tag not in tags:
        return None
    by = (
        record.owner.id if record.owner.id in customs.ai_agents else next(iter(sorted(customs.ai_agents)), "")
    )
    return Escalation(
        by=by or "AI agent",
        reason=_only(values, customs.reason_field),
        confidence=_share(_only(values, customs.confidence_field)),
    )


def _only(values: Mapping[str, FieldValues], name: str) -> str:
    texts = values[name].texts if name in values else ()
    return texts[0] if texts else ""


def _share(text: str) -> float | None:
    """A number from 0 to 1, or per cent."""
    try:
        number = float(text.strip().rstrip("%"))
    except ValueError:
        return None
    share = number / 100 if text.strip().endswith("%") else number
    return share if 0 <= share <= 1 else None
