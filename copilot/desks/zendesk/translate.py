"""From Zendesk's records to our nouns. Pure: no network, no clock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from copilot.desks.ai_agents import AiAgents
from copilot.desks.zendesk.fields import Fields
from copilot.desks.zendesk.wire import Comment, File, GroupRow, Rated, Ticket, User
from copilot.domain import (
    Attachment,
    Channel,
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

SYSTEM = "-1"
"""Zendesk itself, as the author of what its rules write (Ticket Comments, Author id)."""
MARK = "sidedesk"
"""The key in a comment's custom metadata for our mark (Creating and updating tickets, Setting metadata)."""

STATUSES = {
    "new": Status.NEW,
    "open": Status.OPEN,
    "pending": Status.PENDING,
    "hold": Status.HOLD,
    "solved": Status.SOLVED,
    "closed": Status.CLOSED,
    "deleted": Status.CLOSED,
}
"""Status categories: a team's own statuses belong to one each (Tickets, Custom ticket statuses)."""
PRIORITIES = {
    "low": Priority.LOW,
    "normal": Priority.NORMAL,
    "high": Priority.HIGH,
    "urgent": Priority.URGENT,
}
CHANNELS = {
    "email": Channel.EMAIL,
    "web": Channel.WEB,
    "api": Channel.WEB,
    "mobile": Channel.WEB,
    "mobile_sdk": Channel.WEB,
    "web_widget": Channel.WEB,
    "help_center": Channel.WEB,
    "chat": Channel.CHAT,
    "native_messaging": Channel.CHAT,
    "voice": Channel.PHONE,
    "phone": Channel.PHONE,
    "whatsapp": Channel.WHATSAPP,
    "sms": Channel.SMS,
    "slack_connect": Channel.SLACK,
    "twitter": Channel.SOCIAL,
    "twitter_dm": Channel.SOCIAL,
    "facebook": Channel.SOCIAL,
    "messenger": Channel.SOCIAL,
    "instagram_dm": Channel.SOCIAL,
    "line": Channel.SOCIAL,
    "telegram": Channel.SOCIAL,
    "viber": Channel.SOCIAL,
    "wechat": Channel.SOCIAL,
    "forum": Channel.FORUM,
}
"""Via object reference; a channel that is not here is OTHER."""
RATINGS = {"good": 1.0, "good_with_comment": 1.0, "bad": 0.0, "bad_with_comment": 0.0}
"""Satisfaction Ratings, score; "offered" and "unoffered" are none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What one needs beside a ticket to understand it: people and groups by id, the fields, the team's AI agents."""

    base: str
    users: Mapping[str, User] = field(default_factory=dict)
    groups: Mapping[str, str] = field(default_factory=dict)
    fields: Fields = field(default_factory=Fields)
    ai_agents: AiAgents = field(default_factory=AiAgents)

    def role(self, user: str, requester: str | None) -> Role:
        """Who somebody is on a ticket."""
        known = self.users.get(user, User())
        if self.ai_agents.include(user, known.name, known.email):
            return Role.AI_AGENT
        if user == requester:
            return Role.REQUESTER
        if user == SYSTEM:
            return Role.SYSTEM
        return Role.REP if known.role in {"agent", "admin"} else Role.REQUESTER

    def person(self, user: str, role: Role) -> Person:
        """Somebody; one who was deleted may be known by number alone."""
        known = self.users.get(user, User())
        name = known.name or known.email or ("Zendesk" if user == SYSTEM else f"User {user}")
        return Person(remote_id=RemoteId(user), name=name, email=known.email, role=role)


def by_id(users: Iterable[User]) -> dict[str, User]:
    """People by number."""
    return {user.id: user for user in users if user.id is not None}


def names_of(groups: Iterable[GroupRow]) -> dict[str, str]:
    """Groups' names by number."""
    return {group.id: group.name for group in groups}


def snapshot(ticket: Ticket, around: Around) -> TicketSnapshot:
    """A ticket's header. Its version is the date of its last change, as safe updates want it (`updated_stamp`)."""
    fields = around.fields.shown(ticket.custom_fields)
    assignee = _assignee(ticket, around)
    by = assignee.name if assignee is not None and assignee.role is Role.AI_AGENT else ""
    return TicketSnapshot(
        remote_id=RemoteId(ticket.id),
        subject=ticket.subject or "(no subject)",
        status=STATUSES.get(ticket.status, Status.OPEN),
        channel=channel_of(ticket),
        created=ticket.created_at,
        updated=ticket.updated_at,
        requester=around.person(ticket.requester_id or "", Role.REQUESTER),
        version=version_of(ticket),
        assignee=assignee,
        group=around.groups.get(ticket.group_id or "", ""),
        priority=PRIORITIES.get(ticket.priority),
        tags=tuple(sorted(ticket.tags)),
        fields=fields,
        escalation=around.ai_agents.escalation(ticket.tags, fields, by),
        due=ticket.due_at,
        url=f"{around.base}/agent/tickets/{ticket.id}",
        deleted=ticket.status == "deleted",
        rating=_rating(ticket.satisfaction_rating),
    )


def version_of(ticket: Ticket) -> str:
    """The stamp for safe updates, as Zendesk writes dates. It counts whole seconds."""
    return ticket.updated_at.strftime("%Y-%m-%dT%H:%M:%SZ")


def channel_of(ticket: Ticket) -> Channel:
    """How the requester wrote; a messaging channel that is not known by name is a chat."""
    otherwise = Channel.CHAT if ticket.from_messaging_channel else Channel.OTHER
    return CHANNELS.get(ticket.via.channel, otherwise)


def message(comment: Comment, around: Around, requester: str | None) -> Message:
    """One comment. A mark of ours in its metadata is put where `words.is_ours` looks for it."""
    author = comment.author_id or SYSTEM
    mark = comment.metadata.custom.get(MARK, "") if comment.metadata is not None else ""
    hidden = f"<!-- sidedesk {mark} -->" if isinstance(mark, str) and mark.isalnum() else ""
    return Message(
        remote_id=RemoteId(comment.id),
        author=around.person(author, around.role(author, requester)),
        created=comment.created_at,
        kind=MessageKind.PUBLIC if comment.public else MessageKind.NOTE,
        text=(comment.plain_body or comment.body).replace("&nbsp;", " ").replace("\r\n", "\n"),
        html=comment.html_body + hidden if comment.html_body else "",
        attachments=tuple(_attachment(file) for file in comment.attachments),
    )


def mentioned(tickets: Sequence[Ticket]) -> set[str]:
    """Everybody that headers of these tickets name."""
    return {user for ticket in tickets for user in (ticket.requester_id, ticket.assignee_id) if user}


def _attachment(file: File) -> Attachment:
    return Attachment(
        remote_id=RemoteId(file.id),
        name=file.file_name or f"file {file.id}",
        media_type=file.content_type or "application/octet-stream",
        size_bytes=file.size or 0,
    )


def _assignee(ticket: Ticket, around: Around) -> Person | None:
    user = ticket.assignee_id
    if user is None:
        return None
    known = around.users.get(user, User())
    is_ai = around.ai_agents.include(user, known.name, known.email)
    return around.person(user, Role.AI_AGENT if is_ai else Role.REP)


def _rating(rated: Rated | None) -> Rating | None:
    if rated is None or rated.score not in RATINGS:
        return None
    return Rating(score=RATINGS[rated.score], comment=rated.comment)
