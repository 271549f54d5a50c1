"""Rows of the table `ticket`: as a `Ticket`, and as a mapping that a write works on."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from copilot.domain import (
    Channel,
    DeskId,
    Escalation,
    Priority,
    Rating,
    RemoteId,
    Status,
    ThreadVersion,
    Ticket,
    TicketId,
)
from copilot.store.codec import (
    fields_from_json,
    from_ms,
    optional_moment,
    optional_ms,
    storable,
    texts_from_json,
    to_json,
)
from copilot.store.people import read_person

Row = dict[str, Any]

STORED = (
    "desk", "remote_id", "version", "subject", "channel", "created", "updated", "requester", "status", "assignee",
    "group_name", "tags", "fields", "priority", "escalation", "due", "url", "deleted", "accepted_solution",
    "rating", "reply_until", "desk_values", "thread_version", "message_count", "preview", "last_activity", "last_role",
    "escalated", "mine", "risk", "risk_until", "unread", "snoozed_until", "mood", "urgency", "draft_ready",
)  # fmt: skip
BY_ID_QUERY = f"SELECT id, {', '.join(STORED)} FROM ticket WHERE id = ?"
BY_REMOTE_ID_QUERY = f"SELECT id, {', '.join(STORED)} FROM ticket WHERE desk = ? AND remote_id = ?"


def read_row(db: sqlite3.Connection, ticket: TicketId) -> Row:
    """A ticket's stored columns. Raises `KeyError` for an id that never existed."""
    found = db.execute(BY_ID_QUERY, (ticket,)).fetchone()
    if found is None:
        raise KeyError(ticket)
    return _row(found)


def find_row(db: sqlite3.Connection, desk: int, remote_id: str) -> Row | None:
    """The stored columns of a desk's ticket."""
    found = db.execute(BY_REMOTE_ID_QUERY, (desk, remote_id)).fetchone()
    return None if found is None else _row(found)


def insert_row(db: sqlite3.Connection, row: Row) -> TicketId:
    """Add a ticket; its id."""
    marks = ", ".join("?" * len(STORED))
    added = db.execute(
        f"INSERT INTO ticket ({', '.join(STORED)}) VALUES ({marks}) RETURNING id",
        [row[name] for name in STORED],
    )
    return TicketId(added.fetchone()[0])


def update_row(db: sqlite3.Connection, old: Row, new: Row) -> bool:
    """Write the columns that differ; whether any did."""
    differing = [name for name in STORED if old[name] != new[name]]
    if not differing:
        return False
    settings = ", ".join(f"{name} = ?" for name in differing)
    db.execute(f"UPDATE ticket SET {settings} WHERE id = ?", [*(new[name] for name in differing), old["id"]])
    return True


def read_ticket(db: sqlite3.Connection, ticket: TicketId) -> Ticket:
    """The header. Raises `KeyError` for an id that never existed."""
    row = read_row(db, ticket)
    desk = db.execute("SELECT name FROM desk WHERE id = ?", (row["desk"],)).fetchone()[0]
    return Ticket(
        id=ticket,
        desk=DeskId(desk),
        remote_id=RemoteId(row["remote_id"]),
        version=row["version"],
        subject=row["subject"],
        status=Status(row["status"]),
        channel=Channel(row["channel"]),
        created=from_ms(row["created"]),
        updated=from_ms(row["updated"]),
        requester=read_person(db, row["requester"]),
        assignee=None if row["assignee"] is None else read_person(db, row["assignee"]),
        group=row["group_name"],
        priority=None if row["priority"] is None else Priority(row["priority"]),
        tags=texts_from_json(row["tags"]),
        fields=fields_from_json(row["fields"]),
        escalation=escalation_from_json(row["escalation"]),
        due=optional_moment(row["due"]),
        url=row["url"],
        deleted=bool(row["deleted"]),
        accepted_solution=row["accepted_solution"],
        rating=rating_from_json(row["rating"]),
        reply_until=optional_moment(row["reply_until"]),
        thread_version=ThreadVersion(row["thread_version"]),
        message_count=row["message_count"],
        unread=bool(row["unread"]),
        snoozed_until=optional_moment(row["snoozed_until"]),
    )


def escalation_to_json(escalation: Escalation | None) -> str | None:
    """An escalation as one column."""
    if escalation is None:
        return None
    return to_json(
        {
            "by": storable(escalation.by),
            "reason": storable(escalation.reason),
            "confidence": escalation.confidence,
            "at": optional_ms(escalation.at),
        }
    )


def escalation_from_json(column: str | None) -> Escalation | None:
    """The escalation that `escalation_to_json` wrote down."""
    if column is None:
        return None
    values = json.loads(column)
    return Escalation(
        by=values["by"],
        reason=values["reason"],
        confidence=values["confidence"],
        at=optional_moment(values["at"]),
    )


def rating_to_json(rating: Rating | None) -> str | None:
    """A rating as one column."""
    if rating is None:
        return None
    return to_json({"score": rating.score, "comment": storable(rating.comment), "at": optional_ms(rating.at)})


def rating_from_json(column: str | None) -> Rating | None:
    """The rating that `rating_to_json` wrote down."""
    if column is None:
        return None
    values = json.loads(column)
    return Rating(score=values["score"], comment=values["comment"], at=optional_moment(values["at"]))


def _row(columns: tuple[Any, ...]) -> Row:
    return dict(zip(("id", *STORED), columns, strict=True))
