"""Mood, urgency and intent are set right by keys, show at once and are taken back by one."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from copilot.domain import Intent, TriageKind
from tests.ui.conftest import until
from tests.ui.knowing.conftest import Rep
from ui.commands.triage import MOODS, NONE_OF_THESE, URGENCIES, intent_choices, value_words
from ui.widgets.chooser import Chooser


@pytest.mark.parametrize(
    ("digit", "kind", "word"), [("1", TriageKind.SENTIMENT, "Angry"), ("8", TriageKind.URGENCY, "Now")]
)
async def test_one_key_and_a_digit_correct_and_one_key_takes_back(
    rep: Rep, digit: str, kind: TriageKind, word: str
) -> None:
    card = rep.furniture.copilot.mood
    shown = card.mood if kind is TriageKind.SENTIMENT else card.urgency
    before = (shown.pill.text(), shown.why.text())
    rep.press("m")
    assert rep.window.hints.isVisible()
    rep.press(digit)
    await until(lambda: shown.why.text() == "Set by you")
    assert shown.pill.text().startswith(word)
    (row,) = await rep.workspace.rows([rep.ticket])
    assert (row.mood, row.urgency)[kind is TriageKind.URGENCY] == (MOODS | URGENCIES)[
        "triage.mood.angry" if digit == "1" else "triage.urgency.now"
    ]
    await until(lambda: any(f"set to “{word}”" in text for text in rep.toasts()))
    rep.press("u")
    await until(lambda: (shown.pill.text(), shown.why.text()) == before)


async def test_an_intent_nobody_has_named_is_typed(rep: Rep) -> None:
    rep.press("m", "i")
    await until(lambda: isinstance(rep.window.overlay.panel, Chooser))
    chooser = cast("Chooser", rep.window.overlay.panel)
    QTest.keyClicks(chooser.list.field, "zqx refund")
    QTest.keyClick(chooser.list.field, Qt.Key.Key_Return)
    card = rep.furniture.copilot.mood
    await until(lambda: card.intent.pill.text() == "zqx refund")
    assert card.intent.why.text() == "Set by you"
    assert rep.window.overlay.panel is None


async def test_none_of_these_is_an_intent_too(rep: Rep) -> None:
    rep.press("m", "i")
    await until(lambda: isinstance(rep.window.overlay.panel, Chooser))
    chooser = cast("Chooser", rep.window.overlay.panel)
    QTest.keyClicks(chooser.list.field, NONE_OF_THESE)
    QTest.keyClick(chooser.list.field, Qt.Key.Key_Return)
    await until(lambda: rep.furniture.copilot.mood.intent.pill.text() == "No known intent")


async def test_the_nearest_intents_stand_first_and_none_of_these_last(rep: Rep) -> None:
    brief = await rep.workspace.brief(rep.ticket)
    assert brief is not None
    intent = Intent(name="refund", confidence=0.7, closest=(("refund", 0.7), ("billing", 0.2)))
    choices = intent_choices(replace(brief, intent=intent), ("billing", "login", "refund"))
    assert [choice.title for choice in choices] == ["refund", "billing", "login", NONE_OF_THESE]
    assert [choice.detail for choice in choices[:2]] == ["holds now", "20%"]


def test_every_value_says_what_its_action_says() -> None:
    words = [value_words(TriageKind.SENTIMENT, score).casefold() for score in MOODS.values()]
    assert words == [name.rpartition(".")[2] for name in MOODS]
    levels = [value_words(TriageKind.URGENCY, level) for level in URGENCIES.values()]
    assert levels == ["Can wait", "Soon", "Today", "Now"]
