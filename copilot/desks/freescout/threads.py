"""Reads conversations: in lists by their last change, and one with all its threads.

"List Conversations": updatedSince, sortField=updatedAt, state; pages of pageSize with the number of pages. "Get
Conversation" with embed=threads,tags gives a thread whole, in one request.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import datetime, timedelta

from copilot.desks.ai_agents import with_reason
from copilot.desks.base import ChangePage, Cursor
from copilot.desks.freescout import translate
from copilot.desks.freescout.directory import Directory
from copilot.desks.freescout.translate import Customs
from copilot.desks.freescout.wire import ConversationPage, ConversationRow, FileRow
from copilot.desks.rest import Answer, Rest
from copilot.desks.rest.recent import Listed, Source, changes, clock_of, without_strangers
from copilot.domain import RemoteId, Thread, TicketSnapshot
from copilot.errors import NotFoundError

PER_PAGE = 100
BIN_EVERY = timedelta(minutes=5)


class Threads:
    """Reads conversations of the followed mailboxes."""

    def __init__(self, rest: Rest, directory: Directory, customs: Customs, followed: Sequence[str]) -> None:
        self._rest = rest
        self._directory = directory
        self._customs = customs
        self._followed = frozenset(name.casefold() for name in followed)

    async def changes(self, since: Cursor | None) -> AsyncIterator[ChangePage]:
        """Changed conversations; the bin is looked into every few minutes."""
        sources = (
            Source(name="published", page=self._page_of("published")),
            Source(name="deleted", page=self._page_of("deleted"), fills=False, every=BIN_EVERY),
        )
        async for page in changes(sources, since):
            yield page

    async def row(self, ticket: RemoteId) -> Answer[ConversationRow]:
        """The conversation with its threads and tags. Raises `NotFoundError` when it was deleted or is spam."""
        path = f"conversations/{number_of(ticket)}"
        answer = await self._rest.get(path, ConversationRow, {"embed": "threads,tags"})
        if translate.is_gone(answer.value):
            raise NotFoundError(f"Conversation {ticket} was deleted, or is spam.")
        return answer

    async def version(self, ticket: RemoteId) -> str:
        """The conversation's version now."""
        answer = await self.row(ticket)
        return translate.version(answer.value, clock_of(answer.headers))

    async def read(self, ticket: RemoteId) -> Thread:
        """The conversation with its messages."""
        answer = await self.row(ticket)
        row = answer.value
        mailboxes = await self._directory.mailboxes(row.mailbox)
        header = translate.snapshot(row, mailboxes, self._customs, clock_of(answer.headers))
        messages = translate.messages(row.embedded.threads, self._customs)
        if header.escalation is not None:
            header = await asyncio.to_thread(with_reason, header, messages)
        return Thread(snapshot=header, messages=messages)

    async def file(self, ticket: RemoteId, attachment: RemoteId) -> FileRow:
        """Where an attachment is."""
        threads = (await self.row(ticket)).value.embedded.threads
        files = (file for thread in threads for file in thread.embedded.attachments)
        found = next((file for file in files if str(file.id) == attachment), None)
        if found is None or not found.url:
            raise NotFoundError("This file is no longer in FreeScout.")
        return found

    def _page_of(self, state: str) -> Callable[[datetime, int], Awaitable[Listed]]:
        async def page(since: datetime, number: int) -> Listed:
            query: dict[str, str | int | Sequence[str]] = {
                "state": state,
                "updatedSince": since.strftime("%Y-%m-%dT%H:%M:%SZ"),
                "sortField": "updatedAt",
                "sortOrder": "asc",
                "embed": "tags",
                "page": number,
                "pageSize": PER_PAGE,
            }
            return await self._listed(await self._rest.get("conversations", ConversationPage, query))

        return page

    async def _listed(self, answer: Answer[ConversationPage]) -> Listed:
        rows = answer.value.embedded.conversations
        now = clock_of(answer.headers)
        tickets: list[TicketSnapshot] = []
        for row in rows:
            mailboxes = await self._directory.mailboxes(row.mailbox)
            tickets.append(translate.snapshot(row, mailboxes, self._customs, now))
        place = answer.value.page
        listed = Listed(tickets=tickets, more=bool(rows) and place.number < place.total_pages, now=now)
        if not self._followed:
            return listed
        groups = {str(one.id): str(one.mailbox) for one in rows}
        return without_strangers(
            listed, lambda ticket: self._is_followed(ticket.group, groups[str(ticket.remote_id)])
        )

    def _is_followed(self, name: str, number: str) -> bool:
        """Queues are followed by name or by number."""
        return name.casefold() in self._followed or number in self._followed


def number_of(ticket: RemoteId) -> str:
    """The number to ask for. Raises `NotFoundError` for what cannot be one, instead of asking for another address."""
    if not ticket.isascii() or not ticket.isdecimal():
        raise NotFoundError(f"{ticket!r} is no conversation of FreeScout.")
    return str(ticket)
