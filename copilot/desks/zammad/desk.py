"""The connector for Zammad."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from copilot.desks.ai_agents import AiAgents
from copilot.desks.base import ChangePage, Cursor, Receipt
from copilot.desks.hosted import Hosted, if_allowed
from copilot.desks.rest import Rest
from copilot.desks.zammad import translate
from copilot.desks.zammad.articles import articles
from copilot.desks.zammad.names import Directory
from copilot.desks.zammad.threads import Threads, number_of
from copilot.desks.zammad.translate import Customs
from copilot.desks.zammad.wire import UserRow
from copilot.desks.zammad.writing import CAPABILITIES, Writing
from copilot.domain import (
    Article,
    Capabilities,
    DeskId,
    Group,
    Person,
    RemoteId,
    Role,
    SignInCheck,
)
from copilot.errors import NotFoundError, PermissionDeniedError


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What a connection is called in the workspace, and where it is."""

    id: DeskId
    name: str
    base: str


class Zammad(Hosted[Writing]):
    """A Zammad; see `copilot.desks.base.Desk`. Made by `connecting.connect`."""

    def __init__(self, account: Account, rest: Rest, ai_agents: AiAgents, groups: Sequence[str]) -> None:
        """A desk over a way to Zammad that is ready to be used; nothing is asked of it yet."""
        self._account = account
        self._rest = rest
        self._customs = Customs(account.base, ai_agents)
        self._directory = Directory(rest)
        self._threads = Threads(rest, self._directory, self._customs, groups)
        writing = Writing(rest, self._threads, self._directory)
        super().__init__(account.id, account.name, rest, self._threads.read, writing)

    @property
    def capabilities(self) -> Capabilities:
        """What Zammad can do."""
        return CAPABILITIES

    async def check(self) -> SignInCheck:
        """See whether the token is good, and what it does not allow."""
        me = await self.whoami()
        missing: list[str] = []
        await if_allowed(
            self._directory.agents,
            "Your token may not list agents: the token needs the permission ticket.agent.",
            missing,
        )
        found = await if_allowed(
            self.groups,
            "Your token may not read groups: the token needs the permission ticket.agent.",
            missing,
        )
        if not found and not missing:
            missing.append("You have access to no group: no ticket can be seen.")
        return SignInCheck(me=me, queues=tuple(found), missing=tuple(missing))

    async def whoami(self) -> Person:
        """The agent behind the token (users/me)."""
        user = (await self._rest.get("users/me", UserRow)).value
        return Person(remote_id=RemoteId(str(user.id)), name=user.name, email=user.email, role=Role.REP)

    async def changes(self, since: Cursor | None) -> AsyncIterator[ChangePage]:
        """Pages of changed tickets of the followed groups."""
        async for page in self._threads.changes(since):
            yield page

    async def merge(self, ticket: RemoteId, into: RemoteId) -> Receipt:
        """Make the ticket part of another one."""
        return await self._writing.merge(ticket, into)

    async def attachment(self, ticket: RemoteId, attachment: RemoteId) -> bytes:
        """The bytes of one attachment ("Articles"). Zammad forbids what is not there."""
        article, _, file = attachment.partition("/")
        if not (article.isdecimal() and file.isdecimal()):
            raise NotFoundError(f"{attachment!r} is no file of Zammad.")
        try:
            return await self._rest.download(f"ticket_attachment/{number_of(ticket)}/{article}/{file}")
        except PermissionDeniedError as error:
            raise NotFoundError("This file is no longer in Zammad, or not for you.") from error

    async def people(self) -> tuple[Person, ...]:
        """The agents; the rep alone where the token may not list them."""
        try:
            users = await self._directory.agents()
        except PermissionDeniedError:
            return (await self.whoami(),)
        found = (translate.person(user, Role.REP, self._customs) for user in users)
        return tuple(person for person in found if person.role is Role.REP)

    async def groups(self) -> tuple[Group, ...]:
        """The groups the rep may see."""
        groups = (await self._directory.names()).groups
        return tuple(Group(remote_id=RemoteId(str(number)), name=name) for number, name in groups.items())

    async def articles(self) -> tuple[Article, ...]:
        """The knowledge base and text modules."""
        return await articles(self._rest, self.id)
