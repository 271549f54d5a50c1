"""The two streams of a ticket's way: a puller for each desk, and the one sender of the outbox."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import structlog
from filelock import FileLock, Timeout

from copilot.desks.base import Desk
from copilot.domain import Article, DeskId
from copilot.events import EventStream, Failed, KnowledgeChanged
from copilot.store import Store
from copilot.sync.intake import Intake
from copilot.sync.outbox import OutboxSender
from copilot.sync.pull import Puller
from copilot.workspace.background import run_in_background

POLL_SECONDS = 10.0
LOCK_NAME = "sidedesk.lock"
ELSEWHERE = Failed(
    "workspace",
    "Sidedesk is already open for this workspace, so this one only looks.",
    "What you decide here is kept and leaves when the other one is closed and this one is opened again.",
)

log = structlog.get_logger(__name__)


@dataclass(slots=True, kw_only=True)
class _Feed:
    puller: Puller
    task: asyncio.Task[None] | None = None


class Feeds:
    """Keeps store and desks in step while the workspace is open.

    Only one process at a time may feed a workspace: two senders could send a reply twice. The lock is the operating
    system's, so a crash frees it.
    """

    def __init__(self, folder: Path, store: Store, events: EventStream) -> None:
        self.sender = OutboxSender(store, events)
        self._store = store
        self._events = events
        self._lock = FileLock(folder / LOCK_NAME)
        self._feeds: dict[DeskId, _Feed] = {}
        self._sending: asyncio.Task[None] | None = None

    def follow(self, desk: Desk) -> None:
        """Keep this desk in step from now on."""
        intake = Intake(desk, self._store)
        puller = Puller(intake, self._store, self._events, take_articles=self._take_articles)
        self._feeds[desk.id] = _Feed(puller=puller)
        self.sender.attach(intake)
        if self._sending is not None:
            self._run(desk.id)

    async def unfollow(self, desk: DeskId) -> None:
        """Leave a desk alone from now on; what is in its outbox stays on disk."""
        self.sender.detach(desk)
        feed = self._feeds.pop(desk, None)
        if feed is not None and feed.task is not None:
            await _stop(feed.task)

    def start(self) -> None:
        """Begin, unless another process feeds this workspace already: then say so and only read."""
        if not self._take_lock():
            self._events.publish(ELSEWHERE)
            return
        self._sending = run_in_background(self.sender.run_forever(), "outbox", self._events)
        for desk in self._feeds:
            self._run(desk)

    @property
    def is_feeding(self) -> bool:
        """Whether this process keeps the workspace in step; another one does, where it is not."""
        return self._sending is not None

    async def run_once(self) -> None:
        """Read every desk's changes, then send what is due. Raises a `DeskError` of the first desk that fails."""
        if not self._take_lock():
            self._events.publish(ELSEWHERE)
            return
        for desk, feed in self._feeds.items():
            log.info("sync.once", desk=desk)
            await feed.puller.pull_everything()
        await self.sender.drain()

    def poke(self) -> None:
        """Look at every desk and at the outbox now."""
        for feed in self._feeds.values():
            feed.puller.poke()
        self.sender.poke()

    async def stop(self) -> None:
        """End all work; what is unfinished goes on at the next start."""
        tasks = [feed.task for feed in self._feeds.values() if feed.task is not None]
        if self._sending is not None:
            tasks.append(self._sending)
        self._sending = None
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._lock.release()

    def _take_lock(self) -> bool:
        try:
            self._lock.acquire(blocking=False)
        except Timeout:
            return False
        return True

    def _run(self, desk: DeskId) -> None:
        feed = self._feeds[desk]
        feed.task = run_in_background(feed.puller.run_forever(POLL_SECONDS), f"pull {desk}", self._events)

    async def _take_articles(self, desk: DeskId, articles: Sequence[Article]) -> None:
        from copilot.knowledge.indexing import index_articles

        if await index_articles(self._store, source=str(desk), articles=articles):
            self._events.publish(KnowledgeChanged())


async def _stop(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
