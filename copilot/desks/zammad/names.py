"""What the numbers in tickets mean: groups, states and priorities, read once and again when an unknown one turns up."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from copilot.desks.rest import Rest
from copilot.desks.rest.client import Query
from copilot.desks.zammad.wire import NamedRow, StateRow, UserRow
from copilot.domain import Status
from copilot.errors import NotFoundError, PermissionDeniedError

STATUSES = {
    "new": Status.NEW,
    "open": Status.OPEN,
    "pending reminder": Status.PENDING,
    "pending action": Status.PENDING,
    "closed": Status.SOLVED,
}
"""By the type of a state (Ticket::StateType in db/seeds/ticket_state_types.rb); merged and removed ones are gone."""
GONE = frozenset({"merged", "removed"})
SETTABLE = {Status.OPEN: "open", Status.PENDING: "pending reminder", Status.SOLVED: "closed"}
PER_PAGE = 200
MOST_REMEMBERED = 5000
"""People, beyond whom all are forgotten and asked for again."""


@dataclass(frozen=True, slots=True)
class Names:
    """What is known of them now."""

    groups: Mapping[int, str]
    states: Mapping[int, StateRow]
    priorities: Mapping[int, str]

    def kind(self, state: int) -> str:
        """The type of a state."""
        return self.states[state].state_type if state in self.states else "open"

    def state_for(self, status: Status) -> int | None:
        """The state to set for a status: the one named as its type, or the first of that type."""
        kind = SETTABLE.get(status)
        found = [row for row in self.states.values() if row.state_type == kind and row.active]
        return min(found, key=lambda row: (row.name != kind, row.id)).id if found else None


class Directory:
    """Looks the numbers up."""

    def __init__(self, rest: Rest) -> None:
        self._rest = rest
        self._known: Names | None = None
        self._strange: set[int] = set()
        self._users: dict[int, UserRow] = {}
        self._reading = asyncio.Lock()

    async def names(self, groups: Iterable[int] = (), states: Iterable[int] = ()) -> Names:
        """What is known, with these numbers among it where the desk knows them."""
        groups, states = set(groups), set(states)
        async with self._reading:
            known = self._known
            if known is None or (groups - known.groups.keys() | states - known.states.keys()) - self._strange:
                known = self._known = await self._read()
                self._strange |= groups - known.groups.keys() | states - known.states.keys()
            return known

    def remember(self, users: Iterable[UserRow]) -> None:
        """People who came along with tickets."""
        if len(self._users) > MOST_REMEMBERED:
            self._users.clear()
        self._users |= {user.id: user for user in users}

    async def user(self, number: int) -> UserRow:
        """Somebody; without a name when we may not look."""
        if number not in self._users:
            try:
                self._users[number] = (await self._rest.get(f"users/{number}", UserRow)).value
            except (NotFoundError, PermissionDeniedError):
                return UserRow(id=number)
        return self._users[number]

    async def agents(self) -> list[UserRow]:
        """Whoever may work on tickets (users/search with a permission, as Zammad's own mentions ask)."""
        query: Query = {"query": "*", "permissions": "ticket.agent", "limit": 500, "expand": "true"}
        rows = (await self._rest.get("users/search", list[UserRow], query)).value
        return [row for row in rows if row.active and row.id != 1]

    async def _read(self) -> Names:
        query: Query = {"per_page": PER_PAGE, "page": 1, "expand": "true"}
        groups = (await self._rest.get("groups", list[NamedRow], query)).value
        states = (await self._rest.get("ticket_states", list[StateRow], query)).value
        priorities = (await self._rest.get("ticket_priorities", list[NamedRow], query)).value
        return Names(
            groups={row.id: row.name for row in groups if row.active},
            states={row.id: row for row in states},
            priorities={row.id: row.name for row in priorities},
        )
