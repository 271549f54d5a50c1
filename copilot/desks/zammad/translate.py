"""From Zammad's records to our nouns. Pure: no network, no clock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from copilot.desks.ai_agents import AiAgents
from copilot.desks.zammad.names import GONE, STATUSES, Names
from copilot.desks.zammad.wire import ArticleRow, FileRow, TicketRow, UserRow
from copilot.domain import (
    Attachment,
    Channel,
    Message,
    MessageKind,
    Person,
    Priority,
    RemoteId,
    Role,
    Status,
    TicketSnapshot,
)

NOBODY = 1
MARK = "sidedesk"
"""Our entry in an article's preferences: they stay inside Zammad, and come back with the article."""
WHATSAPP_WINDOW = timedelta(hours=24)
CHANNELS = {
    1: Channel.EMAIL,
    2: Channel.SMS,
    3: Channel.CHAT,
    5: Channel.PHONE,
    6: Channel.SOCIAL,
    7: Channel.SOCIAL,
    8: Channel.SOCIAL,
    9: Channel.SOCIAL,
    10: Channel.WEB,
    11: Channel.WEB,
}
"""By the type of a ticket's first article (db/seeds/ticket_article_types.rb); later ones are told by preferences."""
SENDERS = {"Customer": Role.REQUESTER, "System": Role.SYSTEM}
OWN_ATTRIBUTES = frozenset(
    {
        "note",
        "first_response_at",
        "first_response_escalation_at",
        "first_response_in_min",
        "first_response_diff_in_min",
        "close_at",
        "close_escalation_at",
        "close_in_min",
        "close_diff_in_min",
        "update_escalation_at",
        "update_in_min",
        "update_diff_in_min",
        "last_contact_at",
        "last_contact_agent_at",
        "last_contact_customer_at",
        "last_owner_update_at",
        "last_close_at",
        "create_article_sender_id",
        "article_count",
        "pending_time",
        "type",
        "time_unit",
        "organization_id",
        "updated_by_id",
        "created_by_id",
        "checklist_id",
        "ai_agent_running",
        "organization",
        "group",
        "state",
        "owner",
        "priority",
        "customer",
        "created_by",
        "updated_by",
        "create_article_type",
        "create_article_sender",
        "tags",
        "ticket_time_accounting",
        "articles",
        "initial_channel",
        "referencing_checklists",
        "ticket_time_accounting_ids",
        "article_ids",
        "mention_ids",
        "external_sync_ids",
    }
)
"""What Zammad's own tickets carry; any other attribute is one that the team has added (api/object)."""


@dataclass(frozen=True, slots=True)
class Customs:
    """What is known of this desk besides its names."""

    base: str
    ai_agents: AiAgents


def snapshot(
    row: TicketRow, users: Mapping[int, UserRow], names: Names, customs: Customs, tags: Sequence[str] = ()
) -> TicketSnapshot:
    """A ticket's header. Lists carry no tags, so that these and what they tell of come with the thread."""
    fields = fields_of(row)
    assignee = (
        None if row.owner_id in {None, NOBODY} else person(users.get(row.owner_id or 0), Role.REP, customs)
    )
    by = assignee.name if assignee and assignee.role is Role.AI_AGENT else ""
    return TicketSnapshot(
        remote_id=RemoteId(str(row.id)),
        subject=row.title or "(no subject)",
        status=STATUSES.get(names.kind(row.state_id), Status.CLOSED),
        channel=channel_of(row),
        created=row.created_at,
        updated=row.updated_at,
        requester=person(users.get(row.customer_id or 0), Role.REQUESTER, customs),
        version=row.updated_at.isoformat(),
        assignee=assignee,
        group=names.groups.get(row.group_id, f"group {row.group_id}"),
        priority=priority_of(names.priorities.get(row.priority_id or 0, "")),
        tags=tuple(sorted(tags)),
        fields=fields,
        escalation=customs.ai_agents.escalation(tags, fields, by),
        due=row.escalation_at,
        url=f"{customs.base}/#ticket/zoom/{row.id}",
        deleted=is_gone(row, names),
        reply_until=reply_until(row),
    )


