"""What the window remembers from run to run: its place and the rep's habits, in one small file of the user's.

Nothing here is a setting (those are the workspace's preferences) and nothing is customer text. The theme stands
in both, because the first frame is painted before the workspace is open.
"""

from __future__ import annotations

import os
from hashlib import sha256
from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings, QStandardPaths
from PySide6.QtGui import QGuiApplication

from copilot.domain import View

FILE = "window.ini"
_RECENT = 8


class Remembered:
    """Reads and writes the file; with no folder it remembers for this run only."""

    def __init__(self, folder: Path | None = None) -> None:
        self._file = QSettings(str(folder / FILE), QSettings.Format.IniFormat) if folder is not None else None
        self._run: dict[str, object] = {}

    @classmethod
    def of_user(cls) -> Remembered:
        """What this user's windows remember; `SIDEDESK_HOME` in the environment moves it with the workspaces."""
        home = os.environ.get("SIDEDESK_HOME")
        if home:
            return cls(Path(home).expanduser())
        config = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.GenericConfigLocation)
        return cls(Path(config) / "sidedesk")

    def theme(self) -> str:
        """The theme that was in force, for the first frame."""
        return str(self._get("look/theme") or "")

    def set_theme(self, preference: str) -> None:
        """Keep the theme."""
        self._set("look/theme", preference)

    def geometry(self) -> QByteArray:
        """The window's place, size and state as Qt packs them: those with these screens, else the last ones."""
        value = self._get(f"window/geometry-{screens()}") or self._get("window/geometry")
        return value if isinstance(value, QByteArray) else QByteArray()

    def set_geometry(self, geometry: QByteArray) -> None:
        """Keep the window's place, for these screens and for others that are not known yet."""
        self._set(f"window/geometry-{screens()}", geometry)
        self._set("window/geometry", geometry)

    def pane_widths(self) -> list[int]:
        """The widths of the three panes, as they were with these screens, else as they were last."""
        found = str(self._get(f"window/panes-{screens()}") or self._get("window/panes") or "").split()
        return [int(width) for width in found if width.isdigit()]

    def set_pane_widths(self, widths: list[int]) -> None:
        """Keep the widths."""
        for key in (f"window/panes-{screens()}", "window/panes"):
            self._set(key, " ".join(map(str, widths)))

    def view(self) -> View:
        """The view the rep was in."""
        found = str(self._get("queue/view") or "")
        return View(found) if found in set(View) else View.MINE

    def set_view(self, view: View) -> None:
        """Keep the view."""
        self._set("queue/view", view.value)

    def recent_actions(self) -> list[str]:
        """The actions last picked from the palette, newest first."""
        return str(self._get("palette/recent") or "").split()

    def add_recent_action(self, name: str) -> None:
        """An action was picked."""
        recent = [name, *(other for other in self.recent_actions() if other != name)]
        self._set("palette/recent", " ".join(recent[:_RECENT]))

    def save(self) -> None:
        """Write to disk what was not yet written."""
        if self._file is not None:
            self._file.sync()

    def _get(self, key: str) -> object:
        return self._run.get(key) if self._file is None else self._file.value(key)

    def _set(self, key: str, value: object) -> None:
        if self._file is None:
            self._run[key] = value
        else:
            self._file.setValue(key, value)


def screens() -> str:
    """A short name for the screens that are connected now: which, how large and how placed."""
    seen = sorted(
        f"{screen.name()} {screen.geometry().getRect()} {screen.devicePixelRatio()}"
        for screen in QGuiApplication.screens()
    )
    return sha256("; ".join(seen).encode()).hexdigest()[:10]
