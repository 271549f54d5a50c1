"""From Chatwoot's records to our nouns. Pure: no network, no clock.

An open conversation is open, a snoozed one waits for the requester (it opens by itself when they write), a pending one
is with the bot, and a resolved one is solved (Chatwoot's user guide, Conversation statuses).
"""

from __future__ import annotations

import mimetypes
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import unquote, urlsplit

from copilot.desks.ai_agents import AiAgents, with_reason
from copilot.desks.chatwoot.wire import Attribute, Conversation, FileRow, Inbox, MessageRow, Someone
from copilot.domain import (
    Attachment,
    Channel,
    Escalation,
    Message,
    MessageKind,
    Person,
    Priority,
    Rating,
    RemoteId,
    Role,
    Status,
    TicketSnapshot,
)

INCOMING, OUTGOING, ACTIVITY, TEMPLATE = range(4)
STATUSES = {"open": Status.OPEN, "snoozed": Status.PENDING, "pending": Status.HOLD, "resolved": Status.SOLVED}
SETTABLE = {status: name for name, status in STATUSES.items()}
PRIORITIES = {
    "low": Priority.LOW,
    "medium": Priority.NORMAL,
    "high": Priority.HIGH,
    "urgent": Priority.URGENT,
}
CHANNELS = {
    "Channel::Email": Channel.EMAIL,
    "Channel::WebWidget": Channel.CHAT,
    "Channel::Whatsapp": Channel.WHATSAPP,
    "Channel::Sms": Channel.SMS,
    "Channel::TwilioSms": Channel.SMS,
    "Channel::FacebookPage": Channel.SOCIAL,
    "Channel::Instagram": Channel.SOCIAL,
    "Channel::TwitterProfile": Channel.SOCIAL,
    "Channel::Tiktok": Channel.SOCIAL,
    "Channel::Line": Channel.SOCIAL,
    "Channel::Telegram": Channel.SOCIAL,
    "Channel::Voice": Channel.PHONE,
}
WINDOW = timedelta(hours=24)
"""How long WhatsApp takes replies after the requester's last message (message_window_service.rb)."""
BOTS = {"agent_bot": "bot", "captain_assistant": "captain"}
"""What Chatwoot calls the senders that are no people, and how their ids begin here."""
FILES = frozenset({"image", "audio", "video", "file"})
"""The rest (location, contact, fallback …) are no files."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Customs:
    """What is particular to this account: its address and number, AI agents, inboxes and attributes by their ids."""

    base: str = ""
    account: int = 0
    agents: AiAgents = AiAgents()  # noqa: RUF009 - frozen
    inboxes: Mapping[int, Inbox] = field(default_factory=dict)
    attributes: Mapping[str, Attribute] = field(default_factory=dict)


def snapshot(record: Conversation, customs: Customs) -> TicketSnapshot:
    """A ticket's header, as far as the conversation alone tells it (see `with_messages`)."""
    requester = contact(record.meta.sender)
    fields = _fields(record.custom_attributes, customs.attributes)
    last = record.last_non_activity_message
    channel = channel_of(record, customs)
    activity = record.last_activity_at or record.created_at
    return TicketSnapshot(
        remote_id=RemoteId(str(record.id)),
        subject=str(record.additional_attributes.get("mail_subject") or "")
        or f"Conversation with {requester.name}",
        status=STATUSES.get(record.status, Status.OPEN),
        channel=channel,
        created=record.created_at,
        updated=record.updated_at or activity,
        requester=requester,
        version=version_of(record),
        assignee=_assignee(record, customs),
        group=record.meta.team.name if record.meta.team else "",
        priority=PRIORITIES.get(record.priority or ""),
        tags=tuple(sorted(record.labels)),
        fields=fields,
        escalation=_escalation(record, customs, fields),
        url=f"{customs.base}/app/accounts/{customs.account}/conversations/{record.id}",
        rating=rating_in([last]) if last else None,
        reply_until=_reply_until(record, channel, [last] if last else []),
    )


def with_messages(
    ticket: TicketSnapshot, record: Conversation, rows: Sequence[MessageRow], messages: Sequence[Message]
) -> TicketSnapshot:
    """The header with what only the messages tell: a rating given earlier, the reply window, why the AI handed over."""
    if ticket.escalation is None and record.status in {"open", "snoozed"}:
        bots = [m.author.name for m in messages if m.author.role is Role.AI_AGENT]
        ticket = replace(ticket, escalation=Escalation(by=bots[-1], reason="")) if bots else ticket
    known = replace(
        ticket,
        rating=rating_in(rows) or ticket.rating,
        reply_until=_reply_until(record, ticket.channel, rows) or ticket.reply_until,
    )
    return with_reason(known, messages)


def version_of(record: Conversation) -> str:
    """Chatwoot touches `updated_at` (microseconds) with every message and field; older ones do not tell it."""
    if record.updated_at is not None:
        return record.updated_at.isoformat()
    last = record.last_non_activity_message
    parts = (
        record.last_activity_at.isoformat() if record.last_activity_at else "",
        record.status,
        str(record.meta.assignee.id if record.meta.assignee else ""),
        str(record.meta.team.id if record.meta.team else ""),
        record.priority or "",
        ",".join(sorted(record.labels)),
        str(sorted(record.custom_attributes.items())),
        str(last.id if last else ""),
    )
    return "|".join(parts)


