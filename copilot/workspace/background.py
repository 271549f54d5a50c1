"""Work that runs for as long as the workspace is open: when it ends by a bug, the rep and the log hear of it."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from functools import partial

import structlog

from copilot.errors import UserError
from copilot.events import EventStream, Failed

ADVICE = "Nothing is lost. Close Sidedesk and open it again to go on."

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
