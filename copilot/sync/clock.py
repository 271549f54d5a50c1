"""Time, passed in: the wall clock for what people read, the monotonic one for every delay."""

from __future__ import annotations

import asyncio
import contextlib
import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """What sync knows of time. Delays are monotonic, so that a clock set back or forth does no harm."""

    def now(self) -> datetime:
        """The laptop's wall clock, in UTC."""

    def monotonic(self) -> float:
        """Seconds that never run backwards."""

    async def wait(self, wake: asyncio.Event, seconds: float | None) -> None:
        """Return when `wake` is set or `seconds` are over, whichever comes first; None waits for `wake` alone."""


class SystemClock:
    """The computer's clocks."""

    def now(self) -> datetime:
        """The laptop's wall clock, in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds that never run backwards."""
        return time.monotonic()

    async def wait(self, wake: asyncio.Event, seconds: float | None) -> None:
        """Return when `wake` is set or `seconds` are over, whichever comes first; None waits for `wake` alone."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await wake.wait()
