"""The policy: ordered rules that say which class of model may read a ticket, and what may leave the building.

It is one TOML file that a person reads and edits; the default is `resources/models/policy.toml`, which explains itself.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import Field, ValidationError

from copilot.config.paths import resources_folder
from copilot.config.section import Section
from copilot.errors import SettingsError
from copilot.models.base import ModelClass, Task, TicketFacts

_DEFAULT = "policy.toml"

_RULE_HEADER = re.compile(r"^[ \t]*\[\[[ \t]*rule[ \t]*\]\]", re.MULTILINE)
_PLAINER = {
    "Extra inputs are not permitted": "not a name that a policy knows",
    "Field required": "it is missing",
}
_SYNTAX_PLACE = re.compile(r"\(at line (\d+), column \d+\)")


class Conditions(Section):
    """What must hold for a rule, all of it. None and empty are no condition."""

    tasks: tuple[Task, ...] = ()
    intents: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    tiers: tuple[str, ...] = ()
    desks: tuple[str, ...] = ()
    sentiment_below: float | None = Field(default=None, ge=-1, le=1)
    urgency_at_least: int | None = Field(default=None, ge=0, le=3)
    tokens_over: int | None = Field(default=None, ge=0)
    regulated: bool | None = None
    money: bool | None = None

    def hold(self, facts: TicketFacts, task: Task) -> bool:
        """Whether a ticket fulfils them for this task."""
        lists = (
            (self.tasks, task),
            (self.intents, facts.intent),
            (self.languages, facts.language),
            (self.tiers, facts.tier),
            (self.desks, facts.desk),
        )
        return (
            all(value in wanted for wanted, value in lists if wanted)
            and (self.sentiment_below is None or facts.sentiment < self.sentiment_below)
            and (self.urgency_at_least is None or facts.urgency >= self.urgency_at_least)
            and (self.tokens_over is None or facts.tokens > self.tokens_over)
            and self.regulated in {None, facts.regulated}
            and self.money in {None, facts.money}
        )

    @property
    def is_empty(self) -> bool:
        """Whether every ticket fulfils them."""
        return self == Conditions()


class Rule(Section):
    """A rule: `reason` is shown with every suggestion made by it."""

    reason: str = Field(min_length=1)
    when: Conditions = Conditions()
    use: ModelClass
    otherwise: tuple[ModelClass, ...] | None = Field(default=None, alias="or")
    leaves: Literal["redacted", "nothing"] = "redacted"

    def classes(self) -> tuple[ModelClass, ...]:
        """The classes that may be used, in their order, the embedded engine left out."""
        order = list(ModelClass)
        below = tuple(reversed(order[: order.index(self.use)]))
        wanted = (self.use, *(below if self.otherwise is None else self.otherwise))
        return tuple(
            one
            for one in dict.fromkeys(wanted)
            if one is not ModelClass.EMBEDDED and (one.is_inside or self.leaves != "nothing")
        )


class LocalText(Section):
    """What models in the building may read."""

    redact: bool = False


class Again(Section):
    """When an attempt is repeated with the next class up."""

    confidence_below: float = Field(default=0.55, ge=0, le=1)
    up_to: ModelClass = ModelClass.FRONTIER


class Policy(Section):
    """A whole policy file. Make one with `read_policy`."""

    version: Literal[1] = 1
    local: LocalText = LocalText()
    again: Again = Again()
    rules: tuple[Rule, ...] = Field(alias="rule")

    def rule_for(self, facts: TicketFacts, task: Task) -> Rule:
        """The first rule whose conditions hold; the last one has none."""
        return next(rule for rule in self.rules if rule.when.hold(facts, task))


@dataclass(frozen=True, slots=True)
class PolicyProblem:
    """What is wrong with a policy, and on which line, counted from 1."""

    line: int
    message: str


def default_policy() -> str:
    """The text of the policy a team starts from."""
    return (resources_folder() / "models" / _DEFAULT).read_text(encoding="utf-8")


def check_policy(text: str) -> tuple[PolicyProblem, ...]:
    """All that is wrong with a policy, top to bottom; empty for a good one."""
    return _parse(text)[1]


def read_policy(text: str) -> Policy:
    """The policy that a text says. Raises `SettingsError` with line and reason of the first problem."""
    policy, problems = _parse(text)
    if policy is None:
        first = problems[0]
        raise SettingsError(
            f"Line {first.line} of the policy: {first.message}", "Correct it, or restore the default."
        )
    return policy


def _parse(text: str) -> tuple[Policy | None, tuple[PolicyProblem, ...]]:
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return None, (_syntax_problem(text, error),)
    try:
        policy = Policy.model_validate(raw)
    except ValidationError as error:
        found = [
            PolicyProblem(_line_of(text, problem["loc"]), _words(problem["loc"], problem["msg"]))
            for problem in error.errors()
        ]
        return None, tuple(sorted(found, key=lambda problem: problem.line))
    problems = tuple(_contradictions(text, policy))
    return (None if problems else policy), problems


def _contradictions(text: str, policy: Policy) -> list[PolicyProblem]:
    found = []
    if not policy.rules:
        return [PolicyProblem(_line_of(text, ("rule",)), "there must be one rule at least.")]
    last = len(policy.rules) - 1
    for place, rule in enumerate(policy.rules):
        if rule.when.is_empty and place < last:
            message = "a rule without conditions takes every ticket, so the rules after it never do anything."
            found.append(PolicyProblem(_line_of(text, ("rule", place)), message))
        if rule.leaves == "nothing" and not rule.use.is_inside:
            message = f'leaves = "nothing" allows "local" and "embedded" only, not "{rule.use}".'
            found.append(PolicyProblem(_line_of(text, ("rule", place, "leaves")), message))
    if not policy.rules[last].when.is_empty:
        message = "the last rule must have no conditions, or some tickets have no rule."
        found.append(PolicyProblem(_line_of(text, ("rule", last, "when")), message))
    return found


def _syntax_problem(text: str, error: tomllib.TOMLDecodeError) -> PolicyProblem:
    place = _SYNTAX_PLACE.search(str(error))
    line = int(place[1]) if place else text.count("\n") + 1
    return PolicyProblem(line, _SYNTAX_PLACE.sub("", str(error)).strip().rstrip(".") + ".")


def _words(where: tuple[Any, ...], message: str) -> str:
    name = next((step for step in reversed(where) if isinstance(step, str)), "the file")
    return f"{name}: {_PLAINER.get(message, message)}."


def _line_of(text: str, where: tuple[Any, ...]) -> int:
    """The line of a key, or of the section it should stand in; TOML readers do not tell."""
    start, end = 0, len(text)
    steps = list(where)
    if len(steps) > 1 and steps[0] == "rule":
        headers = [match.start() for match in _RULE_HEADER.finditer(text)]
        if steps[1] < len(headers):
            start = headers[steps[1]]
            end = headers[steps[1] + 1] if steps[1] + 1 < len(headers) else end
        steps = steps[2:]
    for key in reversed([step for step in steps if isinstance(step, str)]):
        found = re.compile(rf"^[^#\n]*?(?<![\w-]){re.escape(key)}[ \t]*[=.\]]", re.MULTILINE).search(
            text, start, end
        )
        if found:
            return text.count("\n", 0, found.end()) + 1
    return text.count("\n", 0, start) + 1
