"""Lets language models write before the rep looks: a few tickets at a time, the one on screen without waiting."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable

import structlog

from copilot.domain import Brief, ThreadVersion, TicketId

AT_ONCE = 3
"""So many tickets at the same time; what the rep asks for does not wait for them."""
REMEMBERED = 1_000

log = structlog.get_logger(__name__)


class Ahead:
    """Has `write` called once for each version of a thread whose brief is made, while `is_wanted` says so."""

    def __init__(self, write: Callable[[Brief], Awaitable[None]], is_wanted: Callable[[], bool]) -> None:
        self._write = write
        self._is_wanted = is_wanted
        self._is_started = False
        self._tasks: dict[TicketId, asyncio.Task[None]] = {}
        self._begun: OrderedDict[tuple[TicketId, ThreadVersion], None] = OrderedDict()
        self._turn = asyncio.Condition()
        self._at_work = 0
        self._read: TicketId | None = None

    def start(self) -> None:
        """From now on. A command that prints a brief never starts it."""
        self._is_started = True

    def brief_made(self, brief: Brief) -> None:
        """A brief can be read that a model may better."""
        key = (brief.ticket, brief.thread_version)
        if not self._is_started or key in self._begun or brief.ticket in self._tasks or not self._is_wanted():
            return
        self._begun[key] = None
        while len(self._begun) > REMEMBERED:
            self._begun.popitem(last=False)
        task = asyncio.create_task(self._in_turn(brief), name=f"write ahead {brief.ticket}")
        self._tasks[brief.ticket] = task
        task.add_done_callback(lambda _: self._ended(brief.ticket, task))

    async def opened(self, ticket: TicketId) -> None:
        """The rep looks at this ticket: it need not wait for its turn."""
        async with self._turn:
            self._read = ticket
            self._turn.notify_all()

    def is_at(self, ticket: TicketId) -> bool:
        """Whether it is being written for a ticket, or waits for its turn."""
        return ticket in self._tasks

    async def finished(self, ticket: TicketId) -> bool:
        """Wait for what is being written for a ticket; False when nothing is. Cancelled when that is."""
        task = self._tasks.get(ticket)
        if task is None:
            return False
        await self.opened(ticket)
        await asyncio.wait({task})
        if task.cancelled():
            raise asyncio.CancelledError
        return True

    def leave_off(self, ticket: TicketId) -> bool:
        """Stop what is being written for a ticket; False when nothing is."""
        task = self._tasks.pop(ticket, None)
        return task is not None and task.cancel()

    def thread_changed(self, ticket: TicketId) -> bool:
        """Stop, and begin anew with the next brief; False when nothing was ever written for the thread as it was."""
        stopped = self.leave_off(ticket)
        old = [key for key in self._begun if key[0] == ticket]
        for key in old:
            del self._begun[key]
        return stopped or bool(old)

    async def stop(self) -> None:
        """Stop everything and wait until it has ended."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _ended(self, ticket: TicketId, task: asyncio.Task[None]) -> None:
        if self._tasks.get(ticket) is task:
            del self._tasks[ticket]

    async def _in_turn(self, brief: Brief) -> None:
        async with self._turn:
            await self._turn.wait_for(lambda: self._at_work < AT_ONCE or self._read == brief.ticket)
            self._at_work += 1
        try:
            await self._write(brief)
        except KeyError:
            log.info("writing.ticket_gone", ticket=brief.ticket)
        except Exception:
            log.exception("writing.failed", ticket=brief.ticket)
        finally:
            self._at_work -= 1
            async with self._turn:
                self._turn.notify_all()
