"""The gallery's pages look as they did."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from tests.ui.fake_workspace import FakeWorkspace
from tests.ui.pictures.conftest import Album
from ui.gallery.pages import PAGES, page
from ui.theme.theme import theme


@pytest.mark.parametrize("scheme", ["light", "dark", "contrast"])
@pytest.mark.parametrize("place", list(PAGES))
async def test_page(place: str, scheme: str, workspace: FakeWorkspace, album: Album) -> None:
    theme().prefer(scheme)
    made = page(place, workspace)
    album.check(f"gallery-{place}-{scheme}", await made.picture())
    made.deleteLater()


@pytest.mark.parametrize("place", ["controls", "queue", "conversation", "assist"])
async def test_page_from_the_right(
    place: str, workspace: FakeWorkspace, album: Album, qapp: QApplication
) -> None:
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    made = page(place, workspace)
    album.check(f"gallery-{place}-right-to-left", await made.picture())
    made.deleteLater()


async def test_page_on_a_dense_screen(workspace: FakeWorkspace, album: Album) -> None:
    made = page("controls", workspace)
    picture = await made.picture(2.0)
    assert picture.width() == 2 * made.width()
    album.check("gallery-controls-2x", picture, scale=0.5)
    made.deleteLater()
