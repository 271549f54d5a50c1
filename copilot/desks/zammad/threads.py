"""Reads tickets: in lists by their last change, and one with all its articles.

Lists come from tickets/search with a condition and no words, which Zammad answers from its database, exactly and at
once: only words go to its search index (app/models/concerns/can_search.rb). Dates are of a thousandth of a second, so
the date of the last change is the version. Deleted tickets leave nothing to be listed: they
are noticed when they are read. A thread is two requests: the ticket with people and tags, then its articles.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime

from copilot.desks.ai_agents import with_reason
from copilot.desks.base import ChangePage, Cursor
from copilot.desks.rest import Answer, Rest
from copilot.desks.rest.recent import Listed, Source, changes, clock_of, without_strangers
from copilot.desks.zammad import translate
from copilot.desks.zammad.names import Directory
from copilot.desks.zammad.translate import Customs
from copilot.desks.zammad.wire import ArticleRow, Found, TicketRow, UserRow, Whole
from copilot.domain import Person, RemoteId, Role, Thread, TicketSnapshot
from copilot.errors import BadDataError, NotFoundError

PER_PAGE = 100


class Threads:
    """Reads tickets of the followed groups."""

    def __init__(self, rest: Rest, directory: Directory, customs: Customs, followed: Sequence[str]) -> None:
        self._rest = rest
        self._directory = directory
        self._customs = customs
        self._followed = frozenset(name.casefold() for name in followed)

    async def changes(self, since: Cursor | None) -> AsyncIterator[ChangePage]:
        """Changed tickets."""
        async for page in changes((Source(name="tickets", page=self._page),), since):
            yield page

    async def row(self, ticket: RemoteId) -> tuple[TicketRow, Whole, datetime]:
        """The ticket with what belongs to it, and the desk's clock. Raises `NotFoundError` for a merged one."""
        answer = await self._rest.get(f"tickets/{number_of(ticket)}", Whole, {"all": "true"})
        whole = answer.value
        row = whole.assets.tickets.get(str(ticket))
        if row is None:
            raise BadDataError(f"Zammad answered without ticket {ticket}.", "Try again later.")
        self._directory.remember(whole.assets.users.values())
        names = await self._directory.names([row.group_id], [row.state_id])
        if translate.is_gone(row, names):
            raise NotFoundError(f"Ticket {ticket} was merged into another one.", "Go on in the other ticket.")
        return row, whole, clock_of(answer.headers) or datetime.now(UTC)

    async def read(self, ticket: RemoteId) -> Thread:
        """The ticket with its messages."""
        row, whole, _ = await self.row(ticket)
        articles = await self.articles(ticket)
        header = await self._snapshot(row, whole.tags)
        messages = [translate.message(article, await self._author(article, header)) for article in articles]
        if header.escalation is not None:
            header = await asyncio.to_thread(with_reason, header, messages)
        return Thread(snapshot=header, messages=tuple(messages))

    async def articles(self, ticket: RemoteId) -> list[ArticleRow]:
        """All articles, oldest first."""
        path = f"ticket_articles/by_ticket/{number_of(ticket)}"
        rows = (await self._rest.get(path, list[ArticleRow], {"expand": "true"})).value
        return sorted(rows, key=lambda row: (row.created_at, row.id))

    async def _page(self, since: datetime, number: int) -> Listed:
        search = {
            "condition": {"ticket.updated_at": {"operator": "after (absolute)", "value": since.isoformat()}},
            "sort_by": "updated_at",
            "order_by": "asc",
            "per_page": PER_PAGE,
            "page": number,
            "full": True,
        }
        answer: Answer[Found] = await self._rest.send("POST", "tickets/search", search, Found)
        found = answer.value
        numbers = found.tickets or found.record_ids
        rows = [found.assets.tickets[str(n)] for n in numbers if str(n) in found.assets.tickets]
        self._directory.remember(found.assets.users.values())
        tickets = [await self._snapshot(row) for row in sorted(rows, key=lambda row: row.updated_at)]
        listed = Listed(tickets=tickets, more=len(numbers) >= PER_PAGE, now=clock_of(answer.headers))
        if not self._followed:
            return listed
        groups = {str(one.id): str(one.group_id) for one in rows}
        return without_strangers(
            listed, lambda ticket: self._is_followed(ticket.group, groups[str(ticket.remote_id)])
        )

    async def _snapshot(self, row: TicketRow, tags: Sequence[str] = ()) -> TicketSnapshot:
        names = await self._directory.names([row.group_id], [row.state_id])
        users: dict[int, UserRow] = {}
        for number in (row.customer_id, row.owner_id):
            if number is not None and number != translate.NOBODY:
                users[number] = await self._directory.user(number)
        return translate.snapshot(row, users, names, self._customs, tags)

    async def _author(self, row: ArticleRow, header: TicketSnapshot) -> Person:
        role = translate.SENDERS.get(row.sender, Role.REP)
        number = translate.writer_of(row)
        if role is Role.REQUESTER and str(number) == header.requester.remote_id:
            return header.requester
        if role is Role.SYSTEM or number == translate.NOBODY:
            return Person(remote_id=RemoteId(str(number)), name="Zammad", role=Role.SYSTEM)
        return translate.person(await self._directory.user(number), role, self._customs)

    def _is_followed(self, name: str, number: str) -> bool:
        """Queues are followed by name or by number."""
        return name.casefold() in self._followed or number in self._followed


def last_of_customer(articles: Sequence[ArticleRow]) -> ArticleRow | None:
    """What a reply answers."""
    return next((row for row in reversed(articles) if row.sender == "Customer"), None)


def number_of(ticket: RemoteId) -> str:
    """The number to ask for. Raises `NotFoundError` for what cannot be one, instead of asking for another address."""
    if not ticket.isascii() or not ticket.isdecimal():
        raise NotFoundError(f"{ticket!r} is no ticket of Zammad.")
    return str(ticket)
