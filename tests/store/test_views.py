from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from copilot.domain import (
    Abstention,
    Escalation,
    MessageKind,
    PageKey,
    QueueRow,
    RemoteId,
    Sentiment,
    Status,
    Thread,
    TicketId,
    Urgency,
    View,
)
from copilot.store import Store
from tests.store.conftest import SetClock
from tests.store.make import AI_AGENT, COLLEAGUE, DESK, ME, NOON, brief, message, thread

HOUR = timedelta(hours=1)


async def put(store: Store, *threads: Thread) -> list[TicketId]:
    await store.tickets.put_threads(DESK, threads)
    found = [await store.tickets.find(DESK, each.snapshot.remote_id) for each in threads]
    return [ticket for ticket in found if ticket is not None]


async def view(store: Store, wanted: View) -> list[TicketId]:
    return [row.id for row in (await store.tickets.page(wanted)).rows]


async def memberships(store: Store, ticket: TicketId) -> set[View]:
    return {each for each in View if ticket in await view(store, each)}


async def test_mine_is_what_is_assigned_to_me_and_not_done(store: Store) -> None:
    await store.tickets.set_me(DESK, ME)
    mine, _, _ = await put(
        store,
        thread(ticket="mine", assignee=ME),
        thread(ticket="done", assignee=ME, status=Status.SOLVED),
        thread(ticket="hers", assignee=COLLEAGUE),
    )
    assert await view(store, View.MINE) == [mine]
    assert (await store.tickets.rows([mine]))[0].mine


async def test_set_me_moves_what_is_stored_already(store: Store) -> None:
    mine, hers, nobodys = await put(
        store,
        thread(ticket="mine", assignee=ME),
        thread(ticket="hers", assignee=COLLEAGUE),
        thread(ticket="nobodys"),
    )
    assert (await store.tickets.set_me(DESK, ME)).tickets == {mine}
    assert not (await store.tickets.set_me(DESK, ME)).tickets
    assert (await store.tickets.set_me(DESK, COLLEAGUE)).tickets == {mine, hers}
    assert await view(store, View.MINE) == [hers]
    assert await view(store, View.UNASSIGNED) == [nobodys]


async def test_a_new_name_of_mine_keeps_my_tickets(store: Store) -> None:
    await store.tickets.set_me(DESK, ME)
    renamed = type(ME)(remote_id=ME.remote_id, name="Ines Eze", role=ME.role)
    (mine,) = await put(store, thread(assignee=renamed))
    assert not (await store.tickets.set_me(DESK, renamed)).tickets
    assert await view(store, View.MINE) == [mine]


async def test_escalated_until_a_rep_writes_to_the_requester(store: Store) -> None:
    escalation = Escalation(by="bot", reason="asked for a person", at=NOON + timedelta(minutes=3))
    asked = [message("m1"), message("m2", author=AI_AGENT)]
    note = message("m4", "on it", author=ME, kind=MessageKind.NOTE)
    (ticket,) = await put(store, thread(*asked, note, escalation=escalation, assignee=ME))
    assert await view(store, View.ESCALATED) == [ticket]
    assert (await store.tickets.rows([ticket]))[0].escalated
    await put(store, thread(*asked, note, message("m5", author=ME), escalation=escalation, assignee=ME))
    assert await view(store, View.ESCALATED) == []
    assert not (await store.tickets.rows([ticket]))[0].escalated


async def test_a_reply_before_the_escalation_does_not_answer_it(store: Store) -> None:
    early = message("m1", author=COLLEAGUE)
    later = Escalation(by="bot", reason="angry", at=NOON + timedelta(minutes=5))
    undated = Escalation(by="bot", reason="angry")
    dated, after_ai = await put(
        store,
        thread(early, ticket="dated", escalation=later),
        thread(early, message("m2", author=AI_AGENT), ticket="after the AI agent", escalation=undated),
    )
    assert set(await view(store, View.ESCALATED)) == {dated, after_ai}


