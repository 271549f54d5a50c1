"""Which tickets changed, on desks that only list them by the date of their last change.

Such a list is no journal: tickets move to its end while it is read, dates are of one second, and a change may show up
later than its date says. So pages are never counted through: after each one the list is asked for anew, from the date
reached (a ticket that moved is then further on, not in between). What was told is remembered for `OVERLAP` by its
version, and that much is read again each time. The first reading goes through ever longer spans of time, newest first,
so that a rep has what is going on before what was. No clock of this computer is asked. A poll without change is one
request for each list, and now and then one more, for a bin.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import httpx
from pydantic import BaseModel, ConfigDict, ValidationError

from copilot.desks.base import ChangePage, Cursor
from copilot.desks.rest.failures import http_date
from copilot.domain import TicketSnapshot
from copilot.errors import BadDataError

SPANS = (timedelta(days=2), timedelta(days=14), timedelta(days=90))
"""How far back the first reading goes at first, then, and so on; after the last of them to the beginning."""
OVERLAP = timedelta(seconds=90)
"""How long after its date a change may show up in the list: long transactions, search indexes behind the database."""
RESOLUTION = timedelta(seconds=2)
BIN_LOOKS_BACK = timedelta(days=1)
BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)
MOST_PASSES = 20
LONGEST_GROUP = 200
"""More pages of tickets changed in one second are no list but a server that repeats itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A page of a list: `more` when another follows, `now` the desk's clock (the answer's Date)."""

    tickets: Sequence[TicketSnapshot]
    more: bool
    now: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A list of tickets by last change, oldest first.

    `page(since, number)` reads page `number` (from 1) of those changed at `since` or later. One that does not `fill`
    (a bin) is only followed from now on, and asked again only after `every`, one such list in a poll.
    """

    name: str
    page: Callable[[datetime, int], Awaitable[Listed]]
    fills: bool = True
    every: timedelta = timedelta(0)


class _Told(BaseModel):
    model_config = ConfigDict(frozen=True)

    version: str
    updated: datetime


class _Place(BaseModel):
    """How far one list has been told: all changes up to `since`, of the first reading all from `filled` on.

    `at` is how far the span below `filled` has been read, or where a poll is; `told` what was told of the last
    `OVERLAP`; `looked` when a bin was last asked. `began` is the desk's clock at the start, or, not `clocked`, a date
    to cut spans at.
    """

    model_config = ConfigDict(frozen=True)

    since: datetime
    began: datetime
    clocked: bool = True
    filled: datetime | None = None
    at: datetime | None = None
    told: dict[str, _Told] = {}
    looked: datetime | None = None

    def may_meet(self, updated: datetime) -> bool:
        """Whether the next reading may come upon a ticket with this date again."""
        low = self.since - OVERLAP
        return updated >= (low if self.at is None else min(low, self.at - RESOLUTION))


class _Places(BaseModel):
    model_config = ConfigDict(frozen=True)

    places: dict[str, _Place] = {}


@dataclass(frozen=True, slots=True)
class _Step:
    """A page of a walk from `at`: what was not told, how far all has been read, the clock, whether it is the end."""

    fresh: tuple[TicketSnapshot, ...]
    at: datetime
    reached: datetime
    now: datetime | None
    last: bool


def clock_of(headers: httpx.Headers) -> datetime | None:
    """The server's clock when it answered."""
    return http_date(headers.get("date", ""))


def version_of(updated: datetime, now: datetime | None, *, also: str = "") -> str:
    """A version made of a date of one second and what `also` counts.

    While that second may still go on, another change would leave the same date: the version then says that it is not
    settled, so that the ticket is read once more.
    """
    settled = now is None or now - updated >= RESOLUTION
    return f"{updated.isoformat()}{f'/{also}' if also else ''}{'' if settled else '~'}"


async def changes(sources: Sequence[Source], since: Cursor | None) -> AsyncIterator[ChangePage]:
    """Pages of tickets changed after a cursor, of all lists; one that is new among them is read from the beginning."""
    reading = _Reading(sources, _places_of(since))
    async for page in reading.fill():
        yield page
    async for page in reading.follow():
        yield page


