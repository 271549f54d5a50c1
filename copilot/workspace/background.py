"""Work beside the event loop: what runs for as long as the workspace is open, and what thinks for long in a thread.

When the first kind ends by a bug, the rep and the log hear of it.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine
from functools import partial
from typing import TypeVar

import structlog

from copilot.errors import UserError
from copilot.events import EventStream, Failed

Tick = Callable[[int, int], None]
"""Told how much is done, and of how much."""
ADVICE = "Nothing is lost. Close Sidedesk and open it again to go on."

_T = TypeVar("_T")

log = structlog.get_logger(__name__)


def run_in_background(
    work: Coroutine[None, None, None], name: str, events: EventStream
) -> asyncio.Task[None]:
    """Start work that only ends when it is cancelled; any other end is told as `Failed`, by its name."""
    task = asyncio.create_task(work, name=name)
    task.add_done_callback(partial(_on_ended, events))
    return task


def _on_ended(events: EventStream, task: asyncio.Task[None]) -> None:
    if task.cancelled():
        return
    error = task.exception()
    if error is None:
        return
    log.error("background.ended", task=task.get_name(), exc_info=error)
    if isinstance(error, UserError):
        events.publish(Failed("background", error.message, error.advice or ADVICE))
        return
    events.publish(
        Failed("background", f"Sidedesk made a mistake, and “{task.get_name()}” has stopped.", ADVICE)
    )


class _StoppedError(Exception):
    """Nobody waits for the work any more."""


async def in_a_thread(work: Callable[[Tick], _T], progress: Tick | None) -> _T:
    """Run `work` off the loop; what it ticks is told on the loop, and its next tick ends it once this is cancelled."""
    loop = asyncio.get_running_loop()
    over = threading.Event()

    def tick(done: int, total: int) -> None:
        if over.is_set():
            raise _StoppedError
        if progress is not None:
            loop.call_soon_threadsafe(progress, done, total)

    try:
        return await asyncio.to_thread(work, tick)
    finally:
        over.set()
