"""Desks and name cards: the rows that tickets and messages point at."""

from __future__ import annotations

import sqlite3

from copilot.domain import DeskId, Person, RemoteId, Role
from copilot.store.codec import storable


def desk_row(db: sqlite3.Connection, desk: DeskId) -> int | None:
    """The row of a desk that has been stored before."""
    found = db.execute("SELECT id FROM desk WHERE name = ?", (desk,)).fetchone()
    return None if found is None else int(found[0])


def add_desk(db: sqlite3.Connection, desk: DeskId) -> int:
    """The row of a desk, made at its first mention."""
    known = desk_row(db, desk)
    if known is not None:
        return known
    return int(db.execute("INSERT INTO desk (name) VALUES (?) RETURNING id", (desk,)).fetchone()[0])


def my_remote_id(db: sqlite3.Connection, desk: int) -> str | None:
    """What the desk calls the rep."""
    found = db.execute(
        "SELECT person.remote_id FROM desk JOIN person ON person.id = desk.me WHERE desk.id = ?", (desk,)
    ).fetchone()
    return None if found is None else str(found[0])


def person_remote_id(db: sqlite3.Connection, card: int | None) -> str | None:
    """What the desk calls the person on a card."""
    if card is None:
        return None
    return str(db.execute("SELECT remote_id FROM person WHERE id = ?", (card,)).fetchone()[0])


def read_person(db: sqlite3.Connection, card: int) -> Person:
    """The person on a card."""
    row = db.execute("SELECT remote_id, name, email, role FROM person WHERE id = ?", (card,)).fetchone()
    return make_person(*row)


def make_person(remote_id: str, name: str, email: str, role: str) -> Person:
    """A person from the columns of a card."""
    return Person(remote_id=RemoteId(remote_id), name=name, email=email, role=Role(role))


class Cards:
    """The name cards of one desk during one transaction."""

    def __init__(self, db: sqlite3.Connection, desk: int) -> None:
        self._db = db
        self._desk = desk
        self._known: dict[Person, int] = {}

    def card(self, person: Person) -> int:
        """The row that shows this person exactly so, made when there is none."""
        known = self._known.get(person)
        if known is None:
            known = self._known[person] = self._find(person) or self._add(person)
        return known

    def optional(self, person: Person | None) -> int | None:
        """`card`, where there is a person."""
        return None if person is None else self.card(person)

    def _find(self, person: Person) -> int | None:
        found = self._db.execute(
            "SELECT id FROM person WHERE desk = ? AND remote_id = ? AND name = ? AND email = ? AND role = ?",
            (self._desk, *_columns(person)),
        ).fetchone()
        return None if found is None else int(found[0])

    def _add(self, person: Person) -> int:
        added = self._db.execute(
            "INSERT INTO person (desk, remote_id, name, email, role) VALUES (?, ?, ?, ?, ?) RETURNING id",
            (self._desk, *_columns(person)),
        )
        return int(added.fetchone()[0])


def _columns(person: Person) -> tuple[str, str, str, str]:
    return (storable(person.remote_id), storable(person.name), storable(person.email), person.role.value)
