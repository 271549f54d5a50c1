"""The connector for GitHub issues and discussions."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

import structlog

from copilot.desks.base import ChangePage, Cursor
from copilot.desks.github import translate
from copilot.desks.github.discussions import DiscussionReader
from copilot.desks.github.graph import SAVED_REPLIES, Graph
from copilot.desks.github.issues import Issues
from copilot.desks.github.places import place_of
from copilot.desks.github.translate import Customs
from copilot.desks.github.wire import RepositoryRow, UserRow
from copilot.desks.github.writing import CAPABILITIES, Writing
from copilot.desks.hosted import Hosted
from copilot.desks.rest import Rest
from copilot.desks.rest.recent import Source, changes
from copilot.domain import (
    Article,
    ArticleId,
    Audience,
    Capabilities,
    DeskId,
    Group,
    Person,
    RemoteId,
    Role,
    SignInCheck,
    SourceKind,
    Thread,
)
from copilot.errors import NotFoundError, PermissionDeniedError, RefusedError

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What a connection is called in the workspace, and what it is about; `followed` narrows the repositories."""

    id: DeskId
    name: str
    graph: str
    repositories: tuple[str, ...]
    followed: tuple[str, ...] = ()


class GitHub(Hosted[Writing]):
    """Issues and discussions of some repositories; see `copilot.desks.base.Desk`. Made by `connecting.connect`."""

    def __init__(self, account: Account, rest: Rest, customs: Customs) -> None:
        """A desk over a way to GitHub that is ready to be used; nothing is asked of it yet."""
        self._account = account
        self._rest = rest
        self._customs = customs
        self._graph = Graph(rest, account.graph)
        self._issues = Issues(rest)
        self._discussions = DiscussionReader(self._graph)
        self._repositories: tuple[RepositoryRow, ...] = ()
        self._me: Person | None = None
        writing = Writing(rest, self._graph, self._issues, self._discussions)
        super().__init__(account.id, account.name, rest, self._read_place, writing)

    @property
    def capabilities(self) -> Capabilities:
        """What GitHub can do; of discussions, assignees and labels are left to its own pages."""
        return CAPABILITIES

    async def check(self) -> SignInCheck:
        """See whether the token is good, the repositories are there, and the rep may answer in them."""
        me = await self.whoami()
        found: list[Group] = []
        missing: list[str] = []
        for name in self._account.repositories:
            try:
                row = (await self._rest.get(f"repos/{name}", RepositoryRow)).value
            except (NotFoundError, PermissionDeniedError):
                missing.append(f"The token does not reach {name}, or there is no such repository.")
                continue
            found.append(Group(remote_id=RemoteId(name), name=name))
            if not (row.permissions.triage or row.permissions.push):
                missing.append(
                    f"You may comment in {name}, but not assign, label or close: ask for the role Triage."
                )
            if not (row.has_issues or row.has_discussions):
                missing.append(f"{name} has neither issues nor discussions.")
        return SignInCheck(me=me, queues=tuple(found), missing=tuple(missing))

    async def whoami(self) -> Person:
        """The account behind the token ("Get the authenticated user")."""
        user = (await self._rest.get("user", UserRow)).value
        self._me = Person(remote_id=RemoteId(user.login), name=user.name or user.login, role=Role.REP)
        return self._me

    async def changes(self, since: Cursor | None) -> AsyncIterator[ChangePage]:
        """Pages of changed issues and discussions of the followed repositories."""
        customs = await self._known()
        sources: list[Source] = []
        for row in await self._followed():
            name = row.full_name
            if row.has_issues:
                sources.append(Source(name=name, page=self._issues.page_of(name, customs)))
            if row.has_discussions:
                page = self._discussions.page_of(name, customs)
                sources.append(Source(name=f"{name}/discussions", page=page))
        async for found in changes(sources, since):
            yield found

    async def attachment(self, ticket: RemoteId, attachment: RemoteId) -> bytes:
        """Never there: files are links in the words."""
        raise NotFoundError(
            f"{attachment!r} is no file of {ticket}: on GitHub, files are links in the words."
        )

    async def people(self) -> tuple[Person, ...]:
        """Who can be assigned in the followed repositories."""
        users = await self._writing.people(tuple(row.full_name for row in await self._followed()))
        found = [translate.person(user, Role.REP, self._customs) for user in users]
        return tuple(person for person in found if person.role is Role.REP)

    async def groups(self) -> tuple[Group, ...]:
        """None: issues are not given from one repository to another."""
        return ()

    async def articles(self) -> tuple[Article, ...]:
        """The rep's saved replies; none where the token may not read them."""
        try:
            data, _ = await self._graph.ask(SAVED_REPLIES, {})
        except (PermissionDeniedError, NotFoundError, RefusedError) as error:
            log.info("github.no_saved_replies", error=type(error).__name__)
            return ()
        nodes = ((data.get("viewer") or {}).get("savedReplies") or {}).get("nodes") or ()
        return tuple(
            Article(
                id=ArticleId(f"{self.id}:macro:{node['databaseId']}"),
                title=node["title"],
                text=node["body"],
                audience=Audience.INTERNAL,
                kind=SourceKind.MACRO,
            )
            for node in nodes
            if node and node.get("title") and node.get("body")
        )

    async def _known(self) -> Customs:
        """The customs, with the rep's login: their words are a rep's in any repository."""
        me = self._me or await self.whoami()
        return replace(self._customs, me=str(me.remote_id))

    async def _read_place(self, ticket: RemoteId) -> Thread:
        place = place_of(ticket)
        customs = await self._known()
        if place.is_discussion:
            return await self._discussions.read(place, customs)
        return await self._issues.read(place, customs)

    async def _followed(self) -> tuple[RepositoryRow, ...]:
        """The repositories to read; what they have is asked once."""
        if not self._repositories:
            wanted = {name.casefold() for name in self._account.followed}
            names = [n for n in self._account.repositories if not wanted or n.casefold() in wanted]
            rows = [(await self._rest.get(f"repos/{name}", RepositoryRow)).value for name in names]
            self._repositories = tuple(rows)
        return self._repositories
