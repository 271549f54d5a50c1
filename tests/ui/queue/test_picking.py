"""Selecting many tickets: by keys and mouse, painted and counted, decided on together with one undo."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest

from copilot.domain import Assign, Status, TicketId, View
from tests.ui.conftest import until
from tests.ui.fake_desk import DESK, PRIYA
from tests.ui.fake_many import BATCH
from tests.ui.fake_workspace import FakeWorkspace
from ui.commands.many import TagChange, tag_choices
from ui.furnish import Furniture
from ui.widgets.buttons import Button
from ui.widgets.chooser import Chooser
from ui.window import Window

SHIFT, CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


@pytest.fixture
async def window(workspace: FakeWorkspace) -> AsyncIterator[Window]:
    made = Window()
    made.resize(1440, 900)
    made.show()
    furniture = Furniture(made, workspace)
    furniture.begin(View.MINE)
    await until(lambda: made.queue.model.rowCount() > 3 and made.queue.list.ticket is not None)
    yield made
    await furniture.put_away()
    made.put_away()


def press(window: Window, keys: str, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClicks(window.queue.list, keys, modifiers)


def picked(window: Window) -> list[int]:
    """The rows that are selected."""
    return sorted(window.queue.model.row_of(ticket) for ticket in window.queue.list.picked.tickets())


async def test_shift_j_extends_and_shift_k_lets_go_again(window: Window) -> None:
    press(window, "JJ")
    assert picked(window) == [0, 1, 2]
    press(window, "K")
    assert picked(window) == [0, 1]
    assert window.queue.bar.isVisible()
    assert window.queue.bar.text() == "2 selected"


async def test_a_range_is_added_to_what_was_selected_before(window: Window) -> None:
    press(window, "*jj")
    press(window, "J")
    assert picked(window) == [0, 2, 3]


async def test_space_toggles_ctrl_a_takes_all_and_esc_none(window: Window) -> None:
    press(window, " ")
    assert picked(window) == [0]
    press(window, " ")
    assert picked(window) == []
    press(window, "a", CTRL)
    assert len(picked(window)) == window.queue.model.rowCount()
    QTest.keyClick(window.queue.list, Qt.Key.Key_Escape)
    assert picked(window) == []
    assert window.queue.status.isVisible()


async def test_the_mouse_selects_with_ctrl_and_shift(window: Window) -> None:
    def click(row: int, modifiers: Qt.KeyboardModifier) -> None:
        place = window.queue.list.visualRect(window.queue.model.index(row, 0)).center()
        QTest.mouseClick(window.queue.list.viewport(), Qt.MouseButton.LeftButton, modifiers, QPoint(place))

    click(2, CTRL)
    assert picked(window) == [0, 2]
    click(3, SHIFT)
    assert picked(window) == [0, 2, 3]


async def test_a_selected_row_is_painted_and_spoken_as_one(window: Window) -> None:
    def painted() -> QImage:
        return window.queue.list.viewport().grab().toImage()

    before = painted()
    press(window, " ")
    assert painted() != before
    index = window.queue.model.index(0, 0)
    assert str(index.data(Qt.ItemDataRole.AccessibleTextRole)).startswith("Selected. ")


async def test_the_foot_keeps_its_height(window: Window) -> None:
    before = window.queue.list.height()
    press(window, " ")
    assert window.queue.list.height() == before


async def test_what_leaves_the_list_is_selected_no_longer(window: Window, workspace: FakeWorkspace) -> None:
    press(window, "J")
    gone = window.queue.list.picked.tickets()[0]
    workspace.change(gone, assignee=PRIYA)
    await until(lambda: window.queue.model.row_of(gone) < 0)
    assert picked(window) == [0]
    window.queue.show_view(View.ALL)
    assert picked(window) == []


async def test_solving_all_selected_offers_one_undo(window: Window, workspace: FakeWorkspace) -> None:
    press(window, "JJ")
    chosen = window.queue.list.picked.tickets()
    press(window, "v")
    await until(lambda: workspace.calls.of("many.set_status"))
    assert workspace.calls.of("many.set_status") == [(chosen, Status.SOLVED)]
    assert workspace.calls.of("set_status") == []
    await until(lambda: not window.queue.list.picked.tickets())
    press(window, "u")
    await until(lambda: workspace.calls.of("undo"))


async def test_a_toast_takes_back_its_own_batch(window: Window, workspace: FakeWorkspace) -> None:
    press(window, "J")
    press(window, "v")
    await until(lambda: [toast for toast in window.toasts.shown() if "2 tickets solved" in toast.text()])
    (toast,) = window.toasts.shown()
    toast.findChildren(Button)[0].click()
    await until(lambda: workspace.calls.of("undo") == [(BATCH,)])


async def chooser(window: Window) -> Chooser:
    await until(lambda: isinstance(window.overlay.panel, Chooser))
    panel = window.overlay.panel
    assert isinstance(panel, Chooser)
    return panel


async def test_assigning_asks_once_for_all(window: Window, workspace: FakeWorkspace) -> None:
    press(window, "J")
    chosen = window.queue.list.picked.tickets()
    press(window, "s")
    panel = await chooser(window)
    assert panel.accessibleName() == "Assign 2 tickets to"
    QTest.keyClicks(panel.list.field, "priya")
    QTest.keyClick(panel.list.field, Qt.Key.Key_Return)
    await until(lambda: workspace.calls.of("many.assign"))
    assert workspace.calls.of("many.assign") == [(chosen, {DESK: Assign(person=PRIYA)})]


async def test_escalating_offers_neither_oneself_nor_nobody(window: Window, workspace: FakeWorkspace) -> None:
    press(window, "J")
    press(window, "x")
    panel = await chooser(window)
    titles = [panel.list.model.choice(row).title for row in range(panel.list.model.rowCount())]
    assert "Escalations" in titles
    assert not [title for title in titles if "(you)" in title or title == "Nobody"]
    QTest.keyClicks(panel.list.field, "escalations")
    QTest.keyClick(panel.list.field, Qt.Key.Key_Return)
    await until(lambda: workspace.calls.of("many.escalate"))
    ((_, to),) = workspace.calls.of("many.escalate")
    assert to == {DESK: Assign(group="Escalations")}


async def test_a_new_tag_is_typed_also_with_nothing_selected(
    window: Window, workspace: FakeWorkspace
) -> None:
    press(window, "l")
    panel = await chooser(window)
    QTest.keyClicks(panel.list.field, "big wave")
    QTest.keyClick(panel.list.field, Qt.Key.Key_Return)
    await until(lambda: workspace.calls.of("many.change_tags"))
    assert workspace.calls.of("many.change_tags") == [((TicketId(1),), ("big-wave",), ())]


async def test_with_nothing_selected_the_keys_mean_the_ticket_on_screen(
    window: Window, workspace: FakeWorkspace
) -> None:
    press(window, "v")
    await until(lambda: workspace.calls.of("set_status"))
    assert workspace.calls.of("many.set_status") == []


def test_tags_that_only_some_have_can_be_added_to_the_others() -> None:
    choices = tag_choices({"all": 3, "one": 1}, 3)
    assert [choice.value for choice in choices] == [
        TagChange("all", add=False), TagChange("one", add=True), TagChange("one", add=False),
    ]  # fmt: skip
