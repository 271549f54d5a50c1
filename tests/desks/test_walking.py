"""Walking down a list that is sorted by last change: nothing is missed, and it always ends."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot.desks import walking
from copilot.desks.base import ChangePage, Cursor
from copilot.desks.walking import Page, Place, Row, Walk
from copilot.errors import BadDataError

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


class List:
    """A desk's list of tickets, newest change first, paged by its last row."""

    def __init__(self, size: int) -> None:
        self.now = NOON
        self.size = size
        self.rows: dict[str, Row] = {}
        self._versions = 0

    def change(self, ticket: str, seconds: int) -> None:
        """A ticket changes so many whole seconds after the last change; 0 is the same second."""
        self.now += timedelta(seconds=seconds)
        self._versions += 1
        self.rows[ticket] = Row(ticket, self.now, str(self._versions))

    def page(self, after: str | None) -> Page:
        rows = sorted(self.rows.values(), key=_key, reverse=True)
        if after is not None:
            date, _, ticket = after.partition("|")
            rows = [row for row in rows if _key(row) < (datetime.fromisoformat(date), ticket)]
        page = rows[: self.size]
        more = len(rows) > len(page)
        return Page(page, f"{page[-1].updated.isoformat()}|{page[-1].id}" if more else None)


def _key(row: Row) -> tuple[datetime, str]:
    return row.updated, row.id


def step(place: Place, page: Page) -> tuple[Place, set[tuple[str, str]]]:
    walk = walking.next_walk(place)
    taken = walking.take(place, walk, page)
    new = [row for row in page.rows if row.id in taken.new]
    place = place.model_copy(update={**walking.told(place, taken.walk, new), "walk": taken.walk})
    if taken.ended:
        place = place.model_copy(update=walking.at_the_end(place, taken.walk))
    return place, {(row.id, row.version) for row in new}


changes = st.lists(st.tuples(st.sampled_from("abcdefgh"), st.integers(0, 90)), max_size=4)


@given(size=st.integers(1, 4), before=changes, between=st.lists(changes, max_size=12))
def test_every_last_version_is_told(
    size: int, before: list[tuple[str, int]], between: list[list[tuple[str, int]]]
) -> None:
    """Tickets change after any page; the place goes through its cursor each time, as it does over a restart."""
    server = List(size)
    for ticket, seconds in before:
        server.change(ticket, seconds)
    place, told = Place(walk=Walk()), set[tuple[str, str]]()
    for meanwhile in between:
        place, new = step(place, server.page(walking.next_walk(place).after))
        told |= new
        for ticket, seconds in meanwhile:
            server.change(ticket, seconds)
        place = Place.model_validate_json(place.cursor)
    for _ in range(2):  # the walk under way, and one more
        while True:
            place, new = step(place, server.page(walking.next_walk(place).after))
            told |= new
            if place.walk is None:
                break
    assert {(row.id, row.version) for row in server.rows.values()} <= told
    place, new = step(place, server.page(None))
    assert not new
    assert len(place.told) <= len(server.rows)


@pytest.mark.parametrize(
    "pages",
    [
        [Page([Row("a", NOON, "1"), Row("b", NOON + timedelta(1), "1")], None)],
        [Page([Row("a", NOON, "1")], "x"), Page([Row("a", NOON + timedelta(1), "2")], "y")],
        [Page([Row("a", NOON, "1")], "x"), Page([Row("b", NOON, "1")], "x")],
    ],
    ids=["upside-down", "begins-anew", "same-cursor"],
)
def test_a_list_that_cannot_be_walked_is_told(pages: list[Page]) -> None:
    place = Place(walk=Walk())
    with pytest.raises(BadDataError):  # noqa: PT012 - which page tells it differs
        for page in pages:
            place, _ = step(place, page)


async def told_of(*pages: tuple[int, str], since: str | None) -> list[str]:
    async def read() -> AsyncIterator[ChangePage]:
        for tickets, cursor in pages:
            yield ChangePage(tickets=(object(),) * tickets, cursor=Cursor(cursor))  # type: ignore[arg-type]  # counted only

    cursor = Cursor(since) if since is not None else None
    return [page.cursor async for page in walking.worth_telling(read(), cursor)]


async def test_pages_without_news_are_not_told_but_the_place_is_kept() -> None:
    assert await told_of((0, "a"), (0, "a"), since="a") == []
    assert await told_of((0, "b"), (0, "c"), since="a") == ["c"]
    assert await told_of((0, "b"), (2, "c"), (0, "c"), since="a") == ["c"]
    assert await told_of((0, "b"), (0, "c"), since=None) == ["b", "c"]
