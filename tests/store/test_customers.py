"""A customer is one person over all desks, known by their address; without one, only on their own desk."""

from __future__ import annotations

from datetime import timedelta

import pytest

from copilot.domain import DeskId, Person, Rating, RemoteId, Role, Status, TicketId
from copilot.store import Store
from tests.store.make import DESK, NOON, REQUESTER, thread

OTHER = DeskId("other")
SAME_PERSON = Person(remote_id=RemoteId("9"), name="A. Okoye", email="Amara@Example.com")
NAMELESS = Person(remote_id=RemoteId("cust-2"), name="Visitor")


async def ticket_of(store: Store, desk: DeskId, name: str, hours: int, **other: object) -> TicketId:
    await store.tickets.put_threads(
        desk, [thread(ticket=name, subject=name, created=NOON + timedelta(hours=hours), **other)]
    )
    found = await store.tickets.find(desk, RemoteId(name))
    assert found is not None
    return found


async def test_tickets_of_one_address_come_from_every_desk_newest_first(store: Store) -> None:
    first = await ticket_of(store, DESK, "T1", 0, status=Status.SOLVED, rating=Rating(score=1.0))
    await ticket_of(store, OTHER, "X1", 5, requester=SAME_PERSON)
    await ticket_of(store, DESK, "T2", 2)
    await ticket_of(store, DESK, "T3", 3, requester=NAMELESS)
    customer = await store.customers.of_ticket(first, limit=10)
    assert customer.person == REQUESTER
    assert [(past.desk, past.subject) for past in customer.tickets] == [
        (OTHER, "X1"), (DESK, "T2"), (DESK, "T1"),
    ]  # fmt: skip
    assert (customer.total, customer.waiting, customer.since) == (3, 2, NOON)
    assert customer.tickets[-1].rating == Rating(score=1.0)


async def test_counts_are_of_all_when_fewer_are_read(store: Store) -> None:
    last = await ticket_of(store, DESK, "T0", 0)
    for number in range(1, 5):
        last = await ticket_of(store, DESK, f"T{number}", number)
    customer = await store.customers.of_ticket(last, limit=2)
    assert [past.subject for past in customer.tickets] == ["T4", "T3"]
    assert customer.total == 5


async def test_without_an_address_only_the_same_person_of_the_same_desk(store: Store) -> None:
    here = await ticket_of(store, DESK, "T1", 0, requester=NAMELESS)
    await ticket_of(store, OTHER, "X1", 1, requester=NAMELESS)
    assert (await store.customers.of_ticket(here, limit=10)).total == 1


async def test_what_a_rep_opened_is_not_mixed_with_what_their_address_asked(store: Store) -> None:
    rep = Person(remote_id=RemoteId("rep-9"), name="Rep", email=REQUESTER.email, role=Role.REP)
    await ticket_of(store, DESK, "T1", 0)
    opened = await ticket_of(store, DESK, "T2", 1, requester=rep)
    assert [past.subject for past in (await store.customers.of_ticket(opened, limit=9)).tickets] == ["T2"]


async def test_deleted_tickets_are_no_history(store: Store) -> None:
    here = await ticket_of(store, DESK, "T1", 0)
    await ticket_of(store, DESK, "T2", 1, deleted=True)
    assert (await store.customers.of_ticket(here, limit=9)).total == 1


async def test_an_unknown_ticket_has_no_customer(store: Store) -> None:
    with pytest.raises(KeyError):
        await store.customers.of_ticket(TicketId(99), limit=9)
