"""Hears from a desk that something has changed, so that nobody waits for the next poll."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable

import structlog

from copilot.desks.base import Desk, LiveDesk
from copilot.errors import AuthError, DeskError, UnsupportedError
from copilot.sync.clock import Clock
from copilot.sync.delays import Patience
from copilot.sync.telling import log_bug

log = structlog.get_logger()

GAP_SECONDS = 1.0
"""Between two polls that the desk's word caused: a busy desk speaks many times a second."""


class Listener:
    """Listens to one desk beside the polling, and comes back when the connection is lost.

    A lost connection is no trouble of the desk's: the polling goes on, and tells when there is one.
    """

    def __init__(self, desk: Desk, heard: Callable[[], None], clock: Clock, patience: Patience) -> None:
        """`heard` is called whenever tickets may have changed."""
        self._desk = desk
        self._heard = heard
        self._clock = clock
        self._patience = patience
        self._never = asyncio.Event()
        self._failures = 0

    async def run_forever(self) -> None:
        """Listen until cancelled; returns at once when the desk cannot be listened to."""
        desk = self._desk
        if not (desk.capabilities.live and isinstance(desk, LiveDesk)):
            return
        while True:
            self._failures += 1
            try:
                await self._listen(desk)
            except UnsupportedError:
                return
            except AuthError:
                self._failures = (
                    30  # the polling asks the rep to sign in; until then a knock now and then is enough
                )
            except DeskError as error:
                log.info("sync.watch_lost", desk=self._desk.id, error=type(error).__name__)
            except Exception as error:  # noqa: BLE001 - a connector's bug must not end the polling, which still works
                log_bug("sync.watch_bug", error, desk=self._desk.id)
            await self._clock.wait(self._never, self._patience.backoff(self._failures))

    async def _listen(self, desk: LiveDesk) -> None:
        news = desk.watch()
        try:
            async for _ in news:
                self._failures = 0
                self._heard()
                await self._clock.wait(self._never, GAP_SECONDS)
        finally:
            if isinstance(news, AsyncGenerator):
                await news.aclose()
