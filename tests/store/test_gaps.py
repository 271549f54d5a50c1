from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from copilot.domain import (
    Abstention,
    AnswerId,
    Decision,
    DecisionId,
    DecisionKind,
    Draft,
    Escalation,
    RemoteId,
    TicketId,
)
from copilot.store import Store
from copilot.store.gaps import ReviewState
from tests.store.make import DESK, NOON, brief, draft, message, thread

NOTHING = Abstention(reason="Nothing was found.", missing=("An article",))
IDLE = Abstention(reason="The ticket is solved.")


@pytest.fixture
async def ticket(store: Store) -> TicketId:
    await store.tickets.put_threads(DESK, [thread(message("m1"))])
    found = await store.tickets.find(DESK, RemoteId("T1"))
    assert found is not None
    return found


async def say(store: Store, ticket: TicketId, name: str, content: Draft | Abstention) -> None:
    version = (await store.tickets.get(ticket)).thread_version
    made = brief(name, ticket, version, content=content)
    suggestion = replace(made.suggestion, content=content, cost=Decimal("0.02"))
    await store.books.put_brief(replace(made, suggestion=suggestion))


async def decide(store: Store, suggestion: str, kind: DecisionKind) -> None:
    from copilot.domain import SuggestionId

    decision = Decision(
        id=DecisionId(f"{suggestion} {kind}"),
        suggestion=SuggestionId(suggestion),
        kind=kind,
        at=NOON,
        seconds=12,
    )
    await store.books.decide(decision)


async def test_an_abstention_is_a_gap_until_something_is_found(store: Store, ticket: TicketId) -> None:
    assert await store.gaps.tickets(10) == ()
    await say(store, ticket, "a", NOTHING)
    (gap,) = await store.gaps.tickets(10)
    assert (gap.ticket, gap.found_nothing, gap.escalated, gap.cost) == (ticket, True, False, Decimal("0.02"))
    await say(store, ticket, "b", IDLE)
    assert len(await store.gaps.tickets(10)) == 1, "that it is solved by now does not say that it was found"
    await say(store, ticket, "c", draft(ticket))
    assert await store.gaps.tickets(10) == ()


async def test_having_nothing_to_answer_is_no_gap(store: Store, ticket: TicketId) -> None:
    await say(store, ticket, "a", IDLE)
    assert await store.gaps.tickets(10) == ()


async def test_an_escalation_of_the_ai_agent_is_a_gap_with_its_reason(store: Store) -> None:
    handed_on = Escalation(by="Birdie", reason="Possible data loss")
    await store.tickets.put_threads(DESK, [thread(message("m1"), escalation=handed_on)])
    (gap,) = await store.gaps.tickets(10)
    assert (gap.escalated, gap.found_nothing, gap.reason) == (True, False, "Possible data loss")
    assert await store.gaps.escalated(10) == (gap,)


async def test_an_escalation_of_a_rep_counts_until_it_is_undone(store: Store, ticket: TicketId) -> None:
    await say(store, ticket, "a", draft(ticket))
    made = await store.books.brief(ticket)
    assert made is not None
    await decide(store, made.suggestion.id, DecisionKind.ESCALATED)
    (gap,) = await store.gaps.escalated(10)
    assert (gap.ticket, gap.seconds) == (ticket, 12)
    await decide(store, made.suggestion.id, DecisionKind.UNDONE)
    assert await store.gaps.escalated(10) == ()


async def test_the_last_step_says_where_a_ticket_stands(store: Store, ticket: TicketId) -> None:
    assert await store.gaps.steps([ticket]) == {}
    await store.gaps.mark(ticket, ReviewState.SKIPPED)
    await store.gaps.mark(ticket, ReviewState.DONE, AnswerId("proxy"))
    step = (await store.gaps.steps([ticket]))[ticket]
    assert (step.state, step.answer) == (ReviewState.DONE, "proxy")
    with pytest.raises(KeyError):
        await store.gaps.mark(TicketId(99), ReviewState.DONE)
