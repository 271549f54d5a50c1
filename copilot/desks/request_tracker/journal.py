"""RT's journal: the transactions of all tickets, numbered in the order they happened.

RT leaves rows the user may not see out of a page after it has counted it, and tells no total. So the journal is read
backwards until the transaction that was seen last shows up again, and the size of a page never means anything.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from copilot.desks.request_tracker.place import SETTLE
from copilot.desks.request_tracker.queues import condition
from copilot.desks.request_tracker.rest import Rest
from copilot.desks.request_tracker.wire import ChangeRow
from copilot.errors import BadDataError

EMPTY_PAGES = 3
"""So many pages in a row without a row we may see end the reading, when the transaction seen last is gone."""
MOST_PAGES = 10_000
MOST_VERSION_PAGES = 40
"""How far back the versions of a page of tickets are looked for."""

_NEWEST_FIRST = {"orderby": "id", "order": "DESC", "fields": "ObjectId,Created"}


@dataclass(frozen=True, slots=True)
class Change:
    """A ticket with its new transactions, newest first, and the version they made of it."""

    ticket: str
    version: str
    rows: tuple[ChangeRow, ...]

    @property
    def newest(self) -> int:
        """The number of the newest one."""
        return self.rows[0].id

    @property
    def at(self) -> datetime:
        """When that was."""
        return self.rows[0].created


@dataclass(frozen=True, slots=True)
class News:
    """What the journal holds from some transaction on, newest first, and what RT's clock said."""

    rows: tuple[ChangeRow, ...]
    date: datetime | None = None

    @property
    def newest(self) -> int:
        """The newest transaction, 0 when there is none."""
        return self.rows[0].id if self.rows else 0

    @property
    def now(self) -> datetime | None:
        """RT's clock; at least the moment of the newest transaction."""
        return self.date or (self.rows[0].created if self.rows else None)

    @property
    def settled(self) -> int:
        """The newest transaction before which none can still show up; 0 when all of them are too fresh."""
        now = self.now
        return 0 if now is None else next((row.id for row in self.rows if row.created <= now - SETTLE), 0)

    def changes(self, after: int, told: Mapping[str, Collection[int]], seen: int) -> tuple[Change, ...]:
        """The tickets with transactions after `after` that were not told yet, in the order of their newest one.

        Where that is an old one (up to `seen`), the ticket has been read in its newest version, but without what has
        only now become visible: its version says so, to be another than the one that is held.
        """
        by_ticket: dict[str, list[ChangeRow]] = {}
        for row in self.rows:
            if row.id > after:
                by_ticket.setdefault(row.ticket, []).append(row)
        news = [
            Change(
                ticket=ticket,
                version=str(rows[0].id) if rows[0].id > seen else f"{rows[0].id} again",
                rows=tuple(rows),
            )
            for ticket, rows in by_ticket.items()
            if any(row.id not in told.get(ticket, ()) for row in rows)
        ]
        return tuple(sorted(news, key=lambda change: change.newest))


class Journal:
    """Reads the transactions of tickets."""

    def __init__(self, rest: Rest) -> None:
        self._rest = rest

    async def end(self, queues: Collection[str]) -> News:
        """The newest transactions there are now."""
        return await self._page(f"{_of(queues)} AND id > 0", 1)

    async def since(self, queues: Collection[str], seen: int) -> News:
        """All transactions from `seen` on, with the one that is `seen` if it is still there."""
        rows: list[ChangeRow] = []
        date: datetime | None = None
        below = ""
        page = 1
        for _ in range(MOST_PAGES):
            news = await self._page(f"{_of(queues)} AND id >= {seen}{below}", page)
            date = date or news.date
            if news.rows:
                rows += news.rows
                below, page = f" AND id < {_oldest(news, rows)}", 1
            else:
                page += 1
            if (rows and rows[-1].id <= seen) or page > (EMPTY_PAGES if seen else 1):
                return News(tuple(rows), date)
        raise BadDataError("Request Tracker's list of changes has no end.")

    async def versions(self, tickets: Sequence[str]) -> dict[str, str]:
        """The versions of these tickets: their newest transactions. Some may be missing."""
        found: dict[str, str] = {}
        below = ""
        wanted = set(tickets)
        for _ in range(MOST_VERSION_PAGES):
            ids = " OR ".join(f"TicketId = {ticket}" for ticket in tickets if ticket in wanted)
            news = await self._page(f"ObjectType = 'RT::Ticket' AND ({ids}){below}", 1)
            for row in news.rows:
                found.setdefault(row.ticket, str(row.id))
            wanted -= found.keys()
            if not wanted or not news.rows:
                break
            below = f" AND id < {news.rows[-1].id}"
        return found

    async def _page(self, query: str, page: int) -> News:
        answer = await self._rest.page(
            "transactions", ChangeRow, {**_NEWEST_FIRST, "query": query, "page": page}
        )
        return News(tuple(answer.value.items), answer.date)


def _of(queues: Collection[str]) -> str:
    """Tickets of these queues, and those that were moved out of them."""
    of_tickets = "ObjectType = 'RT::Ticket' AND TicketType = 'ticket'"
    if not queues:
        return of_tickets
    moved = f"Type = 'Set' AND Field = 'Queue' AND {condition(queues, 'OldValue')}"
    return f"{of_tickets} AND ({condition(queues, 'TicketQueue')} OR ({moved}))"


def _oldest(news: News, rows: Sequence[ChangeRow]) -> int:
    """Where the next page begins. Raises `BadDataError` when this one did not get us further back."""
    oldest = news.rows[-1].id
    before = len(rows) - len(news.rows)
    if before and oldest >= rows[before - 1].id:
        raise BadDataError("Request Tracker's list of changes repeats itself.")
    return oldest
