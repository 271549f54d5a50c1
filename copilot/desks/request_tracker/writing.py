"""Writes to tickets.

RT answers 200 also to a change it refused, so every change is followed by a second look, and what RT said is the
refusal's text. RT answers 412 to any If-Match on a reply or note, also to a right one (5.0.3: messages have no ETag),
so a version is compared by reading the ticket just before: that leaves a gap of one request, and is no safe update.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping

import structlog

from copilot.desks import words
from copilot.desks.base import Receipt
from copilot.desks.hosted import settable
from copilot.desks.request_tracker.people import People
from copilot.desks.request_tracker.rest import Answer, Rest
from copilot.desks.request_tracker.threads import MergedError, Threads, number_of
from copilot.desks.request_tracker.translate import NOBODY, SETTABLE, Customs
from copilot.desks.request_tracker.wire import FieldRecord, FieldValues, TicketRecord
from copilot.desks.request_tracker.words import attachments
from copilot.domain import Person, RemoteId, Reply, Status, Upload
from copilot.errors import (
    ConflictError,
    DeskError,
    NotFoundError,
    PermissionDeniedError,
    RefusedError,
    UnavailableError,
    UnreachableError,
    UnsupportedError,
)

log = structlog.get_logger()

Took = Callable[[TicketRecord], bool]
FieldValue = str | list[str] | None
"""What RT takes for a custom field: a list for one of several values; otherwise a text, or nothing to empty it."""


class Writing:
    """Replies, notes and changes of fields."""

    def __init__(self, rest: Rest, threads: Threads, people: People, customs: Customs) -> None:
        self._rest = rest
        self._threads = threads
        self._people = people
        self._customs = customs

    # -- words -----------------------------------------------------------------------------------------------------

    async def reply(self, ticket: RemoteId, reply: Reply, *, key: str, version: str | None) -> Receipt:
        """A public message. A status that RT does not let it take is left to whoever reads the ticket again."""
        words.refuse_nothing(reply.text, reply.attachments)
        status = (
            {"Status": settable(reply.status, SETTABLE, "Request Tracker")}
            if reply.status is not None
            else {}
        )
        await self._check(ticket, version)
        message = await _message_of(reply.text, reply.attachments, key)
        return await self._say(ticket, "correspond", {**message, **status})

    async def note(self, ticket: RemoteId, text: str, *, key: str, version: str | None) -> Receipt:
        """An internal note."""
        words.refuse_nothing(text)
        await self._check(ticket, version)
        return await self._say(ticket, "comment", await _message_of(text, (), key))

    async def _check(self, ticket: RemoteId, version: str | None) -> None:
        """See that the ticket is there, and still what the writer saw. Nothing is written yet, whatever fails here."""
        try:
            answer = await self._threads.record(ticket)
        except UnavailableError as error:
            raise UnreachableError(error.message, error.advice) from error
        if answer.value.status == "deleted":
            raise NotFoundError(f"Ticket {ticket} was deleted.")
        if version is not None and answer.version != version:
            raise ConflictError(f"Ticket {ticket} has changed meanwhile.", "Read it again before writing.")

    async def _say(self, ticket: RemoteId, how: str, message: Mapping[str, object]) -> Receipt:
        """Send it. Once RT has taken it nothing may fail any more, or it would be sent again."""
        answer = await self._rest.post(f"ticket/{ticket}/{how}", message)
        number = answer.location.rpartition("/")[2]
        try:
            version = (await self._threads.record(ticket)).version
        except DeskError as error:
            log.info("request_tracker.not_read_back", ticket=ticket, error=type(error).__name__)
            version = ""
        return Receipt(message=RemoteId(number) if number.isdecimal() else None, version=version)

    # -- fields ----------------------------------------------------------------------------------------------------

    async def assign(self, ticket: RemoteId, person: Person | None, group: str | None) -> Receipt:
        """Move the ticket to a queue, or give it to a person, or both; neither takes it from its owner."""
        if group is not None:
            moved = await self._move(ticket, group)
            if person is None:
                return moved
        return await self._give(ticket, str(person.remote_id) if person is not None else NOBODY)

    async def set_status(self, ticket: RemoteId, status: Status) -> Receipt:
        """Change the status; having it already is success."""
        name = settable(status, SETTABLE, "Request Tracker")
        answer = await self._threads.record(ticket)

        def took(record: TicketRecord) -> bool:
            return record.status.lower() == name

        if took(answer.value):
            return Receipt(message=None, version=answer.version)
        return await self._change(ticket, {"Status": name}, took)

    async def set_tags(self, ticket: RemoteId, tags: tuple[str, ...]) -> Receipt:
        """Replace the values of the field that holds tags."""
        name = self._customs.tags_field
        if _field((await self._threads.record(ticket)).value, name) is None:
            raise UnsupportedError(
                f"This queue has no field {name}.",
                f"Ask an RT administrator for a custom field {name} with several values.",
            )
        return await self._set_values(ticket, {name: list(dict.fromkeys(tags))})

    async def set_fields(self, ticket: RemoteId, fields: Mapping[str, str]) -> Receipt:
        """Set custom fields. A field of several values takes them separated by commas; an empty text empties it."""
        record = (await self._threads.record(ticket)).value
        found = {name: _field(record, name) for name in fields}
        missing = sorted(name for name, field in found.items() if field is None)
        if missing:
            raise RefusedError(
                f"Tickets of this queue have no field {', '.join(missing)}.",
                "Ask an RT administrator to add it to the queue.",
            )
        values = {name: await self._values(found[name], text) for name, text in fields.items()}
        return await self._set_values(ticket, values)

    async def _values(self, field: FieldValues | None, text: str) -> FieldValue:
        text = text.strip()
        takes = (
            (await self._rest.get(f"customfield/{field.id}", FieldRecord)).value if field else FieldRecord()
        )
        if takes.most == "1":
            return text or None
        return [value for part in text.split(",") if (value := part.strip())]

    async def merge(self, ticket: RemoteId, into: RemoteId) -> Receipt:
        """Merge a ticket into another. RT then answers with the other one wherever the first is asked for."""
        await self._threads.record(ticket)
        target = (await self._threads.record(into)).value.id
        said = (await self._rest.put(f"ticket/{number_of(ticket)}", {"MergeInto": target})).value
        try:
            await self._threads.record(ticket)
        except MergedError as merged:
            version = (await self._threads.record(merged.into)).version
            return Receipt(message=None, version=version)
        raise RefusedError(f"Request Tracker refused: {' '.join(said) or 'it gave no reason'}")

    async def _set_values(self, ticket: RemoteId, values: Mapping[str, FieldValue]) -> Receipt:
        def took(record: TicketRecord) -> bool:
            return all(_holds(record, name, wanted) for name, wanted in values.items())

        return await self._change(ticket, {"CustomFields": values}, took)

    async def _move(self, ticket: RemoteId, group: str) -> Receipt:
        def took(record: TicketRecord) -> bool:
            return group.casefold() in {record.queue.name.casefold(), record.queue.id}

        answer = await self._threads.record(ticket)
        if took(answer.value):
            return Receipt(message=None, version=answer.version)
        return await self._change(ticket, {"Queue": group}, took, may_lose_sight=True)

    async def _give(self, ticket: RemoteId, owner: str) -> Receipt:
        """RT asks for other rights when one takes, steals or drops a ticket oneself than when one gives it away."""
        answer = await self._threads.record(ticket)
        now = answer.value.owner.id

        def took(record: TicketRecord) -> bool:
            return record.owner.id == owner

        if took(answer.value):
            return Receipt(message=None, version=answer.version)
        me = str((await self._people.me()).remote_id)
        if owner == me:
            return await self._change(ticket, {}, took, action="/take" if now == NOBODY else "/steal")
        if owner == NOBODY and now == me:
            return await self._change(ticket, {}, took, action="/untake")
        return await self._change(ticket, {"Owner": owner}, took)

    async def _change(
        self,
        ticket: RemoteId,
        change: Mapping[str, object],
        took: Took,
        *,
        action: str = "",
        may_lose_sight: bool = False,
    ) -> Receipt:
        """Ask for a change, and see whether RT made it."""
        said = (await self._rest.put(f"ticket/{ticket}{action}", change)).value
        try:
            answer: Answer[TicketRecord] = await self._threads.record(ticket)
        except PermissionDeniedError:
            if may_lose_sight:  # we could read it a moment ago: it is where we may not look
                return Receipt(message=None, version="")
            raise
        if not took(answer.value):
            raise RefusedError(f"Request Tracker refused: {' '.join(said) or 'it gave no reason'}")
        return Receipt(message=None, version=answer.version)


async def _message_of(text: str, uploads: tuple[Upload, ...], key: str) -> dict[str, object]:
    """A message as RT takes it, made on another thread: long texts and large files take their time."""

    def make() -> dict[str, object]:
        message: dict[str, object] = {"Content": words.marked_html(text, key), "ContentType": "text/html"}
        return message | ({"Attachments": attachments(uploads)} if uploads else {})

    return await asyncio.to_thread(make)


def _field(record: TicketRecord, name: str) -> FieldValues | None:
    return next((field for field in record.fields if field.name == name), None)


def _holds(record: TicketRecord, name: str, wanted: FieldValue) -> bool:
    field = _field(record, name)
    values = wanted if isinstance(wanted, list) else [wanted] if wanted else []
    return field is not None and sorted(field.texts) == sorted(values)
