"""From the rows of the demo desk's file to the nouns of the domain."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from datetime import datetime

from copilot.domain import (
    Article,
    ArticleId,
    Attachment,
    Channel,
    Escalation,
    Message,
    MessageKind,
    Person,
    Priority,
    RemoteId,
    Role,
    SourceKind,
    Status,
    TicketSnapshot,
)

People = Mapping[str, Person]


def person(row: sqlite3.Row) -> Person:
    """A row of people."""
    return Person(remote_id=RemoteId(row["id"]), name=row["name"], email=row["email"], role=Role(row["role"]))


def snapshot(row: sqlite3.Row, people: People, agent: str) -> TicketSnapshot:
    """A row of tickets; `agent` is the name of the AI agent that escalates."""
    return TicketSnapshot(
        remote_id=RemoteId(row["id"]),
        subject=row["subject"],
        status=Status(row["status"]),
        channel=Channel(row["channel"]),
        created=datetime.fromisoformat(row["created"]),
        updated=datetime.fromisoformat(row["updated"]),
        requester=people[row["requester"]],
        version=str(row["seq"]),
        assignee=people[row["assignee"]] if row["assignee"] else None,
        group=row["team"],
        priority=Priority(row["priority"]) if row["priority"] else None,
        tags=tuple(json.loads(row["tags"])),
        fields=json.loads(row["fields"]),
        escalation=_escalation(row, agent),
        url=row["url"],
        deleted=bool(row["deleted"]),
        accepted_solution=RemoteId(row["accepted_solution"]) if row["accepted_solution"] else None,
    )


def _escalation(row: sqlite3.Row, agent: str) -> Escalation | None:
    if row["escalation_reason"] is None:
        return None
    return Escalation(
        by=agent,
        reason=row["escalation_reason"],
        confidence=row["escalation_confidence"],
        at=datetime.fromisoformat(row["escalated_at"]),
    )


def message(row: sqlite3.Row, people: People, attachments: tuple[Attachment, ...]) -> Message:
    """A row of messages with its attachments."""
    return Message(
        remote_id=RemoteId(row["id"]),
        author=people[row["author"]],
        created=datetime.fromisoformat(row["created"]),
        kind=MessageKind(row["kind"]),
        text=row["text"],
        html=row["html"],
        attachments=attachments,
    )


def attachment(row: sqlite3.Row) -> Attachment:
    """A row of attachments without its bytes: `size` stands for them."""
    return Attachment(
        remote_id=RemoteId(row["id"]),
        name=row["name"],
        media_type=row["media_type"],
        size_bytes=row["size"],
    )


def article(row: sqlite3.Row) -> Article:
    """A row of articles: a page of the help centre, or a macro."""
    return Article(
        id=ArticleId(row["id"]),
        title=row["title"],
        text=row["text"],
        summary=row["summary"],
        url=row["url"],
        kind=SourceKind(row["kind"]),
        updated=datetime.fromisoformat(row["updated"]) if row["updated"] else None,
    )
