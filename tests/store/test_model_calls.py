from __future__ import annotations

import sqlite3
from datetime import timedelta
from decimal import Decimal

import pytest

from copilot.domain import RemoteId, TicketId
from copilot.store import Store
from copilot.store.model_calls import ModelCallTable, ReceivedAnswer, SentRequest
from tests.store.conftest import SetClock
from tests.store.make import DESK, NOON, message, thread


def request(ticket: int | None = None, model: str = "small", sent: str = "Dear [name 1]\x00") -> SentRequest:
    return SentRequest(
        ticket=None if ticket is None else TicketId(ticket),
        task="draft",
        prompt="draft@3",
        provider="local",
        model=model,
        model_class="local",
        rule="routine",
        sent=sent,
        hidden={"name": 1},
    )


def answer(cost: str = "0.000000001", outcome: str = "ok") -> ReceivedAnswer:
    return ReceivedAnswer(
        received='{"text": "…"}',
        tokens_in=10,
        tokens_out=5,
        cost=Decimal(cost),
        seconds=0.5,
        outcome=outcome,
    )


@pytest.fixture
async def ticket(store: Store) -> TicketId:
    await store.tickets.put_threads(DESK, [thread(message("m1"))])
    found = await store.tickets.find(DESK, RemoteId("T1"))
    assert found is not None
    return found


async def spend(table: ModelCallTable, cost: str, ticket: int | None = None, model: str = "small") -> None:
    await table.receive(await table.send(request(ticket, model)), answer(cost))


async def test_a_request_stands_there_before_its_answer(store: Store, ticket: TicketId) -> None:
    table = store.model_calls
    call = await table.send(request(ticket))
    (waiting,) = await table.of_ticket(ticket)
    assert (waiting.id, waiting.at, waiting.answer) == (call, NOON, None)
    assert waiting.request.sent == "Dear [name 1]\N{REPLACEMENT CHARACTER}"
    assert waiting.request.hidden == {"name": 1}
    await table.receive(call, answer())
    assert (await table.get(call)).answer == answer()


async def test_rows_are_only_ever_appended(store: Store) -> None:
    table = store.model_calls
    await spend(table, "1")
    for statement in (
        "UPDATE model_call SET sent = ''",
        "DELETE FROM model_call",
        "UPDATE model_answer SET cost = 0",
        "DELETE FROM model_answer",
    ):
        with pytest.raises(sqlite3.IntegrityError, match="only ever appended"):
            await table._database.write(lambda db, statement=statement: db.execute(statement))  # type: ignore[misc]


async def test_an_answer_to_nothing_is_refused(store: Store) -> None:
    with pytest.raises(KeyError):
        await store.model_calls.receive("nobody", answer())
    with pytest.raises(KeyError):
        await store.model_calls.get("nobody")


async def test_money_adds_up_exactly(store: Store, clock: SetClock, ticket: TicketId) -> None:
    table = store.model_calls
    for _ in range(10):
        await spend(table, "0.1")
    assert await table.spent(NOON) == Decimal(1)
    clock.move(timedelta(days=1))
    await spend(table, "0.000000001", ticket, model="big")
    assert await table.spent(NOON + timedelta(hours=1)) == Decimal("0.000000001")
    assert await table.spent(NOON) == Decimal("1.000000001")
    assert await table.spent_on(ticket) == Decimal("0.000000001")
    assert await table.spent_on(TicketId(99)) == 0


async def test_spending_by_model_and_ticket(store: Store, ticket: TicketId) -> None:
    table = store.model_calls
    await spend(table, "0.5", ticket)
    await spend(table, "2", model="big")
    await table.send(request(ticket))  # still under way
    models = await table.by_model(NOON)
    assert [(one.model, one.calls, one.tokens_in, one.cost) for one in models] == [
        ("big", 1, 10, Decimal(2)),
        ("small", 2, 10, Decimal("0.5")),
    ]
    (of_ticket,) = await table.by_ticket(NOON)
    assert (of_ticket.ticket, of_ticket.calls, of_ticket.cost) == (ticket, 2, Decimal("0.5"))
