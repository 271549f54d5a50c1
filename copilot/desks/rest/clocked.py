"""Which tickets changed, on desks that tell those changed since a moment but not when each of them did.

The moments asked for are the desk's own clock (each answer's Date), never this computer's unless the desk tells none.
A poll asks for what changed since the last one began, and `OVERLAP` more, because a change may show up late; what was
told meanwhile is remembered by its version and not told twice. The first reading goes through the desk's lists part by
part; what changes under it comes with the first poll, which begins where the reading began. A poll without change is
one request.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

from pydantic import BaseModel, ConfigDict, ValidationError

from copilot.desks.base import ChangePage, Cursor
from copilot.domain import TicketSnapshot
from copilot.errors import BadDataError, RefusedError

OVERLAP = timedelta(seconds=90)
"""How long after its moment a change may show up: long transactions, search indexes behind the database."""
LONGEST_GAP = timedelta(days=3)
"""After a longer absence everything is read again: lists of changes so long are more than the lists themselves."""
TOLD_AT_MOST = 5000
"""More are not remembered as told; those tickets are told twice."""
MOST_PAGES = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A page: `next` stands for the page after it (None on the last), `now` is the desk's clock.

    `rows` are the ids of what the page lists, where that is not tickets: two pages alike tell of a list without end.
    """

    tickets: Sequence[TicketSnapshot]
    next: str | None = None
    now: datetime | None = None
    rows: Sequence[str] = ()

    @property
    def moment(self) -> datetime:
        """The desk's clock; where it tells none, this computer's."""
        return self.now or datetime.now(UTC)


class Feed(Protocol):
    """How one desk lists its tickets."""

    async def parts(self) -> tuple[str, ...]:
        """The lists that together hold every ticket, in the order a rep needs them.

        Other parts than before (another inbox is followed) begin a first reading.
        """

    async def part(self, part: str, page: str | None) -> Listed:
        """A page of such a list, None for the first. A ticket may be in several, and be told twice."""

    async def changed(self, since: datetime, page: str | None) -> Listed:
        """A page of the tickets that changed at `since` or later, in any order."""


class _Told(BaseModel):
    model_config = ConfigDict(frozen=True)

    version: str
    at: datetime


class _Place(BaseModel):
    """How far the desk has been told.

    All changes up to `seen` have been told; a first reading under way is at page `page` of part `part`. `told` is what
    was told since `OVERLAP` before `seen`. A poll that was broken off begins anew, and passes over what was told.
    """

    model_config = ConfigDict(frozen=True)

    parts: tuple[str, ...]
    part: str | None = None
    page: str | None = None
    seen: datetime | None = None
    told: dict[str, _Told] = {}

    def telling(self, tickets: Sequence[TicketSnapshot], at: datetime) -> _Place:
        """This place once these have been told. Of a first reading only those that a poll may meet are kept."""
        since = (self.seen or at) - OVERLAP
        news = {
            str(t.remote_id): _Told(version=t.version, at=at)
            for t in tickets
            if self.part is None or t.updated >= since
        }
        return self.model_copy(update={"told": dict([*(self.told | news).items()][-TOLD_AT_MOST:])})

    def seen_to(self, until: datetime) -> _Place:
        """This place once everything up to a moment has been told."""
        seen = max(self.seen or until, until)
        kept = {key: told for key, told in self.told.items() if told.at >= seen - OVERLAP}
        return self.model_copy(update={"seen": seen, "told": kept})

    def page_of(self, tickets: Sequence[TicketSnapshot], remaining: int | None) -> ChangePage:
        """A page of changes that can be continued from this place."""
        return ChangePage(
            tickets=tuple(tickets),
            cursor=Cursor(self.model_dump_json(exclude_defaults=True)),
            remaining=remaining,
        )


