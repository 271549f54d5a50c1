"""The views of the queue: each a page by key set on a partial index of its own, so that no page reads the table."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

from copilot.domain import Channel, DeskId, PageKey, QueuePage, QueueRow, Role, Status, TicketId, View
from copilot.store.codec import from_ms, optional_moment

_COLUMNS = """
    ticket.id, desk.name, ticket.subject, requester.name, requester.email, ticket.preview, ticket.status,
    ticket.channel, ticket.last_activity, ticket.last_role, assignee.name, ticket.mine, ticket.unread,
    ticket.escalated AND ticket.done = 0, ticket.mood, ticket.urgency, ticket.due, ticket.snoozed_until,
    ticket.draft_ready, ticket.risk,
    EXISTS (SELECT 1 FROM outbox_pending WHERE outbox_pending.ticket = ticket.id AND outbox_pending.sent = 0)
"""
_JOINS = """
CROSS JOIN desk ON desk.id = ticket.desk
CROSS JOIN person AS requester ON requester.id = ticket.requester
LEFT JOIN person AS assignee ON assignee.id = ticket.assignee
"""

# The words of each condition are those of its index: SQLite uses a partial index only where they agree.
_CONDITIONS: Mapping[View, tuple[str, str]] = {
    View.MINE: ("ticket_mine", "active = 1 AND mine = 1"),
    View.UNASSIGNED: ("ticket_unassigned", "active = 1 AND assignee IS NULL"),
    View.ESCALATED: ("ticket_escalated", "active = 1 AND escalated = 1"),
    View.AT_RISK: ("ticket_at_risk", "active = 1 AND risk > 0"),
    View.WAITING: ("ticket_waiting", "active = 1 AND waiting = 1"),
    View.SNOOZED: ("ticket_snoozed", "deleted = 0 AND snoozed_until IS NOT NULL AND done = 0"),
    View.ALL: ("ticket_all", "deleted = 0"),
}


def page_query(view: View, *, after: bool) -> str:
    """The query of a page: parameters are the key it begins after (if any), then how many rows."""
    index, condition = _CONDITIONS[view]
    key = _key(view)
    begin = f"AND ({', '.join(key)}) < ({', '.join('?' * len(key))})" if after else ""
    return (
        f"SELECT {_COLUMNS} FROM ticket INDEXED BY {index} {_JOINS} WHERE {condition} {begin} "
        f"ORDER BY {', '.join(f'{column} DESC' for column in key)} LIMIT ?"
    )


ROWS_QUERY = (
    f"SELECT {_COLUMNS} FROM json_each(?) AS wanted CROSS JOIN ticket ON ticket.id = wanted.value {_JOINS}"
)
COUNTS_QUERY = "SELECT view, tickets FROM view_count"


def read_page(db: sqlite3.Connection, view: View, after: PageKey | None, limit: int) -> QueuePage:
    """One page of a view. Raises `ValueError` for a key that is not from a page of this view."""
    key = () if after is None else _parse(view, after)
    found = db.execute(page_query(view, after=bool(key)), (*key, limit + 1)).fetchall()
    rows = found[:limit]
    more = len(found) > limit
    return QueuePage(rows=tuple(map(_queue_row, rows)), next=_page_key(view, rows[-1]) if more else None)


def read_rows(db: sqlite3.Connection, tickets: Sequence[TicketId]) -> tuple[QueueRow, ...]:
    """Queue rows in the order asked; unknown ids are left out."""
    found = {row[0]: row for row in db.execute(ROWS_QUERY, (json.dumps(list(tickets)),))}
    return tuple(_queue_row(found[ticket]) for ticket in tickets if ticket in found)


def read_counts(db: sqlite3.Connection) -> dict[View, int]:
    """How many tickets each view holds, as triggers keep count: counting 450,000 index entries takes 40 ms."""
    return {View(view): int(tickets) for view, tickets in db.execute(COUNTS_QUERY)}


def _key(view: View) -> tuple[str, ...]:
    newest_first = ("ticket.last_activity", "ticket.id")
    return ("ticket.risk", *newest_first) if view is View.AT_RISK else newest_first


def _page_key(view: View, row: tuple[Any, ...]) -> PageKey:
    ticket, last_activity, risk = row[0], row[8], row[19]
    values = (risk, last_activity, ticket) if view is View.AT_RISK else (last_activity, ticket)
    return PageKey(":".join(map(str, values)))


def _parse(view: View, key: PageKey) -> tuple[int, ...]:
    values = tuple(map(int, key.split(":")))
    if len(values) != len(_key(view)):
        raise ValueError(f"page key {key!r} is not of view {view}")
    return values


def _queue_row(row: tuple[Any, ...]) -> QueueRow:
    (
        ticket, desk, subject, requester, email, preview, status, channel, last_activity, last_role, assignee, mine,
        unread, escalated, mood, urgency, due, snoozed_until, draft_ready, _, has_unsent,
    ) = row  # fmt: skip
    return QueueRow(
        id=TicketId(ticket),
        desk=DeskId(desk),
        subject=subject,
        requester=requester or email,
        preview=preview,
        status=Status(status),
        channel=Channel(channel),
        last_activity=from_ms(last_activity),
        last_role=Role(last_role),
        assignee=assignee or "",
        mine=bool(mine),
        unread=bool(unread),
        escalated=bool(escalated),
        mood=mood,
        urgency=urgency,
        due=optional_moment(due),
        snoozed_until=optional_moment(snoozed_until),
        draft_ready=bool(draft_ready),
        has_unsent=bool(has_unsent),
    )
