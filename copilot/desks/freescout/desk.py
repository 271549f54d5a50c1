"""The connector for FreeScout."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from copilot.desks.ai_agents import AiAgents
from copilot.desks.base import ChangePage, Cursor
from copilot.desks.freescout import translate
from copilot.desks.freescout.directory import Directory
from copilot.desks.freescout.threads import Threads
from copilot.desks.freescout.translate import SETTABLE, Customs
from copilot.desks.freescout.writing import Writing
from copilot.desks.hosted import Hosted
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
from copilot.errors import BadDataError, NotFoundError

CAPABILITIES = Capabilities(
    statuses=frozenset(SETTABLE),
    reasons={
        "safe_update": "FreeScout does not say whether a conversation has changed before it takes a reply.",
        "idempotency": "FreeScout knows no idempotency keys.",
        "live": "FreeScout tells other programs of changes only when asked.",
        "viewers": "FreeScout tells who is looking at a conversation to its own pages only.",
        "merge": "FreeScout merges conversations on its own pages only.",
    },
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What a connection is called in the workspace, and where it is."""

    id: DeskId
    name: str
    base: str
    email: str


class FreeScout(Hosted[Writing]):
    """A FreeScout; see `copilot.desks.base.Desk`. Made by `connecting.connect`."""

    def __init__(self, account: Account, rest: Rest, ai_agents: AiAgents, mailboxes: Sequence[str]) -> None:
        """A desk over a way to FreeScout that is ready to be used; nothing is asked of it yet."""
        self._account = account
        self._rest = rest
        self._customs = Customs(account.base, ai_agents)
        self._directory = Directory(rest, account.email)
        self._threads = Threads(rest, self._directory, self._customs, mailboxes)
        writing = Writing(rest, self._threads, self._directory)
        super().__init__(account.id, account.name, rest, self._threads.read, writing)

    @property
    def capabilities(self) -> Capabilities:
        """What FreeScout can do."""
        return CAPABILITIES

    async def check(self) -> SignInCheck:
        """See whether the key is good and the rep is somebody there."""
        try:
            found = await self.groups()
        except NotFoundError as error:
            raise BadDataError(
                "FreeScout's API does not answer at this address.",
                "Check the address, and that its API & Webhooks module is active.",
            ) from error
        missing = () if found else ("There is no mailbox yet.",)
        return SignInCheck(me=await self.whoami(), queues=found, missing=missing)

    async def whoami(self) -> Person:
        """The rep: the user with the e-mail address that was typed, for the key belongs to nobody."""
        row = await self._directory.me()
        return Person(remote_id=RemoteId(str(row.id)), name=row.name, email=row.email, role=Role.REP)

    async def changes(self, since: Cursor | None) -> AsyncIterator[ChangePage]:
        """Pages of changed conversations of the followed mailboxes."""
        async for page in self._threads.changes(since):
            yield page

    async def attachment(self, ticket: RemoteId, attachment: RemoteId) -> bytes:
        """The bytes of one attachment, from where FreeScout keeps files."""
        return await self._rest.download((await self._threads.file(ticket, attachment)).url)

    async def people(self) -> tuple[Person, ...]:
        """The users."""
        found = (translate.user(row, self._customs) for row in await self._directory.users())
        return tuple(person for person in found if person.role is Role.REP)

    async def groups(self) -> tuple[Group, ...]:
        """The mailboxes."""
        rows = await self._directory.mailbox_rows()
        return tuple(Group(remote_id=RemoteId(str(row.id)), name=row.name or row.email) for row in rows)

    async def articles(self) -> tuple[Article, ...]:
        """None: the API gives neither saved replies nor the knowledge base."""
        return ()
