"""Who the numbers in tickets are: agents, groups and fields, read once and again when an unknown number turns up."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

import structlog

from copilot.desks.freshdesk.wire import AgentRow, ContactRow, FieldRow, GroupRow
from copilot.desks.rest import Rest
from copilot.errors import BadDataError, NotFoundError, PermissionDeniedError

log = structlog.get_logger()
T = TypeVar("T")
PER_PAGE = 100
"""The most the API gives ("Pagination")."""
MAX_PAGES = 500
MOST_REMEMBERED = 5000
"""Contacts, beyond which all are forgotten and asked for again."""


@dataclass(frozen=True, slots=True)
class Names:
    """What is known of them now. `statuses` are the team's own, by number, in their words."""

    agents: Mapping[int, ContactRow] = field(default_factory=dict)
    groups: Mapping[int, str] = field(default_factory=dict)
    fields: Mapping[str, FieldRow] = field(default_factory=dict)
    statuses: Mapping[int, str] = field(default_factory=dict)

    def label(self, name: str) -> str:
        """What the team calls a custom field."""
        known = self.fields.get(name)
        return (known.label if known else "") or name.removeprefix("cf_").replace("_", " ")


async def all_pages(rest: Rest, path: str, row: type[T]) -> list[T]:
    """Every row of a list. The Link header tells whether there is another page ("Pagination")."""
    rows: list[T] = []
    last: list[T] = []
    for number in range(1, MAX_PAGES + 1):
        answer = await rest.get(path, list[row], {"per_page": PER_PAGE, "page": number})  # type: ignore[valid-type]  # a shape made at run time
        if answer.value and answer.value == last:
            break
        last = answer.value
        rows += last
        if 'rel="next"' not in answer.headers.get("link", "") or not last:
            return rows
    raise BadDataError(
        "A list of Freshdesk does not end.", "Try again later, or open it in Freshdesk itself."
    )


class Directory:
    """Looks the numbers up."""

    def __init__(self, rest: Rest) -> None:
        self._rest = rest
        self._known: Names | None = None
        self._contacts: dict[int, ContactRow] = {}
        self._missing: set[int] = set()
        self._reading = asyncio.Lock()

    async def names(self, agents: Iterable[int | None] = (), groups: Iterable[int | None] = ()) -> Names:
        """What is known, with these numbers among it where the desk knows them."""
        wanted = {number for number in (*agents, *groups) if number is not None}
        async with self._reading:
            known = self._known
            if known is None or wanted - self._missing - known.agents.keys() - known.groups.keys():
                known = self._known = await self._read()
                self._missing |= wanted - known.agents.keys() - known.groups.keys()
            return known

    async def agents(self) -> list[AgentRow]:
        """All agents. Raises `PermissionDeniedError` when the rep's role may not list them."""
        return await all_pages(self._rest, "agents", AgentRow)

    async def groups(self) -> list[GroupRow]:
        """All groups."""
        return await all_pages(self._rest, "groups", GroupRow)

    async def fields(self) -> list[FieldRow]:
        """All fields of tickets."""
        return await all_pages(self._rest, "ticket_fields", FieldRow)

    async def contact(self, number: int) -> ContactRow:
        """Somebody who is no agent, once asked for; without a name when the desk has none."""
        if number not in self._contacts:
            if len(self._contacts) > MOST_REMEMBERED:
                self._contacts.clear()
            try:
                found = (await self._rest.get(f"contacts/{number}", ContactRow)).value
            except (NotFoundError, PermissionDeniedError):
                found = ContactRow(id=number)
            self._contacts[number] = found
        return self._contacts[number]

    async def _read(self) -> Names:
        agents = await self._allowed("agents", AgentRow)
        groups = await self._allowed("groups", GroupRow)
        fields = await self._allowed("ticket_fields", FieldRow)
        return Names(
            agents={row.id: row.contact for row in agents},
            groups={row.id: row.name for row in groups},
            fields={row.name: row for row in fields if not row.default},
            statuses=_statuses(fields),
        )

    async def _allowed(self, path: str, row: type[T]) -> list[T]:
        """What the rep's role may read; `check` tells what it may not."""
        try:
            return await all_pages(self._rest, path, row)
        except PermissionDeniedError:
            log.info("freshdesk.may_not_read", what=path)
            return []


def _statuses(fields: Iterable[FieldRow]) -> dict[int, str]:
    """The choices of the status field: {"2": ["Open", "Open"]}, the second being what requesters are shown."""
    choices = next((row.choices for row in fields if row.name == "status"), None)
    if not isinstance(choices, dict):
        return {}
    found: dict[int, str] = {}
    for number, words in choices.items():
        if str(number).isdecimal():
            found[int(number)] = str(words[0] if isinstance(words, list) and words else words)
    return found
