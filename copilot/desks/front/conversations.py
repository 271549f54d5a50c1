"""Reads conversations: those that changed, and one with its messages and comments.

The first reading lists each inbox; then the company's events tell what changed ("List events", `q[after]`), with the
conversation each is about. A conversation does not say in which inbox it is: the list it came from does, the event of
a move does, and for the rest Front is asked, once each.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from copilot.desks.front.company import A_PAGE, Company, token_in, with_page
from copilot.desks.front.translate import gone, message, note, person_of, snapshot, with_messages
from copilot.desks.front.wire import Comment, Conversation, Event, Inbox, MessageRow, Results
from copilot.desks.rest import Rest
from copilot.desks.rest.client import Query
from copilot.desks.rest.clocked import Listed
from copilot.desks.rest.failures import http_date
from copilot.domain import RemoteId, Thread, TicketSnapshot
from copilot.errors import NotFoundError

EVENTS_A_PAGE = 15
KNOWN_AT_MOST = 20_000
PARTS = {"open": ("assigned", "unassigned"), "archived": ("archived",)}
TASKS = frozenset({"discussion", "task"})
"""Conversations inside the team, without a customer."""
_ID = re.compile(r"[A-Za-z0-9_]+")


class Inboxes:
    """In which inbox a conversation is, as far as it was told."""

    def __init__(self, rest: Rest) -> None:
        self._rest = rest
        self._known: OrderedDict[str, str] = OrderedDict()

    def note(self, conversation: str, inbox: str) -> None:
        """Remember it."""
        self._known[conversation] = inbox
        if len(self._known) > KNOWN_AT_MOST:
            self._known.popitem(last=False)

    def forget(self, conversation: str) -> None:
        """It was moved."""
        self._known.pop(conversation, None)

    async def of(self, conversation: str, followed: Sequence[str]) -> str:
        """Its inbox, one we follow where it is in several."""
        if conversation not in self._known:
            path = f"conversations/{id_of(conversation)}/inboxes"
            ids = [one.id for one in (await self._rest.get(path, Results[Inbox])).value.results]
            self.note(conversation, next((one for one in ids if one in followed), ids[0] if ids else ""))
        return self._known[conversation]


class ConversationFeed:
    """The lists of conversations, for `rest.clocked`."""

    def __init__(self, rest: Rest, company: Company, inboxes: Inboxes) -> None:
        self._rest = rest
        self._company = company
        self._inboxes = inboxes

    async def parts(self) -> tuple[str, ...]:
        """The open conversations of each inbox, then the archived ones."""
        followed = await self._company.followed()
        return tuple(f"{part}:{inbox}" for part in PARTS for inbox in followed)

    async def part(self, part: str, page: str | None) -> Listed:
        """A page of one inbox."""
        kind, _, inbox = part.partition(":")
        query = with_page({"q[statuses]": list(PARTS[kind]), "limit": A_PAGE}, page)
        answer = await self._rest.get(f"inboxes/{inbox}/conversations", Results[Conversation], query)
        customs = await self._company.customs()
        rows = [row for row in answer.value.results if row.type not in TASKS]
        for row in rows:
            self._inboxes.note(row.id, inbox)
        return Listed(
            tickets=[snapshot(row, inbox, customs) for row in rows],
            next=token_in(answer.value.pagination.next),
            now=http_date(answer.headers.get("date", "")),
        )

    async def changed(self, since: datetime, page: str | None) -> Listed:
        """A page of events, oldest first, as the conversations they are about."""
        query: Query = {
            "q[after]": f"{since.timestamp():.3f}",
            **({} if self._company.follows_all else {"q[inboxes]": list(await self._company.followed())}),
            "sort_by": "created_at",
            "sort_order": "asc",
            "limit": EVENTS_A_PAGE,
        }
        answer = await self._rest.get("events", Results[Event], with_page(query, page))
        events = answer.value.results
        return Listed(
            tickets=await self._tickets(events),
            next=token_in(answer.value.pagination.next),
            now=http_date(answer.headers.get("date", "")),
            rows=[event.id for event in events],
        )

    async def _tickets(self, events: Sequence[Event]) -> list[TicketSnapshot]:
        """The newest each event tells; a conversation that has left our inboxes is gone for us."""
        followed, customs = await self._company.followed(), await self._company.customs()
        newest: dict[str, Conversation] = {}
        merged: dict[str, datetime] = {}
        for event in events:
            if event.type == "move" and event.conversation is not None:
                self._inboxes.forget(event.conversation.id)
            if event.type == "conversations_merged":
                merged |= dict.fromkeys(_merged(event), event.emitted_at)
            if event.conversation is not None and event.conversation.type not in TASKS:
                newest[event.conversation.id] = event.conversation
        there = [row for row in newest.values() if row.id not in merged]
        inboxes = [await self._inboxes.of(row.id, followed) for row in there]
        found = [
            replace(ticket, deleted=ticket.deleted or inbox not in followed)
            for row, inbox in zip(there, inboxes, strict=True)
            for ticket in (snapshot(row, inbox, customs),)
        ]
        return [*found, *(gone(one, at) for one, at in merged.items())]


class Threads:
    """Reads one conversation."""

    def __init__(self, rest: Rest, company: Company, inboxes: Inboxes) -> None:
        self._rest = rest
        self._company = company
        self._inboxes = inboxes

    async def record(self, ticket: RemoteId) -> Conversation:
        """The conversation alone. One in the trash is not found."""
        record = (await self._rest.get(f"conversations/{id_of(ticket)}", Conversation)).value
        if record.status == "deleted":
            raise NotFoundError("The conversation is in Front's trash.")
        return record

    async def snapshot(self, record: Conversation) -> TicketSnapshot:
        """The conversation alone, in our words."""
        inbox = await self._inboxes.of(record.id, await self._company.followed())
        return snapshot(record, inbox, await self._company.customs())

    async def read(self, ticket: RemoteId) -> Thread:
        """The conversation, which has the version and is read first, its messages and its comments."""
        record = await self.record(ticket)
        header = await self.snapshot(record)
        path = f"conversations/{id_of(ticket)}"
        rows = await self._company.all(f"{path}/messages", Results[MessageRow], {"limit": A_PAGE})
        rows = sorted((row for row in rows if row.draft_mode is None), key=lambda row: row.created_at)
        comments = (await self._rest.get(f"{path}/comments", Results[Comment])).value.results
        customs, requester = await self._company.customs(), person_of(record.recipient)
        messages = [message(row, requester, customs) for row in rows] + [
            note(row, customs) for row in comments
        ]
        messages.sort(key=lambda one: one.created)
        return Thread(snapshot=with_messages(header, rows, messages), messages=tuple(messages))


def id_of(thing: str) -> str:
    """The id to ask for. Raises `NotFoundError` for what cannot be one, instead of asking for another address."""
    if not _ID.fullmatch(thing):
        raise NotFoundError("That is nothing of Front.")
    return str(thing)


def _merged(event: Event) -> list[str]:
    """The conversations that went into the one an event is about."""
    data = event.target.data if event.target is not None else None
    return [str(one) for one in data] if isinstance(data, list) else []
