"""Writes each request down before it leaves and its answer when it ends, however it ends."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from copilot.errors import (
    BadOutputError,
    ModelBusyError,
    ModelError,
    ModelKeyError,
    ModelQuotaError,
    ModelRefusedError,
    ModelUnreachableError,
    TooLongError,
)
from copilot.models.base import CallId, Usage
from copilot.models.calling import Received, Reply
from copilot.models.offers import Offer
from copilot.models.prices import Price, price
from copilot.models.tokens import count_tokens
from copilot.store.model_calls import ModelCallTable, ReceivedAnswer, SentRequest

OK = "ok"
CANCELLED = "cancelled"
_OUTCOMES: tuple[tuple[type[ModelError], str], ...] = (
    (TooLongError, "too_long"),
    (BadOutputError, "bad_output"),
    (ModelBusyError, "busy"),
    (ModelKeyError, "key_refused"),
    (ModelQuotaError, "no_credit"),
    (ModelUnreachableError, "unreachable"),
    (ModelRefusedError, "refused"),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A request that is under way."""

    id: CallId
    offer: Offer
    sent: str
    begun: float


@dataclass(frozen=True, slots=True)
class Billed:
    """What a request took."""

    usage: Usage
    price: Price


class Ledger:
    """The books of one workspace's models."""

    def __init__(self, table: ModelCallTable, clock: Callable[[], float] = time.perf_counter) -> None:
        self._table = table
        self._clock = clock
        self._closing: set[asyncio.Task[None]] = set()

    async def open(self, offer: Offer, request: SentRequest) -> Entry:
        """Write down what leaves now."""
        call = await self._table.send(request)
        return Entry(CallId(call), offer, request.sent, self._clock())

    async def close(self, entry: Entry, reply: Reply, outcome: str = OK) -> Billed:
        """Write down how it ended. Tokens that the provider did not count are guessed from the texts."""
        usage = Usage(
            reply.tokens_in or count_tokens(entry.sent), reply.tokens_out or count_tokens(reply.text)
        )
        cost = await asyncio.to_thread(price, entry.offer, usage)
        answer = ReceivedAnswer(
            received=reply.text,
            tokens_in=usage.tokens_in,
            tokens_out=usage.tokens_out,
            cost=cost.dollars,
            seconds=self._clock() - entry.begun,
            outcome=outcome,
        )
        await self._table.receive(entry.id, answer)
        return Billed(usage, cost)

    async def close_failed(self, entry: Entry, received: Received, error: ModelError) -> None:
        """Write down a failure; it costs what had come when it happened, nothing if nothing had."""
        await self._close_short(entry, received, outcome_of(error))

    def close_cancelled(self, entry: Entry, received: Received) -> None:
        """Write down that nobody waited any more. Returns at once: the rep's key must not wait for the disk."""
        task = asyncio.create_task(self._close_short(entry, received, CANCELLED), name="ledger")
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)

    async def settle(self) -> None:
        """Wait until all is written."""
        await asyncio.gather(*self._closing)

    async def _close_short(self, entry: Entry, received: Received, outcome: str) -> None:
        if received.text or outcome == CANCELLED:
            await self.close(entry, Reply(received.text), outcome)
            return
        seconds = self._clock() - entry.begun
        nothing = ReceivedAnswer(
            received="", tokens_in=0, tokens_out=0, cost=Decimal(0), seconds=seconds, outcome=outcome
        )
        await self._table.receive(entry.id, nothing)


def outcome_of(error: ModelError) -> str:
    """A failure's name in the ledger."""
    return next((name for kind, name in _OUTCOMES if isinstance(error, kind)), "failed")