async def test_waiting_is_pending_or_on_hold(store: Store) -> None:
    pending, hold, _ = await put(
        store,
        thread(ticket="pending", status=Status.PENDING),
        thread(ticket="hold", status=Status.HOLD),
        thread(ticket="open"),
    )
    assert set(await view(store, View.WAITING)) == {pending, hold}


async def test_a_snoozed_ticket_is_in_its_view_and_in_all(store: Store) -> None:
    await store.tickets.set_me(DESK, ME)
    (ticket,) = await put(store, thread(assignee=ME, due=NOON, escalation=Escalation(by="bot", reason="")))
    assert await memberships(store, ticket) == {View.MINE, View.AT_RISK, View.ESCALATED, View.ALL}
    until = NOON + HOUR
    assert (await store.tickets.snooze(ticket, until)).tickets == {ticket}
    assert not (await store.tickets.snooze(ticket, until)).tickets
    assert await memberships(store, ticket) == {View.SNOOZED, View.ALL}
    assert (await store.tickets.rows([ticket]))[0].snoozed_until == until
    assert not (await store.tickets.wake(until - timedelta(seconds=1))).tickets
    assert (await store.tickets.wake(until)).tickets == {ticket}
    assert View.MINE in await memberships(store, ticket)
    await store.tickets.snooze(ticket, until)
    assert (await store.tickets.snooze(ticket, None)).tickets == {ticket}


async def test_time_alone_puts_a_ticket_at_risk(store: Store, clock: SetClock) -> None:
    due = NOON + 10 * HOUR
    soon, _ = await put(
        store, thread(ticket="soon", due=due), thread(ticket="done", due=due, status=Status.SOLVED)
    )
    assert await view(store, View.AT_RISK) == []
    assert not (await store.tickets.wake(clock.move(5 * HOUR))).tickets
    assert (await store.tickets.wake(clock.move(HOUR))).tickets == {soon}
    assert await view(store, View.AT_RISK) == [soon]
    assert not (await store.tickets.wake(clock.move(HOUR))).tickets
    assert (await store.tickets.wake(clock.move(3 * HOUR))).tickets == {soon}
    assert not (await store.tickets.wake(clock.move(HOUR))).tickets


async def test_at_risk_has_the_most_urgent_first(store: Store) -> None:
    calm, angry, now, late_and_now = await put(
        store,
        thread(ticket="calm"),
        thread(ticket="angry"),
        thread(ticket="now"),
        thread(ticket="late", due=NOON),
    )
    for ticket, level, mood in ((calm, 1, -0.4), (angry, 0, -0.5), (now, 3, 0.0), (late_and_now, 3, -0.9)):
        version = (await store.tickets.get(ticket)).thread_version
        made = brief(
            str(ticket),
            ticket,
            version,
            content=Abstention(reason="no article"),
            urgency=Urgency(level=level, confidence=1),
            sentiment=Sentiment(score=mood, confidence=1),
        )
        await store.books.put_brief(made)
    assert await view(store, View.AT_RISK) == [late_and_now, now, angry]


async def test_rows_come_in_the_order_asked(store: Store) -> None:
    tickets = await put(store, *(thread(ticket=f"T{number}") for number in range(5)))
    asked = [tickets[3], TicketId(999), tickets[0], tickets[3]]
    assert [row.id for row in await store.tickets.rows(asked)] == [tickets[3], tickets[0], tickets[3]]


