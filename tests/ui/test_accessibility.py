"""Everything one can reach by keyboard says what it is; the list reads its rows."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QAbstractButton, QWidget

from tests.ui.conftest import until
from tests.ui.fake_workspace import FakeWorkspace
from tests.ui.test_journeys import Rep, at_work
from ui.widgets.chooser import Chooser


@pytest.fixture(autouse=True)
def active() -> Iterator[None]:
    QAccessible.setActive(True)
    yield
    QAccessible.setActive(False)


def reachable(window: QWidget) -> list[QWidget]:
    """The visible widgets the Tab key stops at, and all buttons."""
    found = []
    for widget in window.findChildren(QWidget):
        tabbed = widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        if widget.isVisibleTo(window) and (tabbed or isinstance(widget, QAbstractButton)):
            found.append(widget)
    return found


def spoken(widget: QWidget) -> str:
    interface: QAccessibleInterface | None = QAccessible.queryAccessibleInterface(widget)
    return interface.text(QAccessible.Text.Name) if interface is not None else ""


def nameless(window: QWidget) -> list[str]:
    return [
        f"{type(widget).__name__} in {type(widget.parentWidget()).__name__}"
        for widget in reachable(window)
        if not spoken(widget).strip()
    ]


async def test_every_control_has_a_name(workspace: FakeWorkspace) -> None:
    async with at_work(workspace) as rep:
        rep.furniture.offer_to_connect()
        rep.press("a")
        await until(lambda: rep.editor_text)
        assert len(reachable(rep.window)) > 30
        assert nameless(rep.window) == []


@pytest.mark.parametrize("key", ["?", "z", "s", "x"])
async def test_so_has_every_control_of_what_opens_on_top(workspace: FakeWorkspace, key: str) -> None:
    async with at_work(workspace) as rep:
        rep.press(key)
        await until(lambda: rep.window.overlay.panel is not None or rep.furniture.copilot.sheet is not None)
        assert nameless(rep.window) == []


async def test_so_has_the_connect_panel(workspace: FakeWorkspace) -> None:
    async with at_work(workspace) as rep:
        rep.window.actions_.trigger("desk.connect")
        assert rep.window.overlay.panel is not None
        assert nameless(rep.window) == []


async def test_the_list_reads_its_rows(workspace: FakeWorkspace) -> None:
    async with at_work(workspace) as rep:
        table = QAccessible.queryAccessibleInterface(rep.window.queue.list)
        assert table.childCount() > 0
        said = [table.child(place).text(QAccessible.Text.Name) for place in range(table.childCount())]
        assert any("Omar Haddad: Charged twice for the Pro plan." in text for text in said)


async def test_tab_reaches_all_three_panes(workspace: FakeWorkspace) -> None:
    async with at_work(workspace) as rep:
        reached = set()
        for _ in range(120):
            rep.chord(Qt.Key.Key_Tab)
            reached |= {name for name, pane in panes(rep).items() if pane.isAncestorOf(rep.focus)}
        assert reached == {"rail", "queue", "conversation", "copilot"}


def panes(rep: Rep) -> dict[str, QWidget]:
    window = rep.window
    return {
        "rail": window.rail,
        "queue": window.queue,
        "conversation": window.conversation,
        "copilot": window.copilot,
    }


async def test_what_opens_on_top_gives_the_keyboard_back(workspace: FakeWorkspace) -> None:
    async with at_work(workspace) as rep:
        rep.press("z")
        await until(lambda: isinstance(rep.window.overlay.panel, Chooser))
        rep.chord(Qt.Key.Key_Escape)
        assert rep.focus is rep.window.queue.list
