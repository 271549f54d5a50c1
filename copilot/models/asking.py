"""Asks one model until its answer has the wanted shape: at most two repairs, each in the ledger, then refused."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Generic, TypeVar

from pydantic import BaseModel

from copilot.domain import TicketId
from copilot.errors import BadOutputError, ModelError
from copilot.models.base import CallId, OnPartial, Task, Usage
from copilot.models.calling import Question, Received, Reply, Turn, call
from copilot.models.ledger import OK, Billed, Ledger
from copilot.models.offers import Offer
from copilot.models.wire import Wire
from copilot.store.model_calls import SentRequest

if TYPE_CHECKING:
    from copilot.models.fence import Prompt

T = TypeVar("T", bound=BaseModel)

REPAIRS = 2
_FRAME_SECONDS = 1 / 60
_MALFORMED = "malformed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One request for one model: the prompt as it was made for it, and what the ledger says of it."""

    offer: Offer
    prompt: Prompt
    max_tokens: int
    task: Task | str
    prompt_name: str
    rule: str
    ticket: TicketId | None = None


@dataclass(frozen=True, slots=True)
class Answered(Generic[T]):
    """The answer, and what all attempts at it took together; `call` is the last of them."""

    value: T
    call: CallId
    usage: Usage
    cost: Decimal
    is_price_known: bool
    repairs: int


async def ask(
    wire: Wire, ledger: Ledger, job: Job, shape: type[T], on_partial: OnPartial | None = None
) -> Answered[T]:
    """The answer in its shape, personal data put back.

    Raises `BadOutputError` when it has none after the repairs, and any `ModelError` of `call`.
    """
    from copilot.models.output import repair_words  # brings all that finds personal data: not at start

    usage, cost, known = Usage(), Decimal(0), True
    turns: tuple[Turn, ...] = ()
    for repairs in range(REPAIRS + 1):
        attempt = await _once(wire, ledger, job, shape, turns, on_partial)
        usage = Usage(
            usage.tokens_in + attempt.billed.usage.tokens_in,
            usage.tokens_out + attempt.billed.usage.tokens_out,
        )
        cost += attempt.billed.price.dollars
        known = known and attempt.billed.price.known
        if isinstance(attempt.value, str):
            turns = (Turn(attempt.answer, repair_words(attempt.value)),)
        else:
            return Answered(attempt.value, attempt.call, usage, cost, known, repairs)
    raise BadOutputError(
        f"{job.offer.id} did not answer in the form that was asked for, {REPAIRS + 1} times.",
        "Another model stands in where the policy has one.",
    )


@dataclass(frozen=True, slots=True)
class _Attempt(Generic[T]):
    """`value` is the answer, or in words why it is none."""

    value: T | str
    answer: str
    call: CallId
    billed: Billed


async def _once(
    wire: Wire,
    ledger: Ledger,
    job: Job,
    shape: type[T],
    turns: Sequence[Turn],
    on_partial: OnPartial | None,
) -> _Attempt[T]:
    question = Question(
        instructions=job.prompt.instructions,
        data=job.prompt.data,
        shape=shape,
        max_tokens=job.max_tokens,
        turns=turns,
    )
    received = Received()
    entry = await ledger.open(job.offer, _request(job, turns))
    try:
        reply = await call(wire, job.offer, question, received, _partials(job, on_partial))
    except asyncio.CancelledError:
        ledger.close_cancelled(entry, received)
        raise
    except ModelError as error:
        await ledger.close_failed(entry, received, error)
        raise
    value = await asyncio.to_thread(_read, reply, shape, job.prompt)
    billed = await ledger.close(entry, reply, _MALFORMED if isinstance(value, str) else OK)
    return _Attempt(value, reply.text, entry.id, billed)


def _read(reply: Reply, shape: type[T], prompt: Prompt) -> T | str:
    from copilot.models.output import ShapeError, read_whole

    try:
        return read_whole(reply.text, shape, prompt.values)
    except ShapeError as problem:
        if reply.cut_off:
            return f"{problem} It was cut off, being too long: answer more briefly."
        return str(problem)


def _request(job: Job, turns: Sequence[Turn]) -> SentRequest:
    texts = [job.prompt.text, *(text for turn in turns for text in (turn.answer, turn.objection))]
    return SentRequest(
        ticket=job.ticket,
        task=str(job.task),
        prompt=job.prompt_name,
        provider=job.offer.provider.id,
        model=job.offer.model.name,
        model_class=job.offer.model_class,
        rule=job.rule,
        sent="\n\n".join(texts),
        hidden=job.prompt.hidden,
    )


def _partials(job: Job, on_partial: OnPartial | None) -> Callable[[str], None]:
    """What tells the screen: at most once a frame, since more is work that nobody sees."""
    from copilot.models.output import read_part

    loop = asyncio.get_running_loop()
    last = 0.0

    def on_text(text: str) -> None:
        nonlocal last
        if on_partial is None or loop.time() - last < _FRAME_SECONDS:
            return
        part = read_part(text, job.prompt.values)
        if part is not None:
            last = loop.time()
            on_partial(part)

    return on_text