@pytest.mark.parametrize("wanted", list(View))
async def test_pages_join_without_gap_or_repeat(store: Store, wanted: View) -> None:
    await store.tickets.set_me(DESK, ME)
    same_minute = [
        thread(
            message(f"m{number // 4}", author=AI_AGENT),
            ticket=f"T{number}",
            assignee=None if wanted is View.UNASSIGNED else ME,
            status=Status.PENDING if number % 2 else Status.OPEN,
            due=NOON + timedelta(hours=number % 3 * 2 - 1),
            escalation=Escalation(by="bot", reason=""),
        )
        for number in range(23)
    ]
    tickets = await put(store, *same_minute)
    if wanted is View.SNOOZED:
        for ticket in tickets:
            await store.tickets.snooze(ticket, NOON + HOUR)
    whole = (await store.tickets.page(wanted)).rows
    paged: list[QueueRow] = []
    after: PageKey | None = None
    while True:
        page = await store.tickets.page(wanted, after=after, limit=4)
        paged.extend(page.rows)
        after = page.next
        if after is None:
            break
    assert tuple(paged) == whole
    assert len(whole) == (await store.tickets.counts())[wanted] > 10
    if wanted is not View.AT_RISK:
        assert [row.last_activity for row in whole] == sorted(
            (row.last_activity for row in whole), reverse=True
        )


async def test_a_full_last_page_says_it_is_the_last(store: Store) -> None:
    await put(store, thread(ticket="T1"), thread(ticket="T2"))
    assert (await store.tickets.page(View.ALL, limit=2)).next is None


@pytest.mark.parametrize("key", ["1:2:3", "1", "x:y", ""])
async def test_a_foreign_page_key_is_refused(store: Store, key: str) -> None:
    with pytest.raises(ValueError, match=r"page key|invalid literal"):
        await store.tickets.page(View.ALL, after=PageKey(key))


ANY_THREADS = st.lists(
    st.builds(
        lambda number, status, assignee, hours, escalated, snoozed: (
            thread(
                ticket=f"T{number}",
                status=status,
                assignee=assignee,
                due=None if hours is None else NOON + timedelta(hours=hours),
                escalation=Escalation(by="bot", reason="") if escalated else None,
            ),
            snoozed,
        ),
        st.integers(0, 5),
        st.sampled_from(Status),
        st.sampled_from([None, ME, COLLEAGUE]),
        st.none() | st.integers(-2, 8),
        st.booleans(),
        st.booleans(),
    ),
    max_size=12,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=ANY_THREADS)
async def test_every_view_holds_exactly_what_its_words_say(
    steps: list[tuple[Thread, bool]], empty: Path, tmp_path_factory: pytest.TempPathFactory, clock: SetClock
) -> None:
    path = tmp_path_factory.mktemp("views") / "workspace.sqlite3"
    shutil.copy(empty, path)
    store = await Store.open(path, clock=clock)
    try:
        await store.tickets.set_me(DESK, ME)
        latest: dict[TicketId, tuple[Thread, bool]] = {}
        for step, snoozed in steps:
            (ticket,) = await put(store, step)
            await store.tickets.snooze(ticket, NOON + HOUR if snoozed else None)
            latest[ticket] = (step, snoozed)
        counts = await store.tickets.counts()
        for wanted in View:
            expected = {ticket for ticket, state in latest.items() if _belongs(wanted, *state)}
            assert set(await view(store, wanted)) == expected
            assert counts[wanted] == len(expected)
    finally:
        await store.aclose()


def _belongs(wanted: View, of: Thread, snoozed: bool) -> bool:
    said = of.snapshot
    active = not said.status.is_done and not snoozed
    return {
        View.MINE: active and said.assignee == ME,
        View.UNASSIGNED: active and said.assignee is None,
        View.ESCALATED: active and said.escalation is not None,
        View.AT_RISK: active and said.due is not None and said.due <= NOON + 4 * HOUR,
        View.WAITING: active and said.status in {Status.PENDING, Status.HOLD},
        View.SNOOZED: snoozed and not said.status.is_done,
        View.ALL: True,
    }[wanted]


async def test_an_unknown_ticket_can_be_read_and_snoozed_without_effect(store: Store) -> None:
    assert not (await store.tickets.mark_read(TicketId(9))).tickets
    assert not (await store.tickets.snooze(TicketId(9), NOON)).tickets
    assert await store.tickets.find(DESK, RemoteId("9")) is None