class _Reading:
    """One reading of all lists."""

    def __init__(self, sources: Sequence[Source], places: _Places) -> None:
        self._sources = sources
        self._places = {s.name: places.places[s.name] for s in sources if s.name in places.places}
        self._now: datetime | None = None

    async def fill(self) -> AsyncIterator[ChangePage]:
        """What the first reading has not told yet, the newest span of all lists first."""
        for source in self._sources:
            if source.name not in self._places:
                async for page in self._begin(source):
                    yield page
        for span in (*SPANS, None):
            for source in self._sources:
                place = self._place(source)
                below = BEGINNING if span is None else max(BEGINNING, place.began - span)
                if place.filled is not None and below < place.filled:
                    async for page in self._fill_span(source, below, place.filled):
                        yield page

    async def _begin(self, source: Source) -> AsyncIterator[ChangePage]:
        """Ask for the desk's clock, which only says where to cut the spans; a short list is whole with that."""
        if not source.fills and self._now is not None:
            since = self._now - BIN_LOOKS_BACK
            self._set(source, _Place(since=since, began=self._now))
            return
        first = await source.page(BEGINNING, 1)
        newest = max((t.updated for t in first.tickets), default=BEGINNING)
        self._now = self._now or first.now
        began = first.now or newest
        if first.more:
            clocked = first.now is not None
            self._set(source, _Place(since=BEGINNING, began=began, filled=began, clocked=clocked))
            return
        self._set(source, _Place(since=min(newest, began), began=began))
        yield self._tell(source, first.tickets)

    async def _fill_span(self, source: Source, below: datetime, until: datetime) -> AsyncIterator[ChangePage]:
        """Tickets last changed in [below, until); the newest span has no end. Increments begin where it came to."""
        newest = until == self._place(source).began
        async for step in self._walk(source, self._place(source).at or below):
            fresh = tuple(t for t in step.fresh if newest or t.updated < until)
            self._read_to(source, max((t.updated for t in fresh), default=BEGINNING), self._begun(source))
            ended = step.last or (not newest and step.reached >= until)
            filled = below if below > BEGINNING else None
            progress = {"at": None, "filled": filled} if ended else {"at": step.reached}
            self._set(source, self._place(source).model_copy(update=progress))
            yield self._tell(source, fresh)
            if ended:
                return

    async def follow(self) -> AsyncIterator[ChangePage]:
        """What changed since; of the bins that are due one, the one not looked into for longest."""
        for source in self._sources:
            if not source.every:
                async for page in self._follow(source):
                    yield page
        due = [source for source in self._sources if source.every and self._is_due(source)]
        if not due:
            return
        source = min(due, key=lambda one: self._place(one).looked or BEGINNING)
        async for page in self._follow(source):
            yield page
        if self._now is not None:
            self._set(source, self._place(source).model_copy(update={"looked": self._now}))
            yield self._tell(source, ())

    async def _follow(self, source: Source) -> AsyncIterator[ChangePage]:
        begun: datetime | None = None
        async for step in self._walk(source, self._place(source).since - OVERLAP):
            self._now = step.now or self._now
            begun = begun or step.now
            self._read_to(source, step.reached, begun)
            at = None if step.last else step.at
            self._set(source, self._place(source).model_copy(update={"at": at}))
            if step.fresh:
                yield self._tell(source, step.fresh)

    def _is_due(self, source: Source) -> bool:
        """Whether to look into a bin again, by the clock the other lists told."""
        looked = self._place(source).looked
        return looked is None or self._now is None or self._now - looked >= source.every

    async def _walk(self, source: Source, start: datetime) -> AsyncIterator[_Step]:
        """The list from a date to its end: by dates, and by pages only through more tickets of one second than fit one.

        Of those, one that moves on while we turn pages pulls others forward, past us: they are read until two readings
        agree.
        """
        at, number, passes = start, 1, 1
        seen: list[str] = []
        before: list[str] = []
        while True:
            listed = await source.page(at, number)
            rows = [f"{t.remote_id} {t.updated}" for t in listed.tickets]
            if number > LONGEST_GROUP or (rows and number > 1 and rows == seen[-len(rows) :]):
                raise BadDataError(
                    "The desk's list of changes does not end.", "Try again later; tell its makers."
                )
            seen += rows
            fresh = tuple(t for t in listed.tickets if _is_news(t, self._place(source).told))
            reached = max((t.updated for t in listed.tickets), default=at)
            sure = number == 1 or seen == before or passes > MOST_PASSES
            far = max(at, reached) if sure else at
            yield _Step(fresh, at, far, listed.now, last=not listed.more and sure)
            again = reached.replace(microsecond=0) - timedelta(seconds=1)
            if listed.more and again <= at:
                number += 1
            elif not sure:
                before, seen, number, passes = seen, [], 1, passes + 1
            elif listed.more:
                at, number, passes, seen, before = again, 1, 1, [], []
            else:
                return

    def _tell(self, source: Source, tickets: Sequence[TicketSnapshot]) -> ChangePage:
        place = self._place(source)
        told = place.told | {str(t.remote_id): _Told(version=t.version, updated=t.updated) for t in tickets}
        kept = {ticket: what for ticket, what in told.items() if place.may_meet(what.updated)}
        self._set(source, place.model_copy(update={"told": kept}))
        cursor = Cursor(_Places(places=self._places).model_dump_json(exclude_defaults=True))
        return ChangePage(tickets=tuple(tickets), cursor=cursor)

    def _read_to(self, source: Source, reached: datetime, begun: datetime | None) -> None:
        """All is told up to there, but not beyond when the reading began: what is late may show up behind us."""
        place = self._place(source)
        reached = reached if begun is None else min(reached, begun)
        self._set(source, place.model_copy(update={"since": max(place.since, reached)}))

    def _begun(self, source: Source) -> datetime | None:
        """When a first reading began by the desk's clock; None when it tells none."""
        return self._place(source).began if self._place(source).clocked else None

    def _place(self, source: Source) -> _Place:
        return self._places[source.name]

    def _set(self, source: Source, place: _Place) -> None:
        self._places[source.name] = place


def without_strangers(listed: Listed, is_followed: Callable[[TicketSnapshot], bool]) -> Listed:
    """A page in which tickets of queues that nobody follows are said to be gone: one may have been moved there."""
    tickets = [t if is_followed(t) else replace(t, deleted=True) for t in listed.tickets]
    return replace(listed, tickets=tickets)


def _is_news(ticket: TicketSnapshot, told: Mapping[str, _Told]) -> bool:
    known = told.get(str(ticket.remote_id))
    return known is None or known.version != ticket.version


def _places_of(cursor: Cursor | None) -> _Places:
    """The places a cursor stands for; a cursor that is none of ours means to begin."""
    if cursor is None:
        return _Places()
    try:
        return _Places.model_validate_json(cursor)
    except ValidationError:
        return _Places()
