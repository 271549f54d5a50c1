"""Writes to conversations.

"Create Thread": type message or note, `user` writes it, HTML in `text`, files in base64, the status it takes along. The
answer names the new thread in its Resource-ID header. "Update Conversation": 204 without content. What becomes of HTML
comments is written nowhere, so our messages are known again by their author and words. There are no versions to check
and no idempotency keys.
"""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Mapping, Sequence

import structlog

from copilot.desks import words
from copilot.desks.base import Receipt
from copilot.desks.freescout.directory import Directory
from copilot.desks.freescout.threads import Threads, number_of
from copilot.desks.freescout.translate import SETTABLE
from copilot.desks.freescout.wire import FieldRow
from copilot.desks.hosted import settable
from copilot.desks.rest import Rest
from copilot.domain import Person, RemoteId, Reply, Status, Upload
from copilot.errors import DeskError, RefusedError, UnavailableError, UnreachableError

log = structlog.get_logger()
NOBODY = -1
"""The user number that unassigns (Conversation::USER_UNASSIGNED in the core; for the API not verified)."""


class Writing:
    """Replies, notes and changes of fields."""

    def __init__(self, rest: Rest, threads: Threads, directory: Directory) -> None:
        self._rest = rest
        self._threads = threads
        self._directory = directory

    async def reply(self, ticket: RemoteId, reply: Reply, *, key: str, version: str | None) -> Receipt:
        """A message to the customer, with its status."""
        del key, version  # FreeScout keeps no key and compares no version
        words.refuse_nothing(reply.text, reply.attachments)
        status = {} if reply.status is None else {"status": settable(reply.status, SETTABLE, "FreeScout")}
        return await self._say(ticket, "message", reply.text, reply.attachments, status)

    async def note(self, ticket: RemoteId, text: str, *, key: str, version: str | None) -> Receipt:
        """A note."""
        del key, version  # FreeScout keeps no key and compares no version
        words.refuse_nothing(text)
        return await self._say(ticket, "note", text, (), {})

    async def assign(self, ticket: RemoteId, person: Person | None, group: str | None) -> Receipt:
        """To a user, into a mailbox, or both; neither takes it from its user."""
        change: dict[str, object] = {}
        if group is not None:
            change["mailboxId"] = await self._mailbox(group)
        if person is not None or group is None:
            change["assignTo"] = _user(person)
        receipt = await self.change(ticket, change)
        if "assignTo" in change:
            assignee = (await self._threads.row(ticket)).value.assignee
            if (assignee.id if assignee else NOBODY) != change["assignTo"]:
                raise RefusedError(
                    "FreeScout did not take this assignment.", "Assign it in FreeScout itself."
                )
        return receipt

    async def set_status(self, ticket: RemoteId, status: Status) -> Receipt:
        """Change the status."""
        return await self.change(ticket, {"status": settable(status, SETTABLE, "FreeScout")})

    async def set_tags(self, ticket: RemoteId, tags: tuple[str, ...]) -> Receipt:
        """Replace the tags ("Update Conversation Tags")."""
        body = {"tags": list(dict.fromkeys(tags))}
        return await self._put(ticket, f"conversations/{number_of(ticket)}/tags", body)

    async def set_fields(self, ticket: RemoteId, fields: Mapping[str, str]) -> Receipt:
        """Set custom fields of the conversation's mailbox ("Update Conversation Custom Fields")."""
        row = (await self._threads.row(ticket)).value
        known = {one.name.casefold(): one for one in await self._directory.fields(row.mailbox)}
        missing = sorted(name for name in fields if name.casefold() not in known)
        if missing:
            raise RefusedError(
                f"This mailbox has no field {', '.join(missing)}.",
                "Ask an administrator of FreeScout to add it.",
            )
        values = [
            {"id": known[name.casefold()].id, "value": _value(known[name.casefold()], text)}
            for name, text in fields.items()
        ]
        path = f"conversations/{number_of(ticket)}/custom_fields"
        return await self._put(ticket, path, {"customFields": values})

    async def change(self, ticket: RemoteId, change: Mapping[str, object]) -> Receipt:
        """Change some of a conversation, in the rep's name."""
        by = (await self._directory.me()).id
        return await self._put(ticket, f"conversations/{number_of(ticket)}", {"byUser": by, **change})

    async def _say(
        self,
        ticket: RemoteId,
        kind: str,
        text: str,
        files: Sequence[Upload],
        status: Mapping[str, str],
    ) -> Receipt:
        number = number_of(ticket)
        try:
            user = (await self._directory.me()).id
        except UnavailableError as error:  # nothing is written yet
            raise UnreachableError(error.message, error.advice) from error
        thread = {"type": kind, "user": user, **await asyncio.to_thread(_content, text, files), **status}
        answer = await self._rest.send("POST", f"conversations/{number}/threads", thread, object)
        made = answer.headers.get("resource-id", "")
        return await self._receipt(ticket, RemoteId(made) if made.isdecimal() else None)

    async def _put(self, ticket: RemoteId, path: str, body: Mapping[str, object]) -> Receipt:
        await self._rest.send("PUT", path, dict(body), object)
        return await self._receipt(ticket, None)

    async def _receipt(self, ticket: RemoteId, message: RemoteId | None) -> Receipt:
        """Once FreeScout has taken it, nothing may fail any more."""
        try:
            return Receipt(message=message, version=await self._threads.version(ticket))
        except DeskError as error:
            log.info("freescout.not_read_back", ticket=ticket, error=type(error).__name__)
            return Receipt(message=message, version="")

    async def _mailbox(self, wanted: str) -> int:
        rows = await self._directory.mailbox_rows()
        names = {wanted.casefold()}
        found = [row.id for row in rows if {(row.name or row.email).casefold(), str(row.id)} & names]
        if not found:
            raise RefusedError(f"There is no mailbox {wanted} in FreeScout.", "Choose another one.")
        return found[0]


def _content(text: str, files: Sequence[Upload]) -> dict[str, object]:
    """Words and files as FreeScout takes them. Takes a while for long texts and large files."""
    content: dict[str, object] = {"text": words.to_html(text) or "<p></p>"}
    if files:
        content["attachments"] = [
            {
                "fileName": file.name,
                "mimeType": file.media_type,
                "data": base64.b64encode(file.content).decode("ascii"),
            }
            for file in files
        ]
    return content


def _user(person: Person | None) -> int:
    if person is None:
        return NOBODY
    if not person.remote_id.isdecimal():
        raise RefusedError(f"{person.name} is no user of this FreeScout.", "Choose somebody else.")
    return int(person.remote_id)


def _value(field: FieldRow, text: str) -> str:
    """A choice goes by its number ({"1": "Red"}), everything else as it is."""
    if isinstance(field.options, dict) and field.options:
        found = [str(number) for number, words_of in field.options.items() if str(words_of) == text]
        if text and not found:
            raise RefusedError(f"The field {field.name} has no choice {text}.")
        return found[0] if found else ""
    return text
