"""A help desk in memory: the server outlives our crashes, the network between does what a test plans."""

from __future__ import annotations

import asyncio
import contextlib
import functools
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TypeVar

from copilot.desks.base import ChangePage, Cursor, Receipt
from copilot.domain import (
    Article,
    Capabilities,
    DeskId,
    Group,
    Message,
    MessageKind,
    Person,
    RemoteId,
    Reply,
    Role,
    Status,
    Thread,
)
from copilot.errors import (
    AuthError,
    BadDataError,
    ConflictError,
    DeskError,
    NotFoundError,
    PermissionDeniedError,
    RateLimitedError,
    RefusedError,
    UnavailableError,
    UnreachableError,
)
from tests.sync.make import COLLEAGUE, DESK, ME, NOON, REQUESTER, thread

T = TypeVar("T")


class Fault(StrEnum):
    """What happens to one request on its way through the network and the server."""

    NONE = "nothing goes wrong"
    UNREACHABLE = "no connection is made"
    LOST = "the request is lost on the way"
    RATE_LIMITED = "429"
    SIGNED_OUT = "401"
    FORBIDDEN = "403"
    GONE = "404"
    REFUSED = "422"
    HANGS = "no answer ever comes, nothing was done"
    LATE = "the request is on its way for long and is carried out when the test says so"
    UNANSWERED = "carried out, the answer is lost"
    GARBLED = "carried out, the answer cannot be read"
    TWICE = "the network delivers the request twice"
    HANGS_AFTER = "carried out, no answer ever comes"


ERRORS: Mapping[Fault, Callable[[], DeskError]] = {
    Fault.UNREACHABLE: lambda: UnreachableError("No connection."),
    Fault.LOST: lambda: UnavailableError("No answer."),
    Fault.LATE: lambda: UnavailableError("No answer."),
    Fault.UNANSWERED: lambda: UnavailableError("No answer."),
    Fault.RATE_LIMITED: lambda: RateLimitedError("Too many requests.", retry_after_seconds=30),
    Fault.SIGNED_OUT: lambda: AuthError("Your token is not valid.", "Sign in again."),
    Fault.FORBIDDEN: lambda: PermissionDeniedError("You may not do that."),
    Fault.GONE: lambda: NotFoundError("There is no such ticket."),
    Fault.REFUSED: lambda: RefusedError("The desk says no."),
    Fault.GARBLED: lambda: BadDataError("That is no JSON."),
}


@dataclass(frozen=True)
class Received:
    """A public reply that reached the customer, and when, by the test's clock."""

    ticket: RemoteId
    key: str
    text: str
    message: RemoteId
    at: float


@dataclass(frozen=True)
class Late:
    """A request that is long on its way, since when."""

    since: float
    work: Callable[[], object]


