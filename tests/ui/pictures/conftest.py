"""A screen that looks the same at any hour on any machine."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime, tzinfo
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from types import ModuleType

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QApplication

import ui
from tests.ui.conftest import NOW
from tests.ui.fake_workspace import FakeWorkspace
from tests.ui.pictures.compare import STORED, TOLERANCE, UPDATING, difference, reduced, store, stored
from ui.theme.theme import theme


class Standing(datetime):
    """A clock that stands still."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]  # the moment is a plain one
        return NOW.astimezone(tz) if tz is not None else NOW.replace(tzinfo=None)


@cache
def rooms() -> tuple[ModuleType, ...]:
    """All modules of the screen; many are imported late otherwise, with the clock they find then."""
    names = [found.name for found in walk_packages(ui.__path__, "ui.") if not found.name.endswith("__main__")]
    return tuple(import_module(name) for name in names)


@pytest.fixture(autouse=True)
def still(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No time passes, no cursor blinks, and the rep sits in Greenwich."""
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    for module in rooms():
        if getattr(module, "datetime", None) is datetime:
            monkeypatch.setattr(module, "datetime", Standing)
    flash = qapp.cursorFlashTime()
    qapp.setCursorFlashTime(0)
    yield
    qapp.setCursorFlashTime(flash)
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    theme().prefer("light")
    monkeypatch.undo()
    time.tzset()


@pytest.fixture
def workspace() -> FakeWorkspace:
    return FakeWorkspace(NOW)


class Album:
    """The stored pictures: compares with them, or takes new ones when asked to."""

    def __init__(self, failed: Path) -> None:
        self._failed = failed

    def check(self, name: str, picture: QPixmap, scale: float = 0.5) -> None:
        """Fail when a picture is not the stored one."""
        seen, file = reduced(picture, scale), STORED / f"{name}.png"
        if UPDATING:
            if not file.exists() or difference(seen, stored(file)).worst > TOLERANCE / 3:
                store(seen, file)
            return
        assert file.exists(), f"no picture of {name} is stored yet: make pictures-update"
        found = difference(seen, stored(file))
        if found.worst > TOLERANCE:
            now = self._failed / f"{name}.png"
            picture.save(str(now))
            pytest.fail(
                f"{name} looks different around {found.where} (by {found.worst:.1f}, {TOLERANCE} is allowed); it is"
                f" now {now}. If that is how it should look: make pictures-update"
            )


@pytest.fixture
def album(tmp_path: Path) -> Album:
    return Album(tmp_path)
