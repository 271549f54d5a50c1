"""What language models are writing just now: each run can be watched while it streams, and stopped at once."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from copilot.domain import RunId, TicketId
from copilot.errors import UserError
from copilot.events import EventStream, WritingEnded, WritingStreamed

FRAME_SECONDS = 1 / 60
"""Listeners hear of more text at most so often."""

Render = Callable[[], str]
OnText = Callable[[Render], None]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Running:
    """A writing on its way: what it is for ("draft", "summary", "refine", "ask") and its text so far."""

    run: RunId
    ticket: TicketId
    task: str
    text: str


class Runs:
    """All writings on their way. Everything happens on the event loop."""

    def __init__(self, events: EventStream) -> None:
        self._events = events
        self._runs: dict[RunId, _Run] = {}
        self._tasks: dict[RunId, asyncio.Task[object]] = {}

    def running(self, ticket: TicketId) -> tuple[Running, ...]:
        """The writings for a ticket, oldest first."""
        return tuple(run.as_it_is() for run in self._runs.values() if run.ticket == ticket)

    async def follow(self, ticket: TicketId, task: str, work: Callable[[OnText], Awaitable[T]]) -> T:
        """Carry out `work`, which tells of its text as it comes. Cancelling either side ends both."""
        run = _Run(RunId(uuid.uuid4().hex), ticket, task, self._events)
        running = asyncio.create_task(_carried_out(work, run), name=f"{task} {ticket}")
        self._runs[run.id], self._tasks[run.id] = run, running
        self._events.publish(WritingStreamed(ticket, run.id))
        problem = ""
        try:
            return await running
        except asyncio.CancelledError:
            running.cancel()
            problem = "Stopped."
            raise
        except UserError as error:
            problem = str(error)
            raise
        except Exception:
            problem = "Sidedesk made a mistake; the log says more."
            raise
        finally:
            run.end()
            del self._runs[run.id], self._tasks[run.id]
            self._events.publish(WritingEnded(ticket, run.id, problem))

    def cancel(self, ticket: TicketId, *tasks: str) -> bool:
        """Stop the writings for a ticket (only these tasks, where some are named), at the provider too."""
        chosen = [
            run for run in self._runs.values() if run.ticket == ticket and (not tasks or run.task in tasks)
        ]
        for run in chosen:
            self._tasks[run.id].cancel()
        return bool(chosen)

    async def stop(self) -> None:
        """Stop all and wait until they have ended."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _carried_out(work: Callable[[OnText], Awaitable[T]], run: _Run) -> T:
    return await work(run.on_text)


class _Run:
    """One writing: keeps the newest text, and tells of it at once, then once a frame."""

    def __init__(self, run: RunId, ticket: TicketId, task: str, events: EventStream) -> None:
        self.id = run
        self.ticket = ticket
        self.task = task
        self._events = events
        self._render: Render = str
        self._timer: asyncio.TimerHandle | None = None
        self._untold = False

    def as_it_is(self) -> Running:
        """What is there of it. Not for free: the text is cleaned when somebody looks, not when it comes."""
        return Running(self.id, self.ticket, self.task, self._render())

    def on_text(self, render: Render) -> None:
        """More has come."""
        self._render = render
        self.tell()

    def tell(self) -> None:
        """Tell listeners now, or at the next frame when they have just been told."""
        if self._timer is not None:
            self._untold = True
            return
        self._events.publish(WritingStreamed(self.ticket, self.id))
        self._timer = asyncio.get_running_loop().call_later(FRAME_SECONDS, self._on_frame)

    def end(self) -> None:
        """Tell no more."""
        if self._timer is not None:
            self._timer.cancel()

    def _on_frame(self) -> None:
        self._timer = None
        if self._untold:
            self._untold = False
            self.tell()
