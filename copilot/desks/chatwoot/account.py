"""The account behind the token: who the rep is, which inboxes there are, and what its attributes are called."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from copilot.desks.chatwoot.translate import Customs, user
from copilot.desks.chatwoot.wire import Agent, Attribute, Inbox, Inboxes, Profile, Someone, Team
from copilot.desks.rest import Rest
from copilot.domain import Group, Person, RemoteId, Role
from copilot.errors import AuthError, PermissionDeniedError, RefusedError

CONVERSATION_ATTRIBUTES = "0"


class Account:
    """Looks up what hardly ever changes, once for the life of the connection."""

    def __init__(self, rest: Rest, customs: Customs, followed: Sequence[str]) -> None:
        """`followed` are names or ids of inboxes, none for all; `customs.account` 0 means the rep's only account."""
        self._rest = rest
        self._customs = customs
        self._followed = frozenset(one.strip().casefold() for one in followed if one.strip())
        self._profile: Profile | None = None
        self._loaded = asyncio.Lock()
        self._is_loaded = False

    async def profile(self) -> Profile:
        """The user behind the token."""
        if self._profile is None:
            self._profile = (await self._rest.get("profile", Profile)).value
        return self._profile

    async def me(self) -> Person:
        """The rep."""
        profile = await self.profile()
        return replace(user(profile, Customs()), role=Role.REP)

    async def path(self, tail: str) -> str:
        """An address within the account. Raises `AuthError` when the account number is missing or another's."""
        if not self._customs.account:
            accounts = (await self.profile()).accounts
            if len(accounts) != 1:
                names = ", ".join(f"{one.id} ({one.name})" for one in accounts) or "none"
                raise AuthError("Which account of Chatwoot is it?", f"Fill in its number; yours are {names}.")
            self._customs = replace(self._customs, account=accounts[0].id)
        return f"accounts/{self._customs.account}/{tail}"

    async def customs(self, inbox: int | None = None) -> Customs:
        """What is particular to the account; read again when an inbox is not known yet."""
        async with self._loaded:
            if not self._is_loaded or (inbox is not None and inbox not in self._customs.inboxes):
                inboxes = (await self._rest.get(await self.path("inboxes"), Inboxes)).value.payload
                attributes = await self._attributes()
                self._customs = replace(
                    self._customs,
                    inboxes={one.id: one for one in inboxes},
                    attributes={one.attribute_key: one for one in attributes},
                )
                self._is_loaded = True
            return self._customs

    async def followed(self) -> frozenset[int] | None:
        """The ids of the inboxes to follow, None for all."""
        if not self._followed:
            return None
        inboxes = (await self.customs()).inboxes.values()
        found = frozenset(one.id for one in inboxes if self._is_followed(one))
        if not found:
            raise RefusedError(
                "None of the chosen inboxes is in Chatwoot.", "Choose them again in the settings."
            )
        return found

    async def inboxes(self) -> tuple[Group, ...]:
        """What can be followed."""
        inboxes = (await self.customs()).inboxes.values()
        return tuple(
            Group(remote_id=RemoteId(str(one.id)), name=one.name or f"Inbox {one.id}") for one in inboxes
        )

    async def people(self) -> tuple[Person, ...]:
        """The agents and administrators of the account, by name."""
        me = await self.me()
        agents = (await self._rest.get(await self.path("agents"), list[Agent])).value
        customs = await self.customs()
        found = {
            person.remote_id: person
            for agent in agents
            if agent.confirmed is not False
            and (person := user(Someone.model_validate(agent.model_dump()), customs)).role is Role.REP
        }
        found[me.remote_id] = me
        return tuple(sorted(found.values(), key=lambda one: (one.name.casefold(), one.remote_id)))

    async def teams(self) -> tuple[Group, ...]:
        """The teams of the account."""
        teams = (await self._rest.get(await self.path("teams"), list[Team])).value
        return tuple(Group(remote_id=RemoteId(str(team.id)), name=team.name) for team in teams)

    async def _attributes(self) -> list[Attribute]:
        path = await self.path("custom_attribute_definitions")
        query = {"attribute_model": CONVERSATION_ATTRIBUTES}
        try:
            return (await self._rest.get(path, list[Attribute], query)).value
        except PermissionDeniedError:
            return []  # their keys are shown instead

    def _is_followed(self, inbox: Inbox) -> bool:
        return bool(self._followed & {str(inbox.id), inbox.name.casefold()})
