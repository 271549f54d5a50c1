"""Teammates, teams, tags, contacts and attributes (REST API: Admins, Teams, Tags, Contacts, Data Attributes)."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import quote

from copilot.desks.ai_agents import AiAgents
from copilot.desks.intercom.translate import Around
from copilot.desks.intercom.wire import (
    Admin,
    Admins,
    Attribute,
    Attributes,
    Contact,
    Conversation,
    TagList,
    TagRow,
    TeamList,
)
from copilot.desks.rest import Rest
from copilot.domain import Group, Person, RemoteId, Role
from copilot.errors import AuthError, NotFoundError, PermissionDeniedError, RefusedError

KNOWN_AT_MOST = 5000


class Team:
    """Looks people and teams up, and keeps what Intercom said for the life of the connection.

    Teammates and teams are read again when somebody is named who was not there.
    """

    def __init__(self, rest: Rest, email: str, ai_agents: AiAgents) -> None:
        self._rest = rest
        self._email = email.casefold()
        self._ai_agents = ai_agents
        self._me: Person | None = None
        self._app = ""
        self._has_seat = True
        self._admins: dict[str, Person] = {}
        self._teams: dict[str, str] = {}
        self._strangers: set[str] = set()
        self._contacts: OrderedDict[str, Contact | None] = OrderedDict()

    async def me(self) -> Person:
        """The rep: the teammate with the address that was filled in, else the one who made the token."""
        if self._me is None:
            admin = (await self._rest.get("/me", Admin)).value
            if admin.id is None:
                raise AuthError("This token belongs to nobody in Intercom.", self._rest.vendor.sign_in_again)
            self._app = admin.app.id_code if admin.app is not None else ""
            self._has_seat = admin.has_inbox_seat is not False
            self._me = await self._by_address() if self._email else _person(admin)
        return self._me

    async def has_seat(self) -> bool:
        """Whether the one who made the token has a seat in the inbox."""
        await self.me()
        return self._has_seat

    async def _by_address(self) -> Person:
        for person in await self.people():
            if person.email.casefold() == self._email:
                return person
        raise AuthError(
            "Nobody in this Intercom has your address.", "Fill in the one you sign in there with."
        )

    async def people(self) -> tuple[Person, ...]:
        """All teammates, the AI agents left out."""
        await self._read_admins()
        people = (
            one
            for one in self._admins.values()
            if not self._ai_agents.include(one.remote_id, one.name, one.email)
        )
        return tuple(sorted(people, key=lambda one: (one.name.casefold(), one.remote_id)))

    async def groups(self) -> tuple[Group, ...]:
        """All teams, by name."""
        await self._read_teams()
        groups = (Group(remote_id=RemoteId(number), name=name) for number, name in self._teams.items())
        return tuple(sorted(groups, key=lambda one: one.name.casefold()))

    async def team_number(self, name: str) -> str:
        """The number of a team by its name or number. Raises `RefusedError` when there is none."""
        for group in await self.groups():
            if name.casefold() in {group.name.casefold(), group.remote_id}:
                return group.remote_id
        raise RefusedError(f"Intercom has no team {name}.", "Choose another one.")

    async def admin_number(self, person: Person) -> str:
        """The number of a teammate. Raises `RefusedError` for somebody who is none."""
        if person.remote_id not in self._admins:
            await self._read_admins()
        if person.remote_id not in self._admins:
            raise RefusedError(f"{person.name} is no teammate in this Intercom.", "Choose somebody else.")
        return person.remote_id

    async def tags(self) -> dict[str, str]:
        """All tags of the workspace: numbers by name."""
        rows = (await self._rest.get("/tags", TagList)).value.data
        return {row.name: row.id for row in rows}

    async def new_tag(self, name: str) -> str:
        """Make a tag, and answer its number."""
        return (await self._rest.send("POST", "/tags", {"name": name}, TagRow)).value.id

    async def attributes(self) -> Mapping[str, Attribute]:
        """The attributes conversations can have, by the name their values go under."""
        rows = (await self._rest.get("/data_attributes", Attributes, {"model": "conversation"})).value.data
        return {row.name: row for row in rows if not row.archived}

    async def around(self, conversations: Sequence[Conversation]) -> Around:
        """What is needed to understand these conversations."""
        await self.me()
        await self._know_staff(conversations)
        contacts: dict[str, Contact] = {}
        for one in conversations:
            for number in _asking(one):
                found = await self._contact(number)
                contacts |= {number: found} if found is not None else {}
        return Around(
            admins=self._admins,
            teams=self._teams,
            contacts=contacts,
            ai_agents=self._ai_agents,
            app=self._app,
        )

    async def _know_staff(self, conversations: Iterable[Conversation]) -> None:
        admins, teams = set[str](), set[str]()
        for one in conversations:
            admins |= {one.admin_assignee_id} if one.admin_assignee_id not in {None, "0"} else set()
            teams |= {one.team_assignee_id} if one.team_assignee_id not in {None, "0"} else set()
        if not admins <= self._admins.keys() | self._strangers:
            await self._read_admins()
        if not teams <= self._teams.keys() | self._strangers:
            await self._read_teams()
        self._strangers |= (admins - self._admins.keys()) | (teams - self._teams.keys())

    async def _read_admins(self) -> None:
        rows = (await self._rest.get("/admins", Admins)).value.admins
        self._admins = {row.id: _person(row) for row in rows if row.id is not None}

    async def _read_teams(self) -> None:
        self._teams = {row.id: row.name for row in (await self._rest.get("/teams", TeamList)).value.teams}

    async def _contact(self, number: str) -> Contact | None:
        """What Intercom tells of a contact, None when it tells nothing."""
        if number in self._contacts:
            self._contacts.move_to_end(number)
            return self._contacts[number]
        try:
            found = (await self._rest.get(f"/contacts/{quote(number, safe='')}", Contact)).value
        except (NotFoundError, PermissionDeniedError):
            found = None
        self._contacts[number] = found
        if len(self._contacts) > KNOWN_AT_MOST:
            self._contacts.popitem(last=False)
        return found


def _asking(one: Conversation) -> tuple[str, ...]:
    """The contact to look up: whoever began the conversation is named in it, others are numbers only."""
    if one.contacts is None or not one.contacts.contacts:
        return ()
    number = one.contacts.contacts[0].id
    author = one.source.author if one.source is not None else None
    named = author is not None and author.id == number and (author.name or author.email)
    return () if named else (number,)


def _person(admin: Admin) -> Person:
    return Person(
        remote_id=RemoteId(admin.id or ""),
        name=admin.name or admin.email or f"Teammate {admin.id}",
        email=admin.email,
        role=Role.REP,
    )
