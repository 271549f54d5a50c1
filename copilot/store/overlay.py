"""Lays the rep's unsent changes over what the desk says of a ticket, and takes them off again."""

from __future__ import annotations

import json
import sqlite3
from typing import assert_never

from copilot.domain import (
    Assign,
    Command,
    Merge,
    Note,
    OutboxState,
    Reply,
    SetFields,
    SetStatus,
    SetTags,
    Status,
)
from copilot.store.codec import fields_from_json, fields_to_json, storable, texts_to_json, to_json
from copilot.store.payloads import command_from_json
from copilot.store.people import Cards, my_remote_id, person_remote_id
from copilot.store.risk import risk
from copilot.store.ticket_rows import Row

SHOWN = ("status", "assignee", "group_name", "tags", "fields")
"""The columns that commands change."""

# A blocked or failed command may never be carried out, and its ticket must not hide behind it.
_LAID_OVER = tuple(
    state.value for state in (OutboxState.HELD, OutboxState.SENDING, OutboxState.WAITING, OutboxState.SENT)
)
UNSENT_QUERY = f"""
SELECT outbox.kind, outbox.payload
FROM outbox_pending
CROSS JOIN outbox ON outbox.seq = outbox_pending.entry
CROSS JOIN outbox_step ON outbox_step.seq = (SELECT max(seq) FROM outbox_step WHERE entry = outbox.seq)
WHERE outbox_pending.ticket = ? AND outbox_step.state IN ({", ".join("?" * len(_LAID_OVER))})
ORDER BY outbox_pending.entry
"""


def desk_row_of(row: Row) -> Row:
    """The row as the desk has it, without our changes."""
    if row["desk_values"] is None:
        return dict(row)
    values: Row = json.loads(row["desk_values"])
    return row | values | {"desk_values": None}


def settle(db: sqlite3.Connection, row: Row, now: int) -> Row:
    """The row as the rep shall see it: `row` holds the desk's values; `now` in ms."""
    shown = dict(row)
    cards = Cards(db, row["desk"])
    for kind, payload in db.execute(UNSENT_QUERY, (row.get("id"), *_LAID_OVER)).fetchall():
        _lay_over(shown, command_from_json(kind, payload), cards)
    desk_values = {name: row[name] for name in SHOWN}
    shown["desk_values"] = None
    if any(shown[name] != value for name, value in desk_values.items()):
        shown["desk_values"] = to_json(desk_values)
    _place(db, shown, now)
    return shown


def _lay_over(row: Row, command: Command, cards: Cards) -> None:
    match command:
        case Reply(status=Status() as status) | SetStatus(status=status):
            row["status"] = status.value
        case Reply() | Note() | Merge():
            pass
        case Assign(person=person, group=group):
            # As on the desks: a group alone takes the ticket from the person who had it.
            row["assignee"] = cards.optional(person)
            row["group_name"] = row["group_name"] if group is None else storable(group)
        case SetTags(tags=tags):
            row["tags"] = texts_to_json(tags)
        case SetFields(fields=fields):
            row["fields"] = fields_to_json(fields_from_json(row["fields"]) | dict(fields))
        case _:
            assert_never(command)


def _place(db: sqlite3.Connection, row: Row, now: int) -> None:
    assignee = person_remote_id(db, row["assignee"])
    row["mine"] = int(assignee is not None and assignee == my_remote_id(db, row["desk"]))
    assessed = risk(urgency=row["urgency"], mood=row["mood"], due=row["due"], now=now)
    row["risk"] = assessed.points
    row["risk_until"] = None if Status(row["status"]).is_done or row["deleted"] else assessed.until
