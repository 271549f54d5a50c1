"""Which tickets changed: first all of the followed queues, then what RT's journal of transactions says.

Everything that happens to a ticket is a numbered transaction, so the journal tells exactly what a date of one second's
resolution cannot: what changed, in which order, and into which version, for RT makes the number the ETag. It also shows
the tickets that left: deleted, merged into others, moved to other queues. A poll in which nothing happened is one
request. No clock of this computer is asked.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping

from copilot.desks.base import ChangePage, Cursor
from copilot.desks.request_tracker.journal import Journal, News
from copilot.desks.request_tracker.listing import Listing
from copilot.desks.request_tracker.place import SETTLE, Fill, Part, Place, place_of
from copilot.desks.request_tracker.queues import Queues, condition
from copilot.desks.request_tracker.rest import PER_PAGE


class Changes:
    """Reads the changes of the followed queues."""

    def __init__(self, queues: Queues, journal: Journal, listing: Listing) -> None:
        self._queues = queues
        self._journal = journal
        self._listing = listing

    async def since(self, cursor: Cursor | None) -> AsyncIterator[ChangePage]:
        """Pages of changed tickets until there are no more."""
        place = await self._begin(place_of(cursor))
        while place.fill is not None:
            page, place = await self._fill(place, place.fill)
            yield page
        async for page in self._follow(place):
            yield page

    async def _begin(self, place: Place | None) -> Place:
        """Where to go on. The tickets of a queue that is followed for the first time are read before all else."""
        queues = await self._queues.followed(place.queues if place else {})
        if place is None or (place.queues and not queues):  # from now on, all of them
            return await self._start(queues)
        if place.queues == queues:
            return place
        new = tuple(number for number in queues.values() if number not in place.queues.values())
        before = place.fill.queues if place.fill else ()
        fill = Fill(queues=tuple(dict.fromkeys(before + new))) if new else place.fill
        return place.model_copy(update={"queues": queues, "fill": fill})

    async def _start(self, queues: Mapping[str, str]) -> Place:
        """Note the end of the journal before the first ticket is read: what happens meanwhile comes after it."""
        news = await self._journal.end(tuple(queues.values()))
        oldest = news.rows[-1].id if news.rows else 0
        place = Place(queues=dict(queues), fill=Fill(queues=tuple(queues.values())), seen=news.newest)
        return place.after_telling(news.rows).settled_at(news.settled or oldest, news.now)

    # -- the first reading -----------------------------------------------------------------------------------------

    async def _fill(self, place: Place, fill: Fill) -> tuple[ChangePage, Place]:
        """The next tickets, newest first: those somebody has to act on, then the others."""
        rest = fill.rest
        if fill.part == "active" and fill.below is None:
            rest = (await self._listing.page(_wanted(fill, "inactive"), size=1)).total
        listed = await self._listing.page(_wanted(fill, fill.part), size=PER_PAGE)
        records = listed.items
        versions = await self._journal.versions([record.id for record in records]) if records else {}
        tickets = await self._listing.headers(records, versions)
        more = None if listed.total is None else listed.total - len(records)
        if records and more != 0:
            further: Fill | None = fill.model_copy(update={"below": int(records[-1].id), "rest": rest})
        else:
            further = Fill(queues=fill.queues, part="inactive") if fill.part == "active" else None
        place = place.model_copy(update={"fill": further})
        remaining = None if more is None or (rest is None and fill.part == "active") else more + (rest or 0)
        return ChangePage(tickets=tickets, cursor=place.cursor, remaining=remaining), place

    # -- increments ------------------------------------------------------------------------------------------------

    async def _follow(self, place: Place) -> AsyncIterator[ChangePage]:
        """What the journal holds after the place, once, and again when everything in it can be relied on."""
        queues = tuple(place.queues.values())
        news = await self._journal.since(queues, place.seen)
        again = place.is_due(news.now)
        if again:
            news = await self._journal.since(queues, place.settled)
        changes = news.changes(place.settled if again else place.seen, place.told, place.seen)
        for start in range(0, len(changes), PER_PAGE):
            batch = changes[start : start + PER_PAGE]
            left = len(changes) - start - len(batch)
            tickets = await self._listing.changed(batch, queues)
            place = place.after_telling(row for change in batch for row in change.rows)
            place = place if again else place.read_to(batch[-1].newest)
            place = place if left else _at_the_end(place, news, again=again)
            yield ChangePage(tickets=tickets, cursor=place.cursor, remaining=left)
        if not changes and (at_the_end := _at_the_end(place, news, again=again)) != place:
            yield ChangePage(tickets=(), cursor=at_the_end.cursor, remaining=0)


def _at_the_end(place: Place, news: News, *, again: bool) -> Place:
    place = place.read_to(news.newest)
    if again:
        return place.settled_at(news.settled, news.now)
    if place.due is None and place.settled < place.seen and news.now is not None:
        return place.model_copy(update={"due": news.now + SETTLE})
    return place


def _wanted(fill: Fill, part: Part) -> str:
    kind = "__Active__" if part == "active" else "__Inactive__"
    below = f" AND id < {fill.below}" if fill.below is not None and part == fill.part else ""
    return f"{condition(fill.queues)} AND Status = '{kind}'{below}"
