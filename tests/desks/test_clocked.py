"""Changes of desks that tell what changed since a moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from copilot.desks.base import Cursor
from copilot.desks.rest import clocked
from copilot.desks.rest.clocked import LONGEST_GAP, Listed, Numbered
from copilot.domain import Channel, Person, RemoteId, Status, TicketSnapshot
from copilot.errors import BadDataError, RefusedError

SIZE = 3


def ticket(number: int, changed: datetime, version: int) -> TicketSnapshot:
    return TicketSnapshot(
        remote_id=RemoteId(str(number)),
        subject=f"Question {number}",
        status=Status.OPEN,
        channel=Channel.EMAIL,
        created=changed,
        updated=changed,
        requester=Person(remote_id=RemoteId("r"), name="R"),
        version=str(version),
    )


@dataclass
class Desk:
    """A desk with numbered pages and a clock; `asked` counts requests."""

    now: datetime = datetime(2026, 6, 1, tzinfo=UTC)
    rows: dict[int, tuple[datetime, int]] = field(default_factory=dict)
    scope: tuple[str, ...] = ("all",)
    asked: int = 0
    has_clock: bool = True
    stuck: bool = False
    forgets_pages: bool = False

    def change(self, number: int) -> None:
        self.now += timedelta(seconds=1)
        self.rows[number] = (self.now, self.rows.get(number, (self.now, 0))[1] + 1)

    async def parts(self) -> tuple[str, ...]:
        return self.scope

    async def part(self, part: str, page: str | None) -> Listed:
        assert part in self.scope
        self.asked += 1
        if self.forgets_pages and page is not None:
            self.forgets_pages = False
            raise RefusedError("No such page.")
        place = Numbered.of(page)
        rows = self._tickets(sorted(self.rows))
        number = 1 if self.stuck else place.number
        mine = rows[(number - 1) * SIZE : number * SIZE]
        if place.lost(len(rows)):
            return Listed(tickets=(), next=place.again(len(rows), SIZE), now=self._clock())
        return Listed(tickets=mine, next=place.next(len(rows), len(mine)), now=self._clock())

    async def changed(self, since: datetime, page: str | None) -> Listed:
        self.asked += 1
        news = sorted((n for n, (at, _) in self.rows.items() if at >= since), key=lambda n: self.rows[n])[
            ::-1
        ]
        number = int(page or 1)
        mine = news[(number - 1) * SIZE : number * SIZE]
        more = number * SIZE < len(news)
        return Listed(tickets=self._tickets(mine), next=str(number + 1) if more else None, now=self._clock())

    def _tickets(self, numbers: Sequence[int]) -> list[TicketSnapshot]:
        return [ticket(number, *self.rows[number]) for number in numbers]

    def _clock(self) -> datetime | None:
        return self.now.replace(microsecond=0) if self.has_clock else None


async def read(
    desk: Desk, since: Cursor | None, *, pages: int = 1000
) -> tuple[dict[str, str], Cursor | None]:
    """What so many pages tell, and where they end."""
    told: dict[str, str] = {}
    stream = clocked.changes(desk, since)
    async for page in stream:
        told |= {str(one.remote_id): one.version for one in page.tickets}
        since, pages = page.cursor, pages - 1
        if not pages:
            break
    await stream.aclose()  # type: ignore[attr-defined]  # it is a generator
    return told, since


@pytest.fixture
def desk() -> Desk:
    desk = Desk()
    for number in range(8):
        desk.change(number)
    return desk


async def test_everything_is_told_once_and_a_quiet_poll_is_one_request(desk: Desk) -> None:
    told, cursor = await read(desk, None)
    assert len(told) == 8
    desk.now += timedelta(hours=1)
    quiet, cursor = await read(desk, cursor)
    desk.asked = 0
    assert quiet == (await read(desk, cursor))[0] == {}
    assert desk.asked == 1


async def test_what_changed_is_told_wherever_the_reading_stopped(desk: Desk) -> None:
    for stop in range(1, 5):
        told, cursor = await read(desk, None, pages=stop)
        desk.change(0)
        desk.change(100 + stop)
        rest, cursor = await read(desk, cursor)
        assert told | rest == {str(n): str(version) for n, (_, version) in desk.rows.items()}
        assert (await read(desk, cursor))[0] == {}


async def test_a_poll_that_was_broken_off_begins_anew_and_tells_the_rest(desk: Desk) -> None:
    _, cursor = await read(desk, None)
    desk.now += timedelta(hours=1)
    for number in range(8):
        desk.change(number)
    first, cursor = await read(desk, cursor, pages=1)
    second, cursor = await read(desk, cursor)
    assert len(first) == SIZE
    assert not first.keys() & second.keys()
    assert len(first | second) == 8


async def test_rows_deleted_under_the_reading_pull_nothing_past_it(desk: Desk) -> None:
    told, cursor = await read(desk, None, pages=1)
    assert set(told) == {"0", "1", "2"}
    del desk.rows[0]
    rest, _ = await read(desk, cursor)
    assert set(told) | set(rest) == {str(n) for n in range(8)}


async def test_another_inbox_is_read_from_its_beginning(desk: Desk) -> None:
    _, cursor = await read(desk, None)
    desk.scope = ("all", "another")
    assert len((await read(desk, cursor))[0]) == 8


async def test_after_a_long_absence_everything_is_read_again(desk: Desk) -> None:
    _, cursor = await read(desk, None)
    desk.now += LONGEST_GAP
    desk.change(3)
    assert len((await read(desk, cursor))[0]) == 8


async def test_a_desk_without_a_clock_is_read_by_ours(desk: Desk) -> None:
    desk.has_clock = False
    desk.now = datetime.now(UTC)
    desk.change(1)
    _, cursor = await read(desk, None)
    desk.change(2)
    assert "2" in (await read(desk, cursor))[0]


async def test_a_page_the_desk_has_forgotten_means_to_begin_the_part_again(desk: Desk) -> None:
    told, cursor = await read(desk, None, pages=1)
    desk.forgets_pages = True
    rest, _ = await read(desk, cursor)
    assert len(told | rest) == 8


async def test_a_list_that_repeats_itself_is_given_up(desk: Desk) -> None:
    desk.stuck = True
    with pytest.raises(BadDataError):
        await read(desk, None)


async def test_a_cursor_of_something_else_means_to_begin(desk: Desk) -> None:
    assert len((await read(desk, Cursor("not ours")))[0]) == 8