def is_gone(row: TicketRow, names: Names) -> bool:
    """Whether the ticket was merged into another one, or removed."""
    return names.kind(row.state_id) in GONE


def fields_of(row: TicketRow) -> dict[str, str]:
    """What the team has added to tickets and this one holds."""
    extra = row.model_extra or {}
    return {
        name: value_of(value)
        for name, value in sorted(extra.items())
        if is_custom(name) and isinstance(value, str | int | float | list) and value not in ("", [])
    }


def is_custom(name: str) -> bool:
    """Whether an attribute is none of Zammad's own."""
    return name not in OWN_ATTRIBUTES and not name.endswith("_ids")


def value_of(value: object) -> str:
    """An attribute's value as text."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(str(one) for one in value) if isinstance(value, list) else str(value)


def channel_of(row: TicketRow) -> Channel:
    """How the ticket came."""
    if "whatsapp" in row.preferences:
        return Channel.WHATSAPP
    if "telegram" in row.preferences:
        return Channel.CHAT
    return CHANNELS.get(row.create_article_type_id or 0, Channel.OTHER)


def reply_until(row: TicketRow) -> datetime | None:
    """WhatsApp's window, from the seconds at which the customer wrote last (preferences.whatsapp)."""
    whatsapp = row.preferences.get("whatsapp")
    if not isinstance(whatsapp, dict):
        return None
    try:
        incoming = datetime.fromtimestamp(float(whatsapp["timestamp_incoming"]), UTC)
    except (KeyError, TypeError, ValueError, OverflowError, OSError):
        return None
    return incoming + WHATSAPP_WINDOW


def priority_of(name: str) -> Priority | None:
    """Zammad's own are "1 low", "2 normal", "3 high"; teams that add one call it so."""
    words = name.casefold()
    for word, priority in (("urgent", Priority.URGENT), ("high", Priority.HIGH), ("low", Priority.LOW)):
        if word in words:
            return priority
    return Priority.NORMAL if "normal" in words else None


def person(user: UserRow | None, role: Role, customs: Customs) -> Person:
    """Somebody; an agent whom the team calls an AI agent is one."""
    if user is None:
        return Person(remote_id=RemoteId(""), name="(unknown)", role=role)
    is_ai = role is Role.REP and customs.ai_agents.include(str(user.id), user.login, user.email, user.name)
    return Person(
        remote_id=RemoteId(str(user.id)),
        name=user.name,
        email=user.email,
        role=Role.AI_AGENT if is_ai else role,
    )


def writer_of(row: ArticleRow) -> int:
    """Whose words an article has: those of whom it was written for, else of whoever made it."""
    return row.origin_by_id or row.created_by_id or 0


def message(row: ArticleRow, author: Person) -> Message:
    """A message. Our mark in its preferences is put where marks are looked for: at the end of the HTML."""
    is_html = "html" in row.content_type.lower()
    mark = row.preferences.get(MARK)
    trailing = f"<!-- sidedesk {mark} -->" if isinstance(mark, str) else ""
    return Message(
        remote_id=RemoteId(str(row.id)),
        author=author,
        created=row.created_at,
        kind=MessageKind.NOTE if row.internal else MessageKind.PUBLIC,
        text="" if is_html else row.body.replace("\r\n", "\n"),
        html=f"{row.body}{trailing}" if is_html else trailing,
        attachments=tuple(attachment(row.id, file) for file in row.attachments if not is_alternative(file)),
    )


def is_alternative(file: FileRow) -> bool:
    """Whether a file is the mail's own HTML, which Zammad keeps beside the article it made of it."""
    return bool(file.preferences.get("content-alternative"))


def attachment(article: int, file: FileRow) -> Attachment:
    """A file. It is asked for by article and number."""
    kind = file.preferences.get("Mime-Type") or file.preferences.get("Content-Type") or ""
    return Attachment(
        remote_id=RemoteId(f"{article}/{file.id}"),
        name=file.filename or f"file {file.id}",
        media_type=str(kind).partition(";")[0].strip() or "application/octet-stream",
        size_bytes=file.size,
    )
