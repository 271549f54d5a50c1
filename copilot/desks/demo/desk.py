"""The demo desk's connector: the way to its server, with everything a network does to a request on the way."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from copilot.config.paths import resources_folder
from copilot.desks.base import ChangePage, Cursor, Receipt
from copilot.desks.demo.behaviour import Call, DemoBehaviour
from copilot.desks.demo.file import DemoFile
from copilot.desks.demo.others import NewTicket, Others
from copilot.desks.demo.requests import Requests, check_words, digest
from copilot.desks.demo.transactions import Transactions
from copilot.domain import (
    Article,
    Capabilities,
    DeskId,
    Group,
    Message,
    Person,
    RemoteId,
    Reply,
    Status,
    Thread,
    Upload,
)

T = TypeVar("T")
PAGE_SIZE = 100
DEMO = DeskId("demo")


def utc_now() -> datetime:
    """The computer's clock."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What surrounds a demo desk and a test may replace: its data, its clock, and how it waits (seconds)."""

    resources: Path | None = None
    clock: Callable[[], datetime] = utc_now
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep
    page_size: int = PAGE_SIZE


@dataclass(frozen=True, slots=True)
class _Server:
    file: DemoFile
    requests: Requests
    others: Others


class DemoDesk:
    """A help desk in a file of its own, created with real questions on first use; see `copilot.desks.base.Desk`.

    SQLite runs on one thread of this desk's own. Several desks, in several processes, may have the same file open.
    A request that is cancelled may have been carried out or not, as with any server.
    """

    def __init__(
        self,
        path: Path,
        *,
        desk_id: DeskId = DEMO,
        name: str = "Demo desk",
        behaviour: DemoBehaviour | None = None,
        world: World | None = None,
    ) -> None:
        """A desk over the file at `path`, which need not exist yet; nothing is opened before the first request."""
        self.behaviour = behaviour or DemoBehaviour()
        self._id = desk_id
        self._name = name
        self._path = path
        self._world = world or World()
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix=f"desk-{desk_id}")
        self._server: _Server | None = None
        self._calls = 0
        self._closed = False

    @property
    def id(self) -> DeskId:
        """This desk's id in the workspace."""
        return self._id

    @property
    def name(self) -> str:
        """What the rep calls it."""
        return self._name

    @property
    def capabilities(self) -> Capabilities:
        """Everything; safe updates and idempotency as the behaviour says."""
        return Capabilities(
            safe_update=self.behaviour.safe_update, idempotency=self.behaviour.idempotency, live=False
        )

    async def whoami(self) -> Person:
        """The signed-in rep."""
        return await self._request("whoami", Requests.whoami)

    async def changes(self, since: Cursor | None) -> AsyncIterator[ChangePage]:
        """Pages of changed tickets in the order of their newest change."""
        cursor = since
        while True:
            page = await self._page(cursor)
            if not page.tickets:
                return
            yield page
            cursor = page.cursor

    async def thread(self, ticket: RemoteId) -> Thread:
        """A ticket with its messages."""
        return await self._request("thread", lambda requests: requests.thread(ticket))

    async def reply(self, ticket: RemoteId, reply: Reply, *, key: str, version: str | None) -> Receipt:
        """A public reply."""
        check_words(reply.text, reply.attachments)
        return await self._request(
            "reply", lambda requests: requests.reply(ticket, reply, key=key, version=version)
        )

    async def note(self, ticket: RemoteId, text: str, *, key: str, version: str | None) -> Receipt:
        """An internal note."""
        check_words(text)
        return await self._request(
            "note", lambda requests: requests.note(ticket, text, key=key, version=version)
        )

    def is_ours(self, message: Message, text: str, *, key: str, me: Person) -> bool:
        """By the key, which names the message; without idempotency by author and words, which older ones may share."""
        if self.behaviour.idempotency:
            return message.remote_id.endswith(f"-{digest(key)}")
        return message.author.remote_id == me.remote_id and message.text == text

    async def assign(self, ticket: RemoteId, person: Person | None, group: str | None) -> Receipt:
        """Give the ticket to a person and/or a group, or to nobody."""
        return await self._request("assign", lambda requests: requests.assign(ticket, person, group))

    async def set_status(self, ticket: RemoteId, status: Status) -> Receipt:
        """Change the status."""
        return await self._request("set_status", lambda requests: requests.set_status(ticket, status))

    async def set_tags(self, ticket: RemoteId, tags: tuple[str, ...]) -> Receipt:
        """Replace the tags."""
        return await self._request("set_tags", lambda requests: requests.set_tags(ticket, tags))

    async def set_fields(self, ticket: RemoteId, fields: Mapping[str, str]) -> Receipt:
        """Set custom fields."""
        return await self._request("set_fields", lambda requests: requests.set_fields(ticket, fields))

    async def attachment(self, ticket: RemoteId, attachment: RemoteId) -> bytes:
        """The bytes of one attachment."""
        return await self._request("attachment", lambda requests: requests.attachment(ticket, attachment))

    async def people(self) -> tuple[Person, ...]:
        """The reps."""
        return await self._request("people", Requests.people)

    async def groups(self) -> tuple[Group, ...]:
        """The groups."""
        return await self._request("groups", Requests.groups)

    async def articles(self) -> tuple[Article, ...]:
        """The help centre and the macros."""
        return await self._request("articles", Requests.articles)

    async def open(self) -> None:
        """Create or open the file now instead of with the first request. Raises as a request would."""
        await self._run(self._open)

    async def aclose(self) -> None:
        """Close the file, after what is running; the desk is not used afterwards."""
        if self._closed:
            return
        self._closed = True
        await self._run(self._close)
        self._thread.shutdown(wait=True)

    # -- the other people around the desk: for tests and for showing ------------------------------------------------

    async def new_ticket(self, new: NewTicket) -> RemoteId:
        """A question arrives at the desk."""
        return await self._run(lambda: self._open().others.new_ticket(new))

    async def act_as_requester(
        self, ticket: RemoteId, text: str, *, html: str = "", attachments: tuple[Upload, ...] = ()
    ) -> RemoteId:
        """The requester writes; the answer is the new message."""
        return await self._run(
            lambda: self._open().others.requester_writes(ticket, text, html=html, attachments=attachments)
        )

    async def act_as_rep(self, ticket: RemoteId, text: str, *, rep: str = "", note: bool = False) -> RemoteId:
        """A colleague (a rep's id; else any who is not signed in) replies or adds a note."""
        return await self._run(lambda: self._open().others.rep_writes(ticket, text, rep=rep, note=note))

    async def act_as_ai_agent(self, ticket: RemoteId, text: str) -> RemoteId:
        """The AI agent answers. Raises `RefusedError` when a person has the ticket."""
        return await self._run(lambda: self._open().others.agent_writes(ticket, text))

    async def begin_as_ai_agent(self, ticket: RemoteId, text: str, *, seconds: float) -> None:
        """The AI agent begins an answer that is posted in some seconds unless a person takes the ticket before."""
        await self._run(lambda: self._open().others.agent_begins(ticket, text, seconds))

    async def escalate_as_ai_agent(self, ticket: RemoteId, reason: str, *, confidence: float) -> None:
        """The AI agent gives the ticket up. Raises `RefusedError` when a person has it."""
        await self._run(lambda: self._open().others.agent_escalates(ticket, reason, confidence))

    async def delete_ticket(self, ticket: RemoteId) -> None:
        """An administrator deletes the ticket."""
        await self._run(lambda: self._open().others.delete(ticket))

    async def received_by_requester(self, ticket: RemoteId) -> list[Message]:
        """What the customer got, oldest first."""
        return await self._run(lambda: self._open().others.received_by_requester(ticket))

    async def scripted_messages(self, ticket: RemoteId) -> frozenset[RemoteId]:
        """The messages of a ticket that no person wrote."""
        return await self._run(lambda: self._open().others.scripted(ticket))

    # -- the way there and back ------------------------------------------------------------------------------------

    async def _page(self, cursor: Cursor | None) -> ChangePage:
        return await self._request("changes", lambda requests: requests.page(cursor, self._world.page_size))

    async def _request(self, call: Call, work: Callable[[Requests], T]) -> T:
        """One request: there, carried out on the desk's thread, and back, each of which can go wrong."""
        half_way = self._next_duration() / 2
        await self._travel(half_way)
        failure = self.behaviour.next_failure(call)
        if failure and not failure.carried_out:
            raise failure.error
        answer = await self._run(lambda: work(self._open().requests))
        await self._travel(half_way)
        if failure:
            raise failure.error
        return answer

    def _next_duration(self) -> float:
        self._calls += 1
        behaviour = self.behaviour
        if behaviour.slow_every and self._calls % behaviour.slow_every == 0:
            return behaviour.slow_seconds
        return behaviour.latency_seconds

    async def _travel(self, seconds: float) -> None:
        if seconds > 0:
            await self._world.sleep(seconds)

    async def _run(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    def _open(self) -> _Server:
        """The server; only ever called on the desk's thread."""
        if self._server is None:
            clock = self._world.clock
            resources = self._world.resources or resources_folder() / "demo"
            file = DemoFile(self._path, resources, clock())
            transactions = Transactions(file, self.behaviour, clock)
            self._server = _Server(file, Requests(transactions), Others(transactions))
        return self._server

    def _close(self) -> None:
        if self._server is not None:
            self._server.file.close()
            self._server = None
