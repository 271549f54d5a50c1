"""Which tickets have changed.

Two views of the same, each for what the other lacks:

- List Tickets by last change, newest first (API reference: Tickets, List Tickets; Pagination: sort with a minus sign):
  one request, seconds after the change, for every agent; but it does not tell of deleted and archived tickets.
- The incremental export by cursor (Using the Incremental Exports API; Incremental Exports: ten requests a minute,
  administrators alone): a thousand tickets a request, all there ever were, but not those of the last minute.

A first reading walks the list down for what reps need first and then reads the whole export, or where the rep is no
administrator walks on to the end. A poll is one look at the list and, once a minute, at the export. Tickets that AI
agents have still to themselves are asked for too (`support_type_scope`; List Tickets).
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import httpx

from copilot.desks.base import ChangePage, Cursor
from copilot.desks.rest import Rest
from copilot.desks.rest.client import Query
from copilot.desks.rest.failures import http_date
from copilot.desks.zendesk.listing import endless, paged
from copilot.desks.zendesk.place import OVERLAP, Place, Walk, place_of
from copilot.desks.zendesk.team import ADMIN, Team
from copilot.desks.zendesk.threads import BESIDE
from copilot.desks.zendesk.translate import Around, snapshot
from copilot.desks.zendesk.wire import ExportPage, Ticket, TicketPage
from copilot.domain import TicketSnapshot
from copilot.errors import BadDataError, PermissionDeniedError

LIST = "/api/v2/tickets"
EXPORT = "/api/v2/incremental/tickets/cursor"
BY_CHANGE: Query = {"sort": "-updated_at", "include": BESIDE, "support_type_scope": "all"}
EVERYTHING_SINCE = 946_684_800
"""The year 2000 as the export counts time (Unix seconds): before the first ticket of any Zendesk."""
EXPORT_EVERY = timedelta(seconds=60)
WALK_PAGES = 10
"""So many pages of the list come before the export in a first reading: the tickets a rep works on."""


class Changes:
    """Pages of changed tickets, of the followed groups (none: all)."""

    def __init__(self, rest: Rest, team: Team, groups: Sequence[str]) -> None:
        self._rest = rest
        self._team = team
        self._followed = {group.casefold() for group in groups}

    async def since(self, cursor: Cursor | None) -> AsyncIterator[ChangePage]:
        """Everything after a cursor."""
        place = place_of(cursor)
        if place.walk is None:
            until = place.seen - OVERLAP if place.seen is not None else None
            place = place.model_copy(update={"walk": Walk(until=until)})
        told, now = cursor, datetime.now(UTC)
        while True:
            step = await self._step(place, now)
            if step is None:
                return
            page, place, now = step
            if page.tickets or page.cursor != told:
                yield page
                told = page.cursor

    async def _step(self, place: Place, now: datetime) -> tuple[ChangePage, Place, datetime] | None:
        """The next page, or None when caught up; `now` is Zendesk's clock as its last answer told it."""
        if place.walk is not None:
            return await self._walk(place, place.walk)
        if place.refused or (await self._team.user()).role != ADMIN:
            if place.left_off is None:
                return None
            return await self._walk(*_resumed(place))
        if place.whole and place.exported is not None and now - place.exported < EXPORT_EVERY:
            return None
        try:
            return await self._export(place)
        except PermissionDeniedError:
            refused = place.model_copy(update={"refused": True})
            return await self._walk(*_resumed(refused)) if place.left_off is not None else None

    # -- the list --------------------------------------------------------------------------------------------------

    async def _walk(self, place: Place, walk: Walk) -> tuple[ChangePage, Place, datetime]:
        answer = await self._rest.get(LIST, TicketPage, paged(BY_CHANGE, walk.after))
        page, first = answer.value, walk.until is None
        if page.meta.has_more and page.meta.after_cursor == walk.after:
            raise endless()
        tickets = page.tickets
        _see_order(tickets, walk)
        top = walk.top or (tickets[0].updated_at if tickets else place.seen)
        new = [one for one in tickets if not place.knows(one) and not _before(one, walk.until)]
        place = place.telling(new, (top or EPOCH) - OVERLAP)
        walk = walk.model_copy(
            update={
                "top": top,
                "bottom": tickets[-1].updated_at if tickets else walk.bottom,
                "after": page.meta.after_cursor,
                "pages": walk.pages + 1,
            }
        )
        ended = not page.meta.has_more or walk.after is None or _before_any(tickets, walk.until)
        enough = first and walk.pages == WALK_PAGES and not place.whole and place.left_off is None
        if ended:
            place = place.walked(walk)
        elif enough and not place.refused and (await self._team.user()).role == ADMIN:
            place = place.walked(walk).model_copy(update={"left_off": walk.after})
        else:
            place = place.model_copy(update={"walk": walk})
        around = await self._team.around(tickets, page.users, page.groups)
        told = self._snapshots(new if first else new[::-1], around, first=first)
        return ChangePage(tickets=told, cursor=place.cursor), place, _clock(answer.headers)

    # -- the export ------------------------------------------------------------------------------------------------

    async def _export(self, place: Place) -> tuple[ChangePage, Place, datetime]:
        whence: Query = {"cursor": place.export} if place.export else {"start_time": EVERYTHING_SINCE}
        beside = {"include": BESIDE, "support_type_scope": "all"}
        answer = await self._rest.get(EXPORT, ExportPage, {**whence, **beside})
        page = answer.value
        if not page.end_of_stream and page.after_cursor in (None, place.export):
            raise endless()
        now, first = _clock(answer.headers), not place.whole
        place = place.model_copy(update={"export": page.after_cursor or place.export})
        if page.end_of_stream:
            place = place.model_copy(update={"exported": now, "whole": True, "left_off": None})
        new = [one for one in page.tickets if one.status == "deleted" or not place.knows(one)]
        around = await self._team.around(new, page.users, page.groups)
        told = self._snapshots(new, around, first=first)
        return ChangePage(tickets=told, cursor=place.cursor), place, now

    def _snapshots(
        self, tickets: Sequence[Ticket], around: Around, *, first: bool
    ) -> tuple[TicketSnapshot, ...]:
        """Headers; a ticket of a group that is not followed is passed over at first, and later has left the queue."""
        return tuple(
            header if mine else replace(header, deleted=True)
            for ticket in tickets
            if (mine := self._follows(ticket, around)) or not first
            for header in (snapshot(ticket, around),)
        )

    def _follows(self, ticket: Ticket, around: Around) -> bool:
        if not self._followed or ticket.group_id is None:
            return True
        name = around.groups.get(ticket.group_id, "").casefold()
        return ticket.group_id in self._followed or name in self._followed


EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _resumed(place: Place) -> tuple[Place, Walk]:
    """The first walk, where it was left to the export."""
    walk = Walk(after=place.left_off, top=place.seen, pages=WALK_PAGES)
    return place.model_copy(update={"left_off": None, "walk": walk}), walk


def _before(ticket: Ticket, until: datetime | None) -> bool:
    return until is not None and ticket.updated_at < until


def _before_any(tickets: Sequence[Ticket], until: datetime | None) -> bool:
    return any(_before(ticket, until) for ticket in tickets)


def _see_order(tickets: Sequence[Ticket], walk: Walk) -> None:
    """What is not sorted by last change would make us miss changes; a page given twice would never end."""
    dates = [ticket.updated_at for ticket in tickets]
    if dates != sorted(dates, reverse=True):
        raise BadDataError("Zendesk does not sort its tickets by their last change.", "Try again in a while.")
    if dates and walk.bottom is not None and dates[0] > walk.bottom:
        raise endless()


def _clock(headers: httpx.Headers) -> datetime:
    return http_date(headers.get("date", "")) or datetime.now(UTC)
