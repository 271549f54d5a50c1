from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

import pytest

from copilot.config.model_settings import OfferedModel, ProviderSettings
from copilot.errors import BadOutputError, ModelBusyError, ModelKeyError, ModelUnreachableError, SettingsError
from copilot.models.base import ModelClass, Task, TicketFacts, Tried, Usage
from copilot.models.budget import Budget, Limit
from copilot.models.health import FIRST_REST_SECONDS, LONGEST_REST_SECONDS, MOST_BELIEVED_SECONDS, Health
from copilot.models.offers import Offer, offers_of, refuse_false_local
from copilot.models.policy import default_policy, read_policy
from copilot.models.presets import presets
from copilot.models.prices import price
from copilot.models.routing import Router
from copilot.models.simulation import simulate

POLICY = read_policy(default_policy())


def made(
    name: str,
    model_class: Literal["local", "cheap", "frontier"],
    url: str = "https://models.example/v1",
    *,
    dollars: str = "1",
    in_building: bool = False,
) -> ProviderSettings:
    model = OfferedModel(
        name="m", model_class=model_class, price_in=Decimal(dollars), price_out=Decimal(dollars)
    )
    return ProviderSettings(id=name, name=name, url=url, models=(model,), in_building=in_building)


LOCAL = made("local", "local", "http://127.0.0.1:8080/v1", dollars="0")
CHEAP = made("cheap", "cheap", dollars="1")
FRONTIER = made("frontier", "frontier", dollars="20")
ALL = (FRONTIER, LOCAL, CHEAP)


@dataclass
class Clock:
    now: float = 100.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Desk:
    providers: tuple[ProviderSettings, ...] = ALL
    air_gapped: bool = False
    clock: Clock = field(default_factory=Clock)

    def __post_init__(self) -> None:
        self.health = Health(self.clock)

    @property
    def router(self) -> Router:
        return Router(POLICY, offers_of(self.providers), self.health, air_gapped=self.air_gapped)

    def names(self, facts: TicketFacts, task: Task = Task.DRAFT, after: Tried | None = None) -> list[str]:
        return [offer.provider.id for offer in self.router.route(facts, task, after=after).offers]


def test_routine_goes_to_the_cheap_one_and_has_stand_ins() -> None:
    assert Desk().names(TicketFacts()) == ["cheap", "local", "frontier"]


def test_the_order_within_a_class_is_that_of_the_settings() -> None:
    second = CHEAP.model_copy(update={"id": "second"})
    assert Desk((second, CHEAP)).names(TicketFacts()) == ["second", "cheap"]


@pytest.mark.parametrize("task", list(Task))
@pytest.mark.parametrize(
    "facts",
    [
        TicketFacts(never_leaves=True),
        TicketFacts(never_leaves=True, money=True, sentiment=-1, urgency=3),
        TicketFacts(never_leaves=True, regulated=True, tokens=100_000),
    ],
)
def test_what_never_leaves_stays_in_the_building(facts: TicketFacts, task: Task) -> None:
    assert Desk().names(facts, task) == ["local"]
    assert Desk((FRONTIER, CHEAP)).names(facts, task) == []
    route = Desk((FRONTIER, CHEAP)).router.route(facts, task)
    assert route.rule.startswith("this ticket never leaves the building")
    after = Tried(ModelClass.LOCAL, 0.1)
    assert Desk().names(facts, task, after) == []


def test_a_local_class_at_a_public_address_is_not_believed() -> None:
    claimed = made("claimed", "local", "https://models.example/v1")
    desk = Desk((claimed,))
    assert desk.names(TicketFacts(never_leaves=True)) == []
    assert desk.names(TicketFacts()) == []
    with pytest.raises(SettingsError, match="not an address in the building"):
        refuse_false_local(claimed)
    vouched = claimed.model_copy(update={"in_building": True})
    refuse_false_local(vouched)
    assert Desk((vouched,)).names(TicketFacts(never_leaves=True)) == ["claimed"]


def test_an_air_gap_is_not_crossed_even_for_a_vouched_address() -> None:
    vouched = made("vouched", "local", "https://models.example/v1", in_building=True)
    desk = Desk((CHEAP, vouched, LOCAL), air_gapped=True)
    assert desk.names(TicketFacts()) == ["local"]


@pytest.mark.parametrize(
    ("tried", "expected"),
    [
        (Tried(ModelClass.CHEAP, 0.3), ["frontier"]),
        (Tried(ModelClass.LOCAL, 0.3), ["cheap", "frontier"]),
        (Tried(ModelClass.EMBEDDED, 0.3), ["local", "cheap", "frontier"]),
        (Tried(ModelClass.FRONTIER, 0.3), []),
        (Tried(ModelClass.CHEAP, 0.9), []),
    ],
)
def test_a_weak_attempt_is_repeated_above(tried: Tried, expected: list[str]) -> None:
    assert Desk().names(TicketFacts(), after=tried) == expected


