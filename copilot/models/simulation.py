"""What a policy would do with past tickets, and cost: before it is switched on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from copilot.models.base import ModelClass, Task, TicketFacts, Usage
from copilot.models.health import Health
from copilot.models.offers import Offer
from copilot.models.policy import Policy
from copilot.models.prices import price
from copilot.models.routing import ANSWER_TOKENS, PROMPT_TOKENS, Router

EMBEDDED = "embedded"
TASKS = (Task.SUMMARY, Task.DRAFT)
"""What is written for every ticket; the rest is asked for."""


@dataclass(frozen=True, slots=True)
class SimulatedRow:
    """Requests that one rule gave to one model. `leaving` of them leave the building; `cost` is in US dollars."""

    rule: str
    task: Task
    model_class: ModelClass
    model: str
    requests: int
    leaving: int
    cost: Decimal
    is_price_known: bool


@dataclass(frozen=True, slots=True)
class Simulation:
    """The table, by rule in the policy's order, and its sums."""

    tickets: int
    rows: tuple[SimulatedRow, ...]

    @property
    def cost(self) -> Decimal:
        """US dollars for all tickets."""
        return sum((row.cost for row in self.rows), Decimal(0))

    @property
    def cost_per_ticket(self) -> Decimal:
        """US dollars for one ticket, on average."""
        return self.cost / self.tickets if self.tickets else Decimal(0)


def simulate(
    policy: Policy,
    offers: Sequence[Offer],
    tickets: Sequence[TicketFacts],
    *,
    air_gapped: bool = False,
    tasks: Sequence[Task] = TASKS,
) -> Simulation:
    """Route every ticket for every task, with all models well and no budget. Blocks: call it off the event loop.

    Tokens are the thread's with what a prompt adds and an answer takes, so costs are estimates.
    """
    router = Router(policy, offers, Health(), air_gapped=air_gapped)
    found: dict[tuple[str, Task, str], SimulatedRow] = {}
    for task in tasks:
        for facts in tickets:
            _count(found, router, facts, task)
    order = {rule.reason: place for place, rule in enumerate(policy.rules)}
    rows = sorted(found.values(), key=lambda row: (order.get(row.rule, len(order)), row.task, row.model))
    return Simulation(len(tickets), tuple(rows))


def _count(
    found: dict[tuple[str, Task, str], SimulatedRow], router: Router, facts: TicketFacts, task: Task
) -> None:
    route = router.route(facts, task)
    offer = route.offers[0] if route.offers else None
    name = EMBEDDED if offer is None else offer.id
    before = found.get((route.rule, task, name))
    usage = Usage(facts.tokens + PROMPT_TOKENS, ANSWER_TOKENS)
    costs = None if offer is None else price(offer, usage)
    found[route.rule, task, name] = SimulatedRow(
        rule=route.rule,
        task=task,
        model_class=ModelClass.EMBEDDED if offer is None else offer.model_class,
        model=name,
        requests=1 + (before.requests if before else 0),
        leaving=int(offer is not None and not offer.is_inside) + (before.leaving if before else 0),
        cost=(costs.dollars if costs else Decimal(0)) + (before.cost if before else Decimal(0)),
        is_price_known=(costs is None or costs.known) and (before is None or before.is_price_known),
    )
