"""Writes to conversations, in the name of the rep (`admin_id`).

REST API: Reply to a conversation (comments and notes, up to ten files in base64), Manage a conversation (assign, open,
close), Update a conversation (custom attributes), Add and remove tags. There are no idempotency keys and no versions to
check; a version is compared by reading the conversation just before, which leaves a gap of one request and is no safe
update. That comments take HTML, as notes do, is seen in programs that send it; the description says it of notes alone.
"""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Mapping, Sequence

import structlog

from copilot.desks import words
from copilot.desks.base import Receipt
from copilot.desks.hosted import settable
from copilot.desks.intercom.team import Team
from copilot.desks.intercom.threads import Threads, number_of
from copilot.desks.intercom.translate import version_of
from copilot.desks.intercom.wire import Attribute, Conversation
from copilot.desks.rest import Rest
from copilot.domain import Person, RemoteId, Reply, Status, Upload
from copilot.errors import (
    ConflictError,
    DeskError,
    RefusedError,
    UnavailableError,
    UnreachableError,
)

log = structlog.get_logger()

SETTABLE = {Status.OPEN: "open", Status.SOLVED: "close"}
MAX_FILES = 10
NOBODY = "0"
YES, NO = frozenset({"yes", "true", "1"}), frozenset({"no", "false", "0"})


class Writing:
    """Replies, notes and changes of fields."""

    def __init__(self, rest: Rest, threads: Threads, team: Team) -> None:
        self._rest = rest
        self._threads = threads
        self._team = team

    # -- words -----------------------------------------------------------------------------------------------------

    async def reply(self, ticket: RemoteId, reply: Reply, *, key: str, version: str | None) -> Receipt:
        """A comment. A status goes in a second request: once the comment is there nothing may fail any more."""
        words.refuse_nothing(reply.text, reply.attachments)
        if len(reply.attachments) > MAX_FILES:
            raise RefusedError(
                f"Intercom takes {MAX_FILES} files at once.", "Send the others with another reply."
            )
        action = settable(reply.status, SETTABLE, "Intercom") if reply.status is not None else None
        text = words.text_or_names(reply.text, reply.attachments)
        body = await asyncio.to_thread(_body, text, reply.attachments)
        receipt = await self._say(ticket, "comment", body, version)
        if action is None:
            return receipt
        try:
            done = await self._act(ticket, {"message_type": action, "type": "admin"})
        except DeskError as error:
            log.info("intercom.status_not_set", ticket=ticket, key=key, error=type(error).__name__)
            return receipt
        return Receipt(message=receipt.message, version=version_of(done))

    async def note(self, ticket: RemoteId, text: str, *, key: str, version: str | None) -> Receipt:
        """An internal note."""
        del key  # Intercom keeps no key
        words.refuse_nothing(text)
        body = await asyncio.to_thread(_body, text, ())
        return await self._say(ticket, "note", body, version)

    async def _say(
        self, ticket: RemoteId, kind: str, body: Mapping[str, object], version: str | None
    ) -> Receipt:
        path = f"/conversations/{number_of(ticket)}/reply"
        try:
            me = (await self._team.me()).remote_id
            await self._see(ticket, version)
        except UnavailableError as error:  # nothing has been written yet
            raise UnreachableError(error.message, error.advice) from error
        said = {"message_type": kind, "type": "admin", "admin_id": me, **body}
        done = (await self._rest.send("POST", path, said, Conversation)).value
        return Receipt(message=_newest(done, me), version=version_of(done))

    async def _see(self, ticket: RemoteId, version: str | None) -> None:
        if version is not None and version_of(await self._threads.show(ticket)) != version:
            raise ConflictError(
                f"Conversation {ticket} has changed meanwhile.", "Read it again before writing."
            )

    # -- fields ----------------------------------------------------------------------------------------------------

    async def assign(self, ticket: RemoteId, person: Person | None, group: str | None) -> Receipt:
        """Give the conversation to a team and/or a teammate; neither takes it from its teammate."""
        number_of(ticket)
        team = await self._team.team_number(group) if group is not None else None
        done: Conversation | None = None
        admin = await self._team.admin_number(person) if person is not None else NOBODY
        if team is not None:
            done = await self._give(ticket, "team", team)
        if done is None or person is not None:
            done = await self._give(ticket, "admin", admin)
        return Receipt(message=None, version=version_of(done))

    async def set_status(self, ticket: RemoteId, status: Status) -> Receipt:
        """Open or close; being so already is success."""
        action = settable(status, SETTABLE, "Intercom")
        now = await self._threads.show(ticket)
        if now.state == {"open": "open", "close": "closed"}[action]:
            return Receipt(message=None, version=version_of(now))
        done = await self._act(ticket, {"message_type": action, "type": "admin"})
        return Receipt(message=None, version=version_of(done))

    async def set_tags(self, ticket: RemoteId, tags: tuple[str, ...]) -> Receipt:
        """Put on what is missing, making tags the workspace does not have, and take off the others."""
        now = await self._threads.show(ticket)
        worn = {tag.name: tag.id for tag in now.tags.tags} if now.tags is not None else {}
        me, path = (await self._team.me()).remote_id, f"/conversations/{number_of(ticket)}/tags"
        missing = [tag for tag in dict.fromkeys(tags) if tag not in worn]
        known = await self._team.tags() if missing else {}
        for tag in missing:
            number = known.get(tag) or await self._team.new_tag(tag)
            await self._rest.send("POST", path, {"id": number, "admin_id": me}, object)
        for name, number in worn.items():
            if name not in tags:
                await self._rest.send("DELETE", f"{path}/{number}", {"admin_id": me}, object)
        return Receipt(message=None, version=version_of(await self._threads.show(ticket)))

    async def set_fields(self, ticket: RemoteId, fields: Mapping[str, str]) -> Receipt:
        """Set custom attributes."""
        known = await self._team.attributes()
        values = {name: _stored(name, known.get(name), text.strip()) for name, text in fields.items()}
        path = f"/conversations/{number_of(ticket)}"
        done = (await self._rest.send("PUT", path, {"custom_attributes": values}, Conversation)).value
        return Receipt(message=None, version=version_of(done))

    async def _give(self, ticket: RemoteId, kind: str, to: str) -> Conversation:
        return await self._act(ticket, {"message_type": "assignment", "type": kind, "assignee_id": to})

    async def _act(self, ticket: RemoteId, action: Mapping[str, object]) -> Conversation:
        me = (await self._team.me()).remote_id
        body = {**action, "admin_id": me}
        if action["message_type"] == "open":
            body.pop("type")  # the only one without (Open Conversation Request)
        path = f"/conversations/{number_of(ticket)}/parts"
        return (await self._rest.send("POST", path, body, Conversation)).value