def test_a_resting_model_is_passed_over_and_comes_back() -> None:
    desk = Desk()
    desk.health.failed("cheap/m", ModelBusyError("Busy.", retry_after_seconds=40))
    route = desk.router.route(TicketFacts(), Task.DRAFT)
    assert [offer.provider.id for offer in route.offers] == ["local", "frontier"]
    assert "cheap/m rests for 40 s: Busy." in route.notes
    desk.clock.now += 40
    assert desk.names(TicketFacts())[0] == "cheap"


def test_rests_grow_and_are_forgotten_after_a_success() -> None:
    clock = Clock()
    health = Health(clock)
    rests = []
    for _ in range(8):
        health.failed("a/m", ModelUnreachableError("Gone."))
        rests.append(health.resting_seconds("a/m"))
    assert rests[:3] == [FIRST_REST_SECONDS, FIRST_REST_SECONDS * 2, FIRST_REST_SECONDS * 4]
    assert rests[-1] == LONGEST_REST_SECONDS
    health.succeeded("a/m")
    assert health.resting_seconds("a/m") == 0
    assert health.reason("a/m") == ""


@pytest.mark.parametrize(
    ("error", "seconds"),
    [
        (BadOutputError("Nonsense."), 0),
        (ModelKeyError("No."), LONGEST_REST_SECONDS),
        (ModelBusyError("Later.", retry_after_seconds=10**9), MOST_BELIEVED_SECONDS),
    ],
)
def test_how_long_a_failure_rests(error: BadOutputError, seconds: float) -> None:
    health = Health(Clock())
    health.failed("a/m", error)
    assert health.resting_seconds("a/m") == seconds


def test_a_budget_degrades_to_what_it_still_allows_and_says_so() -> None:
    angry = TicketFacts(sentiment=-0.9)
    usage = Usage(1_000_000, 0)
    budget = Budget((Limit("today", Decimal(10), Decimal("8.5")),))
    route = Desk().router.route(angry, Task.DRAFT, budget=budget, usage=usage)
    assert [offer.provider.id for offer in route.offers] == ["cheap", "local"]
    assert route.notes == (
        "frontier/m was not used: the budget of $10.00 for today is reached ($8.5000 spent)",
    )
    spent = Budget((Limit("today", Decimal(10), Decimal(10)),))
    route = Desk().router.route(angry, Task.DRAFT, budget=spent, usage=usage)
    assert [offer.provider.id for offer in route.offers] == ["local"]


@pytest.mark.parametrize(
    ("providers", "words"),
    [((), "no language model is connected"), ((LOCAL,), "no model of the class frontier is connected")],
)
def test_nothing_to_ask_says_why(providers: tuple[ProviderSettings, ...], words: str) -> None:
    text = 'version = 1\n[[rule]]\nreason = "all"\nuse = "frontier"\nor = []\n'
    router = Router(read_policy(text), offers_of(providers), Health(), air_gapped=False)
    assert router.route(TicketFacts(), Task.DRAFT).notes == (words,)


def test_personal_data_is_hidden_from_whatever_leaves() -> None:
    route = Desk().router.route(TicketFacts(), Task.DRAFT)
    hidden = {offer.provider.id: route.hides(offer) for offer in route.offers}
    assert hidden == {"cheap": True, "local": False, "frontier": True}


def test_a_simulation_counts_models_rules_and_money() -> None:
    tickets = [TicketFacts(tokens=500)] * 3 + [
        TicketFacts(money=True, tokens=500),
        TicketFacts(never_leaves=True),
    ]
    table = simulate(POLICY, offers_of((CHEAP, FRONTIER)), tickets, tasks=(Task.DRAFT,))
    found = {(row.rule, row.model): (row.requests, row.leaving, row.cost) for row in table.rows}
    assert found == {
        ("money is involved", "frontier/m"): (1, 1, Decimal("0.05")),
        ("routine", "cheap/m"): (3, 3, Decimal("0.0075")),
        ("this ticket never leaves the building; routine", "embedded"): (1, 0, Decimal(0)),
    }
    assert table.cost == Decimal("0.0575")
    assert table.cost_per_ticket == Decimal("0.0115")


def test_every_hosted_preset_has_a_price_and_every_local_one_is_free() -> None:
    for preset in presets():
        for offer in offers_of([preset.settings()]):
            found = price(offer, Usage(10_000, 1_000))
            assert found.known, offer.id
            assert (found.dollars == 0) is preset.local, offer.id
            assert offer.is_inside is preset.local, offer.id


def test_an_own_price_stands_before_the_list_and_is_exact() -> None:
    offer = Offer(
        CHEAP, OfferedModel(name="m", model_class="cheap", price_in=Decimal("0.1"), price_out=Decimal("0.3"))
    )
    assert price(offer, Usage(3, 1)).dollars == Decimal("0.0000006")


def test_an_unknown_price_is_said_to_be_unknown() -> None:
    model = OfferedModel(name="nobody-knows-it", model_class="cheap")
    assert not price(Offer(CHEAP, model), Usage(3, 1)).known
