"""Reads conversations: those that changed, and one with its threads.

"List Conversations" takes `modifiedSince` and tells no date of modification, so it is read by the clock (see
`rest.clocked`), newest first: what changes while we read moves to where we have been, and pulls nothing past us.
"Get Conversation" with `embed=threads` brings a conversation whole; Help Scout closes them after a hundred threads.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from copilot.desks.help_scout.signed import Signed
from copilot.desks.help_scout.team import Team
from copilot.desks.help_scout.translate import customer, is_message, message, snapshot, with_messages
from copilot.desks.help_scout.wire import Conversation, ConversationRows, Page, ThreadRow, ThreadRows
from copilot.desks.rest import Answer
from copilot.desks.rest.clocked import Listed, Numbered
from copilot.desks.rest.failures import http_date
from copilot.domain import RemoteId, Thread, TicketSnapshot
from copilot.errors import NotFoundError

PARTS = {
    "active": {"status": "active", "sortField": "modifiedAt", "sortOrder": "desc"},
    "all": {"status": "all", "sortField": "createdAt", "sortOrder": "asc"},
}
"""First what somebody has to act on; then everything, in an order that no change disturbs."""


class ConversationFeed:
    """The lists of conversations, for `rest.clocked`."""

    def __init__(self, api: Signed, team: Team) -> None:
        self._api = api
        self._team = team

    async def parts(self) -> tuple[str, ...]:
        """The two readings, of these inboxes."""
        followed = await self._team.followed()
        scope = "" if followed is None else ":" + ",".join(str(one) for one in sorted(followed))
        return tuple(f"{part}{scope}" for part in PARTS)

    async def part(self, part: str, page: str | None) -> Listed:
        """A page. When conversations were deleted meanwhile the one before is read again: others moved up to it."""
        place = Numbered.of(page)
        answer = await self._list({**PARTS[part.partition(":")[0]], "page": place.number})
        rows, count = _rows(answer), answer.value.page.total
        if place.lost(count):
            return Listed(tickets=(), next=place.again(count, len(rows)), now=clock_of(answer))
        return Listed(
            tickets=await self._tickets(rows), next=place.next(count, len(rows)), now=clock_of(answer)
        )

    async def changed(self, since: datetime, page: str | None) -> Listed:
        """A page of what was modified since."""
        number = int(page or 1)
        moment = since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        order = {"sortField": "modifiedAt", "sortOrder": "desc"}
        answer = await self._list({"status": "all", "modifiedSince": moment, "page": number, **order})
        more = number < answer.value.page.pages
        return Listed(
            tickets=await self._tickets(_rows(answer)),
            next=str(number + 1) if more else None,
            now=clock_of(answer),
        )

    async def _list(self, query: dict[str, str | int]) -> Answer[Page[ConversationRows]]:
        followed = await self._team.followed()
        if followed is not None and len(followed) == 1:
            query["mailbox"] = next(iter(followed))
        return await self._api.get("conversations", Page[ConversationRows], query)

    async def _tickets(self, rows: Sequence[Conversation]) -> list[TicketSnapshot]:
        """Those of the followed inboxes; one that is not in them may have been moved there, and is gone for us."""
        followed = await self._team.followed()
        customs = await self._team.customs()
        unknown = {row.mailbox for row in rows} - customs.mailboxes.keys()
        if unknown:
            customs = await self._team.customs(next(iter(unknown)))
        return [
            snapshot(
                row if _is_followed(row, followed) else row.model_copy(update={"state": "deleted"}), customs
            )
            for row in rows
        ]


class Threads:
    """Reads one conversation."""

    def __init__(self, api: Signed, team: Team) -> None:
        self._api = api
        self._team = team

    async def record(self, ticket: RemoteId, *, embed: str = "") -> Conversation:
        """The conversation, with its threads when they are embedded. One in the bin is not found."""
        query = {"embed": embed} if embed else None
        record = (await self._api.get(f"conversations/{number_of(ticket)}", Conversation, query)).value
        if record.state == "deleted":
            raise NotFoundError("The conversation was deleted in Help Scout.")
        return record

    async def snapshot(self, record: Conversation) -> TicketSnapshot:
        """The conversation alone, in our words."""
        return snapshot(record, await self._team.customs(record.mailbox))

    async def read(self, ticket: RemoteId) -> Thread:
        """The conversation with its messages, oldest first."""
        record = await self.record(ticket, embed="threads")
        rows = record.embedded.threads
        if sum(is_message(row) for row in rows) < record.threads:
            pages = await self._api.all(f"conversations/{number_of(ticket)}/threads", Page[ThreadRows])
            rows = [row for page in pages for row in page.threads] or rows
        return await self._thread(record, rows)

    async def _thread(self, record: Conversation, rows: Sequence[ThreadRow]) -> Thread:
        customs = await self._team.customs(record.mailbox)
        spoken = sorted((row for row in rows if is_message(row)), key=lambda row: (row.created, row.id))
        requester = customer(record.customer)
        messages = tuple(message(row, requester, customs) for row in spoken)
        return Thread(snapshot=with_messages(snapshot(record, customs), spoken, messages), messages=messages)


def number_of(ticket: RemoteId) -> str:
    """The number to ask for. Raises `NotFoundError` for what cannot be one, instead of asking for another address."""
    if not ticket.isascii() or not ticket.isdecimal():
        raise NotFoundError("That is no conversation of Help Scout.")
    return str(ticket)


def clock_of(answer: Answer[Page[ConversationRows]]) -> datetime | None:
    """Help Scout's clock when it answered."""
    return http_date(answer.headers.get("date", ""))


def _rows(answer: Answer[Page[ConversationRows]]) -> list[Conversation]:
    embedded = answer.value.embedded
    return embedded.conversations if embedded is not None else []


def _is_followed(row: Conversation, followed: frozenset[int] | None) -> bool:
    return followed is None or row.mailbox in followed
