"""Who a requester is over all desks, and what they asked before."""

from __future__ import annotations

import sqlite3
from heapq import merge
from itertools import islice
from typing import Any

from copilot.domain import Channel, Customer, DeskId, PastTicket, Person, Role, Status, TicketId
from copilot.store.codec import from_ms
from copilot.store.database import Database
from copilot.store.people import make_person
from copilot.store.ticket_rows import rating_from_json

ASKED_BY_QUERY = """
SELECT person.desk, person.remote_id, person.name, person.email, person.role
FROM ticket CROSS JOIN person ON person.id = ticket.requester WHERE ticket.id = ?
"""
BY_EMAIL_QUERY = "SELECT id FROM person WHERE email = ? COLLATE NOCASE AND email != ''"
BY_REMOTE_ID_QUERY = "SELECT id FROM person WHERE desk = ? AND remote_id = ?"
TICKETS_QUERY = """
SELECT ticket.id, desk.name, ticket.subject, ticket.status, ticket.channel, ticket.created, ticket.rating
FROM ticket INDEXED BY ticket_requester CROSS JOIN desk ON desk.id = ticket.desk
WHERE ticket.requester = ? AND ticket.deleted = 0
ORDER BY ticket.created DESC LIMIT ?
"""
COUNT_QUERY = """
SELECT count(*), sum(done = 0), min(created)
FROM ticket INDEXED BY ticket_requester WHERE requester = ? AND deleted = 0
"""


class CustomerTable:
    """Reads of the people who ask. Two cards are one customer when they share an e-mail address."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of_ticket(self, ticket: TicketId, *, limit: int) -> Customer:
        """The requester of a ticket with their newest `limit` tickets. Raises `KeyError`."""
        return await self._database.read(lambda db: _read(db, ticket, limit))


def _read(db: sqlite3.Connection, ticket: TicketId, limit: int) -> Customer:
    found = db.execute(ASKED_BY_QUERY, (ticket,)).fetchone()
    if found is None:
        raise KeyError(ticket)
    desk, *card = found
    person = make_person(*card)
    cards = _cards(db, desk, person)
    counts = [db.execute(COUNT_QUERY, (one,)).fetchone() for one in cards]
    newest = [db.execute(TICKETS_QUERY, (one, limit)).fetchall() for one in cards]
    in_order = merge(*newest, key=lambda row: row[5], reverse=True)
    first = [begun for _, _, begun in counts if begun is not None]
    return Customer(
        person=person,
        tickets=tuple(map(_past, islice(in_order, limit))),
        total=sum(total for total, _, _ in counts),
        waiting=sum(still_open or 0 for _, still_open, _ in counts),
        since=from_ms(min(first)) if first else None,
    )


def _cards(db: sqlite3.Connection, desk: int, person: Person) -> list[int]:
    """Every card of this person; without an address only those of their own desk. A rep's card is no customer's."""
    if person.email and person.role is Role.REQUESTER:
        found = db.execute(BY_EMAIL_QUERY, (person.email,))
    else:
        found = db.execute(BY_REMOTE_ID_QUERY, (desk, person.remote_id))
    return [int(row[0]) for row in found]


def _past(row: tuple[Any, ...]) -> PastTicket:
    ticket, desk, subject, status, channel, created, rating = row
    return PastTicket(
        id=TicketId(ticket),
        desk=DeskId(desk),
        subject=subject,
        status=Status(status),
        channel=Channel(channel),
        created=from_ms(created),
        rating=rating_from_json(rating),
    )
