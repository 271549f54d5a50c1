"""The same for everything that opens on top, page by page; and wherever the keyboard is, one sees it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAccessible, QImage
from PySide6.QtWidgets import QAbstractItemView, QAbstractScrollArea, QTextEdit, QWidget

from tests.ui.conftest import until
from tests.ui.fake_workspace import FakeWorkspace
from tests.ui.test_accessibility import nameless, reachable, spoken
from tests.ui.test_journeys import Rep, at_work
from ui.settings.panel import SettingsPanel

PAGES = ("general", "keys", "desks", "knowledge", "destinations")
_RIM = 4


@pytest.fixture(autouse=True)
def active() -> Iterator[None]:
    QAccessible.setActive(True)
    yield
    QAccessible.setActive(False)


def picture_around(window: QWidget, widget: QWidget) -> QImage:
    place = QRect(widget.mapTo(window, QPoint()), widget.size()).adjusted(-_RIM, -_RIM, _RIM, _RIM)
    return window.grab(place.intersected(window.rect())).toImage()


def unseen_focus(window: QWidget, within: QWidget, resting: QWidget) -> list[str]:
    """The controls that look the same with the keyboard on them as without."""
    found = []
    for widget in reachable(within):
        tabbed = widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        if not tabbed or not widget.isEnabled() or widget is resting or widget.visibleRegion().isEmpty():
            continue
        if isinstance(widget, QTextEdit | QAbstractItemView):
            continue  # a cursor, or the selected row: shown by what is in them, tested where they live
        if isinstance(widget, QAbstractScrollArea):
            continue  # scrolls; what is in it has the focus
        resting.setFocus(Qt.FocusReason.TabFocusReason)
        before = picture_around(window, widget)
        widget.setFocus(Qt.FocusReason.TabFocusReason)
        if picture_around(window, widget) == before:
            found.append(f"{type(widget).__name__} {widget.accessibleName()!r}")
    return found


async def settings(rep: Rep, page: str) -> SettingsPanel:
    rep.window.actions_.trigger("window.settings")
    await until(lambda: isinstance(rep.window.overlay.panel, SettingsPanel))
    panel = rep.window.overlay.panel
    assert isinstance(panel, SettingsPanel)
    panel.show_section(page)
    return panel


@pytest.mark.parametrize("page", PAGES)
async def test_every_control_of_the_settings_has_a_name_and_shows_the_keyboard(
    workspace: FakeWorkspace, page: str
) -> None:
    async with at_work(workspace) as rep:
        panel = await settings(rep, page)
        assert len(reachable(panel)) > 7
        assert nameless(rep.window) == []
        assert unseen_focus(rep.window, panel, panel.search) == []


async def test_the_window_shows_where_the_keyboard_is(workspace: FakeWorkspace) -> None:
    async with at_work(workspace) as rep:
        rep.window.resize(1440, 900)
        assert unseen_focus(rep.window, rep.window, rep.window.queue.list) == []


async def test_tab_stays_in_the_settings_and_reaches_their_end(workspace: FakeWorkspace) -> None:
    async with at_work(workspace) as rep:
        panel = await settings(rep, "general")
        reached = []
        for _ in range(40):
            rep.chord(Qt.Key.Key_Tab)
            assert panel.isAncestorOf(rep.focus)
            reached.append(spoken(rep.focus))
        assert {"System", "Comfortable", "Undo period"} <= set(reached)
