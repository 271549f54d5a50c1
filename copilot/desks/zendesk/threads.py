"""Reads a ticket with its comments.

API reference: Tickets, Show Ticket; Ticket Comments, List Comments (oldest first, 100 a page); Side-Loading. The ticket
is read first, so that its version is never newer than the messages.
"""

from __future__ import annotations

import asyncio

from copilot.desks.ai_agents import with_reason
from copilot.desks.rest import Rest
from copilot.desks.zendesk.chats import chat_messages, has_chats
from copilot.desks.zendesk.listing import MAX_PAGES, endless, paged
from copilot.desks.zendesk.team import Team
from copilot.desks.zendesk.translate import Around, message, snapshot
from copilot.desks.zendesk.wire import Comment, CommentPage, OneFile, OneTicket, User
from copilot.domain import Message, RemoteId, Thread
from copilot.errors import NotFoundError

BESIDE = "users,groups"
MANY = 100


class Threads:
    """Reads tickets, alone or with their messages, and their files."""

    def __init__(self, rest: Rest, team: Team) -> None:
        self._rest = rest
        self._team = team

    async def show(self, ticket: RemoteId) -> OneTicket:
        """The ticket alone, with the people and the group it names."""
        path = f"/api/v2/tickets/{number_of(ticket)}"
        shown = (await self._rest.get(path, OneTicket, {"include": BESIDE})).value
        if shown.ticket.status == "deleted":
            raise NotFoundError(f"Ticket {ticket} was deleted in Zendesk.")
        return shown

    async def read(self, ticket: RemoteId) -> Thread:
        """The ticket with its messages."""
        shown = await self.show(ticket)
        comments, writers = await self._comments(shown.ticket.id)
        around = await self._team.around([shown.ticket], [*shown.users, *writers], shown.groups)
        apart = await chat_messages(self._rest, shown.ticket, around) if has_chats(shown.ticket) else []
        if len(comments) > MANY:
            return await asyncio.to_thread(_thread, shown, comments, apart, around)
        return _thread(shown, comments, apart, around)

    async def _comments(self, ticket: str) -> tuple[list[Comment], list[User]]:
        path, query = f"/api/v2/tickets/{ticket}/comments", {"include": "users"}
        comments: dict[str, Comment] = {}
        users: list[User] = []
        after: str | None = None
        for _ in range(MAX_PAGES):
            page = (await self._rest.get(path, CommentPage, paged(query, after))).value
            comments |= {comment.id: comment for comment in page.comments}
            users += page.users
            if not page.meta.has_more or page.meta.after_cursor is None:
                return list(comments.values()), users
            if page.meta.after_cursor == after:
                break
            after = page.meta.after_cursor
        raise endless()

    async def file(self, attachment: RemoteId) -> bytes:
        """The bytes of an attachment, at the address Zendesk tells now (Ticket Attachments, Show Attachment)."""
        path = f"/api/v2/attachments/{number_of(attachment)}"
        found = (await self._rest.get(path, OneFile)).value.attachment
        return await self._rest.download(found.content_url)


def number_of(thing: RemoteId) -> str:
    """The number to ask for. Raises `NotFoundError` for what cannot be one, instead of asking for another address."""
    if not thing.isascii() or not thing.isdecimal():
        raise NotFoundError(f"{thing!r} is no number of Zendesk's.")
    return str(thing)


def _thread(shown: OneTicket, comments: list[Comment], apart: list[Message], around: Around) -> Thread:
    """In the order of saying; comments of one second stay in theirs."""
    found = [message(comment, around, shown.ticket.requester_id) for comment in comments]
    messages = tuple(sorted([*found, *apart], key=lambda one: one.created))
    return Thread(snapshot=with_reason(snapshot(shown.ticket, around), messages), messages=messages)
