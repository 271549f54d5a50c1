"""What the tolerance lets pass, and what it does not: measured on a page of the gallery.

On the machine that set it: the same page painted twice 0.0; stored in few colours and read back 7.7; of the changes
below an icon more 16, three pixels lower 30, a strip gone 30, another word 45.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap

from tests.ui.fake_workspace import FakeWorkspace
from tests.ui.pictures.compare import TOLERANCE, difference, reduced, store, stored
from ui.gallery.page import render
from ui.gallery.pages import page
from ui.theme.icons import paint_icon
from ui.widgets.pill import Pill


@pytest.fixture
async def signs(workspace: FakeWorkspace) -> QPixmap:
    made = page("signs", workspace)
    picture = await made.picture()
    made.deleteLater()
    return picture


async def test_the_same_page_twice_is_the_same_picture(signs: QPixmap, workspace: FakeWorkspace) -> None:
    made = page("signs", workspace)
    assert difference(reduced(signs), reduced(await made.picture())).worst == 0
    made.deleteLater()


async def test_storing_loses_less_than_what_is_allowed(signs: QPixmap, tmp_path: Path) -> None:
    store(reduced(signs), tmp_path / "signs.png")
    assert difference(reduced(signs), stored(tmp_path / "signs.png")).worst < TOLERANCE * 0.75


def altered(signs: QPixmap, change: str) -> QPixmap:
    """The page with a small change in it."""
    changed = QPixmap(signs)
    painter = QPainter(changed)
    match change:
        case "an icon more":
            paint_icon(painter, QRect(700, 300, 16, 16), "bot", "ink")
        case "another word":
            painter.drawPixmap(24, 348, render(Pill("Other")))
        case "three pixels lower":
            painter.drawPixmap(0, 603, signs.copy(0, 600, 800, 60))
        case _:
            painter.fillRect(QRect(40, 590, 500, 30), QColor(Qt.GlobalColor.white))
    painter.end()
    return changed


@pytest.mark.parametrize("change", ["an icon more", "another word", "three pixels lower", "a strip gone"])
async def test_a_change_that_can_be_seen_is_seen(signs: QPixmap, change: str) -> None:
    assert difference(reduced(signs), reduced(altered(signs, change))).worst > TOLERANCE


async def test_where_it_differs_is_told(signs: QPixmap) -> None:
    x, y = difference(reduced(signs), reduced(altered(signs, "an icon more"))).where
    assert QRect(700, 300, 16, 16).intersects(QRect(x, y, 24, 24))


async def test_another_size_is_another_picture(signs: QPixmap) -> None:
    assert difference(reduced(signs), reduced(signs.copy(0, 0, 500, 500))).worst > TOLERANCE
