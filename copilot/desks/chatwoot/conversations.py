"""Reads conversations: those that changed, and one with its messages.

`GET conversations` lists 25 a page. With `updated_within` (seconds; not in the API's description, but what Chatwoot's
own screen reconnects with, and in conversation_finder.rb since 2023) it lists all that changed in that time at once.
Messages come 100 at a time with `after` (the API's description, "Get messages").
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import UTC, datetime

from copilot.desks.chatwoot.account import Account
from copilot.desks.chatwoot.translate import ACTIVITY, contact, message, snapshot, with_messages
from copilot.desks.chatwoot.wire import Conversation, Conversations, MessageRow, Messages
from copilot.desks.rest import Answer, Rest
from copilot.desks.rest.clocked import Listed, Numbered
from copilot.desks.rest.failures import http_date
from copilot.domain import RemoteId, Thread, TicketSnapshot
from copilot.errors import BadDataError, NotFoundError

MESSAGES_A_PAGE = 100
SPARE_SECONDS = 5
PARTS = {
    "open": {"status": "open", "sort_by": "last_activity_at_desc"},
    "all": {"status": "all", "sort_by": "created_at_asc"},
}
"""First what somebody has to act on; then everything, in an order that no change disturbs."""


class ConversationFeed:
    """The lists of conversations, for `rest.clocked`."""

    def __init__(self, rest: Rest, account: Account) -> None:
        self._rest = rest
        self._account = account
        self._ahead = 0.0

    async def parts(self) -> tuple[str, ...]:
        """The two readings, of these inboxes."""
        followed = await self._account.followed()
        scope = "" if followed is None else ":" + ",".join(str(one) for one in sorted(followed))
        return tuple(f"{part}{scope}" for part in PARTS)

    async def part(self, part: str, page: str | None) -> Listed:
        """A page. When conversations were deleted meanwhile the one before is read again: others moved up to it."""
        place = Numbered.of(page)
        answer = await self._list({**PARTS[part.partition(":")[0]], "page": place.number})
        rows, count = answer.value.data.payload, answer.value.data.meta.all_count
        if place.lost(count):
            return Listed(tickets=(), next=place.again(count, len(rows)), now=clock_of(answer))
        return Listed(
            tickets=await self._tickets(rows), next=place.next(count, len(rows)), now=clock_of(answer)
        )

    async def changed(
        self,
        since: datetime,
        page: str | None,  # noqa: ARG002 - there is one
    ) -> Listed:
        """What changed since, all at once. Asked again when Chatwoot's clock turns out to be ahead of ours."""
        window = self._window(since, datetime.now(UTC).timestamp() + self._ahead)
        answer = await self._list({"status": "all", "updated_within": window})
        now = clock_of(answer)
        if now is not None:
            self._ahead = now.timestamp() - datetime.now(UTC).timestamp()
            if now.timestamp() - window > since.timestamp():
                wider = self._window(since, now.timestamp())
                answer = await self._list({"status": "all", "updated_within": wider})
        rows = [row for row in answer.value.data.payload if row.updated_at is None or row.updated_at >= since]
        return Listed(tickets=await self._tickets(rows), now=clock_of(answer))

    def _window(self, since: datetime, now: float) -> int:
        return max(SPARE_SECONDS, math.ceil(now - since.timestamp()) + SPARE_SECONDS)

    async def _list(self, query: dict[str, str | int]) -> Answer[Conversations]:
        followed = await self._account.followed()
        if followed is not None and len(followed) == 1:
            query["inbox_id"] = next(iter(followed))
        return await self._rest.get(await self._account.path("conversations"), Conversations, query)

    async def _tickets(self, rows: Sequence[Conversation]) -> list[TicketSnapshot]:
        followed = await self._account.followed()
        wanted = [row for row in rows if followed is None or row.inbox_id in followed]
        customs = await self._account.customs()
        unknown = {row.inbox_id for row in wanted} - customs.inboxes.keys()
        if unknown:
            customs = await self._account.customs(next(iter(unknown)))
        return [snapshot(row, customs) for row in wanted]


class Threads:
    """Reads one conversation."""

    def __init__(self, rest: Rest, account: Account) -> None:
        self._rest = rest
        self._account = account

    async def record(self, ticket: RemoteId) -> Conversation:
        """The conversation alone."""
        path = await self._account.path(f"conversations/{number_of(ticket)}")
        return (await self._rest.get(path, Conversation)).value

    async def snapshot(self, ticket: RemoteId) -> TicketSnapshot:
        """The conversation alone, in our words."""
        record = await self.record(ticket)
        return snapshot(record, await self._account.customs(record.inbox_id))

    async def read(self, ticket: RemoteId) -> Thread:
        """The conversation, which has the version and is read first, and its messages."""
        record = await self.record(ticket)
        customs = await self._account.customs(record.inbox_id)
        rows = [row for row in await self._messages(ticket) if row.message_type != ACTIVITY]
        requester = contact(record.meta.sender)
        messages = tuple(message(row, requester, customs) for row in rows)
        return Thread(
            snapshot=with_messages(snapshot(record, customs), record, rows, messages), messages=messages
        )

    async def message(self, ticket: RemoteId, number: int) -> MessageRow:
        """One message. Raises `NotFoundError` when it is not there."""
        page = await self._page(ticket, number - 1)
        found = next((row for row in page if row.id == number), None)
        if found is None:
            raise NotFoundError("This message is no longer in Chatwoot.")
        return found

    async def _messages(self, ticket: RemoteId) -> list[MessageRow]:
        found: dict[int, MessageRow] = {}
        while True:
            page = await self._page(ticket, max(found, default=0))
            news = [row for row in page if row.id not in found]
            found.update({row.id: row for row in news})
            if len(page) < MESSAGES_A_PAGE:
                return sorted(found.values(), key=lambda row: (row.created_at, row.id))
            if not news:
                raise BadDataError(
                    "Chatwoot's list of messages does not end.", "Open this one in Chatwoot itself."
                )

    async def _page(self, ticket: RemoteId, after: int) -> list[MessageRow]:
        path = await self._account.path(f"conversations/{number_of(ticket)}/messages")
        return (await self._rest.get(path, Messages, {"after": after})).value.payload


def number_of(ticket: RemoteId) -> str:
    """The number to ask for. Raises `NotFoundError` for what cannot be one, instead of asking for another address."""
    if not ticket.isascii() or not ticket.isdecimal():
        raise NotFoundError("That is no conversation of Chatwoot.")
    return str(ticket)


def clock_of(answer: Answer[Conversations]) -> datetime | None:
    """Chatwoot's clock when it answered."""
    return http_date(answer.headers.get("date", ""))
