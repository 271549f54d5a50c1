"""From FreeScout's records to our nouns. Pure: no network, no clock but the one the desk told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from copilot.desks.ai_agents import AiAgents
from copilot.desks.freescout.wire import ConversationRow, FieldRow, FileRow, PersonRow, ThreadRow
from copilot.desks.rest.recent import version_of
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

STATUSES = {"active": Status.OPEN, "pending": Status.PENDING, "closed": Status.SOLVED}
SETTABLE = {status: name for name, status in STATUSES.items()}
CHANNELS = {"email": Channel.EMAIL, "phone": Channel.PHONE, "chat": Channel.CHAT}
KINDS = {"customer": MessageKind.PUBLIC, "message": MessageKind.PUBLIC, "note": MessageKind.NOTE}
"""The types of threads that are messages; lineitem and those of later versions are none."""
SCORES = {1: 1.0, 2: 0.5, 3: 0.0}
"""Great, okay, not good: the order in which the Satisfaction Ratings module offers them (not verified)."""


@dataclass(frozen=True, slots=True)
class Customs:
    """What is known of this desk besides its mailboxes."""

    base: str
    ai_agents: AiAgents


def snapshot(
    row: ConversationRow, mailboxes: Mapping[int, str], customs: Customs, now: datetime | None
) -> TicketSnapshot:
    """A conversation's header. Tags come with embed=tags; spam and what was deleted is gone."""
    tags = tuple(sorted(tag.name for tag in row.embedded.tags))
    fields = fields_of(row.fields)
    assignee = None if row.assignee is None else user(row.assignee, customs)
    by = assignee.name if assignee and assignee.role is Role.AI_AGENT else ""
    return TicketSnapshot(
        remote_id=RemoteId(str(row.id)),
        subject=row.subject or "(no subject)",
        status=STATUSES.get(row.status, Status.CLOSED),
        channel=CHANNELS.get(row.type, Channel.OTHER),
        created=row.created,
        updated=row.updated or row.created,
        requester=customer(row.customer),
        version=version(row, now),
        assignee=assignee,
        group=mailboxes.get(row.mailbox, f"mailbox {row.mailbox}"),
        tags=tags,
        fields=fields,
        escalation=customs.ai_agents.escalation(tags, fields, by),
        url=f"{customs.base}/conversation/{row.number}",
        deleted=is_gone(row),
        rating=rating(row.embedded.threads),
    )


def version(row: ConversationRow, now: datetime | None) -> str:
    """The date of the last change and the number of messages: both, for the date has whole seconds."""
    gone = "gone" if is_gone(row) else ""
    return version_of(row.updated or row.created, now, also=f"{row.threads_count}{gone}")


def is_gone(row: ConversationRow) -> bool:
    """Whether nobody needs to see it any more. Drafts of new conversations are not there yet."""
    return row.state in {"deleted", "draft"} or row.status == "spam"


def fields_of(rows: Sequence[FieldRow]) -> dict[str, str]:
    """Custom fields that hold something; `text` is what a choice says, `value` its number."""
    found = {row.name or f"field {row.id}": row.text or str(row.value or "") for row in rows}
    return {name: text for name, text in sorted(found.items()) if text}


def user(row: PersonRow, customs: Customs) -> Person:
    """A user of FreeScout."""
    is_ai = customs.ai_agents.include(str(row.id), row.name, row.email)
    role = Role.AI_AGENT if is_ai else Role.REP
    return Person(remote_id=RemoteId(str(row.id)), name=row.name, email=row.email, role=role)


def customer(row: PersonRow | None) -> Person:
    """A customer; their numbers are not those of users."""
    if row is None:
        return Person(remote_id=RemoteId(""), name="(no requester)", role=Role.REQUESTER)
    return Person(
        remote_id=RemoteId(f"customer-{row.id}"), name=row.name, email=row.email, role=Role.REQUESTER
    )


def author_of(row: ThreadRow, customs: Customs) -> Person:
    """Whose words a thread has."""
    writer = row.created_by or row.customer
    if row.type == "customer" or (writer is not None and writer.type == "customer"):
        return customer(row.customer if writer is None else writer)
    if writer is None:
        return Person(remote_id=RemoteId(""), name="FreeScout", role=Role.SYSTEM)
    return user(writer, customs)


def messages(rows: Sequence[ThreadRow], customs: Customs) -> tuple[Message, ...]:
    """The published messages among the threads, oldest first: FreeScout gives the newest first."""
    shown = [row for row in rows if row.type in KINDS and row.state == "published"]
    shown.sort(key=lambda row: (row.created, row.id))
    return tuple(
        Message(
            remote_id=RemoteId(str(row.id)),
            author=author_of(row, customs),
            created=row.created,
            kind=KINDS[row.type],
            html=row.body,
            attachments=tuple(attachment(file) for file in row.embedded.attachments),
        )
        for row in shown
    )


def attachment(row: FileRow) -> Attachment:
    """A file."""
    return Attachment(
        remote_id=RemoteId(str(row.id)),
        name=row.name or f"file {row.id}",
        media_type=row.media_type or "application/octet-stream",
        size_bytes=row.size,
    )


def rating(rows: Sequence[ThreadRow]) -> Rating | None:
    """What the customer thought of the newest message that was rated."""
    rated = [row for row in rows if row.rating in SCORES]
    if not rated:
        return None
    newest = max(rated, key=lambda row: (row.created, row.id))
    return Rating(score=SCORES[newest.rating or 1], comment=newest.rating_comment)
