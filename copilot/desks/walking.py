"""Following a list that a desk sorts by last change, newest first. Shared by the connectors of such desks.

A reading walks the list down from its top: the first one to its end, every later one to what has been told before. What
changes meanwhile moves to the top, out of this walk's sight, and is met by the next one. Where such a list is paged by
the place of its last row (and not by counting rows), nothing can slip through.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from pydantic import BaseModel, ConfigDict

from copilot.desks.base import ChangePage, Cursor
from copilot.errors import BadDataError

OVERLAP = timedelta(seconds=60)
"""How far behind the newest change told the list is looked at again: dates count whole seconds on most desks, and a
change may become visible a little after the date it carries."""
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Row:
    """What matters of a ticket in such a list."""

    id: str
    updated: datetime
    version: str


class Walk(BaseModel):
    """A way down, to what was last changed before `until` (None: to the end).

    `top` is the newest change there was at its beginning, `bottom` the oldest seen, `after` where its next page begins.
    """

    model_config = ConfigDict(frozen=True)

    until: datetime | None = None
    top: datetime | None = None
    bottom: datetime | None = None
    after: str | None = None
    pages: int = 0


class Place(BaseModel):
    """How far changes have been told: all up to `seen`; `told` has what was told within the overlap before it."""

    model_config = ConfigDict(frozen=True)

    walk: Walk | None = None
    seen: datetime | None = None
    told: dict[str, tuple[datetime, str]] = {}

    @property
    def cursor(self) -> Cursor:
        """This place, opaque."""
        return Cursor(self.model_dump_json(exclude_defaults=True))

    def knows(self, row: Row) -> bool:
        """Whether this version of the ticket was told."""
        return row.id in self.told and self.told[row.id][1] == row.version


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list: its rows, and where the next one begins (None: there is none)."""

    rows: Sequence[Row]
    after: str | None


@dataclass(frozen=True, slots=True)
class Step:
    """What a page has led to: the ids to tell, the walk as it goes on, and whether it has come to its end."""

    new: frozenset[str]
    walk: Walk
    ended: bool


async def worth_telling(pages: AsyncIterator[ChangePage], since: Cursor | None) -> AsyncIterator[ChangePage]:
    """The pages sync has to store: without a ticket only those of a first reading, and the last if it leads further."""
    told, last = since, None
    async for page in pages:
        last = page
        if page.tickets or since is None:
            yield page
            told = page.cursor
    if last is not None and last.cursor != told:
        yield last


def next_walk(place: Place, overlap: timedelta = OVERLAP) -> Walk:
    """The walk under way, or a new one down to what has been told."""
    if place.walk is not None:
        return place.walk
    return Walk(until=place.seen - overlap if place.seen is not None else None)


def take(place: Place, walk: Walk, page: Page) -> Step:
    """What of a page is new. Raises `BadDataError` for a list that is not sorted, or comes round again."""
    rows = page.rows
    _see_order(rows, walk, page.after)
    reached = walk.until is not None and any(row.updated < walk.until for row in rows)
    new = [row for row in rows if not place.knows(row) and not (walk.until and row.updated < walk.until)]
    further = walk.model_copy(
        update={
            "top": walk.top or (rows[0].updated if rows else place.seen),
            "bottom": rows[-1].updated if rows else walk.bottom,
            "after": page.after,
            "pages": walk.pages + 1,
        }
    )
    return Step(frozenset(row.id for row in new), further, ended=reached or page.after is None)


def told(place: Place, walk: Walk, rows: Sequence[Row], overlap: timedelta = OVERLAP) -> dict[str, object]:
    """What of a place changes once these rows have been told; of them, those near the top are remembered."""
    since = (walk.top or _LONG_AGO) - overlap
    new = {row.id: (row.updated, row.version) for row in rows if row.updated >= since}
    return {"told": place.told | new}


def at_the_end(place: Place, walk: Walk, overlap: timedelta = OVERLAP) -> dict[str, object]:
    """What of a place changes once a walk has come to its end."""
    seen = max((moment for moment in (walk.top, place.seen) if moment is not None), default=None)
    kept = {
        ticket: (updated, version)
        for ticket, (updated, version) in place.told.items()
        if seen is None or updated >= seen - overlap
    }
    return {"walk": None, "seen": seen, "told": kept}


def _see_order(rows: Sequence[Row], walk: Walk, after: str | None) -> None:
    dates = [row.updated for row in rows]
    if dates != sorted(dates, reverse=True):
        raise BadDataError(
            "The desk does not sort its tickets by their last change.", "Try again in a while."
        )
    comes_round = dates and walk.bottom is not None and dates[0] > walk.bottom
    if comes_round or (after is not None and after == walk.after):
        raise BadDataError("The desk sends the same page of its tickets again.", "Try again in a while.")
