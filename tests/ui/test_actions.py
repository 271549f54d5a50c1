"""Every action is declared once, and no key means two things in one place."""

from __future__ import annotations

import itertools

import pytest

from ui.actions import ACTIONS, DISMISS_REASONS, FOLLOWING, Action, Actions, Where
from ui.theme.resources import ICONS


def test_ids_are_unique() -> None:
    assert len({action.id for action in ACTIONS}) == len(ACTIONS)


def meet(one: Action, other: Action) -> bool:
    """Whether two actions can be asked for in the same place by the same key."""
    if one.where is other.where:
        return True
    general = {Where.ANYWHERE, Where.WINDOW}
    return one.where in general and other.where in general


def test_no_key_means_two_things() -> None:
    pairs = itertools.combinations(ACTIONS, 2)
    assert not [
        (one.id, other.id) for one, other in pairs if meet(one, other) and set(one.keys) & set(other.keys)
    ]


def test_keys_that_work_while_typing_are_no_letters() -> None:
    for action in ACTIONS:
        if action.where in {Where.ANYWHERE, Where.EDITOR, Where.ANSWER}:
            assert all(len(key) > 1 and " " not in key for key in action.keys), action.id


def test_icons_are_shipped() -> None:
    assert all((ICONS / f"{action.icon}.svg").exists() for action in ACTIONS)


def test_every_reason_to_dismiss_is_one_key_after_d() -> None:
    actions = Actions()
    assert [actions.key(name) for name in DISMISS_REASONS] == ["d 1", "d 2", "d 3", "d 4"]


def test_every_value_of_the_triage_is_one_key_after_m() -> None:
    actions = Actions()
    names = [name for name, (first, _) in FOLLOWING.items() if first == "triage.correct"]
    assert [actions.key(name) for name in names] == [*(f"m {digit}" for digit in range(1, 9)), "m i"]


def test_an_action_nobody_bound_does_nothing() -> None:
    actions = Actions()
    assert not actions.is_enabled("ticket.reply")
    assert not actions.trigger("ticket.reply")


def test_a_disabled_action_says_why() -> None:
    actions = Actions()
    done: list[int] = []
    refused: list[tuple[str, ...]] = []
    actions.bind("ticket.reply", lambda: done.append(1))
    actions.refused.connect(lambda *why: refused.append(why))
    actions.disable("ticket.reply", "No ticket is open")
    assert not actions.trigger("ticket.reply")
    assert refused == [("ticket.reply", "No ticket is open")]
    assert "No ticket is open" in actions.tip("ticket.reply")
    actions.enable("ticket.reply")
    assert actions.trigger("ticket.reply")
    assert done == [1]


def test_binding_an_unknown_action_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        Actions().bind("ticket.fly", lambda: None)
