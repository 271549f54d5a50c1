"""The window's whole life: painted first, furnished when the workspace is there, put away in order."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

import copilot.workspace
from copilot.domain import View
from copilot.errors import StoreError
from tests.ui.conftest import until
from tests.ui.fake_workspace import FakeWorkspace
from ui import aio
from ui.app import run
from ui.conversation.pane import ConversationPane
from ui.widgets.notices import Strip
from ui.window import Window


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[FakeWorkspace]:
    """What `Workspace.open` gave out; the window's own file lies in a folder of the test's."""
    given: list[FakeWorkspace] = []

    async def open_fake(_folder: Path | None = None) -> FakeWorkspace:
        given.append(FakeWorkspace())
        return given[-1]

    monkeypatch.setenv("SIDEDESK_HOME", str(tmp_path))
    monkeypatch.setattr(copilot.workspace.Workspace, "open", open_fake)
    return given


def the_window() -> Window | None:
    found = [w for w in QApplication.topLevelWidgets() if isinstance(w, Window) and w.isVisible()]
    return found[0] if found else None


async def test_from_the_first_frame_to_the_last(opened: list[FakeWorkspace]) -> None:
    hook = sys.excepthook
    running = asyncio.ensure_future(run(None))
    await until(the_window)
    window = the_window()
    assert window is not None
    await until(lambda: opened and opened[0].started and window.queue.model.rowCount())
    (workspace,) = opened
    pane = window.conversation.content
    assert isinstance(pane, ConversationPane)
    await until(lambda: workspace.calls.of("saved_reply"))
    pane.reply()
    QTest.keyClicks(pane.composer.editor, "Half a sent")
    QTest.keyClick(window, Qt.Key.Key_Q, Qt.KeyboardModifier.ControlModifier)
    assert await running == 0
    assert workspace.closed
    assert [reply.text for reply in workspace.saved.values()] == ["Half a sent"]
    assert not aio.pending_tasks()
    assert the_window() is None
    assert sys.excepthook is hook


async def test_closing_while_the_workspace_opens(
    opened: list[FakeWorkspace], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def never(_folder: Path | None = None) -> FakeWorkspace:
        await asyncio.Event().wait()
        raise AssertionError

    monkeypatch.setattr(copilot.workspace.Workspace, "open", never)
    running = asyncio.ensure_future(run(None))
    await until(the_window)
    window = the_window()
    assert window is not None
    window.close()
    assert await running == 0
    assert the_window() is None


async def test_a_workspace_that_cannot_be_opened_is_told(
    opened: list[FakeWorkspace], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(_folder: Path | None = None) -> FakeWorkspace:
        raise StoreError("The database was made by a newer Sidedesk.", "Install that one.")

    monkeypatch.setattr(copilot.workspace.Workspace, "open", broken)
    running = asyncio.ensure_future(run(None))
    await until(the_window)
    window = the_window()
    assert window is not None
    await until(lambda: any("newer Sidedesk" in strip.text() for strip in window.findChildren(Strip)))
    window.close()
    assert await running == 0


async def test_the_queue_is_there_before_the_workspace_is(
    opened: list[FakeWorkspace], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = await FakeWorkspace().queue(View.MINE)
    may_open = asyncio.Event()

    async def open_later(_folder: Path | None = None) -> FakeWorkspace:
        await may_open.wait()
        opened.append(FakeWorkspace())
        return opened[-1]

    monkeypatch.setattr(copilot.workspace.Workspace, "open", open_later)
    monkeypatch.setattr(copilot.workspace, "glimpse_of_queue", lambda *_: (seen, {View.MINE: 7}))
    running = asyncio.ensure_future(run(None))
    await until(the_window)
    window = the_window()
    assert window is not None
    await until(window.queue.list.isVisible)
    assert window.queue.model.rowCount() == len(seen.rows)
    assert not opened
    may_open.set()
    await until(lambda: opened and opened[0].started)
    QTest.keyClick(window, Qt.Key.Key_Q, Qt.KeyboardModifier.ControlModifier)
    assert await running == 0
