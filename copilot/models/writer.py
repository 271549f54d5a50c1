"""`Writing` over real models: route, hide, ask, and turn to the next model when one fails."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Generic, TypeVar

import structlog
from pydantic import BaseModel

from copilot.config.model_settings import PrivacySettings, ProviderSettings, SpendingSettings
from copilot.errors import ModelError, NoModelError, TooLongError
from copilot.models.asking import Answered, Job, ask
from copilot.models.base import Asked, ModelClass, OnPartial, Task, TicketFacts, Tried, Usage, Written
from copilot.models.budget import read_budget
from copilot.models.health import Health
from copilot.models.ledger import Ledger, outcome_of
from copilot.models.offers import Offer, offers_of
from copilot.models.policy import Policy
from copilot.models.routing import Route, Router
from copilot.models.tokens import count_tokens
from copilot.models.wire import Wires
from copilot.store.model_calls import ModelCallTable

if TYPE_CHECKING:
    from copilot.models.fence import Prompt

T = TypeVar("T", bound=BaseModel)
KeyOf = Callable[[str], Awaitable[str | None]]
"""The key of a provider, by its id."""

NO_MODEL_ADVICE = "The built-in engine does the work."

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Setup:
    """What a request is decided by, as the settings stand at its beginning."""

    providers: tuple[ProviderSettings, ...]
    policy: Policy
    spending: SpendingSettings
    privacy: PrivacySettings


@dataclass(frozen=True, slots=True)
class _Wanted(Generic[T]):
    """What a caller of `write` asks for."""

    asked: Asked
    facts: TicketFacts
    shape: type[T]


@dataclass(frozen=True, slots=True)
class Preview:
    """What would be sent: to which model, by which rule, and the exact text but for the numbers on its fences."""

    model: str
    model_class: ModelClass
    leaves_building: bool
    rule: str
    text: str
    hidden: Mapping[str, int]


class ModelWriter:
    """The language models of a workspace, behind `copilot.models.base.Writing`.

    `setup` is asked at each request, so that changed settings hold from the next one on; `now` tells the local time, by
    which days and months of budgets begin.
    """

    def __init__(
        self,
        table: ModelCallTable,
        *,
        setup: Callable[[], Awaitable[Setup]],
        key_of: KeyOf,
        now: Callable[[], datetime],
    ) -> None:
        self._table = table
        self._setup = setup
        self._key_of = key_of
        self._now = now
        self._wires = Wires()
        self.ledger = Ledger(table)
        self.health = Health()

    async def write(
        self,
        asked: Asked,
        facts: TicketFacts,
        shape: type[T],
        *,
        on_partial: OnPartial | None = None,
        after: Tried | None = None,
    ) -> Written[T]:
        """See `Writing.write`."""
        setup, begun = await self._setup(), time.perf_counter()
        wanted = _Wanted(asked, facts, shape)
        route = await self._route(setup, wanted, after)
        notes = list(route.notes)
        failure: ModelError | None = None
        for offer in route.offers:
            try:
                job = await asyncio.to_thread(_make_job, setup, route, offer, wanted)
                answered = await self._ask(setup, job, shape, on_partial)
            except ModelError as error:
                log.info("model.failed", model=offer.id, outcome=outcome_of(error))
                self.health.failed(offer.id, error)
                notes.append(f"{offer.id} was asked first: {error.message}")
                failure = error
            else:
                self.health.succeeded(offer.id)
                return _written(job, answered, notes, time.perf_counter() - begun)
        raise failure or _no_model(route)

    async def context_tokens(self, task: Task, facts: TicketFacts) -> int:
        """See `Writing.context_tokens`."""
        try:
            setup = await self._setup()
        except NoModelError:
            return 0
        budget = await read_budget(setup.spending, self._table, facts.ticket, self._now())
        route = await asyncio.to_thread(self._router(setup).route, facts, task, budget=budget)
        return route.offers[0].context_tokens if route.offers else 0

    async def preview(self, asked: Asked, facts: TicketFacts, shape: type[BaseModel]) -> Preview:
        """What `write` would send first, without sending it. Raises `NoModelError`."""
        setup, wanted = await self._setup(), _Wanted(asked, facts, shape)
        route = await self._route(setup, wanted, None)
        if not route.offers:
            raise _no_model(route)
        offer = route.offers[0]
        job = await asyncio.to_thread(_make_job, setup, route, offer, wanted)
        return Preview(
            offer.id, offer.model_class, not offer.is_inside, route.rule, job.prompt.text, job.prompt.hidden
        )

    async def aclose(self) -> None:
        """Finish what must be written down, and close all connections."""
        await self.ledger.settle()
        await self._wires.aclose()

    async def _route(self, setup: Setup, wanted: _Wanted[T], after: Tried | None) -> Route:
        asked, facts = wanted.asked, wanted.facts
        budget = await read_budget(setup.spending, self._table, facts.ticket, self._now())

        def decide() -> Route:
            usage = Usage(_tokens_of(asked), asked.max_tokens)
            return self._router(setup).route(facts, asked.task, budget=budget, after=after, usage=usage)

        return await asyncio.to_thread(decide)

    def _router(self, setup: Setup) -> Router:
        offers = offers_of(setup.providers)
        return Router(setup.policy, offers, self.health, air_gapped=setup.privacy.air_gapped)

    async def _ask(self, setup: Setup, job: Job, shape: type[T], on_partial: OnPartial | None) -> Answered[T]:
        offer = job.offer
        if count_tokens(job.prompt.text) + job.max_tokens > offer.context_tokens:
            raise TooLongError(
                f"The ticket is too long for {offer.model.name}.", "Use a model that reads longer texts."
            )
        key = await self._key_of(offer.provider.id)
        wire = await self._wires.to(offer, key, air_gapped=setup.privacy.air_gapped)
        return await ask(wire, self.ledger, job, shape, on_partial)


def _make_job(setup: Setup, route: Route, offer: Offer, wanted: _Wanted[T]) -> Job:
    asked = wanted.asked
    return Job(
        offer=offer,
        prompt=_make_prompt(setup, route, offer, wanted),
        max_tokens=asked.max_tokens,
        task=asked.task,
        prompt_name=f"{asked.prompt}@{asked.version}",
        rule=route.rule,
        ticket=wanted.facts.ticket,
    )


def _make_prompt(setup: Setup, route: Route, offer: Offer, wanted: _Wanted[T]) -> Prompt:
    # Imported here, on a thread: they bring all that finds personal data, which start-up does not need.
    from copilot.models.fence import fenced, fenced_without_personal_data
    from copilot.models.output import in_words

    # A provider that enforces a schema shows it to the model too, a local one mostly does not.
    form = "" if offer.model.output == "schema" and not offer.is_inside else in_words(wanted.shape)
    if route.hides(offer):
        return fenced_without_personal_data(wanted.asked, wanted.facts.personal, setup.privacy, form=form)
    return fenced(wanted.asked, form=form)


def _tokens_of(asked: Asked) -> int:
    return count_tokens(asked.instructions) + sum(count_tokens(piece.text) for piece in asked.data)


def _written(job: Job, answered: Answered[T], notes: list[str], seconds: float) -> Written[T]:
    if not answered.is_price_known:
        notes.append(f"the price of {job.offer.id} is unknown; enter it in the settings to have it counted")
    return Written(
        value=answered.value,
        call=answered.call,
        model=job.offer.id,
        model_class=job.offer.model_class,
        rule=job.rule,
        usage=answered.usage,
        cost=answered.cost,
        seconds=seconds,
        hidden=job.prompt.hidden,
        notes=tuple(notes),
    )


def _no_model(route: Route) -> NoModelError:
    reasons = "; ".join(route.notes) or "the policy leaves this ticket to the built-in engine"
    return NoModelError(f"No language model is used: {reasons}.", NO_MODEL_ADVICE)
