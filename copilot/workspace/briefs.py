"""Prepares briefs ahead of the rep: one at a time, the ticket on screen first, then the next ones of the view."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import structlog

from copilot.domain import Brief, Conversation, TicketId
from copilot.errors import UserError
from copilot.events import BriefReady, EventStream, Failed, TicketsChanged
from copilot.store import Store

MakeBrief = Callable[[Conversation], Awaitable[Brief]]
REMEMBERED = 60

log = structlog.get_logger(__name__)


class BriefKitchen:
    """Makes the briefs that were asked for, keeps them in the store and says when one is ready.

    `made` hears of every brief that somebody cares for, also of one that was there already.
    """

    def __init__(
        self, store: Store, events: EventStream, make: MakeBrief, *, outdated: Callable[[Brief], bool]
    ) -> None:
        self.made: Callable[[Brief], None] = _nobody_listens
        self._store = store
        self._events = events
        self._make = make
        self._outdated = outdated
        self._wanted: list[TicketId] = []
        self._recent: dict[TicketId, None] = {}
        self._read: TicketId | None = None
        self._work = asyncio.Event()
        self._one_at_a_time = asyncio.Lock()

    def first(self, ticket: TicketId) -> None:
        """The rep is looking at this one: make it before all others."""
        self._read = ticket
        self._wanted = [ticket, *(other for other in self._wanted if other != ticket)]
        self._work.set()

    def later(self, tickets: Sequence[TicketId]) -> None:
        """These are likely next, in this order; replaces what was likely before."""
        self._wanted = [*self._wanted[:1], *(ticket for ticket in tickets if ticket not in self._wanted[:1])]
        self._work.set()

    def thread_changed(self, ticket: TicketId) -> None:
        """A message arrived: what was prepared is stale, so prepare it again if anybody cared for it."""
        if ticket in self._recent:
            self.first(ticket)

    def again(self) -> None:
        """What is found has become better: look again at the briefs the rep cared for last.

        Not at the one being read: a draft must not become another under the rep's hand.
        """
        others = [ticket for ticket in reversed(self._recent) if ticket != self._read]
        self._wanted += [ticket for ticket in others if ticket not in self._wanted]
        self._work.set()

    async def run_forever(self) -> None:
        """Work until cancelled. One failed brief is reported and does not stop the others."""
        while True:
            while not self._wanted:
                self._work.clear()
                await self._work.wait()
            ticket = self._wanted.pop(0)
            try:
                await self.prepare(ticket)
            except UserError as error:
                self._events.publish(Failed("brief", error.message, error.advice, ticket))
            except KeyError:
                log.info("brief.ticket_gone", ticket=ticket)
            except Exception:
                log.exception("brief.failed", ticket=ticket)
                self._events.publish(
                    Failed(
                        "brief",
                        "This ticket could not be read ahead.",
                        "Its thread is complete all the same.",
                        ticket,
                    )
                )

    async def prepare(self, ticket: TicketId) -> Brief:
        """The current brief of a ticket, made now if there is none. Raises `KeyError` for an unknown ticket."""
        self._remember(ticket)
        async with self._one_at_a_time:
            known = await self._store.books.brief(ticket)
            if known is None or (self._outdated(known) and await is_untouched(self._store, known)):
                known = await self._cook(ticket)
        self.made(known)
        return known

    async def _cook(self, ticket: TicketId) -> Brief:
        brief = await self._make(await self._store.tickets.conversation(ticket))
        changed = await self._store.books.put_brief(brief)
        self._events.publish(BriefReady(ticket))
        if changed.tickets:
            self._events.publish(TicketsChanged(changed.tickets))
        return await self._store.books.brief(ticket) or brief  # with what reps corrected

    def _remember(self, ticket: TicketId) -> None:
        self._recent.pop(ticket, None)
        self._recent[ticket] = None
        while len(self._recent) > REMEMBERED:
            del self._recent[next(iter(self._recent))]


async def is_untouched(store: Store, brief: Brief) -> bool:
    """Whether the rep has done nothing with it: no decision, nothing typed. Else its draft must stay as it is."""
    if await store.books.saved_reply(brief.ticket) is not None:
        return False
    decisions = await store.books.decisions(brief.ticket)
    return all(decision.suggestion != brief.suggestion.id for decision in decisions)


def _nobody_listens(_brief: Brief) -> None:
    return
