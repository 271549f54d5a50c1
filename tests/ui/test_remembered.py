"""What the window keeps of itself: its place for each set-up of screens, and the last one for a set-up not seen yet."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray

from ui import remembered
from ui.remembered import Remembered, screens


def test_the_place_is_kept_by_screens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = Remembered(tmp_path)
    connected = "desk"
    monkeypatch.setattr(remembered, "screens", lambda: connected)
    kept.set_geometry(QByteArray(b"wide"))
    kept.set_pane_widths([400, 900, 400])
    connected = "laptop"
    assert kept.geometry().data() == b"wide"
    kept.set_geometry(QByteArray(b"narrow"))
    kept.set_pane_widths([300, 600, 0])
    kept.save()
    again = Remembered(tmp_path)
    assert (again.geometry().data(), again.pane_widths()) == (b"narrow", [300, 600, 0])
    connected = "desk"
    assert (again.geometry().data(), again.pane_widths()) == (b"wide", [400, 900, 400])
    connected = "elsewhere"
    assert again.geometry().data() == b"narrow"


def test_the_screens_have_a_short_name_that_stays(qapp: object) -> None:
    assert screens() == screens()
    assert len(screens()) == 10
