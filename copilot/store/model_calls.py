"""The ledger of language models: each request before it leaves, its answer after, and what was spent."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from copilot.domain import TicketId
from copilot.store.clock import Clock
from copilot.store.codec import from_ms, new_id, storable, to_json, to_ms
from copilot.store.database import Database

BILLIONTH = Decimal(10) ** -9

_COLUMNS = """
SELECT model_call.id, at, ticket, task, prompt, provider, model, class, rule, sent, hidden,
    received, tokens_in, tokens_out, cost, seconds, outcome
FROM model_call LEFT JOIN model_answer ON model_answer.call = model_call.seq
"""
CALLS_QUERY = f"{_COLUMNS} WHERE ticket = ? ORDER BY model_call.seq"
CALL_QUERY = f"{_COLUMNS} WHERE model_call.id = ?"
SPENT_QUERY = """
SELECT coalesce(sum(cost), 0) FROM model_call CROSS JOIN model_answer ON model_answer.call = model_call.seq
WHERE at >= ?
"""
SPENT_ON_TICKET_QUERY = """
SELECT coalesce(sum(cost), 0) FROM model_call CROSS JOIN model_answer ON model_answer.call = model_call.seq
WHERE ticket = ?
"""
BY_MODEL_QUERY = """
SELECT provider, model, class, count(*),
    coalesce(sum(tokens_in), 0), coalesce(sum(tokens_out), 0), coalesce(sum(cost), 0)
FROM model_call LEFT JOIN model_answer ON model_answer.call = model_call.seq
WHERE at >= ? GROUP BY provider, model, class ORDER BY sum(cost) DESC, provider, model
"""
BY_TICKET_QUERY = """
SELECT ticket, count(*), coalesce(sum(cost), 0)
FROM model_call LEFT JOIN model_answer ON model_answer.call = model_call.seq
WHERE at >= ? AND ticket IS NOT NULL GROUP BY ticket ORDER BY sum(cost) DESC, ticket LIMIT ?
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class SentRequest:
    """A request on its way out: `sent` is the exact text, `hidden` how many pieces of personal data were taken out."""

    ticket: TicketId | None
    task: str
    prompt: str
    provider: str
    model: str
    model_class: str
    rule: str
    sent: str
    hidden: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedAnswer:
    """How a request ended; `outcome` is ``ok``, ``cancelled`` or the kind of failure. `cost` in US dollars."""

    received: str
    tokens_in: int
    tokens_out: int
    cost: Decimal
    seconds: float
    outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelCall:
    """A row of the ledger; `answer` is None while the request runs, or when the program ended during it."""

    id: str
    at: datetime
    request: SentRequest
    answer: ReceivedAnswer | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelSpending:
    """What one model was used for since a moment."""

    provider: str
    model: str
    model_class: str
    calls: int
    tokens_in: int
    tokens_out: int
    cost: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketSpending:
    """What one ticket cost since a moment."""

    ticket: TicketId
    calls: int
    cost: Decimal


