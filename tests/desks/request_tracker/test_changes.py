"""Reading changes: nothing is missed, nothing is read for ever, and a quiet poll is one request."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from copilot.desks.base import Cursor
from copilot.desks.request_tracker.connecting import Options, RequestTracker, connect
from copilot.desks.request_tracker.place import SETTLE, place_of
from copilot.domain import DeskId
from copilot.errors import BadDataError, PermissionDeniedError
from tests.desks.request_tracker.fake_rt import ADDRESS, TOKEN, FakeRt, Reader

SETTLE_SECONDS = SETTLE.total_seconds()


@pytest.fixture
def rt() -> FakeRt:
    return FakeRt()


@pytest.fixture
async def desk(rt: FakeRt) -> AsyncIterator[RequestTracker]:
    desk = await rt.desk()
    yield desk
    await desk.aclose()


@pytest.fixture
def reader(rt: FakeRt, desk: RequestTracker) -> Reader:
    return Reader(rt, desk)


async def test_the_first_reading_begins_with_what_needs_somebody_newest_first(
    rt: FakeRt, desk: RequestTracker
) -> None:
    for status in ("resolved", "new", "open"):
        for _ in range(150):
            rt.open_ticket(status=status)
    pages = [page async for page in desk.changes(None)]
    assert [len(page.tickets) for page in pages] == [100, 100, 100, 100, 50]
    assert [page.remaining for page in pages] == [350, 250, 150, 50, 0]
    assert [int(t.remote_id) for page in pages for t in page.tickets] == list(range(450, 0, -1))
    assert {t.version for t in pages[0].tickets} == {str(n) for n in range(351, 451)}


async def test_a_poll_without_change_is_one_request_and_no_page(
    rt: FakeRt, desk: RequestTracker, reader: Reader
) -> None:
    rt.open_ticket()
    rt.pass_time(SETTLE_SECONDS)
    await reader.poll()
    rt.asked.clear()
    assert [page async for page in desk.changes(reader.cursor)] == []
    assert rt.asked == ["transactions"]


async def test_changes_are_told_once_and_looked_at_once_more(rt: FakeRt, reader: Reader) -> None:
    first, second = rt.open_ticket(), rt.open_ticket()
    await reader.poll()
    rt.record(first)
    rt.record(first)
    assert await reader.poll() == 1
    rt.asked.clear()
    assert await reader.poll() == 0
    assert rt.asked == ["transactions"]
    rt.pass_time(SETTLE_SECONDS + 1)
    rt.asked.clear()
    assert await reader.poll() == 0
    assert rt.asked == ["transactions", "transactions"]
    rt.asked.clear()
    assert await reader.poll() == 0
    assert rt.asked == ["transactions"]
    assert reader.held == {first: rt.visible(first), second: rt.visible(second)}


async def test_a_transaction_that_shows_up_behind_a_newer_one_is_not_missed(
    rt: FakeRt, reader: Reader
) -> None:
    same, other = rt.open_ticket(), rt.open_ticket()
    await reader.poll()
    slow = rt.record(same, shown=False)
    rt.record(same)
    rt.record(other)
    assert await reader.poll() == 2
    rt.pass_time(30)
    slow.shown = True
    assert await reader.poll() == 0
    assert slow.id not in reader.held[same]
    rt.pass_time(SETTLE_SECONDS)
    assert await reader.poll() == 1
    assert slow.id in reader.held[same]
    rt.pass_time(SETTLE_SECONDS)
    assert await reader.poll() == 0


async def test_what_shows_up_late_in_a_merged_ticket_belongs_to_the_other(rt: FakeRt, reader: Reader) -> None:
    stays, merged = rt.open_ticket(), rt.open_ticket()
    await reader.poll()
    slow = rt.record(merged, shown=False)
    rt.merge(merged, stays)
    await reader.poll()
    slow.shown = True
    rt.pass_time(SETTLE_SECONDS + 1)
    await reader.poll()
    assert reader.held == {stays: rt.visible(stays)}
    assert slow.id in reader.held[stays]


async def test_a_page_of_rows_we_may_not_see_is_not_the_end(rt: FakeRt, reader: Reader) -> None:
    ticket = rt.open_ticket()
    await reader.poll()
    rt.record(ticket)
    for _ in range(250):
        rt.record(ticket, hidden=True)
    assert await reader.poll() == 1
    assert reader.held[ticket] == rt.visible(ticket)


async def test_many_changes_come_in_pages_that_can_be_continued_from(rt: FakeRt, reader: Reader) -> None:
    tickets = [rt.open_ticket() for _ in range(250)]
    await reader.poll()
    for ticket in tickets:
        rt.record(ticket)
    for expected in (100, 100, 50):
        assert await reader.poll(pages=1) == expected
    assert await reader.poll() == 0


async def test_tickets_that_change_while_the_first_pages_are_read_are_read_again(
    rt: FakeRt, reader: Reader
) -> None:
    tickets = [rt.open_ticket() for _ in range(250)]
    await reader.poll(pages=1)
    for ticket in (tickets[0], tickets[-1]):
        rt.record(ticket)
    new = rt.open_ticket()
    await reader.poll()
    assert set(reader.held) == {*tickets, new}
    assert all(reader.held[ticket] == rt.visible(ticket) for ticket in reader.held)


async def test_a_ticket_that_left_and_came_back(rt: FakeRt, reader: Reader) -> None:
    ticket = rt.open_ticket()
    await reader.poll()
    rt.move(ticket, "4")
    reader.versions[ticket] = str(max(rt.visible(ticket)))  # it was us, and we have read it since
    assert await reader.poll() == 1
    assert reader.held == {}
    rt.move(ticket, "3")
    assert await reader.poll() == 1
    assert reader.held == {ticket: rt.visible(ticket)}


async def test_a_ticket_that_searches_leave_out_is_looked_at_by_itself(
    rt: FakeRt, desk: RequestTracker, reader: Reader
) -> None:
    deleted, reminder = rt.open_ticket(), rt.open_ticket()
    await reader.poll()
    rt.tickets[deleted].status = "deleted"
    rt.tickets[reminder].type = "reminder"
    for ticket in (deleted, reminder):
        rt.record(ticket)
    (page,) = [page async for page in desk.changes(reader.cursor)]
    assert [(t.remote_id, t.deleted, t.subject) for t in page.tickets] == [("1", True, "Question 1")]


async def test_an_empty_desk_is_caught_up_with(rt: FakeRt, desk: RequestTracker, reader: Reader) -> None:
    pages = [page async for page in desk.changes(None)]
    assert [page.tickets for page in pages] == [(), ()]
    assert pages[-1].remaining == 0
    await reader.poll()
    first = rt.open_ticket()
    assert await reader.poll() == 1
    assert reader.held == {first: rt.visible(first)}


async def test_the_transaction_seen_last_may_be_taken_away(rt: FakeRt, reader: Reader) -> None:
    stays, moved = rt.open_ticket(), rt.open_ticket()
    await reader.poll()
    rt.journal[-1].hidden = True
    rt.record(stays)
    assert await reader.poll() == 1
    assert reader.held[stays] == rt.visible(stays)
    assert moved in reader.held


async def test_a_queue_that_cannot_be_seen_is_named(rt: FakeRt) -> None:
    desk = await rt.desk("Support", "Sales")
    with pytest.raises(PermissionDeniedError, match="Sales") as refusal:
        await anext(aiter(desk.changes(None)))
    assert refusal.value.advice == "You may see Billing, Support."
    await desk.aclose()


async def test_from_some_queues_to_all_of_them(rt: FakeRt, reader: Reader) -> None:
    here, there = rt.open_ticket(), rt.open_ticket(queue="4")
    await reader.poll()
    assert set(reader.held) == {here}
    everywhere = await connect(
        ADDRESS, TOKEN, (), desk_id=DeskId("rt"), name="RT", options=Options(transport=rt.transport)
    )
    wider = Reader(rt, everywhere)
    wider.cursor = reader.cursor
    await wider.poll()
    assert set(wider.held) == {here, there}
    await everywhere.aclose()


async def test_the_numbers_of_queues_are_asked_for_once(rt: FakeRt, reader: Reader) -> None:
    ticket = rt.open_ticket()
    await reader.poll()
    rt.asked.clear()
    rt.record(ticket)
    assert await reader.poll() == 1
    assert "queues/all" not in rt.asked


async def test_a_journal_that_repeats_itself_is_no_endless_loop(rt: FakeRt, reader: Reader) -> None:
    for _ in range(150):
        rt.open_ticket()
    await reader.poll()
    reader.cursor = Cursor(place_of(reader.cursor).model_copy(update={"seen": 1}).cursor)  # type: ignore[union-attr]
    real = rt._transactions

    def stuck(query: dict[str, str]) -> dict[str, object]:
        return real({**query, "query": query["query"].split(" AND id <")[0]})

    rt._transactions = stuck  # type: ignore[method-assign]
    with pytest.raises(BadDataError, match="repeats"):
        await reader.poll()


class AnyHistory(RuleBasedStateMachine):
    """Whatever happens and whenever we read: once RT has been quiet for a while, we hold what it shows."""

    @initialize(tickets=st.integers(0, 5))
    def begin(self, tickets: int) -> None:
        self._runner = asyncio.Runner()
        self.rt = FakeRt()
        for _ in range(tickets):
            self.rt.open_ticket()
        self.desk = self._runner.run(self.rt.desk())
        self.reader = Reader(self.rt, self.desk)

    def teardown(self) -> None:
        if not hasattr(self, "desk"):
            return
        try:
            self._settle()
        finally:
            self._runner.run(self.desk.aclose())
            self._runner.close()

    @rule(queue=st.sampled_from(["3", "3", "4"]), status=st.sampled_from(["new", "open", "resolved"]))
    def somebody_asks(self, queue: str, status: str) -> None:
        self.rt.open_ticket(queue=queue, status=status)

    @precondition(lambda self: self.rt.tickets)
    @rule(data=st.data(), shown=st.booleans(), hidden=st.sampled_from([False, False, True]))
    def something_happens(self, data: st.DataObject, shown: bool, hidden: bool) -> None:
        self.rt.record(self._some(data), shown=shown, hidden=hidden)

    @precondition(lambda self: self.rt.tickets)
    @rule(data=st.data())
    def a_fast_one_overtakes_a_slow_one(self, data: st.DataObject) -> None:
        ticket = self._some(data)
        self.rt.record(ticket, shown=False)
        self.rt.record(ticket)

    @precondition(lambda self: self.rt.tickets)
    @rule(data=st.data(), queue=st.sampled_from(["3", "4"]))
    def a_ticket_moves(self, data: st.DataObject, queue: str) -> None:
        self.rt.move(self._some(data), queue)

    @precondition(lambda self: len(self.rt.tickets) > 1)
    @rule(data=st.data())
    def two_tickets_become_one(self, data: st.DataObject) -> None:
        one, other = self._some(data), self._some(data)
        if one != other and not any(t.merged_into == one for t in self.rt.tickets.values()):
            self.rt.merge(one, other)

    @precondition(lambda self: self.rt.tickets)
    @rule(data=st.data())
    def a_ticket_is_deleted(self, data: st.DataObject) -> None:
        ticket = self._some(data)
        self.rt.record(ticket)
        self.rt.tickets[ticket].status = "deleted"

    @rule(seconds=st.sampled_from([1, 20, 60]))
    def time_passes(self, seconds: int) -> None:
        self.rt.pass_time(seconds)
        self._show_what_is_old(SETTLE / 2)

    @rule(pages=st.sampled_from([1, 2, None]))
    def we_read(self, pages: int | None) -> None:
        self._runner.run(self.reader.poll(pages=pages))

    def _some(self, data: st.DataObject) -> int:
        alive = [t.id for t in self.rt.tickets.values() if t.merged_into is None]
        return data.draw(st.sampled_from(alive))

    def _show_what_is_old(self, age: timedelta) -> None:
        for row in self.rt.journal:
            row.shown |= row.created <= self.rt.now - age

    def _settle(self) -> None:
        self._show_what_is_old(timedelta(0))
        for _ in range(2):
            self.rt.pass_time(SETTLE_SECONDS + 1)
            self._runner.run(self.reader.poll())
        held = {ticket: ids for ticket, ids in self.reader.held.items() if ids}
        assert held == {
            ticket.id: self.rt.visible(ticket.id)
            for ticket in self.rt.tickets.values()
            if ticket.queue == "3"
            and ticket.merged_into is None
            and ticket.status != "deleted"
            and self.rt.visible(ticket.id)
        }
        self.rt.asked.clear()
        assert self._runner.run(self.reader.poll()) == 0
        if self.rt.journal and not self.rt.journal[-1].hidden:
            assert set(self.rt.asked) <= {"transactions"}


TestAnyHistory = AnyHistory.TestCase
TestAnyHistory.settings = settings(
    max_examples=40,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
