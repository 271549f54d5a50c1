"""The connector for Zendesk Support."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

from copilot.desks.ai_agents import AiAgents
from copilot.desks.base import ChangePage, Cursor, Receipt
from copilot.desks.hosted import Hosted
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
    Person,
    RemoteId,
    SignInCheck,
    Status,
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


class Zendesk(Hosted[Writing]):
    """A Zendesk; see `copilot.desks.base.Desk`. Made by `connecting.connect`."""

    def __init__(self, account: Account, rest: Rest) -> None:
        """A desk over a way to Zendesk that is ready to be used; nothing is asked of it yet."""
        self._account = account
        self._rest = rest
        self._team = Team(rest, account.base, account.ai_agents)
        self._threads = Threads(rest, self._team)
        self._changes = Changes(rest, self._team, account.groups)
        writing = Writing(rest, self._threads, self._team)
        super().__init__(account.id, account.name, rest, self._threads.read, writing)

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
