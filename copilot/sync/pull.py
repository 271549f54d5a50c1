"""Reads one desk's changes into the store: the first fill, then increments, for as long as the workspace is open."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence

import structlog

from copilot.desks.base import ChangePage, Cursor
from copilot.domain import Article, DeskHealth, DeskId, RemoteId
from copilot.errors import AuthError, DeskError, RateLimitedError, StoreError
from copilot.events import DeskChanged, EventStream, Failed, SyncProgress
from copilot.store import Store
from copilot.sync.clock import Clock, SystemClock
from copilot.sync.delays import Patience
from copilot.sync.intake import Intake
from copilot.sync.live import Listener
from copilot.sync.pages import PageReader
from copilot.sync.telling import OUR_FAULT, log_bug, tell_changed

log = structlog.get_logger()

HOUR = 3600.0

TakeArticles = Callable[[DeskId, Sequence[Article]], Awaitable[None]]
"""What the workspace does with a desk's help centre; sync knows nothing of knowledge."""


class Puller:
    """Keeps the store in step with one desk.

    Safe to kill at any moment: a page's cursor is stored in the transaction of its last threads, so the next run
    repeats at most one page, and skips of that page what is already there. Times of the desk and of this computer are
    never compared; the cursor is the desk's own and every delay is monotonic.
    """

    def __init__(
        self,
        intake: Intake,
        store: Store,
        events: EventStream,
        *,
        take_articles: TakeArticles | None = None,
        clock: Clock | None = None,
        patience: Patience | None = None,
    ) -> None:
        self._intake = intake
        self._desk = intake.desk
        self._store = store
        self._events = events
        self._take_articles = take_articles
        self._clock = clock or SystemClock()
        self._patience = patience or Patience()
        self._pages = PageReader(intake, store)
        self._listener = Listener(self._desk, self._hear, self._clock, self._patience)
        self._wake = asyncio.Event()
        self._failures = 0
        self._cancelled = False
        self._pulling = False
        self._me_stored = False
        self._chores_due = self._clock.monotonic()
        self.health = DeskHealth.CONNECTING
        self.problem = ""

    async def run_forever(self, interval_seconds: float = 30.0) -> None:
        """Poll until cancelled, and at once when the desk says so.

        Desk errors are waited out here; a bug is told and tried again like one.
        """
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._listener.run_forever(), name=f"listen {self._desk.id}")
            while True:
                self._wake.clear()
                pause = await self._round(interval_seconds)
                await self._clock.wait(self._wake, None if self._stopped else pause)

    def poke(self) -> None:
        """Poll now. Goes on with a fill that was cancelled; does nothing while the desk wants the rep to sign in."""
        self._cancelled = False
        self._wake.set()

    def cancel(self) -> None:
        """Stop reading after the calls under way; what has arrived is kept, and `poke` goes on from there."""
        self._cancelled = self._pulling

    def resume(self) -> None:
        """The rep has signed in again: go on."""
        self._intake.forget_me()
        self._me_stored = False
        self._failures = 0
        self._set_health(DeskHealth.CONNECTING)
        self.poke()

    async def pull(self) -> int:
        """Read everything that changed since the stored cursor; answers how many tickets the desk listed.

        Raises `DeskError`; what was read until then is stored.
        """
        await self._store_me()
        since = await self._store.tickets.cursor(self._desk.id)
        pages = self._desk.changes(Cursor(since) if since is not None else None)
        progress = _Progress(self._desk.id)
        self._pulling = True
        try:
            async for page in pages:
                self._set_health(DeskHealth.ONLINE)
                if page.tickets or page.cursor != since:
                    await self._take_page(page, progress)
                if self._cancelled:
                    break
        finally:
            self._pulling = False
            if isinstance(pages, AsyncGenerator):
                await pages.aclose()
        self._set_health(DeskHealth.ONLINE)
        if progress.news or since is None:
            self._events.publish(progress.end(whole=not self._cancelled))
        return progress.listed

    @property
    def _stopped(self) -> bool:
        return self._cancelled or self.health is DeskHealth.NEEDS_SIGN_IN

    async def pull_everything(self) -> int:
        """The help centre, tickets left over from before, then `pull`: one whole poll, for the command line."""
        await self._chores()
        return await self.pull()

    def _hear(self) -> None:
        """The desk says that something has changed; a delay that it asked for, or a rep's cancelling, goes before."""
        if not self._failures and not self._stopped:
            self._wake.set()

    async def _round(self, interval_seconds: float) -> float:
        """One poll with its chores, unless somebody must act first; answers the seconds until the next."""
        if self._stopped:
            return interval_seconds
        try:
            await self.pull_everything()
        except AuthError as error:
            self._set_health(DeskHealth.NEEDS_SIGN_IN, str(error))
            return interval_seconds
        except RateLimitedError as error:
            self._failures += 1
            self._set_health(DeskHealth.ONLINE, "The desk asks us to slow down; going on by itself.")
            return self._patience.rate_limit(error, self._failures)
        except DeskError as error:
            self._failures += 1
            self._set_health(DeskHealth.OFFLINE, str(error))
            return self._patience.backoff(self._failures)
        except StoreError as error:
            self._failures += 1
            self._events.publish(Failed("sync", error.message, error.advice))
            return self._patience.backoff(self._failures)
        except Exception as error:  # noqa: BLE001 - a bug must not end the polling for good, and is told
            log_bug("sync.bug", error, desk=self._desk.id)
            self._failures += 1
            self._set_health(DeskHealth.OFFLINE, OUR_FAULT)
            return self._patience.backoff(self._failures)
        self._failures = 0
        return interval_seconds

    async def _take_page(self, page: ChangePage, progress: _Progress) -> None:
        progress.begin(page)
        async for step in self._pages.read(page, stop=lambda: self._cancelled):
            tell_changed(self._events, step.changed)
            for failure in step.failed:
                self._events.publish(failure)
            self._events.publish(progress.at(step.done))
        self._failures = 0

    async def _store_me(self) -> None:
        if self._me_stored:
            return
        me = await self._intake.me()
        tell_changed(self._events, await self._store.tickets.set_me(self._desk.id, me))
        self._me_stored = True

    async def _chores(self) -> None:
        """At start and then hourly: the help centre, and the tickets that could not be read."""
        if self._clock.monotonic() < self._chores_due:
            return
        await self._pull_articles()
        for ticket in self._pages.skipped:
            await self._retry(ticket)
        self._chores_due = self._clock.monotonic() + HOUR

    async def _pull_articles(self) -> None:
        """A help centre that cannot be read never stops the tickets; sign-in and rate limits concern both."""
        if self._take_articles is None:
            return
        try:
            articles = await self._desk.articles()
        except (AuthError, RateLimitedError):
            raise
        except DeskError as error:
            log.warning("sync.articles_failed", desk=self._desk.id, error=type(error).__name__)
            self._events.publish(Failed("articles", error.message, error.advice))
            return
        await self._take_articles(self._desk.id, articles)

    async def _retry(self, ticket: RemoteId) -> None:
        try:
            tell_changed(self._events, await self._intake.refresh(ticket))
        except (AuthError, RateLimitedError):
            raise
        except DeskError as error:
            log.info(
                "sync.ticket_still_unreadable", desk=self._desk.id, ticket=ticket, error=type(error).__name__
            )
            return
        self._pages.forgive(ticket)

    def _set_health(self, health: DeskHealth, problem: str = "") -> None:
        if (health, problem) == (self.health, self.problem):
            return
        self.health, self.problem = health, problem
        self._events.publish(DeskChanged(self._desk.id, health, problem))


class _Progress:
    """Counts the tickets of one pull, over its pages."""

    def __init__(self, desk: DeskId) -> None:
        self._desk = desk
        self._before = 0
        self._done = 0
        self._total: int | None = None
        self.listed = 0
        self.news = False

    def begin(self, page: ChangePage) -> None:
        self._before = self.listed
        self.listed += len(page.tickets)
        self._total = None if page.remaining is None else self.listed + page.remaining

    def at(self, done: int) -> SyncProgress:
        self.news = True
        self._done = self._before + done
        return SyncProgress(self._desk, self._done, self._total)

    def end(self, *, whole: bool) -> SyncProgress:
        if whole:
            return SyncProgress(self._desk, self.listed, self.listed, finished=True)
        return SyncProgress(self._desk, self._done, self._total, finished=True)
