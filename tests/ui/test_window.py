"""The frame: how panes give way, what floats above them, where the keyboard is, and what is remembered."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QPushButton
from pytestqt.qtbot import QtBot

from copilot.domain import View
from tests.ui.conftest import until
from tests.ui.fake_workspace import FakeWorkspace
from ui.commands.keysheet import KeySheet
from ui.commands.look import bind_frame
from ui.commands.palette import Palette
from ui.remembered import Remembered
from ui.theme.tokens import Tone
from ui.widgets.labels import Label
from ui.widgets.notices import Strip
from ui.window import Window


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[Window]:
    made = Window()
    bind_frame(made)
    made.show()
    yield made
    made.put_away()


def widths(window: Window) -> dict[str, bool]:
    """Which panes the rep sees beside the conversation."""
    panes = {"queue": window.queue, "copilot": window.copilot}
    return {name: pane.isVisible() and not window.panes.is_drawer(pane) for name, pane in panes.items()}


def test_at_rest_nothing_begins_any_more(window: Window) -> None:
    timer = QTimer(window.conversation, interval=0)
    timer.start()
    window.rest()
    assert not [one for one in window.findChildren(QTimer) if one.isActive()]


@pytest.mark.parametrize(
    ("width", "seen"),
    [
        (1440, {"queue": True, "copilot": True}),
        (1920, {"queue": True, "copilot": True}),
        (1024, {"queue": True, "copilot": False}),
        (720, {"queue": False, "copilot": False}),
    ],
)
def test_panes_give_way_the_copilot_first(window: Window, width: int, seen: dict[str, bool]) -> None:
    window.resize(width, 800)
    QApplication.sendPostedEvents()
    assert widths(window) == seen
    assert window.conversation.width() >= 420
    assert window.width() == width


def test_a_drawer_opens_over_the_conversation_and_escape_closes_it(window: Window) -> None:
    window.resize(1024, 800)
    QApplication.sendPostedEvents()
    assert window.actions_.trigger("window.copilot")
    assert window.copilot.isVisible()
    assert window.copilot.geometry().right() == window.panes.width() - 1
    QTest.keyClick(window.queue.list, Qt.Key.Key_Escape)
    assert not window.copilot.isVisible()


def test_a_pane_comes_back_when_there_is_room_again(window: Window) -> None:
    for width in (1024, 700, 1440):
        window.resize(width, 800)
        QApplication.sendPostedEvents()
    assert widths(window) == {"queue": True, "copilot": True}
    left = [
        pane.mapTo(window, pane.rect().topLeft()).x()
        for pane in (window.queue, window.conversation, window.copilot)
    ]
    assert left == sorted(left)


def test_a_hidden_pane_leaves_a_handle(window: Window) -> None:
    window.resize(1440, 800)
    window.actions_.trigger("window.copilot")
    assert not window.copilot.isVisible()
    buttons = window.panes.findChildren(QAbstractButton)
    handle = next(button for button in buttons if button.accessibleName().startswith("Show the copilot"))
    QTest.mouseClick(handle, Qt.MouseButton.LeftButton)
    assert window.copilot.isVisible()


def palette_of(window: Window) -> Palette:
    panel = window.overlay.panel
    assert isinstance(panel, Palette)
    return panel


def test_the_palette_runs_what_is_typed_and_remembers_it(window: Window) -> None:
    ran: list[str] = []
    window.actions_.bind("ticket.solve", lambda: ran.append("solve"))
    window.queue.list.setFocus()
    QTest.keyClick(window.queue.list, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    palette = palette_of(window)
    QTest.keyClicks(palette.list.field, "solv")
    QTest.keyClick(palette.list.field, Qt.Key.Key_Return)
    assert ran == ["solve"]
    assert not palette.isVisible()
    window.show_palette()
    first = palette_of(window).list.current()
    assert first is not None
    assert (first.value, first.key) == ("ticket.solve", "v")


def test_letters_typed_into_the_palette_are_no_commands(window: Window) -> None:
    before = window.queue.view
    window.show_palette()
    panel = window.overlay.panel
    assert isinstance(panel, Palette)
    QTest.keyClicks(panel.list.field, "g2j")
    assert window.queue.view is before
    QTest.keyClick(panel.list.field, Qt.Key.Key_Escape)
    assert window.overlay.panel is None


def test_the_keys_are_shown_and_closed(window: Window) -> None:
    QTest.keyClicks(window.queue.list, "?")
    sheet = window.overlay.panel
    assert isinstance(sheet, KeySheet)
    shown = {label.text() for label in sheet.findChildren(Label)}
    assert {"Accept draft", "Escalate", "Take over", "Send in the editor"} <= shown
    window.go_back()
    assert not sheet.isVisible()


async def test_keys_go_through_views(window: Window, workspace: FakeWorkspace) -> None:
    window.queue.open(workspace)
    await until(window.queue.model.rowCount)
    QTest.keyClicks(window.queue.list, "ge")
    await until(lambda: window.queue.view is View.ESCALATED and window.queue.model.rowCount() == 1)
    QTest.keyClicks(window.queue.list, "6")
    await until(window.queue.nothing.isVisible)
    QTest.keyClicks(window.queue.nothing, "1")
    await until(lambda: window.queue.model.rowCount() > 3)
    QTest.keyClicks(window.queue.list, "/")
    QTest.keyClicks(window.queue.search, "jk")
    assert window.queue.search.text() == "jk"
    await until(lambda: workspace.calls.of("search"))


def test_the_keyboard_walks_the_panes(window: Window) -> None:
    button = QPushButton("in the conversation")
    window.conversation.hold(button)
    window.queue.take_focus()
    walked = []
    for _ in range(2):
        QTest.keyClick(window.focusWidget(), Qt.Key.Key_F6)
        walked.append(window.focusWidget())
    assert walked[0] is button
    QTest.keyClick(button, Qt.Key.Key_F6, Qt.KeyboardModifier.ShiftModifier)
    focused = window.focusWidget()
    assert focused is not None
    assert window.queue.isAncestorOf(focused)


def test_banners_stand_above_and_go(window: Window) -> None:
    strip = Strip(Tone.INFO, "You are on the demo desk.", closable=True)
    window.show_banner(strip)
    QApplication.sendPostedEvents()
    assert strip.isVisible()
    window.drop_banner(strip)
    assert not strip.isVisible()


def test_place_view_and_habits_are_remembered(qtbot: QtBot, tmp_path: Path) -> None:
    first = Window(Remembered(tmp_path))
    first.resize(780, 640)
    first.show()
    first.queue.show_view(View.AT_RISK)
    first.remembered.add_recent_action("ticket.solve")
    first.remember()
    first.put_away()
    again = Remembered(tmp_path)
    second = Window(again)
    second.show()
    assert (second.width(), second.height()) == (780, 640)
    assert again.view() is View.AT_RISK
    assert again.recent_actions() == ["ticket.solve"]
    second.put_away()


def test_the_widths_of_the_panes_are_remembered(qtbot: QtBot, tmp_path: Path) -> None:
    remembered = Remembered(tmp_path)
    for wanted in (400, 300):
        window = Window(remembered)
        window.resize(1440, 800)
        window.show()
        QApplication.sendPostedEvents()
        if wanted == 400:
            window.panes.set_sizes([400, 600, 360])
            window.remember()
        assert window.queue.width() == 400
        window.put_away()


def test_a_spoilt_memory_does_no_harm(qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "window.ini").write_text("[window]\ngeometry=nonsense\npanes=a b\n[queue]\nview=everything\n")
    window = Window(Remembered(tmp_path))
    assert Remembered(tmp_path).view() is View.MINE
    window.put_away()
