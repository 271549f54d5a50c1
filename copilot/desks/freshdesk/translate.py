"""From Freshdesk's records to our nouns. Pure: no network, no clock but the one the desk told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from copilot.desks.ai_agents import AiAgents
from copilot.desks.freshdesk.names import Names
from copilot.desks.freshdesk.wire import ContactRow, ConversationRow, FileRow, RatingRow, TicketRecord
from copilot.desks.rest.recent import version_of
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

STATUSES = {2: Status.OPEN, 3: Status.PENDING, 4: Status.SOLVED, 5: Status.CLOSED}
"""The four that every Freshdesk has ("Ticket Attributes"); a team's own are told by their names."""
SETTABLE = {status: number for number, status in STATUSES.items()}
PRIORITIES = {1: Priority.LOW, 2: Priority.NORMAL, 3: Priority.HIGH, 4: Priority.URGENT}
CHANNELS = {
    1: Channel.EMAIL,
    2: Channel.WEB,
    3: Channel.PHONE,
    4: Channel.FORUM,
    5: Channel.SOCIAL,
    6: Channel.SOCIAL,
    7: Channel.CHAT,
    9: Channel.WEB,
    10: Channel.EMAIL,
    13: Channel.WHATSAPP,
}
"""The sources of "Ticket Attributes"; 4, 5, 6 and 13 are older or later than that table (not verified)."""
OF_THE_TICKET = "description"
"""The remote id of the first message, which Freshdesk keeps in the ticket itself."""


@dataclass(frozen=True, slots=True)
class Customs:
    """What is known of this desk besides its names."""

    base: str
    ai_agents: AiAgents


def snapshot(
    record: TicketRecord, requester: ContactRow, names: Names, customs: Customs, now: datetime | None
) -> TicketSnapshot:
    """A ticket's header."""
    fields = fields_of(record, names)
    tags = tuple(sorted(record.tags))
    assignee = None if record.responder_id is None else agent(record.responder_id, names, customs)
    by = assignee.name if assignee and assignee.role is Role.AI_AGENT else ""
    return TicketSnapshot(
        remote_id=RemoteId(str(record.id)),
        subject=record.subject or "(no subject)",
        status=status_of(record.status, names),
        channel=CHANNELS.get(record.source or 0, Channel.OTHER),
        created=record.created_at,
        updated=record.updated_at,
        requester=person(requester, Role.REQUESTER),
        version=version_of(record.updated_at, now, also="gone" if is_gone(record) else ""),
        assignee=assignee,
        group=group_of(record.group_id, names),
        priority=PRIORITIES.get(record.priority or 0),
        tags=tags,
        fields=fields,
        escalation=customs.ai_agents.escalation(tags, fields, by),
        due=record.due_by,
        url=f"{customs.base}/a/tickets/{record.id}",
        deleted=is_gone(record),
    )


def is_gone(record: TicketRecord) -> bool:
    """Whether the ticket lies in the bin or among spam."""
    return bool(record.deleted or record.spam)


def status_of(number: int, names: Names) -> Status:
    """The status in our words. A team's own count as open unless their names say whom they wait for."""
    if number in STATUSES:
        return STATUSES[number]
    words = names.statuses.get(number, "").casefold()
    if "customer" in words or "pending" in words:
        return Status.PENDING
    if "wait" in words or "hold" in words:
        return Status.HOLD
    return Status.OPEN


def fields_of(record: TicketRecord, names: Names) -> dict[str, str]:
    """Custom fields that hold something, by the team's names for them."""
    return {
        names.label(name): value_of(value)
        for name, value in sorted(record.custom_fields.items())
        if isinstance(value, str | int | float | list) and value != ""
    }


def value_of(value: object) -> str:
    """A field's value as text."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(str(one) for one in value)
    return str(value)


def group_of(number: int | None, names: Names) -> str:
    """A group's name; its number while it has none that we may see."""
    return "" if number is None else names.groups.get(number, f"group {number}")


def agent(number: int, names: Names, customs: Customs) -> Person:
    """The agent of this number."""
    known = names.agents.get(number, ContactRow())
    is_ai = customs.ai_agents.include(str(number), known.name, known.email)
    return Person(
        remote_id=RemoteId(str(number)),
        name=known.name or known.email or f"Agent {number}",
        email=known.email,
        role=Role.AI_AGENT if is_ai else Role.REP,
    )


def person(contact: ContactRow, role: Role) -> Person:
    """A contact."""
    name = contact.name or contact.email or contact.phone or "(no requester)"
    return Person(remote_id=RemoteId(str(contact.id)), name=name, email=contact.email, role=role)


def first_message(record: TicketRecord, author: Person) -> Message:
    """What the ticket began with."""
    return Message(
        remote_id=RemoteId(OF_THE_TICKET),
        author=author,
        created=record.created_at,
        html=record.description,
        attachments=files(record.attachments),
    )


def message(row: ConversationRow, author: Person) -> Message:
    """A reply or note. The HTML is what the person wrote; Freshdesk makes `body_text` from it."""
    return Message(
        remote_id=RemoteId(str(row.id)),
        author=author,
        created=row.created_at,
        kind=MessageKind.NOTE if row.private else MessageKind.PUBLIC,
        text="" if row.body else row.body_text,
        html=row.body,
        attachments=files(row.attachments),
    )


def files(rows: Sequence[FileRow]) -> tuple[Attachment, ...]:
    """Attachments, in their order."""
    return tuple(
        Attachment(
            remote_id=RemoteId(str(row.id)),
            name=row.name or f"file {row.id}",
            media_type=row.content_type,
            size_bytes=row.size,
        )
        for row in rows
    )


def rating(rows: Sequence[RatingRow]) -> Rating | None:
    """The newest rating. The scale goes from -103 over 100 to 103 ("Satisfaction Ratings", its table of ratings)."""
    newest = max((row for row in rows if row.created_at), key=lambda row: str(row.created_at), default=None)
    answer = newest.ratings.get("default_question") if newest else None
    if newest is None or answer is None:
        return None
    step = 0 if answer == 100 else (abs(answer) - 100) * (1 if answer > 0 else -1)
    return Rating(score=(step + 3) / 6, comment=newest.feedback, at=newest.created_at)
