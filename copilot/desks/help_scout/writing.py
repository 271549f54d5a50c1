"""Writes to conversations.

Help Scout checks no version and knows no key: a version is compared just before, and a message is recognised by its
author and words. Its mails are made from the HTML we send, so nothing is hidden in it.
"""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Mapping

import structlog

from copilot.desks.base import Receipt
from copilot.desks.help_scout.conversations import Threads, number_of
from copilot.desks.help_scout.signed import Signed
from copilot.desks.help_scout.team import Team
from copilot.desks.help_scout.translate import SETTABLE
from copilot.desks.help_scout.wire import Conversation, FieldRow
from copilot.desks.hosted import settable
from copilot.desks.words import refuse_nothing, to_html
from copilot.domain import Person, RemoteId, Reply, Status, Upload
from copilot.errors import (
    ConflictError,
    DeskError,
    NotFoundError,
    RefusedError,
    UnavailableError,
    UnreachableError,
)

log = structlog.get_logger()


class Writing:
    """Replies, notes and changes of fields."""

    def __init__(self, api: Signed, team: Team, threads: Threads) -> None:
        self._api = api
        self._team = team
        self._threads = threads

    # -- words -----------------------------------------------------------------------------------------------------

    async def reply(self, ticket: RemoteId, reply: Reply, *, key: str, version: str | None) -> Receipt:
        """A public message. Without a status of its own it would open the conversation again, so it keeps the one."""
        del key  # Help Scout keeps no key
        refuse_nothing(reply.text, reply.attachments)
        status = settable(reply.status, SETTABLE, "Help Scout") if reply.status is not None else None
        record = await self._check(ticket, version)
        if record.customer is None or record.customer.id is None:
            raise RefusedError("This conversation has no customer to reply to.", "Add one in Help Scout.")
        body = await asyncio.to_thread(_body, reply.text, reply.attachments)
        body |= {"customer": {"id": record.customer.id}, "status": status or record.status, "draft": False}
        return await self._say(ticket, "reply", body)

    async def note(self, ticket: RemoteId, text: str, *, key: str, version: str | None) -> Receipt:
        """An internal note, which keeps the status."""
        del key  # Help Scout keeps no key
        refuse_nothing(text)
        record = await self._check(ticket, version)
        body = await asyncio.to_thread(_body, text, ())
        return await self._say(ticket, "notes", {**body, "status": record.status})

    async def _check(self, ticket: RemoteId, version: str | None) -> Conversation:
        """See that the conversation is there, and still what the writer saw. Nothing is written yet, whatever fails."""
        try:
            record = await self._threads.record(ticket)
            seen = (await self._threads.snapshot(record)).version
        except UnavailableError as error:
            raise UnreachableError(error.message, error.advice) from error
        if version is not None and seen != version:
            raise ConflictError("The conversation has changed meanwhile.", "Read it again before writing.")
        return record

    async def _say(self, ticket: RemoteId, what: str, body: Mapping[str, object]) -> Receipt:
        """Send it; `Resource-ID` tells its number. Once it is taken nothing may fail, or it would be sent again."""
        answer = await self._api.send("POST", f"conversations/{number_of(ticket)}/{what}", body)
        number = answer.headers.get("resource-id", "")
        try:
            version = (await self._changed(ticket)).version
        except DeskError as error:
            log.info("help_scout.not_read_back", ticket=ticket, error=type(error).__name__)
            version = ""
        return Receipt(message=RemoteId(number) if number.isdecimal() else None, version=version)

    # -- fields ----------------------------------------------------------------------------------------------------

    async def assign(self, ticket: RemoteId, person: Person | None, group: str | None) -> Receipt:
        """Move the conversation to an inbox, give it to a team or a person; neither takes it from its assignee."""
        moves = [await self._to_group(group)] if group is not None else []
        if person is not None:
            moves.append({"op": "replace", "path": "/assignTo", "value": await self._user(person)})
        if not moves:
            record = await self._threads.record(ticket)
            moves = [{"op": "remove", "path": "/assignTo"}] if record.assignee and record.assignee.id else []
        for move in moves:
            await self._patch(ticket, move)
        return await self._changed(ticket)

    async def set_status(self, ticket: RemoteId, status: Status) -> Receipt:
        """Change the status; having it already is success."""
        name = settable(status, SETTABLE, "Help Scout")
        record = await self._threads.record(ticket)
        if record.status != name:
            await self._patch(ticket, {"op": "replace", "path": "/status", "value": name})
        return await self._changed(ticket)

    async def set_tags(self, ticket: RemoteId, tags: tuple[str, ...]) -> Receipt:
        """Replace the tags."""
        await self._api.send("PUT", f"conversations/{number_of(ticket)}/tags", {"tags": list(tags)})
        return await self._changed(ticket)

    async def set_fields(self, ticket: RemoteId, fields: Mapping[str, str]) -> Receipt:
        """Set custom fields by name. All are sent, as those left out are emptied ("Update Custom Fields")."""
        record = await self._threads.record(ticket)
        known = {row.name: row for row in await self._team.fields(record.mailbox)}
        missing = sorted(name for name in fields if name not in known)
        if missing:
            raise RefusedError(
                f"Conversations of this inbox have no field {', '.join(missing)}.",
                "Add it in the inbox's settings in Help Scout.",
            )
        values = {one.id: str(one.value) for one in record.fields if one.value is not None}
        values |= {known[name].id: _value(known[name], text) for name, text in fields.items()}
        rows = [{"id": one, "value": value} for one, value in values.items() if value]
        await self._api.send("PUT", f"conversations/{number_of(ticket)}/fields", {"fields": rows})
        return await self._changed(ticket)

    async def _changed(self, ticket: RemoteId) -> Receipt:
        record = await self._threads.record(ticket)
        return Receipt(message=None, version=(await self._threads.snapshot(record)).version)

    async def _patch(self, ticket: RemoteId, change: Mapping[str, object]) -> None:
        await self._api.send("PATCH", f"conversations/{number_of(ticket)}", change)

    async def _to_group(self, name: str) -> dict[str, object]:
        groups = (*await self._team.inboxes(), *await self._team.teams())
        for group in groups:
            if name.casefold() in {group.name.casefold(), str(group.remote_id)}:
                kind, _, number = str(group.remote_id).partition(":")
                if kind == "inbox":
                    return {"op": "move", "path": "/mailboxId", "value": int(number)}
                return {"op": "replace", "path": "/assignTo", "value": int(number)}
        raise RefusedError(f"There is no inbox or team {name} in Help Scout.", "Choose another one.")

    async def _user(self, person: Person) -> int:
        if not any(one.remote_id == person.remote_id for one in await self._team.people()):
            raise NotFoundError(f"{person.name} is no user of Help Scout.")
        return int(person.remote_id)


def _body(text: str, uploads: tuple[Upload, ...]) -> dict[str, object]:
    """Takes a while for long texts and large files."""
    files = [
        {
            "fileName": upload.name,
            "mimeType": upload.media_type,
            "data": base64.b64encode(upload.content).decode("ascii"),
        }
        for upload in uploads
    ]
    return {"text": to_html(text) or "<p></p>", **({"attachments": files} if files else {})}


def _value(row: FieldRow, text: str) -> str:
    text = text.strip()
    if not text or not row.options:
        return text
    for option in row.options:
        if option.label.casefold() == text.casefold():
            return str(option.id)
    raise RefusedError(f"{row.name} takes one of {', '.join(option.label for option in row.options)}.")
