"""The connector for Intercom."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

from copilot.desks import words
from copilot.desks.ai_agents import AiAgents
from copilot.desks.base import ChangePage, Cursor
from copilot.desks.hosted import Hosted
from copilot.desks.intercom.articles import articles
from copilot.desks.intercom.changes import Changes
from copilot.desks.intercom.team import Team
from copilot.desks.intercom.threads import Threads
from copilot.desks.intercom.wire import Found
from copilot.desks.intercom.writing import SETTABLE, Writing
from copilot.desks.rest import Rest
from copilot.domain import (
    Article,
    Capabilities,
    DeskId,
    Group,
    Message,
    Person,
    RemoteId,
    SignInCheck,
)
from copilot.errors import PermissionDeniedError

REASONS = {
    "statuses": "Intercom's conversations are open or closed; it snoozes them to a date, which is set there.",
    "idempotency": "Intercom has no idempotency keys; a reply is recognised by its author and words.",
    "safe_update": "Intercom checks no version; the conversation is read again just before a reply.",
    "live": "Intercom tells changes to servers, not to programs on a desk: it is asked again and again.",
    "merge": "Intercom's interface cannot merge conversations.",
    "viewers": "Intercom shows who is viewing a conversation in its own inbox only.",
}
PERMISSIONS = {
    "/tags": "The app may not read tags, so they cannot be set.",
    "/data_attributes?model=conversation": "The app may not read attributes, so fields cannot be set.",
    "/articles": "The app may not read articles, so the help center is not searched.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What a connection is called in the workspace, whose it is, and what of it is followed."""

    id: DeskId
    name: str
    email: str = ""
    teams: tuple[str, ...] = ()
    ai_agents: AiAgents = AiAgents()  # noqa: RUF009 - frozen


class Intercom(Hosted[Writing]):
    """An Intercom; see `copilot.desks.base.Desk`. Made by `connecting.connect`."""

    def __init__(self, account: Account, rest: Rest) -> None:
        """A desk over a way to Intercom that is ready to be used; nothing is asked of it yet."""
        self._account = account
        self._rest = rest
        self._team = Team(rest, account.email, account.ai_agents)
        self._threads = Threads(rest, self._team)
        self._changes = Changes(rest, self._team, account.teams)
        writing = Writing(rest, self._threads, self._team)
        super().__init__(account.id, account.name, rest, self._threads.read, writing)

    @property
    def capabilities(self) -> Capabilities:
        """No safe updates, no idempotency, and two statuses."""
        return Capabilities(statuses=frozenset(SETTABLE), reasons=REASONS)

    async def check(self) -> SignInCheck:
        """See who the rep is and what the token may. Raises the `DeskError` that says what is wrong."""
        me = await self._team.me()
        query = {"query": {"field": "updated_at", "operator": ">", "value": 1}, "pagination": {"per_page": 1}}
        await self._rest.send("POST", "/conversations/search", query, Found)
        missing = (
            [] if await self._team.has_seat() else ["Who made the token has no seat in Intercom's inbox."]
        )
        for path, words_ in PERMISSIONS.items():
            try:
                await self._rest.get(path, object)
            except PermissionDeniedError:
                missing.append(words_)
        return SignInCheck(me=me, queues=await self._team.groups(), missing=tuple(missing))

    async def whoami(self) -> Person:
        """The rep."""
        return await self._team.me()

    async def changes(self, since: Cursor | None) -> AsyncIterator[ChangePage]:
        """Pages of changed conversations of the followed teams; see `changes`."""
        async for page in self._changes.since(since):
            yield page

    def is_ours(self, message: Message, text: str, *, key: str, me: Person) -> bool:
        """By author and letters, or names of files where there were no words: there is no place for a mark."""
        said = words.text_or_names(text, message.attachments)
        return words.is_ours(message, said, key=key, me=me)

    async def attachment(self, ticket: RemoteId, attachment: RemoteId) -> bytes:
        """The bytes of one attachment."""
        return await self._threads.file(ticket, attachment)

    async def people(self) -> tuple[Person, ...]:
        """Teammates conversations can be given to."""
        return await self._team.people()

    async def groups(self) -> tuple[Group, ...]:
        """The teams."""
        return await self._team.groups()

    async def articles(self) -> tuple[Article, ...]:
        """The help center, and the articles for the team."""
        return await articles(self._rest, self.id)
