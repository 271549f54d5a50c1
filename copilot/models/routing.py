"""From a ticket's facts to the models that may be asked, in order, with the rule that says so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from copilot.models.base import ModelClass, Task, TicketFacts, Tried, Usage
from copilot.models.budget import NO_BUDGET, Budget
from copilot.models.health import Health
from copilot.models.offers import Offer
from copilot.models.policy import Policy
from copilot.models.prices import price

PROMPT_TOKENS = 1_500
"""What instructions and sources add to a thread, about; counted before a prompt is there."""
ANSWER_TOKENS = 500


@dataclass(frozen=True, slots=True)
class Route:
    """The models to ask, in this order, and why. `notes` say what was passed over and why, in words for the rep."""

    rule: str
    offers: tuple[Offer, ...]
    notes: tuple[str, ...] = ()
    redact_local: bool = False

    def hides(self, offer: Offer) -> bool:
        """Whether personal data is taken out of what this model gets: always when it leaves the building."""
        return self.redact_local or not offer.is_inside


class Router:
    """Decides by policy, privacy, health and budget, in this order."""

    def __init__(self, policy: Policy, offers: Sequence[Offer], health: Health, *, air_gapped: bool) -> None:
        self._policy = policy
        self._offers = offers
        self._health = health
        self._air_gapped = air_gapped

    def route(
        self,
        facts: TicketFacts,
        task: Task,
        *,
        budget: Budget = NO_BUDGET,
        after: Tried | None = None,
        usage: Usage | None = None,
    ) -> Route:
        """The models for a task on a ticket. Blocks like `price`: call it off the event loop.

        `usage` is what the request will take, for the budget; guessed from the length of the thread when not known yet.
        """
        expected = usage or Usage(facts.tokens + PROMPT_TOKENS, ANSWER_TOKENS)
        reason, classes = self._classes(facts, task, after)
        notes: list[str] = []
        offers = [offer for wanted in classes for offer in self._of_class(wanted, facts, notes)]
        affordable = list(self._affordable(offers, expected, budget, notes))
        if not offers and not notes:
            notes.append(self._nothing(classes))
        return Route(reason, tuple(affordable), tuple(dict.fromkeys(notes)), self._policy.local.redact)

    def _classes(
        self, facts: TicketFacts, task: Task, after: Tried | None
    ) -> tuple[str, Sequence[ModelClass]]:
        rule = self._policy.rule_for(facts, task)
        inside_only = facts.never_leaves or rule.leaves == "nothing"
        reason, wanted = rule.reason, rule.classes()
        if after is not None:
            reason, wanted = self._classes_above(after, reason)
        if facts.never_leaves:
            reason = f"this ticket never leaves the building; {reason}"
            wanted = (
                (*wanted, ModelClass.LOCAL)
                if after is None and rule.use is not ModelClass.EMBEDDED
                else wanted
            )
        kept = [one for one in dict.fromkeys(wanted) if one.is_inside or not inside_only]
        return reason, kept

    def _classes_above(self, after: Tried, reason: str) -> tuple[str, tuple[ModelClass, ...]]:
        again, order = self._policy.again, list(ModelClass)
        if after.confidence >= again.confidence_below:
            return f"{reason}; the attempt was good enough", ()
        above = order[order.index(after.model_class) + 1 : order.index(again.up_to) + 1]
        words = f"{reason}; the attempt of the class {after.model_class} was supported by {after.confidence:.0%} only"
        return words, tuple(above)

    def _of_class(self, wanted: ModelClass, facts: TicketFacts, notes: list[str]) -> Iterator[Offer]:
        for offer in self._offers:
            if offer.model_class is not wanted:
                continue
            if (facts.never_leaves or wanted is ModelClass.LOCAL) and not offer.is_inside:
                notes.append(f"{offer.id} counts as local, but its address is not in the building")
            elif self._air_gapped and not offer.has_inside_address:
                notes.append(f"{offer.id} is outside the building, and this workspace is air-gapped")
            elif seconds := self._health.resting_seconds(offer.id):
                notes.append(f"{offer.id} rests for {_in_words(seconds)}: {self._health.reason(offer.id)}")
            else:
                yield offer

    def _affordable(
        self, offers: Sequence[Offer], usage: Usage, budget: Budget, notes: list[str]
    ) -> Iterator[Offer]:
        for offer in offers:
            limit = budget.refusal(price(offer, usage).dollars) if budget.limits else None
            if limit is None:
                yield offer
            else:
                notes.append(f"{offer.id} was not used: {limit.words}")

    def _nothing(self, classes: Sequence[ModelClass]) -> str:
        if not self._offers:
            return "no language model is connected"
        if not classes:
            return "the policy leaves this ticket to the built-in engine"
        return f"no model of the class {' or '.join(classes)} is connected"


def _in_words(seconds: float) -> str:
    return f"{round(seconds)} s" if seconds < 90 else f"{round(seconds / 60)} min"
