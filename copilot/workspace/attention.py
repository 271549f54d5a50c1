"""Watches for what a rep wants to be told of while they look elsewhere; says so as `AttentionWanted`.

A ticket is compared with how it was when it was last seen. What the rep does with it here is no news to them.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from copilot.config.notification_settings import NotificationSettings
from copilot.domain import (
    Assign,
    Attention,
    DeskId,
    OutboxId,
    OutboxState,
    QueueRow,
    Role,
    TicketId,
    View,
)
from copilot.events import AttentionWanted, Event, EventStream, OutboxChanged, SyncProgress, TicketsChanged
from copilot.store import Store
from copilot.workspace.outgoing import now_utc

CHECK_SECONDS = 30.0
SETTLE_SECONDS = 0.5
REMEMBERED = 20_000
_PAGE = 500
_WATCHED = (View.MINE, View.WAITING, View.SNOOZED, View.ESCALATED)
_FRESH = timedelta(minutes=10)
"""A message this young is why a ticket changed; an older one was there before."""


@dataclass(frozen=True, slots=True)
class _Seen:
    mine: bool
    escalated: bool
    last_activity: datetime
    due: datetime | None


class AttentionWatch:
    """Runs beside the window for as long as the workspace is open."""

    def __init__(
        self,
        store: Store,
        events: EventStream,
        settings: Callable[[], NotificationSettings],
        *,
        clock: Callable[[], datetime] = now_utc,
    ) -> None:
        self._store, self._events, self._settings, self._clock = store, events, settings, clock
        self._seen: OrderedDict[TicketId, _Seen] = OrderedDict()
        self._filled: set[DeskId] = set()
        self._just_filled: set[DeskId] = set()
        self._changed: set[TicketId] = set()
        self._everything = False
        self._ours: set[TicketId] = set()
        self._entries: list[OutboxId] = []
        self._told: set[tuple[TicketId, datetime]] = set()
        self._woken = asyncio.Event()

    async def run_forever(self) -> None:
        """Take stock, then tell of what changes. Only cancelling ends it."""
        stop = self._events.subscribe(self.on_event)
        try:
            await self.take_stock()
            while True:
                with suppress(TimeoutError):
                    async with asyncio.timeout(CHECK_SECONDS):
                        await self._woken.wait()
                        await asyncio.sleep(SETTLE_SECONDS)  # one look for many events
                self._woken.clear()
                await self.look()
        finally:
            stop()

    async def take_stock(self) -> None:
        """See what there is, without telling of it."""
        for row in await self._watched_rows():
            self._filled.add(row.desk)
            self._remember(row)

    async def look(self) -> None:
        """Tell of what has changed since, and of what is about to be late."""
        changed, self._changed = self._changed, set()
        everything, self._everything = self._everything, False
        just_filled, self._just_filled = self._just_filled - self._filled, set()
        await self._learn_what_we_did()
        rows = await self._watched_rows() if everything else await self._store.tickets.rows(tuple(changed))
        for row in rows:
            kind = await self._news(row)
            self._remember(row)
            if kind is not None and row.desk in self._filled:
                self._tell(kind, row.id)
        self._filled |= just_filled  # its first tickets were no news, what comes now is
        self._tell_of_breaches()

    def on_event(self, event: Event) -> None:
        """Something changed: look soon."""
        if isinstance(event, TicketsChanged):
            self._changed |= event.tickets
            self._everything |= not event.tickets
            self._woken.set()
        elif isinstance(event, OutboxChanged) and event.state is OutboxState.HELD:
            self._entries.append(event.entry)
        elif isinstance(event, SyncProgress) and event.finished:
            self._just_filled.add(event.desk)
            self._woken.set()

    # -- inside ----------------------------------------------------------------------------------------------------

    async def _watched_rows(self) -> list[QueueRow]:
        found: list[QueueRow] = []
        for view in _WATCHED:
            page = await self._store.tickets.page(view, limit=_PAGE)
            found.extend(page.rows)
            while page.next is not None and len(found) < REMEMBERED:
                page = await self._store.tickets.page(view, after=page.next, limit=_PAGE)
                found.extend(page.rows)
        return found

    async def _learn_what_we_did(self) -> None:
        entries, self._entries = self._entries, []
        for entry in [await self._store.outbox.get(entry) for entry in entries]:
            if isinstance(entry.command, Assign):
                self._ours.add(entry.ticket)

    async def _news(self, row: QueueRow) -> Attention | None:
        before = self._seen.get(row.id)
        ours = row.id in self._ours
        if row.mine:
            self._ours.discard(row.id)
        if row.status.is_done:
            return None
        if before is None:
            return None if ours else await self._first_sight(row)
        open_to_me = row.mine or not row.assignee
        if row.mine and not before.mine:
            return None if ours else Attention.ASSIGNED
        if row.escalated and not before.escalated and open_to_me:
            return Attention.ESCALATED
        written = row.last_role is Role.REQUESTER and row.last_activity > before.last_activity
        return Attention.REPLIED if row.mine and written else None

    async def _first_sight(self, row: QueueRow) -> Attention | None:
        """A ticket that nobody here looked at since the start: reopened, handed over, or new."""
        if not row.mine:
            return Attention.ESCALATED if row.escalated and not row.assignee else None
        fresh = self._clock() - row.last_activity < _FRESH and row.last_role is Role.REQUESTER
        if fresh and (await self._store.tickets.get(row.id)).message_count > 1:
            return Attention.REPLIED
        return Attention.ASSIGNED

    def _remember(self, row: QueueRow) -> None:
        due = None if row.status.is_done or not row.mine else row.due
        self._seen[row.id] = _Seen(row.mine, row.escalated, row.last_activity, due)
        self._seen.move_to_end(row.id)
        while len(self._seen) > REMEMBERED:
            self._seen.popitem(last=False)

    def _tell_of_breaches(self) -> None:
        now = self._clock()
        soon = now + timedelta(minutes=self._settings().breach_minutes)
        for ticket, seen in self._seen.items():
            if seen.due is not None and now < seen.due <= soon and (ticket, seen.due) not in self._told:
                self._told.add((ticket, seen.due))
                self._tell(Attention.BREACHING, ticket)

    def _tell(self, kind: Attention, ticket: TicketId) -> None:
        settings = self._settings()
        if settings.wants(kind) and not settings.is_quiet(self._clock().astimezone()):
            self._events.publish(AttentionWanted(kind, ticket))
