from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot.errors import SettingsError
from copilot.models.base import ModelClass, Task, TicketFacts
from copilot.models.policy import check_policy, default_policy, read_policy

DEFAULT = read_policy(default_policy())
LAST = '[[rule]]\nreason = "rest"\nuse = "cheap"\n'


@pytest.mark.parametrize(
    ("facts", "use", "reason"),
    [
        (TicketFacts(), ModelClass.CHEAP, "routine"),
        (TicketFacts(sentiment=-0.7), ModelClass.FRONTIER, "the customer is angry"),
        (TicketFacts(money=True), ModelClass.FRONTIER, "money is involved"),
        (TicketFacts(urgency=3), ModelClass.FRONTIER, "it is urgent"),
        (TicketFacts(intent="unclear"), ModelClass.FRONTIER, "it is unclear what is wanted"),
        (TicketFacts(tokens=20_000), ModelClass.FRONTIER, "the thread is long"),
        (
            TicketFacts(money=True, regulated=True, sentiment=-0.9),
            ModelClass.FRONTIER,
            "law, health, safety or fraud is involved",
        ),
    ],
)
def test_the_default_gives_the_ticket_the_model_it_deserves(
    facts: TicketFacts, use: ModelClass, reason: str
) -> None:
    rule = DEFAULT.rule_for(facts, Task.DRAFT)
    assert (rule.use, rule.reason) == (use, reason)


def test_a_summary_of_an_angry_ticket_is_routine() -> None:
    assert DEFAULT.rule_for(TicketFacts(sentiment=-0.9, money=True), Task.SUMMARY).use is ModelClass.CHEAP


def test_what_is_regulated_never_falls_back_on_a_cheap_model() -> None:
    rule = DEFAULT.rule_for(TicketFacts(regulated=True), Task.DRAFT)
    assert rule.classes() == (ModelClass.FRONTIER, ModelClass.LOCAL)


def test_without_a_list_the_classes_below_stand_in() -> None:
    rule = read_policy('version = 1\n[[rule]]\nreason = "all"\nuse = "frontier"\n').rules[0]
    assert rule.classes() == (ModelClass.FRONTIER, ModelClass.CHEAP, ModelClass.LOCAL)


def test_nothing_leaves_where_the_rule_says_so() -> None:
    text = 'version = 1\n[[rule]]\nreason = "all"\nuse = "local"\nor = ["cheap", "frontier"]\nleaves = "nothing"\n'
    assert read_policy(text).rules[0].classes() == (ModelClass.LOCAL,)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("version = \n", 1, "Invalid value"),
        ("version = 2\n" + LAST, 1, "version"),
        ("version = 1\n", 1, "rule: it is missing"),
        ("version = 1\nrule = []\n", 2, "one rule at least"),
        ("version = 1\n\n" + LAST.replace("cheap", "chaep"), 5, "'frontier'"),
        (
            'version = 1\n[[rule]]\nreason = "a"\nwhen = { urgncy_at_least = 1 }\nuse = "cheap"\n' + LAST,
            4,
            "urgncy_at_least: not a name",
        ),
        (
            'version = 1\n[[rule]]\nreason = "a"\nwhen = { sentiment_below = -4 }\nuse = "cheap"\n' + LAST,
            4,
            "greater than or equal to -1",
        ),
        ("version = 1\n" + LAST + LAST, 2, "takes every ticket"),
        (
            'version = 1\n[[rule]]\nreason = "a"\nwhen = { money = true }\nuse = "cheap"\n',
            4,
            "last rule must have no conditions",
        ),
        ("version = 1\n" + LAST + 'leaves = "nothing"\n', 5, 'allows "local" and "embedded" only'),
        ("version = 1\n[again]\nconfidence_below = 2\n" + LAST, 3, "less than or equal to 1"),
        ("version = 1\n# use = 1\n[[rule]]\nreason = 'use'\nuse = 'x'\n", 5, "use: Input should be"),
    ],
)
def test_a_mistake_is_named_with_its_line(text: str, line: int, words: str) -> None:
    problems = check_policy(text)
    assert problems[0].line == line
    assert words in problems[0].message
    with pytest.raises(SettingsError, match=f"^Line {line} of the policy"):
        read_policy(text)


def test_all_mistakes_are_named_at_once() -> None:
    text = (
        default_policy().replace('"frontier"\nor', '"fronteer"\nor').replace("money = true,", "money = 3.5,")
    )
    assert len(check_policy(text)) > 3


@given(st.text(alphabet='[]{}="\n ruleswhnoifvatg1#.', max_size=80))
def test_whatever_is_typed_is_answered_with_lines(text: str) -> None:
    for problem in check_policy(text):
        assert 1 <= problem.line <= text.count("\n") + 1
