"""Escalating by keyboard: whom, why, the packet, and one key."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from copilot.domain import Assign, DecisionKind, DestinationId, OutboxState
from copilot.errors import UnavailableError
from tests.ui.assist.conftest import MAYA, Side
from tests.ui.conftest import until
from tests.ui.fake_desk import PRIYA, TOMAS
from ui.assist.escalate import EscalateSheet
from ui.widgets.buttons import Button


@pytest.fixture
async def sheet(side: Side) -> EscalateSheet:
    await side.open()
    side.pane.escalate()
    assert side.pane.sheet is not None
    sheet = side.pane.sheet
    await until(sheet._search.model.rowCount)
    return sheet


async def test_a_name_typed_before_the_names_have_come_is_not_lost(side: Side) -> None:
    await side.open()
    side.pane.escalate()
    sheet = side.pane.sheet
    assert sheet is not None
    assert sheet._search.model.rowCount() == 0
    QTest.keyClicks(sheet._search.field, "tom")
    QTest.keyClick(sheet._search.field, Qt.Key.Key_Return)
    assert sheet.target is None
    await until(lambda: sheet.target == Assign(person=TOMAS))


async def test_enter_without_a_name_picks_nobody_who_comes_later(side: Side) -> None:
    await side.open()
    side.pane.escalate()
    sheet = side.pane.sheet
    assert sheet is not None
    QTest.keyClick(sheet._search.field, Qt.Key.Key_Return)
    await until(sheet._search.model.rowCount)
    assert sheet.target is None


async def test_from_name_to_outbox_by_keys(side: Side, sheet: EscalateSheet) -> None:
    QTest.keyClicks(sheet._search.field, "tom")
    QTest.keyClick(sheet._search.field, Qt.Key.Key_Return)
    assert sheet.target == Assign(person=TOMAS)
    QTest.keyClicks(sheet.reason, "Needs the warehouse")
    await until(lambda: "Needs the warehouse" in sheet.packet.toPlainText())
    sheet.escalate()
    await until(lambda: side.escalated)
    [(ticket, packet, to)] = side.workspace.calls.of("escalate")
    assert (ticket, to) == (MAYA, Assign(person=TOMAS))
    assert "Needs the warehouse" in packet
    assert side.workspace.verdicts["suggestion-1"] is DecisionKind.ESCALATED  # type: ignore[index]
    assert side.pane.sheet is None


async def test_groups_can_be_chosen_and_the_rep_and_the_owner_cannot(sheet: EscalateSheet) -> None:
    model = sheet._search.model
    titles = [model.choice(number).title for number in range(model.rowCount())]
    assert titles == ["Priya Raman", "Tomás Herrera", "Support", "Escalations", "Billing"]


async def test_nothing_goes_before_somebody_is_chosen(side: Side, sheet: EscalateSheet) -> None:
    await until(sheet.packet.toPlainText)
    assert not sheet.go.isEnabled()
    assert sheet.go.toolTip() == "Choose whom it goes to"
    sheet.escalate()
    assert side.workspace.calls.of("escalate") == []
    sheet.choose(Assign(group="Billing"))
    assert sheet.go.isEnabled()
    sheet.packet.clear()
    assert sheet.why_not() == "The packet is empty"


async def test_a_packet_the_rep_has_changed_is_not_made_again(sheet: EscalateSheet) -> None:
    await until(sheet.packet.toPlainText)
    sheet.packet.setPlainText("My own words")
    sheet.reason.setText("Another reason")
    sheet._make_packet()
    assert sheet.packet.toPlainText() == "My own words"


async def test_choosing_somebody_else(sheet: EscalateSheet) -> None:
    sheet.choose(Assign(person=PRIYA))
    sheet.change.click()
    assert sheet.target is None
    assert not sheet.go.isEnabled()


async def test_a_desk_that_does_not_answer_is_said_in_the_sheet(side: Side) -> None:
    await side.open()
    side.workspace.fail_next("people", UnavailableError("The desk does not answer.", "Try again later."))
    side.pane.escalate()
    sheet = side.pane.sheet
    assert sheet is not None
    await until(lambda: not sheet.problem.isHidden())
    assert sheet.problem.text() == "The desk does not answer. Try again later."


async def test_escape_cancels_and_nothing_happened(side: Side, sheet: EscalateSheet) -> None:
    assert sheet.property("keyScope") == "overlay"
    assert side.pane.close_sheet()
    assert not side.pane.close_sheet()
    assert side.workspace.outbox == {}


async def test_another_ticket_closes_the_sheet(side: Side, sheet: EscalateSheet) -> None:
    side.pane.show_ticket(None)
    assert side.pane.sheet is None


async def test_it_can_go_out_of_the_desk_and_what_fails_comes_back(side: Side) -> None:
    await side.workspace.outside.add("Engineering", "slack://secret")
    await side.open()
    side.pane.escalate()
    sheet = side.pane.sheet
    assert sheet is not None
    await until(sheet.packet.toPlainText)
    assert not sheet.go.isEnabled()
    sheet.out.buttons[DestinationId("engineering")].click()
    assert sheet.go.isEnabled()
    sheet.escalate()
    await until(lambda: side.escalated)
    assert side.workspace.calls.of("escalate")[0][2] == Assign()
    strips = side.pane.dispatches
    await until(lambda: [strip.text() for strip in strips.strips()])
    assert strips.strips()[0].text() == "The escalation is on its way to Engineering."
    (dispatch,) = side.workspace.outside.sent
    side.workspace.outside.move(dispatch, OutboxState.FAILED, "Slack does not accept the credentials.")
    failed = "The escalation did not reach Engineering: Slack does not accept the credentials."
    await until(lambda: [strip.text() for strip in strips.strips()] == [failed])
    next(button for button in strips.findChildren(Button) if button.text() == "Try again").click()
    await until(lambda: not strips.isVisibleTo(side.pane))
    assert side.workspace.calls.of("retry") == [(dispatch,)]


async def test_a_circle_is_told_before_it_closes(sheet: EscalateSheet) -> None:
    sheet.choose(Assign(group="Billing"))
    await until(lambda: sheet.circle.text() == "Billing has handed it on before.")
    assert sheet.go.isEnabled()
    sheet.change.click()
    assert not sheet.circle.isVisibleTo(sheet)


async def test_keys_pressed_before_anything_has_come_are_not_lost(side: Side) -> None:
    await side.open()
    side.pane.escalate()
    sheet = side.pane.sheet
    assert sheet is not None
    QTest.keyClicks(sheet._search.field, "tom")
    QTest.keyClick(sheet._search.field, Qt.Key.Key_Return)
    sheet.escalate()
    assert not side.escalated
    await until(lambda: side.escalated)
    assert side.workspace.calls.of("escalate")[0][2] == Assign(person=TOMAS)
