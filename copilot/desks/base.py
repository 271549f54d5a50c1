"""The protocol that every connector speaks, and nothing else.

A connector translates one help desk's interface into the nouns of `copilot.domain` and raises only the desk errors of
`copilot.errors`. It holds no state beyond its connection: no store, no cache, no retry loop (`copilot.sync` retries).
Every coroutine may be cancelled at any await. `tests/desks/contract` runs the same suite against each of them.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NewType, Protocol, runtime_checkable

from copilot.domain import (
    Article,
    Capabilities,
    DeskId,
    Group,
    Message,
    Person,
    RemoteId,
    Reply,
    SignInCheck,
    Status,
    Thread,
    TicketSnapshot,
)

Cursor = NewType("Cursor", str)
"""Where to go on reading changes; opaque to everybody but the connector that made it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangePage:
    """A page of tickets that changed, oldest change first; of a first reading, in the order a rep needs them.

    `cursor` continues after this page. Sync stores it in one transaction with the page, so a crash repeats a page at
    worst and never skips one. `remaining` is how many tickets are still to come, None when unknown.
    """

    tickets: tuple[TicketSnapshot, ...]
    cursor: Cursor
    remaining: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """The desk's word that a write was carried out: the new message (None for field changes) and the new version."""

    message: RemoteId | None
    version: str


class Desk(Protocol):
    """One connected help desk.

    Every method raises `AuthError`, `PermissionDeniedError`, `RateLimitedError`, `UnavailableError` or `BadDataError`
    where it applies; the methods that take a ticket also `NotFoundError`; writes also `RefusedError`, and
    `UnsupportedError` when `capabilities` says so.
    """

    @property
    def id(self) -> DeskId:
        """This desk's id in the workspace."""

    @property
    def name(self) -> str:
        """What the rep calls it."""

    @property
    def capabilities(self) -> Capabilities:
        """What this desk can do."""

    async def whoami(self) -> Person:
        """The rep whose credentials we hold."""

    def changes(self, since: Cursor | None) -> AsyncIterator[ChangePage]:
        """Pages of tickets created or changed after `since` (None: from the beginning), ending when caught up.

        A poll that finds nothing yields no page or one empty page. Tickets may repeat, never be missed: the cursor must
        tolerate the desk's clock, its resolution, and changes made while we read.
        """

    async def thread(self, ticket: RemoteId) -> Thread:
        """The ticket as it is now with all its messages, oldest first.

        `snapshot.version` is never newer than the messages: where it takes several calls, the version is read first. A
        safe update with it is then refused whenever a message is there that this thread does not hold.
        """

    async def reply(self, ticket: RemoteId, reply: Reply, *, key: str, version: str | None) -> Receipt:
        """Send a public reply, once for each `key` where the desk offers idempotency.

        `version` (a `TicketSnapshot.version`) makes the desk refuse with `ConflictError` when the ticket has changed
        since, where `capabilities.safe_update` holds. An empty text and no attachment is refused before it leaves.
        """

    async def note(self, ticket: RemoteId, text: str, *, key: str, version: str | None) -> Receipt:
        """Add an internal note."""

    def is_ours(self, message: Message, text: str, *, key: str, me: Person) -> bool:
        """Whether `message`, read back from the desk, is the write with this key and Markdown text.

        Asked before a retry when we do not know whether the first try arrived.
        """

    async def assign(self, ticket: RemoteId, person: Person | None, group: str | None) -> Receipt:
        """Give the ticket to a person and/or a group; both None unassigns. Taking is assigning to `whoami()`."""

    async def set_status(self, ticket: RemoteId, status: Status) -> Receipt:
        """Change the status; already having it is success."""

    async def set_tags(self, ticket: RemoteId, tags: tuple[str, ...]) -> Receipt:
        """Replace the tags."""

    async def set_fields(self, ticket: RemoteId, fields: Mapping[str, str]) -> Receipt:
        """Set custom fields by name; others stay."""

    async def attachment(self, ticket: RemoteId, attachment: RemoteId) -> bytes:
        """The bytes of one attachment."""

    async def people(self) -> tuple[Person, ...]:
        """Reps that tickets can be assigned to."""

    async def groups(self) -> tuple[Group, ...]:
        """Groups or queues that tickets can be given to."""

    async def articles(self) -> tuple[Article, ...]:
        """The desk's own help centre and macros, whole; empty where it has none."""

    async def aclose(self) -> None:
        """Close connections. The desk is not used afterwards."""


@runtime_checkable
class CheckedDesk(Protocol):
    """A desk that can tell before it is kept what its sign-in lacks."""

    async def check(self) -> SignInCheck:
        """Try the sign-in. Raises a `DeskError` when it does not work at all; what merely lacks is in `missing`."""


@runtime_checkable
class LiveDesk(Protocol):
    """A desk that tells at once when something has changed (`Capabilities.live`)."""

    def watch(self) -> AsyncIterator[None]:
        """One item, without content, whenever tickets may have changed: `changes` then says which.

        Ends or raises a `DeskError` when the connection is lost; sync comes back after a while, and polls meanwhile.
        """


@runtime_checkable
class BulkDesk(Protocol):
    """A desk that can read many threads with fewer requests than one by one."""

    async def threads(self, tickets: Sequence[RemoteId]) -> tuple[Thread, ...]:
        """These tickets' threads, each as `Desk.thread` gives it, in any order.

        Those that cannot be read are left out, as are all on a `DeskError`: sync then reads them one by one.
        """


@runtime_checkable
class MergingDesk(Protocol):
    """A desk that can merge tickets (`Capabilities.merge`)."""

    async def merge(self, ticket: RemoteId, into: RemoteId) -> Receipt:
        """Make `ticket` a part of `into`; it is then deleted or closed there, as the desk does it."""


@runtime_checkable
class SharedDesk(Protocol):
    """A desk that tells who else is looking at a ticket (`Capabilities.viewers`)."""

    async def viewers(self, ticket: RemoteId) -> tuple[Person, ...]:
        """The other reps who have the ticket open or are typing now."""