@dataclass
class FakeServer:
    """What stands on the desk. `received` is what customers got, `calls` counts requests, `log` names writes."""

    capabilities: Capabilities = field(default_factory=Capabilities)
    page_size: int = 10
    drops_status: bool = False
    gives_message_ids: bool = True
    threads: dict[RemoteId, Thread] = field(default_factory=dict)
    articles: tuple[Article, ...] = ()
    received: list[Received] = field(default_factory=list)
    calls: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    faults: dict[str, deque[Fault]] = field(default_factory=lambda: defaultdict(deque))
    broken: dict[RemoteId, Fault] = field(default_factory=dict)
    merged: dict[RemoteId, RemoteId] = field(default_factory=dict)
    late: list[Late] = field(default_factory=list)
    time: Callable[[], float] = lambda: 0.0
    hanging: asyncio.Event = field(default_factory=asyncio.Event)
    viewers: tuple[Person, ...] = ()
    news: asyncio.Queue[DeskError | None] = field(default_factory=asyncio.Queue)
    others: dict[str, deque[Callable[[], object]]] = field(default_factory=lambda: defaultdict(deque))
    _stamp: int = 0
    _message: int = 100
    _order: dict[RemoteId, int] = field(default_factory=dict)
    _done: dict[str, Receipt] = field(default_factory=dict)

    # -- what the test does ----------------------------------------------------------------------------------------

    def open_ticket(self, number: int) -> RemoteId:
        ticket = RemoteId(str(number))
        ask = Message(
            remote_id=RemoteId(f"{ticket}-ask"), author=REQUESTER, created=NOON, text="It is broken."
        )
        self.put(thread(ask, ticket=ticket, status=Status.OPEN))
        return ticket

    def writes(self, ticket: RemoteId, author: Person, text: str = "Something new") -> RemoteId:
        return self._add(ticket, author, text, MessageKind.PUBLIC)

    def change(self, ticket: RemoteId, **snapshot: object) -> None:
        old = self.threads[ticket]
        self.put(replace(old, snapshot=replace(old.snapshot, **snapshot)))  # type: ignore[arg-type]  # any field

    def plan(self, call: str, *faults: Fault) -> None:
        self.faults[call].extend(faults)

    def meanwhile(self, call: str, act: Callable[[], object]) -> None:
        """Somebody else acts just before the next such request reaches the server."""
        self.others[call].append(act)

    def land_late(self, which: int = 0) -> None:
        """One of the requests that were long on their way arrives."""
        with contextlib.suppress(DeskError):  # refused, and nobody is there to hear it
            self.late.pop(which).work()

    def texts(self, ticket: RemoteId) -> list[str]:
        return [one.text for one in self.received if one.ticket == ticket]

    def newest(self, ticket: RemoteId) -> RemoteId:
        return self.threads[ticket].messages[-1].remote_id

    # -- what the server does --------------------------------------------------------------------------------------

    def page(self, since: Cursor | None) -> ChangePage:
        start = int(since or 0)
        changed = sorted((at, ticket) for ticket, at in self._order.items() if at > start)
        now = changed[: self.page_size]
        cursor = now[-1][0] if now else start
        return ChangePage(
            tickets=tuple(self.threads[ticket].snapshot for _, ticket in now),
            cursor=Cursor(str(cursor)),
            remaining=len(changed) - len(now),
        )

    def carry_out(
        self, ticket: RemoteId, command: tuple[MessageKind, str, Status | None], key: str, version: str | None
    ) -> Receipt:
        kind, text, status = command
        if self.capabilities.idempotency and key in self._done:
            return self._done[key]
        current = self._thread(ticket).snapshot
        if self.capabilities.safe_update and version is not None and version != current.version:
            raise ConflictError("The ticket has changed.")
        message = self._add(ticket, ME, text, kind)
        if kind is MessageKind.PUBLIC:
            self.received.append(Received(ticket, key, text, message, self.time()))
        if status is not None and not self.drops_status:
            self.change(ticket, status=status)
        receipt = Receipt(message=message, version=self.threads[ticket].snapshot.version)
        self._done[key] = receipt
        return receipt if self.gives_message_ids else replace(receipt, message=None)

    def set(self, ticket: RemoteId, **snapshot: object) -> Receipt:
        current = self._thread(ticket).snapshot
        if any(getattr(current, name) != value for name, value in snapshot.items()):
            self.change(ticket, **snapshot)
        return Receipt(message=None, version=self.threads[ticket].snapshot.version)

    def merge(self, ticket: RemoteId, into: RemoteId) -> Receipt:
        target = self._thread(into)
        merged = (*self._thread(ticket).messages, *target.messages)
        self.put(Thread(snapshot=target.snapshot, messages=merged))
        self.merged[ticket] = into
        return Receipt(message=None, version=self.threads[into].snapshot.version)

    def _thread(self, ticket: RemoteId) -> Thread:
        ticket = self.merged.get(ticket, ticket)
        if ticket not in self.threads:
            raise NotFoundError("There is no such ticket.")
        return self.threads[ticket]

    def _add(self, ticket: RemoteId, author: Person, text: str, kind: MessageKind) -> RemoteId:
        self._message += 1
        new = Message(
            remote_id=RemoteId(f"{ticket}-{self._message}"), author=author, created=NOON, kind=kind, text=text
        )
        old = self._thread(ticket)
        reopened = author.role is Role.REQUESTER and old.snapshot.status.is_done
        snapshot = replace(old.snapshot, status=Status.OPEN) if reopened else old.snapshot
        self.put(Thread(snapshot=snapshot, messages=(*old.messages, new)))
        return new.remote_id

    def put(self, changed: Thread) -> None:
        self._stamp += 1
        ticket = changed.snapshot.remote_id
        self._order[ticket] = self._stamp
        self.threads[ticket] = replace(changed, snapshot=replace(changed.snapshot, version=f"v{self._stamp}"))