class ModelCallTable:
    """Requests to language models, appended and never changed."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def send(self, request: SentRequest) -> str:
        """Write down what is about to leave; the answer is the row's id. It is on disk when this returns."""
        name, at = new_id(), self._clock()
        await self._database.write(lambda db: _append(db, name, at, request))
        return name

    async def receive(self, call: str, answer: ReceivedAnswer) -> None:
        """Write down how a request ended. Raises `KeyError` for a request that was never written down."""
        await self._database.write(lambda db: _answer(db, call, answer))

    async def of_ticket(self, ticket: TicketId) -> tuple[ModelCall, ...]:
        """All that was sent for a ticket, oldest first."""

        def work(db: sqlite3.Connection) -> tuple[ModelCall, ...]:
            return tuple(_call(row) for row in db.execute(CALLS_QUERY, (ticket,)))

        return await self._database.read(work)

    async def get(self, call: str) -> ModelCall:
        """One request. Raises `KeyError`."""

        def work(db: sqlite3.Connection) -> ModelCall:
            row = db.execute(CALL_QUERY, (call,)).fetchone()
            if row is None:
                raise KeyError(call)
            return _call(row)

        return await self._database.read(work)

    async def spent(self, since: datetime) -> Decimal:
        """US dollars since a moment."""
        return await self._sum(SPENT_QUERY, to_ms(since))

    async def spent_on(self, ticket: TicketId) -> Decimal:
        """US dollars on a ticket in all."""
        return await self._sum(SPENT_ON_TICKET_QUERY, ticket)

    async def by_model(self, since: datetime) -> tuple[ModelSpending, ...]:
        """What each model was used for since a moment, the dearest first."""
        at = to_ms(since)

        def work(db: sqlite3.Connection) -> tuple[ModelSpending, ...]:
            return tuple(
                ModelSpending(
                    provider=provider,
                    model=model,
                    model_class=model_class,
                    calls=calls,
                    tokens_in=tokens_in,
                    tokens_out=tokens_out,
                    cost=_dollars(cost),
                )
                for provider, model, model_class, calls, tokens_in, tokens_out, cost in db.execute(
                    BY_MODEL_QUERY, (at,)
                )
            )

        return await self._database.read(work)

    async def by_ticket(self, since: datetime, *, limit: int = 100) -> tuple[TicketSpending, ...]:
        """The dearest tickets since a moment."""
        at = to_ms(since)

        def work(db: sqlite3.Connection) -> tuple[TicketSpending, ...]:
            rows = db.execute(BY_TICKET_QUERY, (at, limit))
            return tuple(
                TicketSpending(ticket=TicketId(ticket), calls=calls, cost=_dollars(cost))
                for ticket, calls, cost in rows
            )

        return await self._database.read(work)

    async def _sum(self, query: str, value: int) -> Decimal:
        def work(db: sqlite3.Connection) -> Decimal:
            return _dollars(db.execute(query, (value,)).fetchone()[0])

        return await self._database.read(work)


def _append(db: sqlite3.Connection, name: str, at: int, request: SentRequest) -> None:
    db.execute(
        "INSERT INTO model_call (id, at, ticket, task, prompt, provider, model, class, rule, sent, hidden) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            name,
            at,
            request.ticket,
            request.task,
            storable(request.prompt),
            storable(request.provider),
            storable(request.model),
            request.model_class,
            storable(request.rule),
            storable(request.sent),
            to_json(dict(request.hidden)),
        ),
    )


def _answer(db: sqlite3.Connection, call: str, answer: ReceivedAnswer) -> None:
    found = db.execute("SELECT seq FROM model_call WHERE id = ?", (call,)).fetchone()
    if found is None:
        raise KeyError(call)
    db.execute(
        "INSERT INTO model_answer (call, received, tokens_in, tokens_out, cost, seconds, outcome) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            found[0],
            storable(answer.received),
            answer.tokens_in,
            answer.tokens_out,
            int((answer.cost / BILLIONTH).to_integral_value()),
            answer.seconds,
            answer.outcome,
        ),
    )


def _call(row: tuple[object, ...]) -> ModelCall:
    name, at, ticket, task, prompt, provider, model, model_class, rule, sent, hidden, *answer = row
    return ModelCall(
        id=str(name),
        at=from_ms(int(str(at))),
        request=SentRequest(
            ticket=None if ticket is None else TicketId(int(str(ticket))),
            task=str(task),
            prompt=str(prompt),
            provider=str(provider),
            model=str(model),
            model_class=str(model_class),
            rule=str(rule),
            sent=str(sent),
            hidden=json.loads(str(hidden)),
        ),
        answer=None if answer[0] is None else _received(answer),
    )


def _received(columns: list[object]) -> ReceivedAnswer:
    received, tokens_in, tokens_out, cost, seconds, outcome = columns
    return ReceivedAnswer(
        received=str(received),
        tokens_in=int(str(tokens_in)),
        tokens_out=int(str(tokens_out)),
        cost=_dollars(int(str(cost))),
        seconds=float(str(seconds)),
        outcome=str(outcome),
    )


def _dollars(billionths: int) -> Decimal:
    return billionths * BILLIONTH if billionths else Decimal(0)  # not 0E-9