def channel_of(record: Conversation, customs: Customs) -> Channel:
    """The way the requester's words came."""
    inbox = customs.inboxes.get(record.inbox_id)
    if inbox is not None and inbox.medium == "whatsapp":
        return Channel.WHATSAPP
    return CHANNELS.get(record.meta.channel or (inbox.channel_type if inbox else "") or "", Channel.OTHER)


def contact(someone: Someone) -> Person:
    """The requester."""
    name = someone.name or someone.email or someone.phone_number or f"Contact {someone.id}"
    return Person(remote_id=RemoteId(f"contact:{someone.id}"), name=name, email=someone.email or "")


def user(someone: Someone, customs: Customs) -> Person:
    """A user of the account: a rep, or an AI agent that works under a user's name."""
    name = someone.available_name or someone.name or someone.email or f"User {someone.id}"
    is_agent = customs.agents.include(str(someone.id), name, someone.name or "", someone.email or "")
    return Person(
        remote_id=RemoteId(str(someone.id)),
        name=name,
        email=someone.email or "",
        role=Role.AI_AGENT if is_agent else Role.REP,
    )


def message(row: MessageRow, requester: Person, customs: Customs) -> Message:
    """One message. Mails keep what arrived in `content_attributes`, the rest is plain text or Markdown."""
    mail = row.content_attributes.get("email")
    text, html = _mail(mail) if isinstance(mail, dict) else ("", "")
    return Message(
        remote_id=RemoteId(str(row.id)),
        author=_author(row, requester, customs),
        created=row.created_at,
        kind=MessageKind.NOTE if row.private else MessageKind.PUBLIC,
        text=text or ("" if html else row.content or ""),
        html=html,
        attachments=tuple(
            _file(row, one) for one in row.attachments if one.file_type in FILES and one.data_url
        ),
    )


def rating_in(rows: Sequence[MessageRow]) -> Rating | None:
    """The requester's answer to a satisfaction survey: 1 to 5."""
    for row in reversed(rows):
        values = row.content_attributes.get("submitted_values")
        given = values.get("csat_survey_response") if isinstance(values, dict) else None
        if not isinstance(given, dict):
            continue
        stars, words = given.get("rating"), str(given.get("feedback_message") or "")
        if isinstance(stars, int) and 1 <= stars <= 5:
            return Rating(score=(stars - 1) / 4, comment=words, at=row.created_at)
    return None


def name_in(address: str) -> str:
    """A file's name, the last part of its address."""
    return unquote(urlsplit(address).path.rpartition("/")[2]) or "file"


def _author(row: MessageRow, requester: Person, customs: Customs) -> Person:
    sender = row.sender
    if row.message_type == INCOMING:
        same = sender is None or contact(sender).remote_id == requester.remote_id
        return requester if same or sender is None else contact(sender)
    if sender is None or sender.id is None or row.message_type == TEMPLATE:
        return Person(remote_id=RemoteId("chatwoot"), name="Chatwoot", role=Role.SYSTEM)
    if sender.type in BOTS:
        kind = BOTS[sender.type]
        return Person(
            remote_id=RemoteId(f"{kind}:{sender.id}"), name=sender.name or "AI agent", role=Role.AI_AGENT
        )
    return user(sender, customs)


def _mail(mail: Mapping[str, Any]) -> tuple[str, str]:
    def whole(name: str) -> str:
        content = mail.get(name)
        return str(content.get("full") or "") if isinstance(content, dict) else ""

    return whole("text_content"), whole("html_content")


def _file(row: MessageRow, one: FileRow) -> Attachment:
    name = name_in(one.data_url or "")
    return Attachment(
        remote_id=RemoteId(f"{row.id}-{one.id}"),
        name=name,
        media_type=mimetypes.guess_type(name)[0] or "application/octet-stream",
        size_bytes=one.file_size or 0,
    )


def _assignee(record: Conversation, customs: Customs) -> Person | None:
    someone = record.meta.assignee
    if someone is None or someone.id is None:
        return None
    if record.meta.assignee_type in {"AgentBot", "Captain::Assistant"} or someone.type in BOTS:
        kind = (
            "captain"
            if "Captain" in (record.meta.assignee_type or "")
            else BOTS.get(someone.type or "", "bot")
        )
        return Person(
            remote_id=RemoteId(f"{kind}:{someone.id}"), name=someone.name or "AI agent", role=Role.AI_AGENT
        )
    return user(someone, customs)


def _fields(values: Mapping[str, Any], attributes: Mapping[str, Attribute]) -> dict[str, str]:
    return {
        (attributes[key].attribute_display_name or key) if key in attributes else key: _text(value)
        for key, value in sorted(values.items())
        if isinstance(value, str | bool | int | float) and value != ""
    }


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _escalation(record: Conversation, customs: Customs, fields: Mapping[str, str]) -> Escalation | None:
    return None if record.status == "pending" else customs.agents.escalation(record.labels, fields)


def _reply_until(record: Conversation, channel: Channel, rows: Sequence[MessageRow]) -> datetime | None:
    incoming = [row.created_at for row in rows if row.message_type == INCOMING]
    if record.can_reply is False:
        return incoming[-1] + WINDOW if incoming else record.last_activity_at or record.created_at
    if channel is Channel.WHATSAPP and incoming:
        return incoming[-1] + WINDOW
    return None
