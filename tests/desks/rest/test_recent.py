"""Reading changes by their dates: nothing is missed, whatever happens between pages and within a second."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from copilot.desks.base import ChangePage, Cursor
from copilot.desks.rest.recent import (
    BEGINNING,
    OVERLAP,
    Listed,
    Source,
    changes,
    clock_of,
    version_of,
    without_strangers,
)
from copilot.domain import Channel, Person, RemoteId, Status, TicketSnapshot
from copilot.errors import BadDataError

MOST_DISTURBED = 6
"""After so many pages of a poll nothing happens between them: a reader that is slower than the desk never ends."""
START = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
ASKER = Person(remote_id=RemoteId("1"), name="Amara")


@dataclass
class Row:
    """A ticket of the list: its words are as many as `content` says."""

    updated: datetime
    content: int = 1


@dataclass
class FakeList:
    """A list by last change, of whole seconds and small pages; `late` changes show up after their date."""

    size: int = 3
    now: datetime = START
    rows: dict[str, Row] = field(default_factory=dict)
    late: list[tuple[datetime, str, datetime]] = field(default_factory=list)
    asked: list[tuple[datetime, int]] = field(default_factory=list)
    told_clock: bool = True

    def source(self, name: str = "all", **other: object) -> Source:
        return Source(name=name, page=self.page, **other)  # type: ignore[arg-type]  # what the tests vary

    async def page(self, since: datetime, number: int) -> Listed:
        self.asked.append((since, number))
        self._show()
        found = sorted(
            ((row.updated, ticket) for ticket, row in self.rows.items() if row.updated >= since),
            key=lambda one: one,
        )
        part = found[(number - 1) * self.size : number * self.size]
        now = self.now if self.told_clock else None
        return Listed(
            tickets=[self.snapshot(ticket) for _, ticket in part],
            more=number * self.size < len(found),
            now=now,
        )

    def snapshot(self, ticket: str) -> TicketSnapshot:
        row = self.rows[ticket]
        now = self.now if self.told_clock else None
        return TicketSnapshot(
            remote_id=RemoteId(ticket),
            subject=ticket,
            status=Status.OPEN,
            channel=Channel.EMAIL,
            created=START,
            updated=row.updated,
            requester=ASKER,
            version=version_of(row.updated, now),
        )

    def touch(self, ticket: str) -> None:
        row = self.rows.setdefault(ticket, Row(self._second(), 0))
        row.updated, row.content = self._second(), row.content + 1

    def touch_late(self, ticket: str, seconds: int) -> None:
        self.late.append((self.now + timedelta(seconds=seconds), ticket, self._second()))

    def pass_time(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    def _second(self) -> datetime:
        return self.now.replace(microsecond=0)

    def _show(self) -> None:
        due = [one for one in self.late if one[0] <= self.now]
        self.late = [one for one in self.late if one[0] > self.now]
        for _, ticket, date in due:
            row = self.rows.setdefault(ticket, Row(date, 0))
            row.updated = date if row.updated < date else self._second()
            row.content += 1


@dataclass
class Reader:
    """What sync makes of it: a thread is read when a version is another one than that of the thread held."""

    desk: FakeList
    held: dict[str, int] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)
    cursor: Cursor | None = None
    pages: list[ChangePage] = field(default_factory=list)

    async def poll(self, *, pages: int | None = None, between: object = None) -> None:
        taken = 0
        stream = changes([self.desk.source()], self.cursor)
        async for page in stream:
            self.take(page)
            taken += 1
            if callable(between) and taken <= MOST_DISTURBED:
                between()
            if taken == pages:
                break
        await stream.aclose()  # type: ignore[attr-defined]  # the protocol says iterator; ours is a generator

    def take(self, page: ChangePage) -> None:
        self.pages.append(page)
        for ticket in page.tickets:
            if self.versions.get(ticket.remote_id) != ticket.version:
                self.held[ticket.remote_id] = self.desk.rows[ticket.remote_id].content
                self.versions[ticket.remote_id] = self.desk.snapshot(ticket.remote_id).version
        self.cursor = page.cursor


async def collect(sources: Sequence[Source], cursor: Cursor | None) -> list[ChangePage]:
    return [page async for page in changes(sources, cursor)]


def tickets_of(pages: Sequence[ChangePage]) -> list[str]:
    return [str(ticket.remote_id) for page in pages for ticket in page.tickets]


@settings(max_examples=60, deadline=None)
@example(seed=39005, size=3, told_clock=True)  # a poll that was stopped while it read a group by pages
@example(seed=39078, size=2, told_clock=True)  # one that moved on pulled another past us
@given(seed=st.integers(0, 2**32), size=st.integers(2, 5), told_clock=st.booleans())
async def test_whatever_happens_nothing_is_missed(seed: int, size: int, told_clock: bool) -> None:
    chance = random.Random(seed)
    desk = FakeList(size=size, told_clock=told_clock)
    for n in range(chance.randrange(25)):
        desk.rows[f"t{n}"] = Row(START - timedelta(seconds=chance.randrange(200 * 86_400)))

    def something() -> None:
        for _ in range(chance.randrange(4)):
            ticket = f"t{chance.randrange(30)}"
            if told_clock and chance.random() < 0.3:
                desk.touch_late(ticket, chance.randrange(60))
            else:
                desk.touch(ticket)
            # Without a clock nobody can tell an unfinished second: there, every change has a second of its own.
            desk.pass_time(chance.choice([0, 0.3, 1, 2, 40]) if told_clock else 1)

    reader = Reader(desk)
    for _ in range(6):
        await reader.poll(pages=chance.choice([None, None, 1, 2]), between=something)
        desk.pass_time(chance.choice([0, 1, 30, 4000]))
    desk.pass_time(61)
    for _ in range(2):
        await reader.poll()
        desk.pass_time(5)
    assert reader.held == {ticket: row.content for ticket, row in desk.rows.items()}


async def test_a_second_change_in_the_same_second_is_read_too() -> None:
    desk, reader = FakeList(), None
    reader = Reader(desk)
    desk.touch("a")
    await reader.poll()
    desk.touch("a")  # the same second, the same date
    await reader.poll()
    assert reader.versions["a"].endswith("~")
    desk.pass_time(3)
    await reader.poll()
    assert reader.held == {"a": 2}
    assert not reader.versions["a"].endswith("~")


async def test_a_poll_without_change_is_one_request_and_no_page() -> None:
    desk = FakeList(size=100)
    for n in range(50):
        desk.rows[f"t{n}"] = Row(START - timedelta(hours=n + 1))
    reader = Reader(desk)
    await reader.poll()
    assert len(desk.asked) <= 2
    desk.asked.clear()
    for _ in range(10):
        desk.pass_time(30)
        assert await collect([desk.source()], reader.cursor) == []
    assert len(desk.asked) == 10


async def test_the_newest_are_read_first() -> None:
    desk = FakeList(size=10)
    for n in range(60):
        desk.rows[f"t{n}"] = Row(START - timedelta(days=4 * n, hours=1))
    first = tickets_of(await collect([desk.source()], None))
    assert first[0] == "t0"
    assert set(first[:4]) == {"t0", "t1", "t2", "t3"}, "two weeks come before the rest"
    assert sorted(first) == sorted(desk.rows)


async def test_a_thousand_tickets_cost_few_requests() -> None:
    desk = FakeList(size=100)
    for n in range(1000):
        desk.rows[f"t{n}"] = Row(START - timedelta(hours=5 * n))
    assert sorted(tickets_of(await collect([desk.source()], None))) == sorted(desk.rows)
    assert len(desk.asked) <= 20


async def test_more_tickets_in_one_second_than_a_page_holds() -> None:
    desk = FakeList(size=10)
    for n in range(95):
        desk.rows[f"t{n}"] = Row(START - timedelta(minutes=5))
    assert sorted(set(tickets_of(await collect([desk.source()], None)))) == sorted(desk.rows)


async def test_a_first_reading_goes_on_where_it_was_stopped() -> None:
    desk = FakeList(size=10)
    for n in range(200):
        desk.rows[f"t{n}"] = Row(START - timedelta(hours=6 * n + 1))
    reader = Reader(desk)
    for _ in range(60):
        await reader.poll(pages=1)
    told = tickets_of(reader.pages)
    assert set(told) == set(desk.rows)
    assert len(told) <= 1.5 * len(desk.rows), "little is told twice"


async def test_a_list_that_repeats_itself_is_given_up() -> None:
    desk = FakeList(size=3)
    for n in range(7):
        desk.rows[f"t{n}"] = Row(START - timedelta(minutes=n))
    first = await desk.page(BEGINNING, 1)

    async def same(_: datetime, __: int) -> Listed:
        return first

    with pytest.raises(BadDataError, match="does not end"):
        await collect([Source(name="all", page=same)], None)


async def test_a_bin_is_not_read_from_the_beginning_and_only_now_and_then() -> None:
    desk, bin_list = FakeList(), FakeList()
    desk.rows["a"] = Row(START - timedelta(minutes=1))
    bin_list.rows = {"old": Row(START - timedelta(days=30)), "new": Row(START - timedelta(hours=1))}
    sources = [desk.source(), bin_list.source("bin", fills=False, every=timedelta(minutes=5))]
    pages = await collect(sources, None)
    assert tickets_of(pages) == ["a", "new"]
    asked = len(bin_list.asked)
    desk.pass_time(60)
    assert await collect(sources, pages[-1].cursor) == []
    assert len(bin_list.asked) == asked
    desk.pass_time(300)
    bin_list.now = desk.now
    bin_list.touch("gone")
    assert tickets_of(await collect(sources, pages[-1].cursor)) == ["gone"]


async def test_a_list_that_is_new_is_read_whole() -> None:
    one, two = FakeList(), FakeList()
    one.rows["a"] = Row(START - timedelta(days=1))
    two.rows["b"] = Row(START - timedelta(days=100))
    pages = await collect([one.source("one")], None)
    assert tickets_of(await collect([one.source("one"), two.source("two")], pages[-1].cursor)) == ["b"]


@pytest.mark.parametrize("cursor", ["", "{}", "[]", "nonsense", '{"places": {"all": 1}}'])
async def test_a_cursor_that_is_none_of_ours_begins_anew(cursor: str) -> None:
    desk = FakeList()
    desk.rows["a"] = Row(START)
    assert tickets_of(await collect([desk.source()], Cursor(cursor))) == ["a"]


async def test_the_cursor_stays_small() -> None:
    desk = FakeList(size=100)
    for n in range(3000):
        desk.rows[f"t{n}"] = Row(START - timedelta(minutes=n))
    pages = await collect([desk.source()], None)
    assert max(len(page.cursor) for page in pages) < 5000


def test_tickets_of_others_are_said_to_be_gone() -> None:
    desk = FakeList(rows={"a": Row(START), "b": Row(START)})
    listed = Listed(tickets=[desk.snapshot("a"), desk.snapshot("b")], more=False)
    kept = without_strangers(listed, lambda ticket: ticket.subject == "a")
    assert [ticket.deleted for ticket in kept.tickets] == [False, True]


def test_clocks() -> None:
    assert clock_of(httpx.Headers({"date": "Mon, 23 Nov 2026 12:00:00 GMT"})) == START
    assert clock_of(httpx.Headers()) is None
    assert timedelta(minutes=1) <= OVERLAP
