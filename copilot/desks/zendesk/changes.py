"""Which tickets have changed.

Two views of the same, each for what the other lacks:

- List Tickets by last change, newest first (API reference: Tickets, List Tickets, Sorting; zendesk_api_client_php, OBP
  to CBP upgrade guide: `sort=-updated_at` with `page[size]`): one request, seconds after the change, for every agent;
  but it does not tell of deleted and archived tickets.
- The incremental export by cursor (Using the Incremental Exports API; Incremental Exports: ten requests a minute,
  administrators alone): a thousand tickets a request, all there ever were, but not those of the last minute.

A first reading walks the list down for what reps need first and then reads the whole export, or where the rep is no
administrator walks on to the end; both leave some of the rate limit to others. A poll is one look at the list and,
once a minute, at the export. Tickets that AI agents have still to themselves are asked for too (`support_type_scope`;
List Tickets).
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import httpx

from copilot.desks import walking
from copilot.desks.base import ChangePage, Cursor
from copilot.desks.rest import Rest
from copilot.desks.rest.client import Query
from copilot.desks.rest.failures import http_date
from copilot.desks.rest.sparing import leave_some
from copilot.desks.walking import Page, Row, Walk
from copilot.desks.zendesk.listing import endless, paged
from copilot.desks.zendesk.place import Place, place_of
from copilot.desks.zendesk.team import ADMIN, Team
from copilot.desks.zendesk.threads import BESIDE
from copilot.desks.zendesk.translate import Around, snapshot, version_of
from copilot.desks.zendesk.wire import ExportPage, Ticket, TicketPage
from copilot.domain import TicketSnapshot
from copilot.errors import PermissionDeniedError

LIST = "/api/v2/tickets"
EXPORT = "/api/v2/incremental/tickets/cursor"
BY_CHANGE: Query = {"sort": "-updated_at", "include": BESIDE, "support_type_scope": "all"}
EVERYTHING_SINCE = 946_684_800
"""The year 2000 as the export counts time (Unix seconds): before the first ticket of any Zendesk."""
HEADERS = {"limit": "x-rate-limit", "remaining": "x-rate-limit-remaining"}
"""Of the whole account, in requests a minute (Rate limits)."""
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
        place = place.model_copy(update={"walk": walking.next_walk(place)})
        async for page in walking.worth_telling(self._pages(place), cursor):
            yield page

    async def _pages(self, place: Place) -> AsyncIterator[ChangePage]:
        now = datetime.now(UTC)
        while (step := await self._step(place, now)) is not None:
            page, place, now = step
            yield page

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
            if place.left_off is None:
                return ChangePage(tickets=(), cursor=refused.cursor), refused, now
            return await self._walk(*_resumed(refused))

    # -- the list --------------------------------------------------------------------------------------------------

    async def _walk(self, place: Place, walk: Walk) -> tuple[ChangePage, Place, datetime]:
        answer = await self._rest.get(LIST, TicketPage, paged(BY_CHANGE, walk.after))
        page, first = answer.value, walk.until is None
        if first:
            leave_some(self._rest.vendor, answer.headers, **HEADERS)
        rows = [_row(ticket) for ticket in page.tickets]
        step = walking.take(place, walk, Page(rows, page.meta.after_cursor if page.meta.has_more else None))
        new = [ticket for ticket in page.tickets if ticket.id in step.new]
        place = place.model_copy(update=walking.told(place, step.walk, [_row(ticket) for ticket in new]))
        if step.ended:
            place = place.model_copy(update=walking.at_the_end(place, step.walk))
        elif first and await self._leaves_rest_to_export(place, step.walk):
            left = {"left_off": step.walk.after}
            place = place.model_copy(update=walking.at_the_end(place, step.walk) | left)
        else:
            place = place.model_copy(update={"walk": step.walk})
        around = await self._team.around(page.tickets, page.users, page.groups)
        headers = self._snapshots(new if first else new[::-1], around, first=first)
        return ChangePage(tickets=headers, cursor=place.cursor), place, _clock(answer.headers)

    async def _leaves_rest_to_export(self, place: Place, walk: Walk) -> bool:
        if walk.pages != WALK_PAGES or place.whole or place.refused:
            return False
        return (await self._team.user()).role == ADMIN

    # -- the export ------------------------------------------------------------------------------------------------

    async def _export(self, place: Place) -> tuple[ChangePage, Place, datetime]:
        whence: Query = {"cursor": place.export} if place.export else {"start_time": EVERYTHING_SINCE}
        beside = {"include": BESIDE, "support_type_scope": "all"}
        answer = await self._rest.get(EXPORT, ExportPage, {**whence, **beside})
        page = answer.value
        if not place.whole:
            leave_some(self._rest.vendor, answer.headers, **HEADERS)
        if not page.end_of_stream and page.after_cursor in (None, place.export):
            raise endless()
        now, first = _clock(answer.headers), not place.whole
        place = place.model_copy(update={"export": page.after_cursor or place.export})
        if page.end_of_stream:
            place = place.model_copy(update={"exported": now, "whole": True, "left_off": None})
        new = [one for one in page.tickets if one.status == "deleted" or not place.knows(_row(one))]
        near_top = walking.told(place, Walk(top=place.seen), [_row(one) for one in new])
        place = place.model_copy(update=near_top)
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


def _resumed(place: Place) -> tuple[Place, Walk]:
    """The first walk, where it was left to the export."""
    walk = Walk(after=place.left_off, top=place.seen, pages=WALK_PAGES)
    return place.model_copy(update={"left_off": None, "walk": walk}), walk


def _row(ticket: Ticket) -> Row:
    return Row(ticket.id, ticket.updated_at, version_of(ticket))


def _clock(headers: httpx.Headers) -> datetime:
    return http_date(headers.get("date", "")) or datetime.now(UTC)
