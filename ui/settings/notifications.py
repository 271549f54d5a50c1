"""What the rep is told of while they look elsewhere, and when not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QCheckBox, QSystemTrayIcon, QWidget

from ui import aio
from ui.settings.rows import Number, SettingRow, group
from ui.theme.tokens import Space
from ui.widgets.layout import column, row

if TYPE_CHECKING:
    from copilot.workspace import Workspace
    from ui.window import Window

_KINDS = (
    ("assigned", "Assigned to you", "A colleague or a rule gave you a ticket."),
    ("replied", "Replies on your tickets", "The customer wrote again."),
    ("breaching", "About to be late", "One of your tickets is near its due time."),
    ("escalated", "Escalated by the AI agent", "It gave a ticket up that nobody has yet."),
)


class NotificationsPage(QWidget):
    """Every change holds at once and is kept."""

    def __init__(self, workspace: Workspace, window: Window) -> None:
        super().__init__()
        self._workspace, self._window = workspace, window
        now = workspace.preferences.notifications
        self.boxes: dict[str, QCheckBox] = {}
        self.before = Number(5, 480, now.breach_minutes, "minutes before")
        self.before.changed.connect(lambda minutes: self._keep(breach_minutes=minutes))
        self.start = Number(0, 23, now.quiet_from, "h to")
        self.start.changed.connect(lambda hour: self._keep(quiet_from=hour))
        self.end = Number(0, 23, now.quiet_to, "h")
        self.end.changed.connect(lambda hour: self._keep(quiet_to=hour))
        hours = QWidget()
        hours.setLayout(row(self.start, self.end))
        hours.setFocusProxy(self.start)
        quiet_row = SettingRow(
            "Hours", "Full hours of your own time zone; they may reach over midnight.", hours
        )
        self.start.setAccessibleName("Quiet from, hour")
        self.end.setAccessibleName("Quiet until, hour")
        self.setLayout(
            column(
                group(
                    "Tell me of",
                    *(SettingRow(title, does, self._switch(name)) for name, title, does in _KINDS),
                    SettingRow("How early", "How long before its due time a ticket is told of.", self.before),
                ),
                group(
                    "Quiet",
                    SettingRow("Quiet hours", "Nothing is told in these hours.", self._switch("quiet")),
                    quiet_row,
                    SettingRow(
                        "Quiet weekends",
                        "Nothing is told on Saturday and Sunday.",
                        self._switch("quiet_weekends"),
                    ),
                ),
                group("On the screen", *self._screen_rows()),
                None,
                spacing=Space.XL,
            )
        )

    def shown(self) -> list[SettingRow]:
        """The settings that are not hidden by the search."""
        return [line for line in self.findChildren(SettingRow) if line.isVisible()]

    def _screen_rows(self) -> list[SettingRow]:
        rows = [
            SettingRow(
                "Who and about what",
                "Notifications name the customer and the subject. Switch it off where others see your screen.",
                self._switch("names"),
            ),
            SettingRow(
                "Keep running when closed",
                "Closing the window leaves Sidedesk in the tray; Ctrl+Q quits.",
                self._switch("keep_in_tray"),
            ),
        ]
        if not QSystemTrayIcon.isSystemTrayAvailable():
            self.boxes["keep_in_tray"].setEnabled(False)
            self.boxes["keep_in_tray"].setToolTip("This desktop has no tray.")
        return rows

    def _switch(self, name: str) -> QCheckBox:
        box = QCheckBox()
        box.setChecked(bool(getattr(self._workspace.preferences.notifications, name)))
        box.toggled.connect(lambda on: self._keep(**{name: on}))
        self.boxes[name] = box
        return box

    def _keep(self, **changed: object) -> None:
        changed_settings = self._workspace.preferences.notifications.model_copy(update=changed)
        aio.spawn(self._workspace.prefer(notifications=changed_settings), "keep preferences", self._window)
