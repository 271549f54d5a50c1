"""Reads a conversation with its messages: one request (REST API: Retrieve a conversation; the newest 500 parts)."""

from __future__ import annotations

import asyncio

from copilot.desks.ai_agents import with_reason
from copilot.desks.intercom.team import Team
from copilot.desks.intercom.translate import Around, file_id, messages_of, snapshot, source_id
from copilot.desks.intercom.wire import Conversation, File
from copilot.desks.rest import Rest
from copilot.domain import RemoteId, Thread
from copilot.errors import NotFoundError

MANY = 100


class Threads:
    """Reads conversations and their files."""

    def __init__(self, rest: Rest, team: Team) -> None:
        self._rest = rest
        self._team = team

    async def show(self, ticket: RemoteId) -> Conversation:
        """The conversation as it is now, with its parts."""
        return (await self._rest.get(f"/conversations/{number_of(ticket)}", Conversation)).value

    async def read(self, ticket: RemoteId) -> Thread:
        """The conversation with its messages."""
        one = await self.show(ticket)
        around = await self._team.around([one])
        if one.conversation_parts is not None and len(one.conversation_parts.conversation_parts) > MANY:
            return await asyncio.to_thread(_thread, one, around)
        return _thread(one, around)

    async def file(self, ticket: RemoteId, attachment: RemoteId) -> bytes:
        """The bytes of a file: its address runs out after a while, so the conversation is read for a fresh one."""
        for name, file in _files(await self.show(ticket)):
            if name == attachment and file.url:
                return await self._rest.download(file.url)
        raise NotFoundError("The file is not in Intercom, or not any more.")


def number_of(ticket: RemoteId) -> str:
    """The number to ask for. Raises `NotFoundError` for what cannot be one, instead of asking for another address."""
    if not ticket.isascii() or not ticket.isdecimal():
        raise NotFoundError(f"{ticket!r} is no conversation of Intercom.")
    return str(ticket)


def _thread(one: Conversation, around: Around) -> Thread:
    messages = messages_of(one, around)
    return Thread(snapshot=with_reason(snapshot(one, around), messages), messages=messages)


def _files(one: Conversation) -> list[tuple[RemoteId, File]]:
    parts = one.conversation_parts.conversation_parts if one.conversation_parts is not None else ()
    holders = [(part.id, part.attachments or ()) for part in parts]
    if one.source is not None:
        holders.insert(0, (source_id(one.source), one.source.attachments or ()))
    return [(file_id(holder, index), file) for holder, files in holders for index, file in enumerate(files)]
