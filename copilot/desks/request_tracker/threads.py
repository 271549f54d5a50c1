"""Reads a ticket with its messages.

Four requests for most threads: the ticket (its ETag is the version, and is read first: whatever arrives while we read
on belongs to a later version), the transactions that carry words, the MIME parts of those, and the parts that are
text. Fetching each part by itself, as RT's own links would have it, costs a request a part, and each of them costs RT
0.2 s for the hash of the token alone.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator, Sequence

import structlog

from copilot.desks.request_tracker.people import People, named_in
from copilot.desks.request_tracker.rest import Answer, Query, Rest
from copilot.desks.request_tracker.statuses import Statuses
from copilot.desks.request_tracker.translate import (
    MESSAGE_TYPES,
    Customs,
    is_text,
    message,
    needs_reason,
    snapshot,
    with_reason,
)
from copilot.desks.request_tracker.wire import MessageRow, PartRow, PartText, TicketRecord
from copilot.domain import Message, RemoteId, Thread
from copilot.errors import NotFoundError

log = structlog.get_logger()

IDS_A_REQUEST = 40
"""Ids go into the address, which servers limit to 8 kB or so."""
TEXT_BYTES_A_REQUEST = 4 * 1024 * 1024

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


class Threads:
    """Reads tickets, alone or with their messages."""

    def __init__(self, rest: Rest, people: People, statuses: Statuses, customs: Customs) -> None:
        self._rest = rest
        self._people = people
        self._statuses = statuses
        self._customs = customs

    async def record(self, ticket: RemoteId) -> Answer[TicketRecord]:
        """The ticket alone, with its version. Raises `NotFoundError` when it was merged into another one.

        RT answers with the other ticket then, for ever.
        """
        answer = await self._rest.get(f"ticket/{number_of(ticket)}", TicketRecord, RECORD_FIELDS)
        if answer.value.id != ticket:
            raise NotFoundError(
                f"Ticket {ticket} was merged into ticket {answer.value.id}.",
                f"Go on in ticket {answer.value.id}.",
            )
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
        parts = await self._parts(record.id, rows)
        texts = await self._texts(record.id, [part for part in parts.values() if is_text(part)])
        authors = await asyncio.gather(*(self._people.author(row.creator, record.requestors) for row in rows))
        return tuple(
            message(row, [parts[part] for part in row.parts if part in parts], texts, author)
            for row, author in zip(rows, authors, strict=True)
        )

    async def _parts(self, ticket: str, rows: Sequence[MessageRow]) -> dict[str, PartRow]:
        """The MIME parts of these messages; those of the mails RT sent of them are left alone."""
        wanted = [str(row.id) for row in rows if row.parts]
        parts: dict[str, PartRow] = {}
        for batch in _batches(wanted):
            found = await self._rest.all(
                f"ticket/{ticket}/attachments",
                PartRow,
                {
                    "query": _any_of("TransactionId", batch),
                    "fields": "ContentType,Filename,ContentLength,Headers",
                },
            )
            parts |= {part.id: part for part in found}
        missing = [part for row in rows for part in row.parts if part not in parts]
        if missing:
            log.warning("request_tracker.parts_missing", ticket=ticket, parts=missing)
        return parts

    async def _texts(self, ticket: str, parts: Sequence[PartRow]) -> dict[str, str]:
        texts: dict[str, str] = {}
        for batch in _by_size(parts):
            found = await self._rest.all(
                f"ticket/{ticket}/attachments",
                PartText,
                {"query": _any_of("id", [part.id for part in batch]), "fields": "Content"},
            )
            texts |= {text.id: text.content for text in found}
        return texts


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


def _any_of(field: str, values: Sequence[str]) -> str:
    return json.dumps([{"field": field, "value": value} for value in values])


def _batches(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(ids), IDS_A_REQUEST):
        yield ids[start : start + IDS_A_REQUEST]


def _by_size(parts: Sequence[PartRow]) -> Iterator[list[PartRow]]:
    batch: list[PartRow] = []
    size = 0
    for part in parts:
        if batch and (len(batch) == IDS_A_REQUEST or size + part.length > TEXT_BYTES_A_REQUEST):
            yield batch
            batch, size = [], 0
        batch.append(part)
        size += part.length
    if batch:
        yield batch
