"""Writes to conversations.

Chatwoot takes Markdown and renders it for each channel (markdown_renderer_service.rb). Raw HTML is left out by that
renderer, so what merely looks like HTML is escaped. It checks no version and knows no key: a version is compared just
before, and a message is recognised by its author and words. A `source_id` would be kept with the message, but Chatwoot
takes one to mean that the message came from the channel, and does not send it (send_on_channel_service.rb).
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import structlog

from copilot.desks.base import Receipt
from copilot.desks.chatwoot.account import Account
from copilot.desks.chatwoot.conversations import Threads, number_of
from copilot.desks.chatwoot.markdown import safe_markdown
from copilot.desks.chatwoot.translate import SETTABLE, snapshot
from copilot.desks.chatwoot.wire import Attribute, Conversation, MessageRow
from copilot.desks.hosted import number_from, settable
from copilot.desks.rest import Rest
from copilot.desks.words import limits_of, refuse_nothing, refuse_too_much
from copilot.domain import Capabilities, Person, RemoteId, Reply, Status, Upload
from copilot.errors import (
    ConflictError,
    DeskError,
    NotFoundError,
    RefusedError,
    UnavailableError,
    UnreachableError,
)

log = structlog.get_logger()

FILES_A_MESSAGE = 15
"""message.rb, NUMBER_OF_PERMITTED_ATTACHMENTS."""
NOBODY = 0
NUMBERS = frozenset({"number", "currency", "percent"})


class Writing:
    """Replies, notes and changes of fields."""

    def __init__(self, rest: Rest, account: Account, threads: Threads, capabilities: Capabilities) -> None:
        self._rest = rest
        self._account = account
        self._threads = threads
        self._capabilities = capabilities

    # -- words -----------------------------------------------------------------------------------------------------

    async def reply(self, ticket: RemoteId, reply: Reply, *, key: str, version: str | None) -> Receipt:
        """A public message, then the status it takes along; what becomes of that the next reading tells."""
        del key  # Chatwoot keeps no key
        refuse_nothing(reply.text, reply.attachments)
        status = settable(reply.status, SETTABLE, "Chatwoot") if reply.status is not None else None
        record = await self._check(ticket, version)
        await self._see_channel(record, reply)
        row = await self._say(ticket, reply.text, reply.attachments, private=False)
        if status is not None and record.status != status:
            try:
                await self._post(ticket, "toggle_status", {"status": status})
            except DeskError as error:
                log.info("chatwoot.status_not_set", ticket=ticket, error=type(error).__name__)
        return await self._receipt(ticket, row)

    async def note(self, ticket: RemoteId, text: str, *, key: str, version: str | None) -> Receipt:
        """A private note."""
        del key  # Chatwoot keeps no key
        refuse_nothing(text)
        await self._check(ticket, version)
        return await self._receipt(ticket, await self._say(ticket, text, (), private=True))

    async def _check(self, ticket: RemoteId, version: str | None) -> Conversation:
        """See that the conversation is there, and still what the writer saw. Nothing is written yet, whatever fails."""
        try:
            record = await self._threads.record(ticket)
            seen = snapshot(record, await self._account.customs(record.inbox_id)).version
        except UnavailableError as error:
            raise UnreachableError(error.message, error.advice) from error
        if version is not None and seen != version:
            raise ConflictError("The conversation has changed meanwhile.", "Read it again before writing.")
        return record

    async def _see_channel(self, record: Conversation, reply: Reply) -> None:
        channel = snapshot(record, await self._account.customs(record.inbox_id)).channel
        if record.can_reply is False:
            raise RefusedError(
                f"The time for replies over {channel.value} is over.",
                "Wait for the customer to write, or send an approved template from Chatwoot.",
            )
        refuse_too_much(reply.text, reply.attachments, limits_of(self._capabilities, channel), channel)
        if len(reply.attachments) > FILES_A_MESSAGE:
            raise RefusedError(
                f"Chatwoot takes {FILES_A_MESSAGE} files a message.", "Send the others in a second one."
            )

    async def _say(
        self, ticket: RemoteId, text: str, files: tuple[Upload, ...], *, private: bool
    ) -> MessageRow:
        path = await self._account.path(f"conversations/{number_of(ticket)}/messages")
        content = await asyncio.to_thread(safe_markdown, text)
        if not files:
            body = {
                "content": content,
                "message_type": "outgoing",
                "private": private,
                "content_type": "text",
            }
            return (await self._rest.send("POST", path, body, MessageRow)).value
        fields = {"content": content, "message_type": "outgoing", "private": "true" if private else "false"}
        parts = [("attachments[]", file) for file in files]
        return (await self._rest.send_form(path, fields, parts, MessageRow)).value

    async def _receipt(self, ticket: RemoteId, row: MessageRow) -> Receipt:
        """Once Chatwoot has taken the message nothing may fail any more, or it would be sent again."""
        try:
            version = (await self._threads.snapshot(ticket)).version
        except DeskError as error:
            log.info("chatwoot.not_read_back", ticket=ticket, error=type(error).__name__)
            version = ""
        return Receipt(message=RemoteId(str(row.id)), version=version)

    # -- fields ----------------------------------------------------------------------------------------------------

    async def assign(self, ticket: RemoteId, person: Person | None, group: str | None) -> Receipt:
        """Give the conversation to a team, or to a person, or both; neither takes it from its assignee.

        Chatwoot unassigns when it does not know whom it is given to, so that is looked up first. A pending conversation
        is the bot's, whoever is assigned: giving it to a person opens it.
        """
        record = await self._threads.record(ticket)
        team = await self._team(group) if group is not None else None
        agent = await self._agent(person) if person is not None else NOBODY
        if team is not None:
            await self._post(ticket, "assignments", {"team_id": team})
        if person is not None or group is None:
            if person is not None and record.status == "pending":
                await self._post(ticket, "toggle_status", {"status": "open"})
            await self._post(ticket, "assignments", {"assignee_id": agent})
        return await self._changed(ticket)

    async def set_status(self, ticket: RemoteId, status: Status) -> Receipt:
        """Change the status; having it already is success."""
        name = settable(status, SETTABLE, "Chatwoot")
        record = await self._threads.record(ticket)
        if record.status != name:
            await self._post(ticket, "toggle_status", {"status": name})
        return await self._changed(ticket)

    async def set_tags(self, ticket: RemoteId, tags: tuple[str, ...]) -> Receipt:
        """Replace the labels."""
        if any("," in tag for tag in tags):
            raise RefusedError("Labels of Chatwoot have no commas.")
        await self._post(ticket, "labels", {"labels": list(tags)})
        return await self._changed(ticket)

    async def set_fields(self, ticket: RemoteId, fields: Mapping[str, str]) -> Receipt:
        """Set custom attributes by their names. All are sent, as Chatwoot replaces them as a whole."""
        known = (await self._account.customs()).attributes
        by_name = {one.attribute_display_name or key: one for key, one in known.items()}
        missing = sorted(name for name in fields if name not in by_name)
        if missing:
            raise RefusedError(
                f"Conversations have no attribute {', '.join(missing)}.",
                "Add it in Chatwoot under Settings, Custom attributes.",
            )
        news = {by_name[name].attribute_key: _value(by_name[name], text) for name, text in fields.items()}
        record = await self._threads.record(ticket)
        whole = {
            key: value for key, value in {**record.custom_attributes, **news}.items() if value is not None
        }
        await self._post(ticket, "custom_attributes", {"custom_attributes": whole})
        return await self._changed(ticket)

    async def _changed(self, ticket: RemoteId) -> Receipt:
        return Receipt(message=None, version=(await self._threads.snapshot(ticket)).version)

    async def _post(self, ticket: RemoteId, what: str, body: Mapping[str, object]) -> None:
        path = await self._account.path(f"conversations/{number_of(ticket)}/{what}")
        await self._rest.send("POST", path, body, object)

    async def _team(self, name: str) -> int:
        for team in await self._account.teams():
            if name.casefold() in {team.name.casefold(), str(team.remote_id)}:
                return int(team.remote_id)
        raise RefusedError(f"There is no team {name} in Chatwoot.", "Choose another one.")

    async def _agent(self, person: Person) -> int:
        if not any(one.remote_id == person.remote_id for one in await self._account.people()):
            raise NotFoundError(f"{person.name} is no agent of this account of Chatwoot.")
        return int(person.remote_id)


def _value(attribute: Attribute, text: str) -> object:
    text = text.strip()
    name = attribute.attribute_display_name
    if not text:
        return None
    if attribute.attribute_display_type == "checkbox":
        return text.casefold() in {"true", "yes", "1"}
    if attribute.attribute_display_type in NUMBERS:
        return number_from(text, name)
    if attribute.attribute_display_type == "list" and text not in map(str, attribute.attribute_values):
        possible = ", ".join(map(str, attribute.attribute_values))
        raise RefusedError(f"{name} takes one of {possible}.")
    return text
