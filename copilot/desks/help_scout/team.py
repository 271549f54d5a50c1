"""Who is who in Help Scout, and where conversations can be: users, teams, inboxes and their custom fields."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from copilot.desks.help_scout.signed import Signed
from copilot.desks.help_scout.translate import Customs, someone_of, user
from copilot.desks.help_scout.wire import FieldRow, Fields, MailboxRows, Page, TeamRows, UserRow, UserRows
from copilot.domain import Group, Person, RemoteId, Role
from copilot.errors import NotFoundError, PermissionDeniedError, RefusedError


class Team:
    """Looks up what hardly ever changes, once for the life of the connection."""

    def __init__(self, api: Signed, customs: Customs, followed: Sequence[str]) -> None:
        """`followed` are names or ids of inboxes, none for all."""
        self._api = api
        self._customs = customs
        self._followed = frozenset(one.strip().casefold() for one in followed if one.strip())
        self._me: Person | None = None
        self._loading = asyncio.Lock()
        self._fields: dict[int, list[FieldRow]] = {}

    async def me(self) -> Person:
        """The user who made the app."""
        if self._me is None:
            row = (await self._api.get("users/me", UserRow)).value
            self._me = replace(user(someone_of(row), Customs()), role=Role.REP)
        return self._me

    async def customs(self, mailbox: int | None = None) -> Customs:
        """What is particular to the account; read again when an inbox is not known yet."""
        async with self._loading:
            if not self._customs.mailboxes or (mailbox and mailbox not in self._customs.mailboxes):
                pages = await self._api.all("mailboxes", Page[MailboxRows])
                names = {one.id: one.name or f"Inbox {one.id}" for page in pages for one in page.mailboxes}
                self._customs = replace(self._customs, mailboxes=names)
            return self._customs

    async def followed(self) -> frozenset[int] | None:
        """The ids of the inboxes to follow, None for all."""
        if not self._followed:
            return None
        mailboxes = (await self.customs()).mailboxes.items()
        found = frozenset(one for one, name in mailboxes if self._followed & {str(one), name.casefold()})
        if not found:
            raise RefusedError(
                "None of the chosen inboxes is in Help Scout.", "Choose them again in the settings."
            )
        return found

    async def inboxes(self) -> tuple[Group, ...]:
        """The inboxes the user may see."""
        mailboxes = (await self.customs()).mailboxes.items()
        return tuple(Group(remote_id=RemoteId(f"inbox:{one}"), name=name) for one, name in mailboxes)

    async def teams(self) -> tuple[Group, ...]:
        """The teams; none where the plan has no teams."""
        try:
            pages = await self._api.all("teams", Page[TeamRows])
        except (NotFoundError, PermissionDeniedError):
            return ()
        return tuple(
            Group(remote_id=RemoteId(f"team:{one.id}"), name=one.name or one.first or f"Team {one.id}")
            for page in pages
            for one in page.teams
        )

    async def people(self) -> tuple[Person, ...]:
        """The users of the account, by name, without AI agents and teams."""
        me = await self.me()
        rows = [row for page in await self._api.all("users", Page[UserRows]) for row in page.users]
        found = {p.remote_id: p for r in rows if r.type != "team" and (p := self._person(r)).role is Role.REP}
        found[me.remote_id] = me
        return tuple(sorted(found.values(), key=lambda one: (one.name.casefold(), one.remote_id)))

    async def fields(self, mailbox: int) -> list[FieldRow]:
        """The custom fields of an inbox."""
        if mailbox not in self._fields:
            answer = await self._api.get(f"mailboxes/{mailbox}/fields", Fields)
            self._fields[mailbox] = answer.value.embedded.fields
        return self._fields[mailbox]

    def _person(self, row: UserRow) -> Person:
        return user(someone_of(row), self._customs)
