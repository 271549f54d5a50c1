"""Keeps the hybrid retriever in step while the workspace is open."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable

import structlog

from copilot.errors import ModelError
from copilot.events import EventStream, Failed
from copilot.knowledge.hybrid import HybridRetriever

QUIET_SECONDS = 1.0
"""Articles come in bursts: so long is waited for more."""
LOOK_SECONDS = 60.0
"""How often newly solved tickets are looked for."""
STOPPED = Failed(
    "index",
    "What is found by meaning could not be brought up to date; words alone are used.",
    "It is tried again in a minute. The log says more.",
)

log = structlog.get_logger(__name__)


class IndexKeeper:
    """Brings the retriever in step at start, when knowledge changes and once a minute."""

    def __init__(
        self, retriever: HybridRetriever, events: EventStream, became_ready: Callable[[], None]
    ) -> None:
        self._retriever = retriever
        self._events = events
        self._became_ready = became_ready
        self._changed = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._told = False

    def start(self) -> None:
        """Begin."""
        self._task = asyncio.create_task(self._run_forever(), name="index")

    def poke(self) -> None:
        """The team's knowledge changed."""
        self._changed.set()

    async def stop(self) -> None:
        """End it; what was made is in the store."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        await self._retriever.aclose()

    async def _run_forever(self) -> None:
        while True:
            await asyncio.sleep(QUIET_SECONDS)
            self._changed.clear()
            try:
                await self._catch_up()
            except ModelError as error:
                self._events.publish(Failed("model", error.message, error.advice))
                return  # a model that is not there does not come by itself: words answer until the next start
            except Exception:
                log.exception("index.failed")
                self._tell_once()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LOOK_SECONDS):
                    await self._changed.wait()

    async def _catch_up(self) -> None:
        was_ready = self._retriever.is_ready
        await self._retriever.catch_up()
        if self._retriever.is_ready and not was_ready:
            self._became_ready()

    def _tell_once(self) -> None:
        if not self._told:
            self._told = True
            self._events.publish(STOPPED)
