"""Who is who in RT: the rep behind the token, the authors of messages, and the people tickets can be given to."""

from __future__ import annotations

import asyncio
import json
import re
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from urllib.parse import quote

from copilot.desks.request_tracker.failures import WHERE_TO_GET_ONE
from copilot.desks.request_tracker.rest import Rest
from copilot.desks.request_tracker.translate import NOBODY, SYSTEM, Customs, person, role_by_name
from copilot.desks.request_tracker.wire import (
    GroupRecord,
    IdRow,
    OwnerRow,
    TicketRecord,
    UserRecord,
    UserRef,
    UserRow,
)
from copilot.domain import Person, Role
from copilot.errors import AuthError, NotFoundError, PermissionDeniedError

_TOKEN = re.compile(r"^\d+-(\d+)-[0-9a-f]+$")
"""RT::AuthToken writes a token as version, user id and secret."""
KNOWN_AT_MOST = 5000
NAMES_A_REQUEST = 40
OWNER_FIELDS = {"fields": "Owner", "fields[Owner]": "RealName,EmailAddress"}


class People:
    """Looks people up. What RT said of an author is kept for the life of the connection: it hardly ever changes."""

    def __init__(self, rest: Rest, token: str, customs: Customs) -> None:
        self._rest = rest
        self._token = token
        self._customs = customs
        self._me: Person | None = None
        self._known: OrderedDict[str, UserRecord | None] = OrderedDict()

    async def me(self) -> Person:
        """The user whose token we hold: RT has no address that tells, but the token names the user's number."""
        if self._me is None:
            number = _TOKEN.match(self._token)
            if number is None:
                raise AuthError(
                    "This is not a token of Request Tracker.",
                    WHERE_TO_GET_ONE,
                )
            user = (await self._rest.get(f"user/{number[1]}", UserRecord)).value
            self._me = person(_ref(user, user.name), Role.REP)
        return self._me

    async def author(self, user: UserRef, requestors: Sequence[UserRef]) -> Person:
        """The author of a message.

        Somebody who is neither a requestor, nor RT itself, nor an AI agent, is a rep if RT calls them privileged, and
        otherwise speaks for the requester's side (a colleague of theirs in Cc).
        """
        role = role_by_name(user, requestors, self._customs)
        if role is None:
            known = await self._look_up(user.id)
            role = Role.REP if known is not None and known.privileged else Role.REQUESTER
        return person(user, role)

    async def named(self, users: Iterable[UserRef], known: Iterable[UserRef]) -> tuple[UserRef, ...]:
        """Users with their real names and addresses: from `known` where it has them, else from RT."""
        by_name = {user.id: user for user in known}

        async def fill(user: UserRef) -> UserRef:
            if user.type != "user" or user.id in by_name:
                return by_name.get(user.id, user)
            found = await self._look_up(user.id)
            return _ref(found, user.id) if found is not None else user

        return tuple(await asyncio.gather(*(fill(user) for user in users)))

    async def assignable(self, queue_condition: str) -> tuple[Person, ...]:
        """The people tickets can probably be given to, by name.

        RT does not tell over REST who holds the right to own tickets of a queue, so these are all users it calls
        privileged and has not disabled; it refuses the wrong ones when asked. Without the right SeeGroup they are
        those who own the newest tickets.
        """
        me = await self.me()
        try:
            found = await self._privileged()
        except PermissionDeniedError:
            found = await self._owners(queue_condition)
        no_reps = {NOBODY, SYSTEM, *self._customs.ai_agents}
        people = {user.id: person(user, Role.REP) for user in found if user.id not in no_reps}
        people[str(me.remote_id)] = me
        return tuple(sorted(people.values(), key=lambda one: (one.name.casefold(), one.remote_id)))

    async def _privileged(self) -> list[UserRef]:
        query = json.dumps(
            [{"field": "Domain", "value": "SystemInternal"}, {"field": "Name", "value": "Privileged"}]
        )
        groups = (await self._rest.page("groups", IdRow, {"query": query})).value.items
        if not groups:
            raise PermissionDeniedError("Request Tracker does not show its groups with this token.")
        group = (await self._rest.get(f"group/{groups[0].id}", GroupRecord)).value
        names = [member.id for member in group.members if member.type == "user"]
        found: list[UserRef] = []
        for start in range(0, len(names), NAMES_A_REQUEST):
            found += await self._users(names[start : start + NAMES_A_REQUEST])
        return found

    async def _users(self, names: Sequence[str]) -> list[UserRef]:
        query = json.dumps([{"field": "Name", "value": name} for name in names])
        rows = await self._rest.all(
            "users", UserRow, {"query": query, "fields": "Name,RealName,EmailAddress"}
        )
        return [UserRef(id=row.name, real_name=row.real_name, email=row.email) for row in rows]

    async def _owners(self, queue_condition: str) -> list[UserRef]:
        query = {"query": f"{queue_condition} AND Owner != '{NOBODY}'", "orderby": "id", "order": "DESC"}
        rows = (await self._rest.page("tickets", OwnerRow, {**query, **OWNER_FIELDS})).value.items
        return [row.owner for row in rows]

    async def _look_up(self, name: str) -> UserRecord | None:
        """What RT tells of a user, None when it tells nothing. A name of digits alone would be taken for a number."""
        if name in self._known or not name or name.isdecimal():
            return self._known.get(name)
        try:
            found = (await self._rest.get(f"user/{quote(name, safe='@')}", UserRecord)).value
        except (NotFoundError, PermissionDeniedError):
            found = None
        self._known[name] = found
        if len(self._known) > KNOWN_AT_MOST:
            self._known.popitem(last=False)
        return found


def named_in(record: TicketRecord, users: tuple[UserRef, ...]) -> TicketRecord:
    """The ticket with its requestors' names and addresses."""
    return record.model_copy(update={"requestors": list(users)})


def _ref(user: UserRecord, name: str) -> UserRef:
    return UserRef(id=name, real_name=user.real_name, email=user.email)
