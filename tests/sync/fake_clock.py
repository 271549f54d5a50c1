"""A clock that moves when a test says so."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

from tests.sync.make import NOON


class FakeClock:
    """`waits` holds every delay that somebody asked for; `set_wall` moves the wall clock alone, as a person may."""

    def __init__(self) -> None:
        self._wall = NOON
        self._monotonic = 1000.0
        self._timers: list[tuple[float, asyncio.Future[object]]] = []
        self.waits: list[float | None] = []

    def now(self) -> datetime:
        return self._wall

    def monotonic(self) -> float:
        return self._monotonic

    async def wait(self, wake: asyncio.Event, seconds: float | None) -> None:
        self.waits.append(seconds)
        timer: asyncio.Future[object] = asyncio.get_running_loop().create_future()
        if seconds is not None:
            self._timers.append((self._monotonic + seconds, timer))
        waker: asyncio.Future[object] = asyncio.ensure_future(wake.wait())
        try:
            await asyncio.wait({timer, waker}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            waker.cancel()
            timer.cancel()

    def advance(self, seconds: float) -> None:
        """Let time pass, on both clocks."""
        self._wall += timedelta(seconds=seconds)
        self._monotonic += seconds
        due = [timer for at, timer in self._timers if at <= self._monotonic]
        self._timers = [
            (at, timer) for at, timer in self._timers if at > self._monotonic and not timer.done()
        ]
        for timer in due:
            if not timer.done():
                timer.set_result(None)

    def set_wall(self, jump: timedelta) -> None:
        """Set the wall clock back or forth; monotonic time does not notice."""
        self._wall += jump
