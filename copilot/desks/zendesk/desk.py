"""The connector for Zendesk Support."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass

from copilot.desks import words
from copilot.desks.ai_agents import AiAgents
from copilot.desks.base import ChangePage, Cursor, Receipt
from copilot.desks.rest import Rest
from copilot.desks.zendesk.articles import articles
from copilot.desks.zendesk.changes import BY_CHANGE, LIST, Changes
from copilot.desks.zendesk.listing import paged
from copilot.desks.zendesk.merging import merge
from copilot.desks.zendesk.team import ADMIN, Team
from copilot.desks.zendesk.threads import Threads
from copilot.desks.zendesk.wire import TicketPage
from copilot.desks.zendesk.writing import MAX_COMMENT_CHARS, SETTABLE, Writing, takes_replies
from copilot.domain import (
    Article,
    Capabilities,
    DeskId,
    Group,
    Message,
    Person,
    RemoteId,
    Reply,
    SignInCheck,
    Status,
    Thread,
)

REASONS = {
    "idempotency": "Zendesk knows idempotency keys for new tickets only; a reply is recognised by a mark beside it.",
    "live": "Zendesk tells changes to servers, not to programs on a desk: it is asked again and again.",
    "viewers": "Zendesk shows who is viewing a ticket in its own window only.",
}
NO_EXPORT = (
    "Your Zendesk role is not administrator: tickets that are deleted, or closed for months, are not seen. Everything "
    "else works."
)
NO_MESSAGING = (
    "Some tickets came by messaging, SMS or social networks: they are read here and answered in Zendesk."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What a connection is called in the workspace, where it leads, and what of it is followed."""

    id: DeskId
    name: str
    base: str
    groups: tuple[str, ...] = ()
    ai_agents: AiAgents = AiAgents()  # noqa: RUF009 - frozen


class Zendesk:
    """A Zendesk; see `copilot.desks.base.Desk`. Made by `connecting.connect`."""

    def __init__(self, account: Account, rest: Rest) -> None:
        """A desk over a way to Zendesk that is ready to be used; nothing is asked of it yet."""
        self._account = account
        self._rest = rest
        self._team = Team(rest, account.base, account.ai_agents)
        self._threads = Threads(rest, self._team)
        self._changes = Changes(rest, self._team, account.groups)
        self._writing = Writing(rest, self._threads, self._team)

    @property
    def id(self) -> DeskId:
        """This desk's id in the workspace."""
        return self._account.id

    @property
    def name(self) -> str:
        """What the rep calls it."""
        return self._account.name

    @property
    def capabilities(self) -> Capabilities:
        """Safe updates by the date of the last change; on hold only where this Zendesk has it."""
        statuses = frozenset(SETTABLE) - (frozenset() if self._team.offers_hold else {Status.HOLD})
        return Capabilities(
            statuses=statuses,
            safe_update=True,
            merge=True,
            reply_limit=MAX_COMMENT_CHARS,
            reasons=REASONS,
        )

    async def check(self) -> SignInCheck:
        """See who the rep is and whether tickets can be read. Raises the `DeskError` that says what is wrong."""
        user = await self._team.user()
        newest = (await self._rest.get(LIST, TicketPage, paged(BY_CHANGE, None))).value.tickets
        await self._team.fields()
        missing = [] if user.role == ADMIN else [NO_EXPORT]
        if not all(takes_replies(ticket) for ticket in newest):
            missing.append(NO_MESSAGING)
        me = await self._team.me()
        return SignInCheck(me=me, queues=await self._team.groups(), missing=tuple(missing))

    async def whoami(self) -> Person:
        """The rep behind the address."""
        return await self._team.me()

    async def changes(self, since: Cursor | None) -> AsyncIterator[ChangePage]:
        """Pages of changed tickets of the followed groups; see `changes`."""
        async for page in self._changes.since(since):
            yield page

    async def thread(self, ticket: RemoteId) -> Thread:
        """A ticket with its messages."""
        return await self._threads.read(ticket)

    async def reply(self, ticket: RemoteId, reply: Reply, *, key: str, version: str | None) -> Receipt:
        """A public comment."""
        return await self._writing.reply(ticket, reply, key=key, version=version)

    async def note(self, ticket: RemoteId, text: str, *, key: str, version: str | None) -> Receipt:
        """A comment for the team."""
        return await self._writing.note(ticket, text, key=key, version=version)

    def is_ours(self, message: Message, text: str, *, key: str, me: Person) -> bool:
        """By author and the mark in the comment's metadata; by author and letters where there is none."""
        return words.is_ours(message, text, key=key, me=me)

    async def assign(self, ticket: RemoteId, person: Person | None, group: str | None) -> Receipt:
        """Give the ticket to an agent and/or a group, or to nobody."""
        return await self._writing.assign(ticket, person, group)

    async def set_status(self, ticket: RemoteId, status: Status) -> Receipt:
        """Change the status."""
        return await self._writing.set_status(ticket, status)

    async def set_tags(self, ticket: RemoteId, tags: tuple[str, ...]) -> Receipt:
        """Replace the tags."""
        return await self._writing.set_tags(ticket, tags)

    async def set_fields(self, ticket: RemoteId, fields: Mapping[str, str]) -> Receipt:
        """Set custom fields."""
        return await self._writing.set_fields(ticket, fields)

    async def merge(self, ticket: RemoteId, into: RemoteId) -> Receipt:
        """Make a ticket a part of another; it is closed then."""
        return await merge(self._rest, self._threads, ticket, into)

    async def attachment(self, ticket: RemoteId, attachment: RemoteId) -> bytes:  # noqa: ARG002 - the protocol's
        """The bytes of one attachment."""
        return await self._threads.file(attachment)

    async def people(self) -> tuple[Person, ...]:
        """Agents tickets can be given to."""
        return await self._team.people()

    async def groups(self) -> tuple[Group, ...]:
        """The groups."""
        return await self._team.groups()

    async def articles(self) -> tuple[Article, ...]:
        """The help center and the macros."""
        return await articles(self._rest, self.id)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._rest.aclose()
