"""The line under the list: how the desks do and how far the sync is. Always there, so that nothing jumps."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame, QProgressBar

from copilot.domain import DeskHealth, DeskInfo
from copilot.events import SyncProgress
from ui.actions import Actions
from ui.theme.tokens import Size, Space, Text
from ui.widgets.buttons import action_icon_button
from ui.widgets.labels import ElidedLabel, IconLabel
from ui.widgets.layout import column, row

if TYPE_CHECKING:
    from copilot.workspace import Workspace


class StatusLine(QFrame):
    """One sentence about the connection, with a button to sync now."""

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self._progress = QProgressBar()
        self._progress.setTextVisible(False)
        self._progress.setAccessibleName("Sync")
        self._progress.setFixedHeight(1)
        self._progress.setRange(0, 1)
        self._icon = IconLabel("circle-dot", "faint", 14)
        self._text = ElidedLabel("Opening the workspace", Text.SMALL, "muted")
        sync = action_icon_button(actions, "window.sync", size=Size.CONTROL_SMALL)
        line = row(self._icon, self._text, sync, margins=(Space.L, 2, Space.M, 4), spacing=Space.S)
        self.setLayout(column(self._progress, line, spacing=0))

    def text(self) -> str:
        """What it says."""
        return self._text.text()

    def show_progress(self, event: SyncProgress) -> None:
        """A sync moves on."""
        if event.finished:
            self._progress.setRange(0, 1)
            self._progress.setValue(0)
            self._say("circle-check", "good", f"Up to date at {datetime.now().astimezone():%H:%M}")
            return
        self._progress.setRange(0, event.total or 0)
        self._progress.setValue(event.done)
        of = f" of {event.total:,}" if event.total else ""
        self._say("refresh-cw", "accent", f"Syncing, {event.done:,}{of} tickets")

    def show_desks(self, workspace: Workspace) -> None:
        """The state of the desks changed, or is first seen."""
        troubled = [desk for desk in workspace.desks() if desk.health is not DeskHealth.ONLINE]
        if not troubled:
            self._say("circle-check", "good", f"Up to date at {datetime.now().astimezone():%H:%M}")
            return
        self._say(*_trouble(troubled[0]))

    def _say(self, icon_name: str, ink: str, text: str) -> None:
        self._icon.set_icon(icon_name, ink)
        self._text.setText(text)


def _trouble(desk: DeskInfo) -> tuple[str, str, str]:
    problem = f": {desk.problem}" if desk.problem else ""
    match desk.health:
        case DeskHealth.CONNECTING:
            return "refresh-cw", "accent", f"Connecting to {desk.name}"
        case DeskHealth.NEEDS_SIGN_IN:
            return "key-round", "bad", f"{desk.name} wants you to sign in again{problem}"
        case _:
            return "wifi-off", "warn", f"Offline, {desk.name}{problem}. What you send waits here."
