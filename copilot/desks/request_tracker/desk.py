"""The connector for Request Tracker 5 over its REST 2.0 interface."""

from __future__ import annotations

import asyncio
import base64
import binascii
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass

from copilot.desks.base import ChangePage, Cursor, Receipt
from copilot.desks.hosted import Hosted
from copilot.desks.request_tracker.articles import articles
from copilot.desks.request_tracker.changes import Changes
from copilot.desks.request_tracker.failures import VENDOR
from copilot.desks.request_tracker.journal import Journal
from copilot.desks.request_tracker.listing import Listing
from copilot.desks.request_tracker.people import People
from copilot.desks.request_tracker.queues import Queues, condition
from copilot.desks.request_tracker.rest import Rest
from copilot.desks.request_tracker.statuses import Statuses
from copilot.desks.request_tracker.threads import Threads, number_of
from copilot.desks.request_tracker.translate import SETTABLE, Customs
from copilot.desks.request_tracker.wire import AttachmentRecord, IdRow, VersionRecord
from copilot.desks.request_tracker.writing import Writing
from copilot.desks.rest.failures import unreadable
from copilot.domain import (
    Article,
    Capabilities,
    DeskId,
    Group,
    Person,
    RemoteId,
    SignInCheck,
)
from copilot.errors import BadDataError, NotFoundError, UnavailableError

LONG_BASE64 = 200_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What a connection is called in the workspace, and what it signs in with."""

    id: DeskId
    name: str
    base: str
    token: str


class RequestTracker(Hosted[Writing]):
    """A Request Tracker 5; see `copilot.desks.base.Desk`. Made by `connect`."""

    def __init__(self, account: Account, rest: Rest, queues: Queues, customs: Customs) -> None:
        """A desk over a way to RT that is ready to be used; nothing is asked of it yet."""
        self._account = account
        self._rest = rest
        self._queues = queues
        self._people = People(rest, account.token, customs)
        statuses = Statuses(rest)
        self._threads = Threads(rest, self._people, statuses, customs)
        self._changes = Changes(queues, Journal(rest), Listing(rest, self._threads, statuses, customs))
        writing = Writing(rest, self._threads, self._people, customs)
        super().__init__(account.id, account.name, rest, self._threads.read, writing)

    @property
    def capabilities(self) -> Capabilities:
        """No safe update and no idempotency: RT checks no version of a reply, and knows no keys."""
        return Capabilities(
            statuses=frozenset(SETTABLE),
            merge=True,
            reasons={
                "viewers": "Request Tracker does not tell who has a ticket open.",
                "live": "Request Tracker has no stream of changes; it is asked every few seconds.",
            },
        )

    async def check(self) -> SignInCheck:
        """See whether this is an RT, the token is good and the queues can be seen.

        Raises the `DeskError` that says in words what is wrong.
        """
        try:
            version = (await self._rest.get("rt", VersionRecord)).value.version
        except NotFoundError as error:
            raise BadDataError(
                "There is no Request Tracker 5 at this address.", "Check the address."
            ) from error
        major = version.partition(".")[0]
        if not major.isdecimal() or int(major) < 5:
            raise BadDataError(f"This is Request Tracker {version}.", "Sidedesk needs version 5 or newer.")
        me = await self.whoami()
        await self._queues.see()
        return SignInCheck(me=me, queues=await self.groups())

    async def whoami(self) -> Person:
        """The rep behind the token."""
        return await self._people.me()

    async def changes(self, since: Cursor | None) -> AsyncIterator[ChangePage]:
        """Pages of changed tickets: those of the followed queues, newest first, and from then on what changed."""
        async for page in self._changes.since(since):
            yield page

    async def merge(self, ticket: RemoteId, into: RemoteId) -> Receipt:
        """Make a ticket a part of another one. The rep needs the right ModifyTicket on both."""
        return await self._writing.merge(ticket, into)

    async def attachment(self, ticket: RemoteId, attachment: RemoteId) -> bytes:
        """The bytes of one attachment."""
        number = number_of(attachment)
        try:
            content = (await self._rest.get(f"attachment/{number}", AttachmentRecord)).value.content
        except UnavailableError:
            await self._see_attachment(ticket, number)
            raise
        if len(content) > LONG_BASE64:
            return await asyncio.to_thread(_decode, content)
        return _decode(content)

    async def people(self) -> tuple[Person, ...]:
        """The users that tickets can probably be given to."""
        followed = await self._queues.followed({})
        return await self._people.assignable(condition(followed.values()))

    async def groups(self) -> tuple[Group, ...]:
        """The queues the rep can see."""
        return tuple(Group(remote_id=RemoteId(q.id), name=q.name) for q in await self._queues.visible())

    async def articles(self) -> tuple[Article, ...]:
        """RT's own articles."""
        return await articles(self._rest, self.id, self._account.base)

    async def _see_attachment(self, ticket: RemoteId, number: str) -> None:
        """RT fails with 500 for an attachment that is not there (5.0.3). Raises `NotFoundError` if that is why."""
        query = json.dumps([{"field": "id", "value": number}])
        found = await self._rest.page(f"ticket/{number_of(ticket)}/attachments", IdRow, {"query": query})
        if not found.value.items:
            raise NotFoundError("This file is no longer in Request Tracker.")


def _decode(content: str) -> bytes:
    try:
        return base64.b64decode(content)
    except binascii.Error as error:
        raise unreadable(VENDOR, error) from error
