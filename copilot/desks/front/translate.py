"""From Front's records to our nouns. Pure: no network, no clock.

A conversation of Front is open (assigned or not), archived or in the trash; with ticketing it has a status category
besides. A snoozed one is archived with a reminder.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from copilot.desks.ai_agents import AiAgents, with_reason
from copilot.desks.front.wire import Comment, Conversation, FileRow, Inbox, MessageRow, Recipient, Teammate
from copilot.domain import (
    Attachment,
    Channel,
    Escalation,
    Message,
    MessageKind,
    Person,
    RemoteId,
    Role,
    Status,
    TicketSnapshot,
)

CATEGORIES = {"open": Status.OPEN, "waiting": Status.PENDING, "resolved": Status.SOLVED}
SETTABLE = {Status.OPEN: "open", Status.SOLVED: "archived"}
GONE = frozenset({"deleted", "trashed", "spam"})
CHANNELS = {
    "email": Channel.EMAIL,
    "gmail": Channel.EMAIL,
    "imap": Channel.EMAIL,
    "smtp": Channel.EMAIL,
    "office365": Channel.EMAIL,
    "front_mail": Channel.EMAIL,
    "form": Channel.WEB,
    "front_chat": Channel.CHAT,
    "intercom": Channel.CHAT,
    "layer_anon": Channel.CHAT,
    "sms": Channel.SMS,
    "twilio": Channel.SMS,
    "whatsapp": Channel.WHATSAPP,
    "twilio_whatsapp": Channel.WHATSAPP,
    "yalo_wha": Channel.WHATSAPP,
    "call": Channel.PHONE,
    "phone-call": Channel.PHONE,
    "talkdesk": Channel.PHONE,
    "truly": Channel.PHONE,
    "facebook": Channel.SOCIAL,
    "tweet": Channel.SOCIAL,
    "tweet_dm": Channel.SOCIAL,
    "twitter": Channel.SOCIAL,
    "twitter_dm": Channel.SOCIAL,
    "google_play": Channel.SOCIAL,
    "googleplay": Channel.SOCIAL,
}
"""Types of channels and of messages, which differ."""
WINDOW = timedelta(hours=24)
"""How long WhatsApp takes replies after the requester's last message."""
_MARKUP = re.compile(r"<[a-zA-Z!/][^<>]*>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Customs:
    """What is particular to this company: its AI agents, its inboxes by id, and the channels each inbox has."""

    agents: AiAgents = AiAgents()  # noqa: RUF009 - frozen
    inboxes: Mapping[str, Inbox] = field(default_factory=dict)
    channels: Mapping[str, frozenset[Channel]] = field(default_factory=dict)


def snapshot(record: Conversation, inbox: str, customs: Customs) -> TicketSnapshot:
    """A ticket's header; `inbox` is the id of the one it is in, "" when that is not known."""
    requester = person_of(record.recipient)
    tags = tuple(sorted(tag.name for tag in record.tags))
    fields = {name: _text(value) for name, value in sorted(record.custom_fields.items()) if _is_plain(value)}
    created = record.created_at or record.updated_at or datetime.fromtimestamp(0, UTC)
    someone = record.assignee
    return TicketSnapshot(
        remote_id=RemoteId(record.id),
        subject=record.subject or f"Conversation with {requester.name}",
        status=_status(record),
        channel=_channel(requester, customs.channels.get(inbox, frozenset())),
        created=created,
        updated=record.updated_at or created,
        requester=requester,
        version=version_of(record),
        assignee=teammate(someone, customs) if someone else None,
        group=customs.inboxes[inbox].name if inbox in customs.inboxes else "",
        tags=tags,
        fields=fields,
        escalation=customs.agents.escalation(tags, fields),
        url=f"https://app.frontapp.com/open/{record.id}",
        deleted=record.status in GONE,
    )


def with_messages(
    ticket: TicketSnapshot, rows: Sequence[MessageRow], messages: Sequence[Message]
) -> TicketSnapshot:
    """The header with what only the messages tell: the real channel, the reply window, who handed over and why."""
    channels = [CHANNELS[row.type] for row in rows if row.type in CHANNELS]
    channel = channels[-1] if channels else ticket.channel
    incoming = [row.created_at for row in rows if row.is_inbound]
    until = incoming[-1] + WINDOW if channel is Channel.WHATSAPP and incoming else None
    bots = [one.author.name for one in messages if one.author.role is Role.AI_AGENT]
    escalation = ticket.escalation
    if escalation is None and bots and ticket.status is Status.OPEN and not _is_with_ai(ticket):
        escalation = Escalation(by=bots[-1], reason="")
    return with_reason(replace(ticket, channel=channel, reply_until=until, escalation=escalation), messages)


def gone(conversation: str, at: datetime) -> TicketSnapshot:
    """What is left of a conversation that was merged into another one."""
    return TicketSnapshot(
        remote_id=RemoteId(conversation),
        subject="Merged into another conversation",
        status=Status.CLOSED,
        channel=Channel.OTHER,
        created=at,
        updated=at,
        requester=person_of(None),
        version=f"merged {at.isoformat()}",
        deleted=True,
    )


def version_of(record: Conversation) -> str:
    """`updated_at` (milliseconds) and whatever else a conversation says of itself."""
    said = record.model_dump(mode="json", exclude={"updated_at"})
    said["custom_fields"] = {name: one for name, one in record.custom_fields.items() if _is_plain(one)}
    rest = hashlib.sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()[:12]
    return f"{record.updated_at.isoformat() if record.updated_at else ''}/{rest}"


def person_of(recipient: Recipient | None) -> Person:
    """The requester, known by a handle: an address, a number, whatever the channel has."""
    if recipient is None:
        return Person(remote_id=RemoteId(""), name="(no recipient)")
    handle = recipient.handle
    return Person(
        remote_id=RemoteId(f"handle:{handle}"),
        name=recipient.name or handle or "(no name)",
        email=handle if "@" in handle else "",
    )


def teammate(someone: Teammate, customs: Customs) -> Person:
    """A rep, an AI agent (by its type or by name), or one of Front's automatisms."""
    name = " ".join(part for part in (someone.first_name, someone.last_name) if part)
    name = name or someone.email or someone.username or someone.id
    called = (someone.id, name, someone.email or "", someone.username or "")
    if someone.type == "ai" or customs.agents.include(*called):
        role = Role.AI_AGENT
    else:
        role = Role.REP if someone.type in {"user", "visitor", None} else Role.SYSTEM
    return Person(remote_id=RemoteId(someone.id), name=name, email=someone.email or "", role=role)


def message(row: MessageRow, requester: Person, customs: Customs) -> Message:
    """One message. Known by its uid, which Front tells as soon as it has taken it."""
    body = row.body or ""
    is_html = bool(_MARKUP.search(body))
    return Message(
        remote_id=RemoteId(row.message_uid or row.id),
        author=_author(row, requester, customs),
        created=row.created_at,
        text=(row.text or "") if is_html else (row.text or body),
        html=body if is_html else "",
        attachments=tuple(_file(one) for one in row.attachments),
    )


def note(row: Comment, customs: Customs) -> Message:
    """One comment."""
    unknown = Person(remote_id=RemoteId("front"), name="Front", role=Role.SYSTEM)
    return Message(
        remote_id=RemoteId(row.id),
        author=teammate(row.author, customs) if row.author else unknown,
        created=row.posted_at,
        kind=MessageKind.NOTE,
        text=row.body or "",
        attachments=tuple(_file(one) for one in row.attachments),
    )


def _author(row: MessageRow, requester: Person, customs: Customs) -> Person:
    if row.is_inbound:
        sender = next((one for one in row.recipients if one.role == "from"), None)
        found = person_of(sender)
        return requester if sender is None or found.remote_id == requester.remote_id else found
    if row.author is not None:
        return teammate(row.author, customs)
    return Person(remote_id=RemoteId("front"), name="Front", role=Role.SYSTEM)


def _status(record: Conversation) -> Status:
    if record.status in GONE:
        return Status.CLOSED
    if record.status_category in CATEGORIES:
        return CATEGORIES[record.status_category]
    if record.status == "archived":
        return Status.PENDING if record.scheduled_reminders else Status.SOLVED
    return Status.OPEN


def _channel(requester: Person, possible: frozenset[Channel]) -> Channel:
    """A conversation does not tell its channel: by the channels of its inbox, and the look of the handle."""
    if len(possible) == 1:
        return next(iter(possible))
    handle = str(requester.remote_id).removeprefix("handle:")
    if "@" in handle and (not possible or Channel.EMAIL in possible):
        return Channel.EMAIL
    if re.fullmatch(r"\+?\d{6,15}", handle):
        phones = possible & {Channel.WHATSAPP, Channel.SMS, Channel.PHONE}
        return next(iter(phones)) if len(phones) == 1 else Channel.SMS
    rest = possible - {Channel.EMAIL}
    return next(iter(rest)) if len(rest) == 1 else Channel.OTHER


def _is_with_ai(ticket: TicketSnapshot) -> bool:
    return ticket.assignee is not None and ticket.assignee.role is Role.AI_AGENT


def _is_plain(value: object) -> bool:
    return isinstance(value, str | bool | int | float) and value != ""


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _file(one: FileRow) -> Attachment:
    return Attachment(
        remote_id=RemoteId(one.id), name=one.filename, media_type=one.content_type, size_bytes=one.size
    )