class FakeDesk:
    """The connector to a `FakeServer`; recognises its own messages by author and words alone, the hardest case."""

    def __init__(self, server: FakeServer, desk_id: DeskId = DESK) -> None:
        self.server = server
        self.id = desk_id
        self.name = "Fake desk"

    @property
    def capabilities(self) -> Capabilities:
        return self.server.capabilities

    async def whoami(self) -> Person:
        return await self._travel("whoami", None, lambda: ME)

    async def changes(self, since: Cursor | None) -> AsyncIterator[ChangePage]:
        cursor = since
        while True:
            page = await self._travel("changes", None, functools.partial(self.server.page, cursor))
            if not page.tickets:
                return
            yield page
            cursor = page.cursor

    async def thread(self, ticket: RemoteId) -> Thread:
        return await self._travel("thread", ticket, lambda: self.server._thread(ticket))

    async def reply(self, ticket: RemoteId, reply: Reply, *, key: str, version: str | None) -> Receipt:
        command = (MessageKind.PUBLIC, reply.text, reply.status)
        return await self._travel(
            "reply", ticket, lambda: self.server.carry_out(ticket, command, key, version)
        )

    async def note(self, ticket: RemoteId, text: str, *, key: str, version: str | None) -> Receipt:
        command = (MessageKind.NOTE, text, None)
        return await self._travel(
            "note", ticket, lambda: self.server.carry_out(ticket, command, key, version)
        )

    def is_ours(self, message: Message, text: str, *, key: str, me: Person) -> bool:
        return message.author == me and message.text == text

    async def assign(self, ticket: RemoteId, person: Person | None, group: str | None) -> Receipt:
        return await self._travel(
            "assign", ticket, lambda: self.server.set(ticket, assignee=person, group=group or "")
        )

    async def set_status(self, ticket: RemoteId, status: Status) -> Receipt:
        return await self._travel("set_status", ticket, lambda: self.server.set(ticket, status=status))

    async def set_tags(self, ticket: RemoteId, tags: tuple[str, ...]) -> Receipt:
        return await self._travel("set_tags", ticket, lambda: self.server.set(ticket, tags=tags))

    async def set_fields(self, ticket: RemoteId, fields: Mapping[str, str]) -> Receipt:
        return await self._travel("set_fields", ticket, lambda: self.server.set(ticket, fields=dict(fields)))

    async def merge(self, ticket: RemoteId, into: RemoteId) -> Receipt:
        return await self._travel("merge", ticket, lambda: self.server.merge(ticket, into))

    async def viewers(self, ticket: RemoteId) -> tuple[Person, ...]:
        return await self._travel("viewers", ticket, lambda: self.server.viewers)

    async def watch(self) -> AsyncIterator[None]:
        self.server.calls["watch"] += 1
        while True:
            news = await self.server.news.get()
            if news is not None:
                raise news
            yield

    async def attachment(self, ticket: RemoteId, attachment: RemoteId) -> bytes:
        raise NotFoundError("There is no such attachment.")

    async def people(self) -> tuple[Person, ...]:
        return (ME, COLLEAGUE)

    async def groups(self) -> tuple[Group, ...]:
        return ()

    async def articles(self) -> tuple[Article, ...]:
        return await self._travel("articles", None, lambda: self.server.articles)

    async def aclose(self) -> None:
        pass

    async def _travel(self, call: str, ticket: RemoteId | None, work: Callable[[], T]) -> T:
        """One request through the network, with the fault that is planned for it."""
        server = self.server
        server.calls[call] += 1
        await asyncio.sleep(0)
        if server.others[call]:
            server.others[call].popleft()()
        fault = server.faults[call].popleft() if server.faults[call] else Fault.NONE
        if fault is Fault.NONE and ticket is not None and call == "thread":
            fault = server.broken.get(ticket, Fault.NONE)
        match fault:
            case Fault.NONE:
                return work()
            case Fault.HANGS:
                await self._hang()
            case Fault.HANGS_AFTER:
                work()
                await self._hang()
            case Fault.TWICE:
                answer = work()
                with contextlib.suppress(DeskError):
                    work()
                return answer
            case Fault.LATE:
                server.late.append(Late(server.time(), work))
            case Fault.UNANSWERED | Fault.GARBLED:
                work()
            case _:
                pass
        raise ERRORS[fault]()

    async def _hang(self) -> None:
        self.server.hanging.set()
        await asyncio.Event().wait()
