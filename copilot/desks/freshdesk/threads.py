"""Reads tickets: in lists by their last change, and one with all its conversations.

"List All Tickets": without `updated_since` only 30 days, at most 300 pages of 100 (we ask from ever later dates, see
`rest.recent`), bins only by the filters deleted and spam. "View a Ticket" and "List All Conversations of a Ticket": the
ticket is read first, so its date is never later than the conversations.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from copilot.desks.ai_agents import with_reason
from copilot.desks.base import ChangePage, Cursor
from copilot.desks.freshdesk import translate
from copilot.desks.freshdesk.names import PER_PAGE, Directory, Names, all_pages
from copilot.desks.freshdesk.translate import Customs
from copilot.desks.freshdesk.wire import ContactRow, ConversationRow, FileRow, RatingRow, TicketRecord
from copilot.desks.rest import Answer, Rest
from copilot.desks.rest.recent import Listed, Source, changes, clock_of, version_of, without_strangers
from copilot.domain import Message, Person, Rating, RemoteId, Role, Status, Thread, TicketSnapshot
from copilot.errors import NotFoundError, PermissionDeniedError, RefusedError

BIN_EVERY = timedelta(minutes=5)
OUTBOUND = 10


class Threads:
    """Reads tickets of the followed groups."""

    def __init__(self, rest: Rest, directory: Directory, customs: Customs, followed: Sequence[str]) -> None:
        self._rest = rest
        self._directory = directory
        self._customs = customs
        self._followed = frozenset(name.casefold() for name in followed)

    async def changes(self, since: Cursor | None) -> AsyncIterator[ChangePage]:
        """Changed tickets; the bins are looked into every few minutes."""
        sources = (
            Source(name="tickets", page=self._page_of("")),
            Source(name="deleted", page=self._page_of("deleted"), fills=False, every=BIN_EVERY),
            Source(name="spam", page=self._page_of("spam"), fills=False, every=BIN_EVERY),
        )
        async for page in changes(sources, since):
            yield page

    async def record(self, ticket: RemoteId) -> tuple[TicketRecord, str]:
        """The ticket alone, and its version."""
        answer = await self._view(ticket)
        return answer.value, version_of(answer.value.updated_at, clock_of(answer.headers))

    async def read(self, ticket: RemoteId) -> Thread:
        """The ticket with its messages. Raises `NotFoundError` when it lies in the bin."""
        answer = await self._view(ticket)
        record = answer.value
        rows = await all_pages(self._rest, f"tickets/{record.id}/conversations", ConversationRow)
        requester = await self._requester(record)
        writers = [row.user_id for row in rows if not row.incoming]
        names = await self._directory.names((record.responder_id, *writers), (record.group_id,))
        header = translate.snapshot(record, requester, names, self._customs, clock_of(answer.headers))
        header = replace(header, rating=await self._rating(header))
        messages = [translate.first_message(record, _first_author(record, header))]
        rows.sort(key=lambda row: (row.created_at, row.id))
        messages += [translate.message(row, await self._author(row, header, names)) for row in rows]
        if header.escalation is not None:
            header = await asyncio.to_thread(with_reason, header, messages)
        return Thread(snapshot=header, messages=_whole(messages))

    async def file(self, ticket: RemoteId, attachment: RemoteId) -> FileRow:
        """Where an attachment is now: its address is signed for a while, so the ticket is read again."""
        record = (await self._view(ticket)).value
        rows = await all_pages(self._rest, f"tickets/{record.id}/conversations", ConversationRow)
        files = (*record.attachments, *(file for row in rows for file in row.attachments))
        found = next((file for file in files if str(file.id) == attachment), None)
        if found is None or not found.attachment_url:
            raise NotFoundError("This file is no longer in Freshdesk.")
        return found

    async def _view(self, ticket: RemoteId) -> Answer[TicketRecord]:
        path = f"tickets/{number_of(ticket)}"
        answer = await self._rest.get(path, TicketRecord, {"include": "requester"})
        if translate.is_gone(answer.value):
            raise NotFoundError(f"Ticket {ticket} lies in the bin of Freshdesk, or among spam.")
        return answer

    def _page_of(self, bin_name: str) -> Callable[[datetime, int], Awaitable[Listed]]:
        async def page(since: datetime, number: int) -> Listed:
            query: dict[str, str | int | Sequence[str]] = {
                "updated_since": since.strftime("%Y-%m-%dT%H:%M:%SZ"),
                "order_by": "updated_at",
                "order_type": "asc",
                "include": "requester",
                "per_page": PER_PAGE,
                "page": number,
            }
            if bin_name:
                query["filter"] = bin_name
            return await self._listed(await self._rest.get("tickets", list[TicketRecord], query), bin_name)

        return page

    async def _listed(self, answer: Answer[list[TicketRecord]], bin_name: str) -> Listed:
        now = clock_of(answer.headers)
        records = answer.value
        if bin_name:
            records = [record.model_copy(update={bin_name: True}) for record in records]
        names = await self._directory.names(
            (record.responder_id for record in records), (record.group_id for record in records)
        )
        tickets = [
            translate.snapshot(record, await self._requester(record), names, self._customs, now)
            for record in records
        ]
        more = 'rel="next"' in answer.headers.get("link", "")
        listed = Listed(tickets=tickets, more=more, now=now)
        if not self._followed:
            return listed
        groups = {str(one.id): str(one.group_id) for one in records}
        return without_strangers(
            listed, lambda ticket: self._is_followed(ticket.group, groups[str(ticket.remote_id)])
        )

    def _is_followed(self, name: str, number: str) -> bool:
        """Queues are followed by name or by number."""
        return name.casefold() in self._followed or number in self._followed

    async def _requester(self, record: TicketRecord) -> ContactRow:
        if record.requester is not None:
            return record.requester.model_copy(update={"id": record.requester_id or record.requester.id})
        return await self._directory.contact(record.requester_id) if record.requester_id else ContactRow()

    async def _author(self, row: ConversationRow, header: TicketSnapshot, names: Names) -> Person:
        if row.user_id is None:
            return Person(remote_id=RemoteId(""), name="Freshdesk", role=Role.SYSTEM)
        if str(row.user_id) == header.requester.remote_id:
            return header.requester
        if row.user_id in names.agents or not row.incoming:
            return translate.agent(row.user_id, names, self._customs)
        return translate.person(await self._directory.contact(row.user_id), Role.REQUESTER)

    async def _rating(self, header: TicketSnapshot) -> Rating | None:
        """What the requester thought of it; asked for when a survey may have gone out, and the plan has surveys."""
        if header.status not in {Status.SOLVED, Status.CLOSED}:
            return None
        try:
            rows = (
                await self._rest.get(f"tickets/{header.remote_id}/satisfaction_ratings", list[RatingRow])
            ).value
        except (PermissionDeniedError, NotFoundError, RefusedError):
            return None
        return translate.rating(rows)


def _first_author(record: TicketRecord, header: TicketSnapshot) -> Person:
    """Outbound mails begin with an agent's words, everything else with the requester's."""
    if record.source == OUTBOUND and header.assignee is not None:
        return header.assignee
    return header.requester


def number_of(ticket: RemoteId) -> str:
    """The number to ask for. Raises `NotFoundError` for what cannot be one, instead of asking for another address."""
    if not ticket.isascii() or not ticket.isdecimal():
        raise NotFoundError(f"{ticket!r} is no ticket of Freshdesk.")
    return str(ticket)


def _whole(messages: Sequence[Message]) -> tuple[Message, ...]:
    """Without a first message that says nothing: a ticket that an agent opened by phone may have no description."""
    first, *others = messages
    says_nothing = not first.html.strip() and not first.attachments
    return tuple(others if says_nothing and others else messages)