def _body(text: str, uploads: Sequence[Upload]) -> dict[str, object]:
    """A message as Intercom takes it. Takes a while for long texts and large files."""
    files = [
        {
            "content_type": file.media_type,
            "name": file.name,
            "data": base64.b64encode(file.content).decode("ascii"),
        }
        for file in uploads
    ]
    return {"body": words.to_html(text), **({"attachment_files": files} if files else {})}


def _newest(done: Conversation, me: str) -> RemoteId | None:
    """Our message among the parts that come back with the conversation: the last of ours that says something."""
    parts = done.conversation_parts.conversation_parts if done.conversation_parts is not None else ()
    ours = [part.id for part in parts if part.author.id == me and (part.body or part.attachments)]
    return RemoteId(ours[-1]) if ours else None


def _stored(name: str, known: Attribute | None, text: str) -> object:
    """A text as the attribute's type has it. Raises `RefusedError` for an unknown name and for what does not fit."""
    if known is None or known.api_writable is False:
        raise RefusedError(f"Conversations have no attribute {name} that can be set.", "Make it in Intercom.")
    options = [str(option) for option in known.options or ()]
    if options and text and text not in options:
        raise RefusedError(f"{name} has no choice {text}.", f"It has {', '.join(options)}.")
    if not text:
        return None
    if known.data_type == "boolean":
        if text.casefold() not in YES | NO:
            raise RefusedError(f"{name} is yes or no.")
        return text.casefold() in YES
    if known.data_type in {"integer", "float"}:
        try:
            return int(text) if known.data_type == "integer" else float(text)
        except ValueError as error:
            raise RefusedError(f"{name} is a number.") from error
    return text
