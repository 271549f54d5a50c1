"""The MIME parts of a ticket's messages.

Fetching each part by itself, as RT's own links would have it, costs a request a part, and each of them costs RT 0.2 s
for the hash of the token alone. RT also lists attachments with their contents, and lets us choose which: one request
brings the texts of a thread, a second one names the files, if there are any. The parts of the mails that RT sent out
are left alone; there are as many of those again.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence

import structlog

from copilot.desks.request_tracker.rest import Rest
from copilot.desks.request_tracker.translate import is_text
from copilot.desks.request_tracker.wire import MessageRow, PartRow, PartText
from copilot.desks.rest import AnswerTooLargeError

log = structlog.get_logger()

IDS_A_REQUEST = 40
"""Ids go into the address, which servers limit to 8 kB or so."""
TEXT_BYTES_A_REQUEST = 4 * 1024 * 1024

_ABOUT = "ContentType,Filename,ContentLength,Headers"
_NAMELESS_TEXTS = (
    {"field": "Filename", "operator": "IS", "value": "NULL"},
    {"field": "ContentType", "operator": "LIKE", "value": "text/%"},
    {"field": "ContentType", "operator": "LIKE", "value": "multipart/%"},
)

Condition = Mapping[str, str]


class Parts:
    """Reads MIME parts."""

    def __init__(self, rest: Rest) -> None:
        self._rest = rest

    async def read(self, ticket: str, rows: Sequence[MessageRow]) -> dict[str, PartRow]:
        """The parts of these messages by id, with the contents of those that are text."""
        found: dict[str, PartRow] = {}
        for batch in _batches([str(row.id) for row in rows if row.parts]):
            found |= await self._texts_of(ticket, batch)
        for batch in _batches([part for row in rows for part in row.parts if part not in found]):
            found |= await self._list(ticket, _any_of("id", batch), _ABOUT)
        for texts in _by_size([part for part in found.values() if is_text(part) and part.content is None]):
            found |= await self._contents(ticket, texts)
        missing = [part for row in rows for part in row.parts if part not in found]
        if missing:
            log.warning("request_tracker.parts_missing", ticket=ticket, parts=missing)
        return found

    async def _texts_of(self, ticket: str, messages: Sequence[str]) -> dict[str, PartRow]:
        """What was written in these messages; nothing when it is too much at once."""
        conditions = [*_any_of("TransactionId", messages), *_NAMELESS_TEXTS]
        try:
            return await self._list(ticket, conditions, f"{_ABOUT},Content")
        except AnswerTooLargeError:
            return {}

    async def _contents(self, ticket: str, parts: Sequence[PartRow]) -> dict[str, PartRow]:
        query = {"query": json.dumps(_any_of("id", [part.id for part in parts])), "fields": "Content"}
        texts = await self._rest.all(f"ticket/{ticket}/attachments", PartText, query)
        contents = {text.id: text.content for text in texts}
        return {part.id: part.model_copy(update={"content": contents.get(part.id)}) for part in parts}

    async def _list(self, ticket: str, conditions: Sequence[Condition], fields: str) -> dict[str, PartRow]:
        query = {"query": json.dumps(conditions), "fields": fields}
        rows = await self._rest.all(f"ticket/{ticket}/attachments", PartRow, query)
        return {row.id: row for row in rows}


def _any_of(field: str, values: Sequence[str]) -> list[Condition]:
    return [{"field": field, "value": value} for value in values]


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
