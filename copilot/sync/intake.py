"""One desk's threads on their way into the store, whoever asked for them: the poll, or the outbox after sending."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from copilot.desks.base import BulkDesk, Desk
from copilot.domain import Message, Person, RemoteId, Thread, TicketSnapshot
from copilot.errors import DeskError
from copilot.store import Store
from copilot.store.tickets import Changed

Clean = Callable[[Message], Message]
"""Takes quotes, signature and disclaimer off a message. Runs on another thread."""

REMEMBERED_PUTS = 1000


def _clean_message(message: Message) -> Message:
    from copilot.text.clean import clean_message

    return clean_message(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A thread as the desk gave it; `began` orders fetches of this run by the moment they were asked for."""

    asked: RemoteId
    thread: Thread
    began: int


class Intake:
    """Reads threads of one desk, cleans them off the event loop and stores them, never an older one over a newer.

    The poll may hold a thread that it read just before a reply of ours was sent and stored; without the order of
    `Fetched.began` the rep would see the reply vanish until the next poll.
    """

    def __init__(self, desk: Desk, store: Store, *, clean: Clean = _clean_message) -> None:
        self.desk = desk
        self._store = store
        self._clean = clean
        self._me: Person | None = None
        self._fetches = 0
        self._newest: OrderedDict[RemoteId, int] = OrderedDict()

    async def me(self) -> Person:
        """The rep on this desk, asked for once. Raises `DeskError`."""
        if self._me is None:
            self._me = await self.desk.whoami()
        return self._me

    def forget_me(self) -> None:
        """Ask the desk anew who the rep is: the credentials have changed."""
        self._me = None

    async def fetch(self, ticket: RemoteId) -> Fetched:
        """Read a thread. Raises `DeskError`."""
        self._fetches += 1
        began = self._fetches
        return Fetched(asked=ticket, thread=await self.desk.thread(ticket), began=began)

    async def fetch_many(self, tickets: Sequence[RemoteId]) -> dict[RemoteId, Fetched]:
        """Read threads at once where the desk can; those that are missing are to be read one by one."""
        desk = self.desk
        if len(tickets) < 2 or not isinstance(desk, BulkDesk):
            return {}
        self._fetches += 1
        began = self._fetches
        try:
            threads = await desk.threads(tickets)
        except DeskError:  # reading one by one finds out which ticket it is, or that it is all of them
            return {}
        return {
            thread.snapshot.remote_id: Fetched(asked=thread.snapshot.remote_id, thread=thread, began=began)
            for thread in threads
        }

    def gone(self, snapshot: TicketSnapshot) -> Fetched:
        """What to store for a ticket that was deleted on the desk, or merged into another."""
        self._fetches += 1
        thread = Thread(snapshot=replace(snapshot, deleted=True), messages=())
        return Fetched(asked=snapshot.remote_id, thread=thread, began=self._fetches)

    async def put(self, fetched: Sequence[Fetched], *, cursor: str | None = None) -> Changed:
        """Clean and store threads in one transaction, with the sync cursor if there is one."""
        cleaned = await self.cleaned([one.thread for one in fetched])
        fresh = [
            thread
            for one, thread in zip(fetched, cleaned, strict=True)
            if self._note_put(one.thread.snapshot.remote_id, one.began)
        ]
        if not fresh and cursor is None:
            return Changed()
        return await self._store.tickets.put_threads(self.desk.id, fresh, cursor=cursor)

    async def refresh(self, ticket: RemoteId) -> Changed:
        """Read one thread and store it. Raises `DeskError`."""
        return await self.put([await self.fetch(ticket)])

    async def cleaned(self, threads: Sequence[Thread]) -> tuple[Thread, ...]:
        """The threads with every message cleaned, worked out on another thread."""
        if not threads:
            return ()
        return await asyncio.to_thread(_clean_all, threads, self._clean)

    def _note_put(self, ticket: RemoteId, began: int) -> bool:
        if self._newest.get(ticket, 0) > began:
            return False
        self._newest[ticket] = began
        self._newest.move_to_end(ticket)
        if len(self._newest) > REMEMBERED_PUTS:
            self._newest.popitem(last=False)
        return True


def _clean_all(threads: Iterable[Thread], clean: Clean) -> tuple[Thread, ...]:
    return tuple(
        replace(thread, messages=tuple(clean(message) for message in thread.messages)) for thread in threads
    )
