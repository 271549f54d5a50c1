"""From Help Scout's records to our nouns. Pure: no network, no clock."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from copilot.desks.ai_agents import AiAgents, with_reason
from copilot.desks.help_scout.wire import Conversation, FileRow, Someone, ThreadRow, UserRow
from copilot.domain import (
    Attachment,
    Channel,
    Message,
    MessageKind,
    Person,
    Rating,
    RemoteId,
    Role,
    Status,
    TicketSnapshot,
)

STATUSES = {
    "active": Status.OPEN,
    "open": Status.OPEN,
    "pending": Status.PENDING,
    "closed": Status.SOLVED,
    "spam": Status.CLOSED,
}
SETTABLE = {Status.OPEN: "active", Status.PENDING: "pending", Status.SOLVED: "closed"}
GONE = frozenset({"spam"})
CHANNELS = {"chat": Channel.CHAT, "phone": Channel.PHONE}
SOURCES = {
    "beacon": Channel.WEB,
    "web": Channel.WEB,
    "docs": Channel.WEB,
    "chat": Channel.CHAT,
    "channel": Channel.SOCIAL,
    "heymarket": Channel.SMS,
}
NOTES = frozenset({"note"})
LINES = frozenset({"lineitem", "workflow", "workflowthread"})
"""What happened to a conversation, in words; no message."""
UNSEEN = frozenset({"draft", "underreview", "hidden"})
RATINGS = {
    "great": 1.0,
    "okay": 0.5,
    "ok": 0.5,
    "not good": 0.0,
    "notgood": 0.0,
    "not-good": 0.0,
    "1": 1.0,
    "2": 0.5,
}
"""Help Scout's three faces. Its reports count them from 1, great, to 3."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Customs:
    """What is particular to this account: its AI agents, and its inboxes by their ids."""

    agents: AiAgents = AiAgents()  # noqa: RUF009 - frozen
    mailboxes: Mapping[int, str] = field(default_factory=dict)


def snapshot(record: Conversation, customs: Customs) -> TicketSnapshot:
    """A ticket's header. Its group is the team it is assigned to, else its inbox."""
    tags = tuple(sorted(tag.tag for tag in record.tags))
    fields = {one.name: shown for one in record.fields if (shown := one.text or str(one.value or ""))}
    team = record.assignee if record.assignee and record.assignee.type == "team" else None
    moments = (record.created, record.touched, record.closed, record.waiting.time if record.waiting else None)
    return TicketSnapshot(
        remote_id=RemoteId(str(record.id)),
        subject=record.subject or "(no subject)",
        status=STATUSES.get(record.status, Status.OPEN),
        channel=_channel(record),
        created=record.created,
        updated=max(moment for moment in moments if moment),
        requester=customer(record.customer),
        version=version_of(record),
        assignee=user(record.assignee, customs)
        if record.assignee and record.assignee.id and not team
        else None,
        group=_name(team) if team else customs.mailboxes.get(record.mailbox, f"Inbox {record.mailbox}"),
        tags=tags,
        fields=dict(sorted(fields.items())),
        escalation=customs.agents.escalation(tags, fields),
        url=f"https://secure.helpscout.net/conversation/{record.id}/{record.number}/",
        deleted=record.status in GONE or record.state == "deleted",
    )


def with_messages(
    ticket: TicketSnapshot, rows: Sequence[ThreadRow], messages: Sequence[Message]
) -> TicketSnapshot:
    """The header with what only the threads tell: the customer's rating, and why an AI agent handed over."""
    rated = next((rating for row in reversed(rows) if (rating := _rating(row))), None)
    return with_reason(replace(ticket, rating=rated), messages)


def version_of(record: Conversation) -> str:
    """Help Scout has no stamp, and tells no date that every change moves: so what a conversation says of itself."""
    said = record.model_dump(mode="json", exclude={"embedded", "number"})
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:24]


def customer(someone: Someone | None) -> Person:
    """The requester; a conversation that was begun by a user may have none."""
    if someone is None or someone.id is None:
        return Person(remote_id=RemoteId(""), name="(no customer)")
    return Person(
        remote_id=RemoteId(f"customer:{someone.id}"), name=_name(someone), email=someone.email or ""
    )


def user(someone: Someone, customs: Customs) -> Person:
    """A rep, or an AI agent that works under a user's name."""
    name = _name(someone)
    is_agent = customs.agents.include(str(someone.id), name, someone.email or "")
    return Person(
        remote_id=RemoteId(str(someone.id)),
        name=name,
        email=someone.email or "",
        role=Role.AI_AGENT if is_agent else Role.REP,
    )


def someone_of(row: UserRow) -> Someone:
    """A user of the list, as conversations name them."""
    return Someone(id=row.id, type=row.type, first=row.first or row.name, last=row.last, email=row.email)


def is_message(row: ThreadRow) -> bool:
    """Whether somebody said it, and it was sent."""
    return row.type not in LINES and row.state not in UNSEEN


def message(row: ThreadRow, requester: Person, customs: Customs) -> Message:
    """One message; Help Scout keeps HTML."""
    return Message(
        remote_id=RemoteId(str(row.id)),
        author=_author(row, requester, customs),
        created=row.created,
        kind=MessageKind.NOTE if row.type in NOTES else MessageKind.PUBLIC,
        html=row.body or "",
        attachments=tuple(_file(one) for one in row.files.attachments),
    )


def _author(row: ThreadRow, requester: Person, customs: Customs) -> Person:
    by = row.created_by
    if by is not None and by.id and by.type == "user":
        return user(by, customs)
    if row.type == "customer" or (by is not None and by.type == "customer"):
        found = customer(by if by is not None and by.id else row.customer)
        return requester if found.remote_id in {requester.remote_id, ""} else found
    name = _name(by) if by is not None and by.id else "Help Scout"
    role = Role.AI_AGENT if customs.agents.include(name) else Role.SYSTEM
    return Person(remote_id=RemoteId("help-scout"), name=name, role=role)


def _name(someone: Someone) -> str:
    name = " ".join(part for part in (someone.first, someone.last) if part)
    return name or someone.email or f"Number {someone.id}"


def _channel(record: Conversation) -> Channel:
    source = record.source.type if record.source else None
    return CHANNELS.get(record.type or "") or SOURCES.get(source or "", Channel.EMAIL)


def _rating(row: ThreadRow) -> Rating | None:
    given = str(row.rating.get("rating", row.rating.get("value", ""))).casefold()
    if not given:
        return None
    score = RATINGS.get(given, 0.0 if given == "3" else None)
    if score is None:
        return None
    return Rating(score=score, comment=str(row.rating.get("comments") or row.rating.get("comment") or ""))


def _file(one: FileRow) -> Attachment:
    return Attachment(
        remote_id=RemoteId(str(one.id)), name=one.name, media_type=one.media_type, size_bytes=one.size
    )
