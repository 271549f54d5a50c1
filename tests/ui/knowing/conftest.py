"""The real window over the demo desk's real workspace; sentence vectors are made of words."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from copilot.domain import TicketId, View
from copilot.workspace import Workspace
from tests.knowledge.fake_embedder import WordEmbedder
from tests.ui.conftest import until
from ui import aio
from ui.furnish import Furniture
from ui.knowing.panel import KnowingPanel
from ui.window import Window

PATIENCE_SECONDS = 20


@dataclass
class Rep:
    """Somebody at the keyboard, with a ticket and its brief on screen."""

    window: Window
    furniture: Furniture
    workspace: Workspace
    ticket: TicketId

    @property
    def focus(self) -> QWidget:
        """Where keys go; offscreen, the window need not be the active one."""
        focus: QWidget | None = self.window.focusWidget()
        return self.window if focus is None else focus

    @property
    def panel(self) -> KnowingPanel:
        return cast("KnowingPanel", self.window.overlay.panel)

    def press(self, *keys: str) -> None:
        for key in keys:
            QTest.keyClicks(self.focus, key)

    def escape(self) -> None:
        QTest.keyClick(self.focus, Qt.Key.Key_Escape)

    def approve(self, by: str = "Ines") -> None:
        """This workspace has not asked its desk who the rep is: they say it."""
        self.panel.editor.approver.setText(by)
        QTest.keyClick(self.panel.editor.text, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)

    def toasts(self) -> list[str]:
        return [toast.text() for toast in self.window.toasts.shown()]


@pytest.fixture
async def rep(synced_folder: Path, tmp_path: Path) -> AsyncIterator[Rep]:
    shutil.copytree(synced_folder, tmp_path, dirs_exist_ok=True)
    workspace = await Workspace.open(tmp_path, embedder=WordEmbedder())
    ticket = (await workspace.queue(View.ALL)).rows[0].id
    await workspace.make_brief(ticket)
    window = Window()
    window.resize(1280, 900)
    window.show()
    furniture = Furniture(window, workspace)
    furniture.begin(View.ALL)
    await until(
        lambda: furniture.conversation.ticket == ticket and furniture.copilot.brief is not None,
        within=PATIENCE_SECONDS,
    )
    yield Rep(window, furniture, workspace, ticket)
    await furniture.put_away()
    await aio.cancel_all()
    await workspace.aclose()
    window.put_away()
