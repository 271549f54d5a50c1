"""Facts about tickets that only we know: who the rep is, what was read, what is put aside until when."""

from __future__ import annotations

import sqlite3

from copilot.domain import DeskId, Person, TicketId
from copilot.store.changed import Changed
from copilot.store.overlay import desk_row_of, settle
from copilot.store.people import Cards, add_desk, desk_row, my_remote_id
from copilot.store.ticket_rows import read_row, update_row

NEWLY_MINE_QUERY = """
SELECT ticket.id FROM person CROSS JOIN ticket INDEXED BY ticket_assignee ON ticket.assignee = person.id
WHERE person.desk = ? AND person.remote_id IN (?, ?)
"""
OVER_QUERY = "SELECT id FROM ticket WHERE snoozed_until IS NOT NULL AND snoozed_until <= ?"
RISEN_QUERY = "SELECT id FROM ticket WHERE risk_until IS NOT NULL AND risk_until <= ?"


def set_me(db: sqlite3.Connection, desk: DeskId, me: Person) -> Changed:
    """Remember the rep, and set what is theirs now and what no longer is."""
    row = add_desk(db, desk)
    before = my_remote_id(db, row)
    card = Cards(db, row).card(me)
    db.execute("UPDATE desk SET me = ? WHERE id = ? AND me IS NOT ?", (card, row, card))
    after = my_remote_id(db, row)
    if before == after:
        return Changed()
    theirs = [ticket for (ticket,) in db.execute(NEWLY_MINE_QUERY, (row, before, after))]
    changed = [ticket for ticket in theirs if _set_mine(db, ticket, after)]
    return Changed(tickets=frozenset(changed))


def _set_mine(db: sqlite3.Connection, ticket: TicketId, me: str | None) -> bool:
    mine = "SELECT remote_id FROM person WHERE person.id = ticket.assignee"
    written = db.execute(
        f"UPDATE ticket SET mine = (({mine}) = ?) WHERE id = ? AND mine <> (({mine}) = ?)", (me, ticket, me)
    )
    return written.rowcount > 0


def mark_read(db: sqlite3.Connection, ticket: TicketId) -> Changed:
    """The thread has been seen."""
    written = db.execute("UPDATE ticket SET unread = 0 WHERE id = ? AND unread = 1", (ticket,))
    return _changed(ticket, written)


def snooze(db: sqlite3.Connection, ticket: TicketId, until: int | None) -> Changed:
    """Put aside until `until` (ms), or bring back."""
    written = db.execute(
        "UPDATE ticket SET snoozed_until = ? WHERE id = ? AND snoozed_until IS NOT ?", (until, ticket, until)
    )
    return _changed(ticket, written)


def wake(db: sqlite3.Connection, now: int) -> Changed:
    """End the snoozes that are over at `now` (ms) and assess again what time has brought into danger."""
    over = {TicketId(ticket) for (ticket,) in db.execute(OVER_QUERY, (now,)).fetchall()}
    db.executemany("UPDATE ticket SET snoozed_until = NULL WHERE id = ?", [(ticket,) for ticket in over])
    risen = {TicketId(ticket) for (ticket,) in db.execute(RISEN_QUERY, (now,)).fetchall()}
    for ticket in risen:
        row = read_row(db, ticket)
        update_row(db, row, settle(db, desk_row_of(row), now))
    return Changed(tickets=frozenset(over | risen))


def retire(db: sqlite3.Connection, desk: DeskId) -> Changed:
    """Take a desk's tickets out of all views and forget how far its changes were read."""
    row = desk_row(db, desk)
    db.execute("DELETE FROM sync_cursor WHERE desk = ?", (row,))
    gone = db.execute(
        "UPDATE ticket SET deleted = 1, version = '', risk_until = NULL WHERE desk = ? AND deleted = 0 RETURNING id",
        (row,),
    ).fetchall()
    return Changed(tickets=frozenset(TicketId(ticket) for (ticket,) in gone))


def _changed(ticket: TicketId, written: sqlite3.Cursor) -> Changed:
    return Changed(tickets=frozenset({ticket} if written.rowcount else ()))
