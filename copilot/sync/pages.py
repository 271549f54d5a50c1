"""Stores one page of changes: reads only the threads that are not there yet, a few at a time, the cursor last."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass

import structlog

from copilot.desks.base import ChangePage
from copilot.domain import RemoteId, TicketSnapshot
from copilot.errors import (
    BadDataError,
    DeskError,
    NotFoundError,
    PermissionDeniedError,
    StoreError,
    UnavailableError,
)
from copilot.events import Failed
from copilot.store import Store
from copilot.store.tickets import Changed
from copilot.sync.intake import Fetched, Intake
from copilot.sync.telling import OUR_FAULT, log_bug, together

log = structlog.get_logger()

CONCURRENT_FETCHES = 4
CHUNK = 20
PATIENCE_WITH_ONE_TICKET = 3

_Failure = tuple[TicketSnapshot, DeskError]
_ABOUT_ONE_TICKET = (NotFoundError, PermissionDeniedError, BadDataError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A part of a page is stored: how many of its tickets are done, what changed, and what could not be read."""

    done: int
    changed: Changed
    failed: tuple[Failed, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """What came of reading some threads: `done` tickets are dealt with, some by more or less than one thread.

    `trouble` is what the whole desk suffers from, and ends the page.
    """

    done: int
    fetched: tuple[Fetched, ...]
    failed: tuple[_Failure, ...]
    trouble: DeskError | None


class PageReader:
    """Reads the pages of one desk.

    A ticket that cannot be read is noted and passed over, so that it never holds up the others: at once when the desk
    says so, and when it alone meets with server errors, on the third page reading that the desk otherwise answered.
    """

    def __init__(self, intake: Intake, store: Store) -> None:
        self._intake = intake
        self._desk = intake.desk
        self._store = store
        self._told: set[tuple[RemoteId, str]] = set()
        self._skipped: dict[RemoteId, None] = {}
        self._broken: Counter[RemoteId] = Counter()

    @property
    def skipped(self) -> tuple[RemoteId, ...]:
        """Tickets that could not be read in this run."""
        return tuple(self._skipped)

    def forgive(self, ticket: RemoteId) -> None:
        """The ticket could be read after all."""
        self._skipped.pop(ticket, None)

    async def read(self, page: ChangePage, *, stop: Callable[[], bool]) -> AsyncIterator[Step]:
        """Store the page chunk by chunk; a page that holds nothing new stores its cursor and yields nothing.

        `stop` is asked before each call and ends the page early, without its cursor. Raises `DeskError`; the chunks
        yielded until then, and the tickets read of the last, are stored.
        """
        wanted = await self._wanted(page.tickets)
        done = len(page.tickets) - len(wanted)
        if not wanted:
            await self._intake.put((), cursor=page.cursor)
            return
        for start in range(0, len(wanted), CHUNK):
            chunk = wanted[start : start + CHUNK]
            reading = await self._fetch_all(chunk, stop)
            whole = reading.done == len(chunk)
            last = start + CHUNK >= len(wanted)
            changed, unstorable = await self._put(reading.fetched, page.cursor if last and whole else None)
            failed = await self._note((*reading.failed, *unstorable))
            done += reading.done
            yield Step(done=done, changed=changed, failed=failed)
            if reading.trouble is not None:
                raise reading.trouble
            if not whole:
                return

    async def _put(
        self, fetched: Sequence[Fetched], cursor: str | None
    ) -> tuple[Changed, Sequence[_Failure]]:
        """Store a chunk at once; when a bug of ours is in the way, one by one, without the thread it lies in."""
        try:
            return await self._intake.put(fetched, cursor=cursor), ()
        except StoreError:
            raise
        except Exception as error:  # noqa: BLE001 - one thread's bug must not hold up all the others
            log_bug("sync.chunk_bug", error, desk=self._desk.id)
        changes: list[Changed] = []
        failures: list[_Failure] = []
        for one in fetched:
            try:
                changes.append(await self._intake.put([one]))
            except StoreError:
                raise
            except Exception as error:  # noqa: BLE001 - as above
                log_bug("sync.thread_bug", error, desk=self._desk.id, ticket=one.asked)
                failures.append((one.thread.snapshot, BadDataError(OUR_FAULT)))
        if cursor is not None:
            await self._intake.put((), cursor=cursor)
        return together(*changes), failures

    async def _wanted(self, listed: Sequence[TicketSnapshot]) -> list[TicketSnapshot]:
        """The tickets whose stored version is another one; of a ticket listed twice, the later snapshot."""
        newest = {snapshot.remote_id: snapshot for snapshot in listed}
        held = await self._store.tickets.versions(self._desk.id, list(newest))
        return [
            snapshot
            for snapshot in newest.values()
            if held.get(snapshot.remote_id) != snapshot.version
            and not (snapshot.deleted and snapshot.remote_id not in held)
        ]

    async def _fetch_all(self, chunk: Sequence[TicketSnapshot], stop: Callable[[], bool]) -> _Reading:
        ready = await self._fetch_many(chunk) if not stop() else {}
        gate = asyncio.Semaphore(CONCURRENT_FETCHES)
        fetched: list[Fetched] = []
        failed: list[_Failure] = []
        done = 0
        trouble: list[DeskError] = []

        async def fetch(snapshot: TicketSnapshot) -> None:
            nonlocal done
            async with gate:
                if trouble or stop():
                    return
                try:
                    fetched.extend(await self._fetch(snapshot, ready.get(snapshot.remote_id)))
                except _ABOUT_ONE_TICKET as error:
                    failed.append((snapshot, error))
                except UnavailableError as error:
                    if self._gives_up_on(snapshot.remote_id):
                        failed.append((snapshot, error))
                    else:
                        trouble.append(error)
                        return
                except DeskError as error:
                    trouble.append(error)
                    return
                except Exception as error:  # noqa: BLE001 - a connector's bug must not hold up all the others
                    log_bug("sync.fetch_bug", error, desk=self._desk.id, ticket=snapshot.remote_id)
                    failed.append((snapshot, BadDataError(OUR_FAULT)))
                done += 1

        async with asyncio.TaskGroup() as group:
            for snapshot in chunk:
                group.create_task(fetch(snapshot))
        first = trouble[0] if trouble else None
        return _Reading(done=done, fetched=tuple(fetched), failed=tuple(failed), trouble=first)

    async def _fetch_many(self, chunk: Sequence[TicketSnapshot]) -> dict[RemoteId, Fetched]:
        try:
            return await self._intake.fetch_many([one.remote_id for one in chunk if not one.deleted])
        except Exception as error:  # noqa: BLE001 - a connector's bug with many may not show with one
            log_bug("sync.fetch_many_bug", error, desk=self._desk.id)
            return {}

    async def _fetch(self, snapshot: TicketSnapshot, ready: Fetched | None) -> Sequence[Fetched]:
        if snapshot.deleted:
            return (self._intake.gone(snapshot),)
        fetched = ready or await self._intake.fetch(snapshot.remote_id)
        self._broken.pop(snapshot.remote_id, None)
        self.forgive(snapshot.remote_id)
        if fetched.thread.snapshot.remote_id == snapshot.remote_id:
            return (fetched,)
        return (
            fetched,
            self._intake.gone(snapshot),
        )  # merged into another ticket, which the desk gave us instead

    def _gives_up_on(self, ticket: RemoteId) -> bool:
        self._broken[ticket] += 1
        return self._broken[ticket] >= PATIENCE_WITH_ONE_TICKET

    async def _note(self, failures: Sequence[_Failure]) -> tuple[Failed, ...]:
        """Write down which tickets could not be read; answers what to tell the rep, once for each version."""
        news: list[Failed] = []
        for snapshot, error in failures:
            self._skipped[snapshot.remote_id] = None
            if (snapshot.remote_id, snapshot.version) in self._told:
                continue
            self._told.add((snapshot.remote_id, snapshot.version))
            kind = type(error).__name__
            log.warning("sync.ticket_skipped", desk=self._desk.id, ticket=snapshot.remote_id, error=kind)
            await self._store.books.audit(
                "sync.ticket_skipped",
                await self._store.tickets.find(self._desk.id, snapshot.remote_id),
                {"desk": self._desk.id, "remote_id": snapshot.remote_id, "error": kind},
            )
            news.append(Failed(f"ticket {snapshot.remote_id}", error.message, error.advice))
        return tuple(news)
