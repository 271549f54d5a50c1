"""The rep behind the token, colleagues, groups, and the fields of tickets (API reference: Users, Groups)."""

from __future__ import annotations

from collections.abc import Sequence

from copilot.desks.ai_agents import AiAgents
from copilot.desks.rest import Rest
from copilot.desks.zendesk.fields import Fields, read_fields
from copilot.desks.zendesk.listing import every
from copilot.desks.zendesk.translate import Around, by_id, names_of
from copilot.desks.zendesk.wire import GroupPage, GroupRow, Me, Ticket, User, UserPage
from copilot.domain import Group, Person, RemoteId, Role
from copilot.errors import AuthError, RefusedError

ADMIN = "admin"
AGENTS: tuple[str, ...] = ("agent", ADMIN)


class Team:
    """Looks people, groups and fields up. Fields are read again only when a ticket has one that is not known."""

    def __init__(self, rest: Rest, base: str, ai_agents: AiAgents) -> None:
        self._rest = rest
        self._base = base
        self._ai_agents = ai_agents
        self._me: User | None = None
        self._fields: Fields | None = None
        self._strangers: set[str] = set()

    @property
    def offers_hold(self) -> bool:
        """Whether this Zendesk's tickets can be on hold, as far as is known: it is an option there."""
        return self._fields is not None and "hold" in self._fields.statuses

    async def user(self) -> User:
        """Zendesk's record of the rep. Raises `AuthError` for an anonymous or a customer's sign-in."""
        if self._me is None:
            user = (await self._rest.get("/api/v2/users/me", Me)).value.user
            if user.id is None or user.role not in AGENTS:
                raise AuthError(
                    "This is not the sign-in of a Zendesk agent.", self._rest.vendor.sign_in_again
                )
            self._me = user
        return self._me

    async def me(self) -> Person:
        """The rep."""
        return _rep(await self.user())

    async def people(self) -> tuple[Person, ...]:
        """All agents that are not suspended, the AI agents left out."""
        users = await every(
            self._rest, "/api/v2/users", UserPage, lambda page: page.users, {"role[]": AGENTS}
        )
        return tuple(
            sorted(
                (_rep(user) for user in users if self._may_own(user)),
                key=lambda one: (one.name.casefold(), one.remote_id),
            )
        )

    def _may_own(self, user: User) -> bool:
        if user.id is None or user.suspended or user.active is False:
            return False
        return user.role in AGENTS and not self._ai_agents.include(user.id, user.name, user.email)

    async def groups(self) -> tuple[Group, ...]:
        """All groups, by name."""
        rows = await every(self._rest, "/api/v2/groups", GroupPage, lambda page: page.groups)
        groups = (Group(remote_id=RemoteId(row.id), name=row.name) for row in rows if not row.deleted)
        return tuple(sorted(groups, key=lambda one: one.name.casefold()))

    async def group_number(self, name: str) -> int:
        """The number of a group by its name or number. Raises `RefusedError` when there is none."""
        wanted = name.casefold()
        for group in await self.groups():
            if wanted in {group.name.casefold(), group.remote_id}:
                return int(group.remote_id)
        raise RefusedError(f"Zendesk has no group {name}.", "Choose another one.")

    async def fields(self) -> Fields:
        """The custom fields."""
        if self._fields is None:
            self._fields = await read_fields(self._rest)
        return self._fields

    async def around(
        self, tickets: Sequence[Ticket], users: Sequence[User], groups: Sequence[GroupRow]
    ) -> Around:
        """What is needed to understand these tickets."""
        fields = await self.fields()
        values = [value for ticket in tickets for value in ticket.custom_fields]
        if not fields.knows(value for value in values if value.id not in self._strangers):
            fields = self._fields = await read_fields(self._rest)
            self._strangers |= {value.id for value in values if value.id not in fields.by_id}
        return Around(
            base=self._base,
            users=by_id(users),
            groups=names_of(groups),
            fields=fields,
            ai_agents=self._ai_agents,
        )


def _rep(user: User) -> Person:
    return Person(
        remote_id=RemoteId(user.id or ""),
        name=user.name or user.email or f"User {user.id}",
        email=user.email,
        role=Role.REP,
    )
