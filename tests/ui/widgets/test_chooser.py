"""Choosers: filter by typing, pick with Enter."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from pytestqt.qtbot import QtBot

from copilot.domain import Assign, Group, RemoteId
from tests.ui.fake_desk import ME, PRIYA, TOMAS
from ui.widgets.choices import Choice, Choices
from ui.widgets.chooser import Chooser, Snooze, assignee_choices, snooze_choices

BILLING = Group(remote_id=RemoteId("b"), name="Billing")
CEST = timezone(timedelta(hours=2))


def test_the_rep_is_first_and_nobody_is_offered_when_somebody_has_it() -> None:
    titles = [choice.title for choice in assignee_choices((PRIYA, TOMAS, ME), (BILLING,), ME, PRIYA)]
    assert titles == ["Sam Lee (you)", "Priya Raman", "Tomás Herrera", "Billing", "Nobody"]
    titles = [choice.title for choice in assignee_choices((PRIYA, ME), (), ME)]
    assert "Nobody" not in titles


def test_who_has_it_cannot_be_picked_again(qtbot: QtBot) -> None:
    chooser = Chooser("Assign", "Type a name", assignee_choices((ME, PRIYA), (), ME, ME))
    qtbot.addWidget(chooser)
    first = chooser.list.current()
    assert first is not None
    assert first.title == "Priya Raman"


def test_typing_and_enter_pick(qtbot: QtBot) -> None:
    chooser = Chooser("Assign", "Type a name", assignee_choices((ME, PRIYA, TOMAS), (BILLING,), ME))
    qtbot.addWidget(chooser)
    chooser.show()
    picked: list[object] = []
    chooser.chosen.connect(picked.append)
    QTest.keyClicks(chooser.list.field, "her")
    QTest.keyClick(chooser.list.field, Qt.Key.Key_Return)
    assert picked == [Assign(person=TOMAS)]


def test_arrows_walk_and_wrap(qtbot: QtBot) -> None:
    chooser = Chooser("Assign", "Type a name", assignee_choices((ME, PRIYA, TOMAS), (BILLING,), ME))
    qtbot.addWidget(chooser)
    field = chooser.list.field
    QTest.keyClick(field, Qt.Key.Key_Up)
    assert (current := chooser.list.current()) is not None
    assert current.title == "Billing"
    QTest.keyClick(field, Qt.Key.Key_Down)
    assert (current := chooser.list.current()) is not None
    assert current.title == "Sam Lee (you)"


def test_what_cannot_be_done_cannot_be_picked(qtbot: QtBot) -> None:
    chooser = Chooser("Do", "", [Choice(value=1, title="Not now", enabled=False)])
    qtbot.addWidget(chooser)
    picked: list[object] = []
    chooser.chosen.connect(picked.append)
    QTest.keyClick(chooser.list.field, Qt.Key.Key_Return)
    assert picked == []


def test_the_model_keeps_qts_rules(qtbot: QtBot) -> None:
    model = Choices(assignee_choices((ME, PRIYA, TOMAS), (BILLING,), ME))
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.filter("pri")
    model.filter("")
    assert model.rowCount() == 4
    assert "key" not in str(model.data(model.index(0, 0), Qt.ItemDataRole.AccessibleTextRole))
    del tester


@pytest.mark.parametrize(
    ("now", "words"),
    [
        (datetime(2026, 6, 26, 14, 30, tzinfo=CEST), "This evening"),  # a Friday
        (datetime(2026, 6, 26, 17, 30, tzinfo=CEST), "Monday morning"),
        (datetime(2026, 6, 28, 12, 0, tzinfo=UTC), "Tomorrow morning"),  # a Sunday: tomorrow is Monday
    ],
)
def test_moments_to_snooze_until(now: datetime, words: str) -> None:
    choices = snooze_choices(now)
    moments = [choice.value.until for choice in choices if isinstance(choice.value, Snooze)]
    assert words in {choice.title for choice in choices}
    assert all(moment is not None and moment > now and moment.tzinfo is now.tzinfo for moment in moments)
    assert len(set(moments)) == len(moments)
    assert moments == sorted(moments, key=lambda moment: moment or now)


def test_a_snoozed_ticket_can_be_brought_back() -> None:
    first = snooze_choices(datetime(2026, 6, 26, 14, 30, tzinfo=UTC), snoozed=True)[0]
    assert first.value == Snooze(None)
