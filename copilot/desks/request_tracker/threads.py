"""Reads a ticket with its messages.

Three requests for most threads: the ticket (its ETag is the version, and is read first: whatever arrives while we read
on belongs to a later version), the transactions that carry words, and their MIME parts.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Sequence

from copilot.desks.request_tracker.parts import Parts
from copilot.desks.request_tracker.people import People, named_in
from copilot.desks.request_tracker.rest import Answer, Query, Rest
from copilot.desks.request_tracker.statuses import Statuses
from copilot.desks.request_tracker.translate import (
    MESSAGE_TYPES,
    Customs,
    message,
    needs_reason,
    snapshot,
    with_reason,
)
from copilot.desks.request_tracker.wire import MessageRow, TicketRecord
from copilot.domain import Message, RemoteId, Thread
from copilot.errors import NotFoundError

_ETAG = re.compile(r'^(?:W/)?"?(\d+)')
_NAMES = "Name,RealName,EmailAddress"
RECORD_FIELDS: Query = {"fields[Owner]": _NAMES, "fields[Queue]": "Name"}
_MESSAGE_FIELDS: Query = {
    "query": json.dumps([{"field": "Type", "value": kind} for kind in MESSAGE_TYPES]),
    "fields": "Type,Creator,Created,_hyperlinks",
    "fields[Creator]": _NAMES,
    "orderby": "id",
    "order": "ASC",
}


class MergedError(NotFoundError):
    """The ticket has become a part of ticket `into`."""

    def __init__(self, ticket: RemoteId, into: RemoteId) -> None:
        super().__init__(f"Ticket {ticket} was merged into ticket {into}.", f"Go on in ticket {into}.")
        self.into = into


class Threads:
    """Reads tickets, alone or with their messages."""

    def __init__(self, rest: Rest, people: People, statuses: Statuses, customs: Customs) -> None:
        self._rest = rest
        self._people = people
        self._parts = Parts(rest)
        self._statuses = statuses
        self._customs = customs

    async def record(self, ticket: RemoteId) -> Answer[TicketRecord]:
        """The ticket alone, with its version. Raises `MergedError` when it was merged into another one.

        RT answers with the other ticket then, for ever.
        """
        answer = await self._rest.get(f"ticket/{number_of(ticket)}", TicketRecord, RECORD_FIELDS)
        if answer.value.id != ticket:
            raise MergedError(ticket, RemoteId(answer.value.id))
        return Answer(answer.value, version=version_of(answer), date=answer.date)

    async def read(self, ticket: RemoteId) -> Thread:
        """The ticket with its messages."""
        answer = await self.record(ticket)
        record = answer.value
        rows = await self._rest.all(f"ticket/{record.id}/history", MessageRow, _MESSAGE_FIELDS)
        writers = [row.creator for row in rows]
        requestors = await self._people.named(record.requestors, writers)
        record = named_in(record, requestors)
        messages = await self._messages(record, rows)
        header = snapshot(
            record, answer.version, self._customs, inactive=await self._statuses.is_inactive(record)
        )
        if needs_reason(header):
            header = await asyncio.to_thread(with_reason, header, messages)
        return Thread(snapshot=header, messages=messages)

    async def _messages(self, record: TicketRecord, rows: Sequence[MessageRow]) -> tuple[Message, ...]:
        parts = await self._parts.read(record.id, rows)
        writers = {row.creator.id: row.creator for row in rows}
        found = await asyncio.gather(
            *(self._people.author(writer, record.requestors) for writer in writers.values())
        )
        authors = dict(zip(writers, found, strict=True))
        return tuple(
            message(row, [parts[part] for part in row.parts if part in parts], authors[row.creator.id])
            for row in rows
        )


def number_of(ticket: RemoteId) -> str:
    """The number to ask for. Raises `NotFoundError` for what cannot be one, instead of asking for another address."""
    if not ticket.isascii() or not ticket.isdecimal():
        raise NotFoundError(f"{ticket!r} is no ticket of Request Tracker.")
    return str(ticket)


def version_of(answer: Answer[TicketRecord]) -> str:
    """The version of a ticket: its ETag, which RT makes the number of its newest transaction.

    Proxies may mark it weak or add the name of a compression. Where one takes it away, the date of the last change is
    what RT itself falls back to.
    """
    number = _ETAG.match(answer.version)
    if number is not None:
        return number[1]
    return answer.version or answer.value.updated.isoformat()