@dataclass(frozen=True, slots=True)
class Numbered:
    """A page of a list that is read by numbers, oldest first: only what is deleted meanwhile pulls others forward.

    `read` rows came before it, out of `count` then.
    """

    number: int = 1
    read: int = 0
    count: int = 0

    @classmethod
    def of(cls, page: str | None) -> Numbered:
        """From `Listed.next`; the first page for None."""
        return cls(*(int(one) for one in page.split(","))) if page else cls()

    def lost(self, count: int) -> bool:
        """Whether rows were deleted since the page before: that one is to be read again, and this one later."""
        return self.number > 1 and count < self.count

    def again(self, count: int, size: int) -> str:
        """The page before."""
        return f"{self.number - 1},{max(0, self.read - size)},{count}"

    def next(self, count: int, rows: int) -> str | None:
        """The page after this one, which has so many rows; None when it is the last."""
        read = self.read + rows
        return f"{self.number + 1},{read},{count}" if rows and read < count else None


async def changes(feed: Feed, since: Cursor | None) -> AsyncIterator[ChangePage]:
    """Pages of tickets changed after a cursor; without one, or with one of other parts, everything first."""
    parts = await feed.parts()
    place = _place_of(since)
    if place is None or place.parts != parts:
        place = _Place(parts=parts, part=parts[0] if parts else None)
    endless = _Endless()
    while place.part is not None:
        listed = await _page_of_part(feed, place.part, place.page)
        endless.look(place.part, listed)
        place, page = _filled(place, listed)
        yield page
    async for page in _follow(feed, place):
        yield page


async def _page_of_part(feed: Feed, part: str, page: str | None) -> Listed:
    """A page of the first reading; one that the desk does not know any more means to begin the part again."""
    try:
        return await feed.part(part, page)
    except RefusedError:
        if page is None:
            raise
        return await feed.part(part, None)


def _filled(place: _Place, listed: Listed) -> tuple[_Place, ChangePage]:
    if place.seen is None:
        place = place.model_copy(update={"seen": listed.moment})
    place = place.telling(listed.tickets, listed.moment)
    if listed.next is not None:
        place = place.model_copy(update={"page": listed.next})
        return place, place.page_of(listed.tickets, None)
    later = place.parts[place.parts.index(place.part) + 1 :] if place.part in place.parts else ()
    place = place.model_copy(update={"part": later[0] if later else None, "page": None})
    return place, place.page_of(listed.tickets, None if later else 0)


async def _follow(feed: Feed, place: _Place) -> AsyncIterator[ChangePage]:
    since = (place.seen or datetime.now(UTC)) - OVERLAP
    began: datetime | None = None
    number: str | None = None
    endless = _Endless()
    while True:
        listed = await feed.changed(since, number)
        endless.look("", listed)
        began = began or listed.moment
        if began - since > LONGEST_GAP:
            async for page in changes(feed, None):
                yield page
            return
        fresh = _news(listed.tickets, place.told)
        place = place.telling(fresh, listed.moment)
        number = listed.next
        if number is None:
            break
        if fresh:
            yield place.page_of(fresh, None)
    yield place.seen_to(began).page_of(fresh, 0)


def _news(tickets: Sequence[TicketSnapshot], told: Mapping[str, _Told]) -> list[TicketSnapshot]:
    newest = {str(ticket.remote_id): ticket for ticket in tickets}
    return [t for key, t in newest.items() if key not in told or told[key].version != t.version]


class _Endless:
    """Notices a list that goes in circles."""

    def __init__(self) -> None:
        self._pages = 0
        self._last: tuple[str, tuple[str, ...]] | None = None

    def look(self, part: str, listed: Listed) -> None:
        """Raises `BadDataError` for a full page that repeats the one before, and for more pages than any desk has."""
        rows = tuple(listed.rows) or tuple(f"{t.remote_id} {t.version}" for t in listed.tickets)
        now = (part, rows)
        self._pages += 1
        if self._pages > MOST_PAGES or (now[1] and now == self._last):
            raise BadDataError(
                "The desk's list of tickets does not end.", "Try again later; tell its makers."
            )
        self._last = now


def _place_of(cursor: Cursor | None) -> _Place | None:
    """The place a cursor stands for; None for one that is none of ours."""
    if cursor is None:
        return None
    try:
        return _Place.model_validate_json(cursor)
    except ValidationError:
        return None
