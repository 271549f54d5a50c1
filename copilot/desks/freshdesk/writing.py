"""Writes to tickets.

"Create a Reply", "Create a Note": HTML in `body`, files as multipart `attachments[]`, 20 MB together. "Update a
Ticket": only what is sent changes. Freshdesk knows no idempotency keys and no versions to check; what it does with HTML
comments is not written anywhere, so our messages are known again by their author and words.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import structlog

from copilot.desks import words
from copilot.desks.base import Receipt
from copilot.desks.freshdesk.names import Directory
from copilot.desks.freshdesk.threads import Threads, number_of
from copilot.desks.freshdesk.translate import SETTABLE
from copilot.desks.freshdesk.wire import FieldRow, Made, TicketRecord
from copilot.desks.hosted import settable
from copilot.desks.rest import Rest
from copilot.desks.rest.recent import clock_of, version_of
from copilot.domain import Person, RemoteId, Reply, Status, Upload
from copilot.errors import DeskError, RefusedError

log = structlog.get_logger()
MOST_BYTES = 20_000_000


class Writing:
    """Replies, notes and changes of fields."""

    def __init__(self, rest: Rest, threads: Threads, directory: Directory) -> None:
        self._rest = rest
        self._threads = threads
        self._directory = directory

    async def reply(self, ticket: RemoteId, reply: Reply, *, key: str, version: str | None) -> Receipt:
        """A public message in the ticket's channel. Its status follows; whoever reads again sees whether it took."""
        del key, version  # Freshdesk keeps no key and compares no version
        words.refuse_nothing(reply.text, reply.attachments)
        if sum(len(file.content) for file in reply.attachments) > MOST_BYTES:
            raise RefusedError("Freshdesk takes files of 20 MB together.", "Send a link to the larger ones.")
        status = None if reply.status is None else settable(reply.status, SETTABLE, "Freshdesk")
        body = await asyncio.to_thread(words.to_html, reply.text)
        message = await self._say(f"tickets/{number_of(ticket)}/reply", {"body": body}, reply.attachments)
        if status is not None:
            await self._set_quietly(ticket, status)
        return await self._receipt(ticket, message)

    async def note(self, ticket: RemoteId, text: str, *, key: str, version: str | None) -> Receipt:
        """A private note."""
        del key, version  # Freshdesk keeps no key and compares no version
        words.refuse_nothing(text)
        body = await asyncio.to_thread(words.to_html, text)
        note = {"body": body, "private": True}
        made = await self._rest.send("POST", f"tickets/{number_of(ticket)}/notes", note, Made)
        return await self._receipt(ticket, RemoteId(str(made.value.id)))

    async def assign(self, ticket: RemoteId, person: Person | None, group: str | None) -> Receipt:
        """To a person, into a group, or both; neither takes it from its agent."""
        change: dict[str, object] = {}
        if group is not None:
            change["group_id"] = await self._group(group)
        if person is not None:
            if not person.remote_id.isdecimal():
                raise RefusedError(f"{person.name} is no agent of this Freshdesk.", "Choose somebody else.")
            change["responder_id"] = int(person.remote_id)
        return await self.change(ticket, change or {"responder_id": None})

    async def set_status(self, ticket: RemoteId, status: Status) -> Receipt:
        """Change the status."""
        return await self.change(ticket, {"status": settable(status, SETTABLE, "Freshdesk")})

    async def set_tags(self, ticket: RemoteId, tags: tuple[str, ...]) -> Receipt:
        """Replace the tags."""
        return await self.change(ticket, {"tags": list(dict.fromkeys(tags))})

    async def set_fields(self, ticket: RemoteId, fields: Mapping[str, str]) -> Receipt:
        """Set custom fields by the team's names for them."""
        known = (await self._directory.names()).fields
        by_label = {row.label.casefold(): row for row in known.values()} | dict(known)
        found = {name: by_label.get(name.casefold()) for name in fields}
        missing = sorted(name for name, row in found.items() if row is None)
        if missing:
            raise RefusedError(
                f"Tickets have no field {', '.join(missing)}.", "Ask a Freshdesk administrator to add it."
            )
        values = {row.name: _value(row, fields[name]) for name, row in found.items() if row is not None}
        return await self.change(ticket, {"custom_fields": values})

    async def merge(self, ticket: RemoteId, into: RemoteId) -> Receipt:
        """The ticket is closed, and its words become a note in the other one ("Merge Tickets")."""
        body = {"primary_id": int(number_of(into)), "ticket_ids": [int(number_of(ticket))]}
        await self._rest.send("PUT", "tickets/merge", body, object)
        return await self._receipt(into, None)

    async def change(self, ticket: RemoteId, change: Mapping[str, object]) -> Receipt:
        """Change some of a ticket."""
        answer = await self._rest.send("PUT", f"tickets/{number_of(ticket)}", dict(change), TicketRecord)
        return Receipt(message=None, version=version_of(answer.value.updated_at, clock_of(answer.headers)))

    async def _say(self, path: str, fields: Mapping[str, str], files: tuple[Upload, ...]) -> RemoteId:
        if not files:
            made = await self._rest.send("POST", path, dict(fields), Made)
        else:
            uploads = [("attachments[]", file) for file in files]
            filled = {name: value or "<p></p>" for name, value in fields.items()}
            made = await self._rest.send_form(path, filled, uploads, Made)
        return RemoteId(str(made.value.id))

    async def _set_quietly(self, ticket: RemoteId, status: int) -> None:
        """The reply is out: nothing may fail any more, or it would be sent again."""
        try:
            await self.change(ticket, {"status": status})
        except DeskError as error:
            log.info("freshdesk.status_not_set", ticket=ticket, error=type(error).__name__)

    async def _receipt(self, ticket: RemoteId, message: RemoteId | None) -> Receipt:
        try:
            _, version = await self._threads.record(ticket)
        except DeskError as error:
            log.info("freshdesk.not_read_back", ticket=ticket, error=type(error).__name__)
            version = ""
        return Receipt(message=message, version=version)

    async def _group(self, wanted: str) -> int:
        groups = (await self._directory.names()).groups
        found = [
            number for number, name in groups.items() if wanted.casefold() in {name.casefold(), str(number)}
        ]
        if not found:
            raise RefusedError(f"There is no group {wanted} in Freshdesk.", "Choose another one.")
        return found[0]


def _value(row: FieldRow, text: str) -> object:
    """A value of the type the field takes ("custom_number" and so on); an empty text empties it."""
    text = text.strip()
    if not text:
        return None
    try:
        if row.type == "custom_number":
            return int(text)
        if row.type == "custom_decimal":
            return float(text)
    except ValueError:
        raise RefusedError(f"The field {row.label or row.name} takes a number.") from None
    if row.type == "custom_checkbox":
        return text.casefold() in {"yes", "true", "1"}
    return text
