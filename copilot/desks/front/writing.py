"""Writes to conversations.

Front takes a message at once (202) and sends it in a moment; its uid says which it will be. It archives the
conversation with a reply unless told not to ("Create message reply"). It checks no version and knows no key: a version
is compared just before, and a message is recognised by its author and words.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import structlog

from copilot.desks.base import Receipt
from copilot.desks.front.company import Company
from copilot.desks.front.conversations import Inboxes, Threads, id_of
from copilot.desks.front.translate import SETTABLE
from copilot.desks.front.wire import Accepted, Comment, Conversation, CustomField
from copilot.desks.hosted import number_from, settable
from copilot.desks.rest import Rest
from copilot.desks.words import limits_of, refuse_nothing, refuse_too_much, to_html, to_plain
from copilot.domain import Capabilities, Person, RemoteId, Reply, Status, TicketSnapshot
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
    """Replies, comments and changes of fields."""

    def __init__(
        self, rest: Rest, company: Company, inboxes: Inboxes, threads: Threads, capabilities: Capabilities
    ) -> None:
        self._rest = rest
        self._company = company
        self._inboxes = inboxes
        self._threads = threads
        self._capabilities = capabilities

    # -- words -----------------------------------------------------------------------------------------------------

    async def reply(self, ticket: RemoteId, reply: Reply, *, key: str, version: str | None) -> Receipt:
        """A public message under the rep's name. Solving the conversation is Front's own option of a reply."""
        del key  # Front keeps no key
        refuse_nothing(reply.text, reply.attachments)
        wanted = settable(reply.status, SETTABLE, "Front") if reply.status is not None else None
        now = await self._check(ticket, version)
        limits = limits_of(self._capabilities, now.channel)
        html = await asyncio.to_thread(to_html if limits.markup else to_plain, reply.text)
        refuse_too_much(html if not limits.markup else reply.text, reply.attachments, limits, now.channel)
        html = html or ("<p></p>" if limits.markup else "")  # a body there must be, also for files alone
        me = await self._me()
        path = f"conversations/{id_of(ticket)}/messages"
        archive = wanted == "archived"
        if reply.attachments:
            form: dict[str, str | list[str]] = {
                "author_id": me,
                "body": html,
                "options[archive]": str(archive).lower(),
            }
            files = [(f"attachments[{n}]", file) for n, file in enumerate(reply.attachments)]
            taken = (await self._rest.send_form(path, form, files, Accepted)).value
        else:
            body = {"author_id": me, "body": html, "options": {"archive": archive}}
            taken = (await self._rest.send("POST", path, body, Accepted)).value
        if wanted == "open" and now.status is not Status.OPEN:
            await self._try_to_open(ticket)
        return await self._receipt(ticket, taken.message_uid)

    async def note(self, ticket: RemoteId, text: str, *, key: str, version: str | None) -> Receipt:
        """A comment under the rep's name; Front reads Markdown there."""
        del key  # Front keeps no key
        refuse_nothing(text)
        await self._check(ticket, version)
        body = {"author_id": await self._me(), "body": text}
        path = f"conversations/{id_of(ticket)}/comments"
        comment = (await self._rest.send("POST", path, body, Comment)).value
        return await self._receipt(ticket, comment.id)

    async def _me(self) -> str:
        return str((await self._company.me()).remote_id)

    async def _check(self, ticket: RemoteId, version: str | None) -> TicketSnapshot:
        """See that the conversation is there, and still what the writer saw. Nothing is written yet, whatever fails."""
        try:
            now = await self._threads.snapshot(await self._threads.record(ticket))
            await self._company.me()
        except UnavailableError as error:
            raise UnreachableError(error.message, error.advice) from error
        if version is not None and now.version != version:
            raise ConflictError("The conversation has changed meanwhile.", "Read it again before writing.")
        return now

    async def _try_to_open(self, ticket: RemoteId) -> None:
        """What becomes of the status is left to whoever reads the conversation again: the reply is out."""
        try:
            await self._patch(ticket, {"status": "open"})
        except DeskError as error:
            log.info("front.status_not_set", ticket=ticket, error=type(error).__name__)

    async def _receipt(self, ticket: RemoteId, number: str | None) -> Receipt:
        """Once Front has taken the message nothing may fail any more, or it would be sent again."""
        try:
            version = (await self._changed(ticket)).version
        except DeskError as error:
            log.info("front.not_read_back", ticket=ticket, error=type(error).__name__)
            version = ""
        return Receipt(message=RemoteId(number) if number else None, version=version)

    # -- fields ----------------------------------------------------------------------------------------------------

    async def assign(self, ticket: RemoteId, person: Person | None, group: str | None) -> Receipt:
        """Move the conversation to an inbox, or give it to a teammate, or both; neither takes it from its assignee."""
        someone = await self._teammate(person) if person is not None else None
        if group is not None:
            await self._patch(ticket, {"inbox_id": await self._inbox(group)})
            self._inboxes.forget(str(ticket))
        if person is not None or group is None:
            path = f"conversations/{id_of(ticket)}/assignee"
            await self._rest.send("PUT", path, {"assignee_id": someone}, object)
        return await self._changed(ticket)

    async def set_status(self, ticket: RemoteId, status: Status) -> Receipt:
        """Open or archive; being it already is success."""
        name = settable(status, SETTABLE, "Front")
        record = await self._threads.record(ticket)
        if (await self._threads.snapshot(record)).status is not status:
            await self._patch(ticket, {"status": name})
        return await self._changed(ticket)

    async def set_tags(self, ticket: RemoteId, tags: tuple[str, ...]) -> Receipt:
        """Replace the tags."""
        await self._threads.record(ticket)
        await self._patch(ticket, {"tag_ids": await self._company.tag_ids(tags)})
        return await self._changed(ticket)

    async def set_fields(self, ticket: RemoteId, fields: Mapping[str, str]) -> Receipt:
        """Set custom fields by name. All are sent, as Front drops those left out ("Update conversation")."""
        known = await self._company.fields()
        missing = sorted(name for name in fields if name not in known)
        if missing:
            raise RefusedError(
                f"Conversations have no custom field {', '.join(missing)}.",
                "Add it in Front under Settings, Company, Custom fields.",
            )
        record: Conversation = await self._threads.record(ticket)
        news = {name: _value(known[name], text) for name, text in fields.items()}
        await self._patch(ticket, {"custom_fields": {**record.custom_fields, **news}})
        return await self._changed(ticket)

    async def _changed(self, ticket: RemoteId) -> Receipt:
        record = await self._threads.record(ticket)
        return Receipt(message=None, version=(await self._threads.snapshot(record)).version)

    async def _patch(self, ticket: RemoteId, change: Mapping[str, object]) -> None:
        await self._rest.send("PATCH", f"conversations/{id_of(ticket)}", change, object)

    async def _inbox(self, name: str) -> str:
        for inbox in await self._company.inboxes():
            if name.casefold() in {inbox.name.casefold(), str(inbox.remote_id).casefold()}:
                return str(inbox.remote_id)
        raise RefusedError(f"There is no inbox {name} in Front.", "Choose another one.")

    async def _teammate(self, person: Person) -> str:
        if not any(one.remote_id == person.remote_id for one in await self._company.people()):
            raise NotFoundError(f"{person.name} is no teammate in Front.")
        return str(person.remote_id)


def _value(row: CustomField, text: str) -> object:
    text = text.strip()
    if not text:
        return None
    match row.type:
        case "boolean":
            return text.casefold() in {"true", "yes", "1"}
        case "number":
            return number_from(text, row.name)
        case "string" | "enum":
            return text
        case _:
            raise RefusedError(f"{row.name} can be set in Front itself only.")
