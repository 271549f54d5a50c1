"""The connector for Freshdesk."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from copilot.desks.ai_agents import AiAgents
from copilot.desks.base import ChangePage, Cursor, Receipt
from copilot.desks.freshdesk import translate
from copilot.desks.freshdesk.articles import articles
from copilot.desks.freshdesk.names import Directory
from copilot.desks.freshdesk.threads import Threads
from copilot.desks.freshdesk.translate import SETTABLE, Customs
from copilot.desks.freshdesk.wire import AgentRow
from copilot.desks.freshdesk.writing import Writing
from copilot.desks.hosted import Hosted, if_allowed
from copilot.desks.rest import Rest
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
from copilot.errors import PermissionDeniedError

REASONS = {
    "safe_update": "Freshdesk does not say whether a ticket has changed before it takes a reply.",
    "idempotency": "Freshdesk knows no idempotency keys.",
    "live": "Freshdesk tells of changes only when asked.",
    "viewers": "Freshdesk does not tell other programs who is looking at a ticket.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What a connection is called in the workspace, and where it is."""

    id: DeskId
    name: str
    base: str


class Freshdesk(Hosted[Writing]):
    """A Freshdesk; see `copilot.desks.base.Desk`. Made by `connecting.connect`."""

    def __init__(self, account: Account, rest: Rest, ai_agents: AiAgents, groups: Sequence[str]) -> None:
        """A desk over a way to Freshdesk that is ready to be used; nothing is asked of it yet."""
        self._account = account
        self._rest = rest
        self._customs = Customs(account.base, ai_agents)
        self._directory = Directory(rest)
        self._threads = Threads(rest, self._directory, self._customs, groups)
        writing = Writing(rest, self._threads, self._directory)
        super().__init__(account.id, account.name, rest, self._threads.read, writing)

    @property
    def capabilities(self) -> Capabilities:
        """What Freshdesk can do."""
        return Capabilities(statuses=frozenset(SETTABLE), merge=True, reasons=REASONS)

    async def check(self) -> SignInCheck:
        """See whether the key is good, and what the rep's role may not read."""
        me = await self.whoami()
        missing: list[str] = []
        await if_allowed(
            self._directory.agents,
            "Your role may not list agents: tickets can be given to nobody else.",
            missing,
        )
        await if_allowed(self._directory.fields, "Your role may not read the fields of tickets.", missing)
        found = await if_allowed(self.groups, "Your role may not list groups.", missing)
        return SignInCheck(me=me, queues=tuple(found), missing=tuple(missing))

    async def whoami(self) -> Person:
        """The agent behind the key ("View the currently authenticated agent")."""
        row = (await self._rest.get("agents/me", AgentRow)).value
        name = row.contact.name or row.contact.email or f"Agent {row.id}"
        return Person(remote_id=RemoteId(str(row.id)), name=name, email=row.contact.email, role=Role.REP)

    async def changes(self, since: Cursor | None) -> AsyncIterator[ChangePage]:
        """Pages of changed tickets of the followed groups."""
        async for page in self._threads.changes(since):
            yield page

    async def merge(self, ticket: RemoteId, into: RemoteId) -> Receipt:
        """Close the ticket into another one."""
        return await self._writing.merge(ticket, into)

    async def attachment(self, ticket: RemoteId, attachment: RemoteId) -> bytes:
        """The bytes of one attachment, from where Freshdesk keeps files."""
        return await self._rest.download((await self._threads.file(ticket, attachment)).attachment_url)

    async def people(self) -> tuple[Person, ...]:
        """The agents; the rep alone where the role may not list them."""
        try:
            numbers = [row.id for row in await self._directory.agents()]
        except PermissionDeniedError:
            return (await self.whoami(),)
        names = await self._directory.names(numbers)
        found = (translate.agent(number, names, self._customs) for number in numbers)
        return tuple(person for person in found if person.role is Role.REP)

    async def groups(self) -> tuple[Group, ...]:
        """The groups."""
        return tuple(
            Group(remote_id=RemoteId(str(g.id)), name=g.name) for g in await self._directory.groups()
        )

    async def articles(self) -> tuple[Article, ...]:
        """Published solutions and canned responses."""
        return await articles(self._rest, self.id, self._account.base)
