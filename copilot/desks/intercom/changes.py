"""Which conversations have changed.

REST API: Search conversations, 150 a page; Pagination, Sorting and Search: `sort` by `updated_at`, downwards (the
OpenAPI description leaves `sort` out: github.com/intercom/Intercom-OpenAPI, issue 114), and `starting_after`, which
names the last row. Whether dates are compared by the second or by the day differs between searches, so the filter by
date only keeps the search small, and our own walk decides where to stop.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import timedelta

from pydantic import ValidationError

from copilot.desks import walking
from copilot.desks.base import ChangePage, Cursor
from copilot.desks.intercom.team import Team
from copilot.desks.intercom.translate import Around, snapshot, version_of
from copilot.desks.intercom.wire import Conversation, Found, Next
from copilot.desks.rest import Answer, Rest
from copilot.desks.rest.sparing import leave_some
from copilot.desks.walking import Page, Place, Row, Walk
from copilot.domain import TicketSnapshot

PER_PAGE = 150
OVERLAP = timedelta(minutes=2)
"""A search finds what was written a moment ago a little later than the conversation itself shows it."""
DAYS_OF_GRACE = timedelta(days=2)
EVER = 1
HEADERS = {"limit": "x-ratelimit-limit", "remaining": "x-ratelimit-remaining"}
"""Of ten seconds (Rate Limiting)."""


class Changes:
    """Pages of changed conversations, of the followed teams (none: all)."""

    def __init__(self, rest: Rest, team: Team, teams: Sequence[str]) -> None:
        self._rest = rest
        self._team = team
        self._followed = {name.casefold() for name in teams}

    async def since(self, cursor: Cursor | None) -> AsyncIterator[ChangePage]:
        """Everything after a cursor."""
        place = _place_of(cursor)
        place = place.model_copy(update={"walk": walking.next_walk(place, OVERLAP)})
        async for page in walking.worth_telling(self._pages(place), cursor):
            yield page

    async def _pages(self, place: Place) -> AsyncIterator[ChangePage]:
        while place.walk is not None:
            page, place = await self._step(place, place.walk)
            yield page

    async def _step(self, place: Place, walk: Walk) -> tuple[ChangePage, Place]:
        answer = await self._search(walk)
        found, first = answer.value, walk.until is None
        if first:
            leave_some(self._rest.vendor, answer.headers, **HEADERS)
        conversations = found.conversations
        following = found.pages.next if found.pages is not None else None
        after = following.starting_after or None if isinstance(following, Next) else None
        step = walking.take(place, walk, Page([_row(one) for one in conversations], after))
        new = [one for one in conversations if one.id in step.new]
        update = walking.told(place, step.walk, [_row(one) for one in new], OVERLAP)
        place = place.model_copy(update={**update, "walk": step.walk})
        if step.ended:
            place = place.model_copy(update=walking.at_the_end(place, step.walk, OVERLAP))
        around = await self._team.around(new)
        headers = self._snapshots(new if first else new[::-1], around, first=first)
        return ChangePage(tickets=headers, cursor=place.cursor), place

    async def _search(self, walk: Walk) -> Answer[Found]:
        since = int((walk.until - DAYS_OF_GRACE).timestamp()) if walk.until is not None else EVER
        page: dict[str, object] = {"per_page": PER_PAGE}
        query = {
            "query": {"field": "updated_at", "operator": ">", "value": since},
            "sort": {"field": "updated_at", "order": "descending"},
            "pagination": page | ({"starting_after": walk.after} if walk.after else {}),
        }
        return await self._rest.send("POST", "/conversations/search", query, Found)

    def _snapshots(
        self, conversations: Sequence[Conversation], around: Around, *, first: bool
    ) -> tuple[TicketSnapshot, ...]:
        """Headers; one of a team that is not followed is passed over at first, and later has left the queue."""
        return tuple(
            header if mine else replace(header, deleted=True)
            for one in conversations
            if (mine := self._follows(one, around)) or not first
            for header in (snapshot(one, around),)
        )

    def _follows(self, one: Conversation, around: Around) -> bool:
        number = one.team_assignee_id or "0"
        if not self._followed or number == "0":
            return True
        return bool({number, around.teams.get(number, "").casefold()} & self._followed)


def _place_of(cursor: Cursor | None) -> Place:
    """The place a cursor stands for; the beginning for none, or one that is none of ours."""
    if cursor is not None:
        try:
            return Place.model_validate_json(cursor)
        except ValidationError:
            pass
    return Place(walk=Walk())


def _row(one: Conversation) -> Row:
    return Row(one.id, one.updated_at, version_of(one))
