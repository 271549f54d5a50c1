"""What desks behind an interface have in common: one part of a connector reads threads, one writes, both say how."""

from __future__ import annotations

import math
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Generic, Protocol, TypeVar

from copilot.desks import words
from copilot.desks.base import Receipt
from copilot.domain import DeskId, Message, Person, RemoteId, Reply, Status, Thread
from copilot.errors import PermissionDeniedError, RefusedError, UnsupportedError


class Closing(Protocol):
    """A way to the desk."""

    async def aclose(self) -> None:
        """Close the connections."""


class Writes(Protocol):
    """What carries writes out; each method as `copilot.desks.base.Desk` has it."""

    async def reply(self, ticket: RemoteId, reply: Reply, *, key: str, version: str | None) -> Receipt:
        """Send a public message."""

    async def note(self, ticket: RemoteId, text: str, *, key: str, version: str | None) -> Receipt:
        """Add an internal note."""

    async def assign(self, ticket: RemoteId, person: Person | None, group: str | None) -> Receipt:
        """Give the ticket away, or to nobody."""

    async def set_status(self, ticket: RemoteId, status: Status) -> Receipt:
        """Change the status."""

    async def set_tags(self, ticket: RemoteId, tags: tuple[str, ...]) -> Receipt:
        """Replace the tags."""

    async def set_fields(self, ticket: RemoteId, fields: Mapping[str, str]) -> Receipt:
        """Set custom fields."""


T = TypeVar("T")
WritesT = TypeVar("WritesT", bound=Writes)
Read = Callable[[RemoteId], Awaitable[Thread]]


class Hosted(Generic[WritesT]):
    """The half of `copilot.desks.base.Desk` that connectors only pass on; they add the half that is their own."""

    def __init__(self, desk_id: DeskId, name: str, way: Closing, read: Read, writing: WritesT) -> None:
        """`read` gives a ticket with its messages; `way` is closed in the end."""
        self._id = desk_id
        self._name = name
        self._way = way
        self._read = read
        self._writing = writing

    @property
    def id(self) -> DeskId:
        """This desk's id in the workspace."""
        return self._id

    @property
    def name(self) -> str:
        """What the rep calls it."""
        return self._name

    async def thread(self, ticket: RemoteId) -> Thread:
        """A ticket with its messages."""
        return await self._read(ticket)

    async def reply(self, ticket: RemoteId, reply: Reply, *, key: str, version: str | None) -> Receipt:
        """A public message in the ticket's channel."""
        return await self._writing.reply(ticket, reply, key=key, version=version)

    async def note(self, ticket: RemoteId, text: str, *, key: str, version: str | None) -> Receipt:
        """A message for the team."""
        return await self._writing.note(ticket, text, key=key, version=version)

    def is_ours(self, message: Message, text: str, *, key: str, me: Person) -> bool:
        """By author and mark; by author and words where there is no mark."""
        return words.is_ours(message, text, key=key, me=me)

    async def assign(self, ticket: RemoteId, person: Person | None, group: str | None) -> Receipt:
        """Give the ticket to a person and/or a group, or to nobody."""
        return await self._writing.assign(ticket, person, group)

    async def set_status(self, ticket: RemoteId, status: Status) -> Receipt:
        """Change the status."""
        return await self._writing.set_status(ticket, status)

    async def set_tags(self, ticket: RemoteId, tags: tuple[str, ...]) -> Receipt:
        """Replace the tags."""
        return await self._writing.set_tags(ticket, tags)

    async def set_fields(self, ticket: RemoteId, fields: Mapping[str, str]) -> Receipt:
        """Set custom fields."""
        return await self._writing.set_fields(ticket, fields)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._way.aclose()


def settable(status: Status, names: Mapping[Status, T], product: str) -> T:
    """What a product calls a status. Raises `UnsupportedError` for one that it does not have."""
    if status not in names:
        possible = ", ".join(known.value for known in names)
        raise UnsupportedError(f"{product} has no status {status.value}.", f"It has {possible}.")
    return names[status]


def number_from(text: str, field: str) -> float:
    """What a field of numbers takes, whole where it is. Raises `RefusedError` for what is no number."""
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise RefusedError(f"{field} takes a number.")
    return int(number) if number.is_integer() else number


async def if_allowed(
    read: Callable[[], Awaitable[Sequence[T]]], otherwise: str, missing: list[str]
) -> Sequence[T]:
    """What can be read; where it may not be, nothing, and `otherwise` is added to what is missing."""
    try:
        return await read()
    except PermissionDeniedError:
        missing.append(otherwise)
        return ()
