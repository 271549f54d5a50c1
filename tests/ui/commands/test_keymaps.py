"""Other keys: presets and one's own, and no key ever means two things in one place."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.actions import ACTIONS, DISMISS_REASONS, FOLLOWING, Actions
from ui.commands.keymaps import FIXED, PRESETS, fits, holders, keys_of, meet

NAMES = [action.id for action in ACTIONS]
KEYS = st.sampled_from(["j", "k", "g", "g m", "g x", "z", "Ctrl+J", "F9", "d", "d 1", "é", "Ctrl+Alt+R"])


def clashes(actions: Actions) -> list[tuple[str, str]]:
    return [
        (one.id, other.id)
        for one, other in itertools.combinations(actions.all(), 2)
        if meet(one, other)
        and any(
            a == b or a.startswith(b + " ") or b.startswith(a + " ") for a in one.keys for b in other.keys
        )
        and {one.id, other.id} - set(FOLLOWING) - {first for first, _ in FOLLOWING.values()}
    ]


@pytest.mark.parametrize("preset", PRESETS)
def test_a_preset_gives_every_key_one_meaning(preset: str) -> None:
    actions = Actions()
    actions.rekey(keys_of(preset, {}))
    assert clashes(actions) == []
    assert set(PRESETS[preset][1]) <= set(NAMES) - FIXED
    for name, wanted in PRESETS[preset][1].items():
        assert actions.action(name).keys == wanted


@given(st.dictionaries(st.sampled_from(NAMES), st.lists(KEYS, max_size=2).map(tuple), max_size=6))
def test_whatever_keys_a_rep_takes_none_means_two_things(own: dict[str, tuple[str, ...]]) -> None:
    actions = Actions()
    actions.rekey(keys_of("gmail", own))
    assert clashes(actions) == []
    assert actions.key("window.back") == "Esc"
    assert all(fits(key, action) for action in actions.all() for key in action.keys if action.id in own)


def test_ones_own_key_goes_before_the_preset_and_is_taken_from_who_had_it() -> None:
    actions = Actions()
    actions.rekey(keys_of("gmail", {"draft.accept": ("e",)}))
    assert actions.key("draft.accept") == "e"
    assert actions.key("ticket.solve") == ""
    actions.rekey(keys_of("sidedesk", {}))
    assert [action.keys for action in actions.all()] == [action.keys for action in ACTIONS]


def test_the_reasons_follow_the_key_of_dismissing() -> None:
    actions = Actions()
    actions.rekey(keys_of("sidedesk", {"draft.dismiss": ("q",)}))
    assert [actions.key(name) for name in DISMISS_REASONS] == ["q 1", "q 2", "q 3", "q 4"]


def test_so_do_the_values_of_the_triage() -> None:
    actions = Actions()
    actions.rekey(keys_of("sidedesk", {"triage.correct": ("p",)}))
    assert (actions.key("triage.mood.angry"), actions.key("triage.intent")) == ("p 1", "p i")


def test_who_has_a_key_is_told() -> None:
    assert {"queue.focus", "view.mine"} <= {action.id for action in holders("g", {}, "ticket.reply")}
    assert holders("Ctrl+Alt+R", {}, "ticket.reply") == []
