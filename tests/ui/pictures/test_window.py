"""The window at work looks as it did: in every theme, size, density and direction."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QApplication

from tests.ui.conftest import until
from tests.ui.fake_workspace import FakeWorkspace
from tests.ui.pictures.conftest import Album
from tests.ui.test_journeys import ONE, Rep, at_work
from ui.gallery.page import render
from ui.theme.theme import theme

_ALIKE = 4
WIDE, NARROW = QSize(1440, 900), QSize(1024, 700)


def nothing(_rep: Rep) -> None:
    pass


def compact(rep: Rep) -> None:
    rep.window.queue.set_compact(True)


def settings(rep: Rep) -> None:
    rep.window.actions_.trigger("window.settings")


def keys(rep: Rep) -> None:
    rep.press("?")


async def look(rep: Rep, size: QSize, ratio: float = 1.0) -> QPixmap:
    """The window at a size, when everything has its place: a few pictures in a row are the same."""
    rep.window.resize(size)
    await until(lambda: rep.furniture.copilot.brief is not None)
    await until(lambda: (row := rep.window.queue.model.known(ONE)) is not None and not row.unread)
    for toast in rep.window.toasts.shown():
        toast.hide()
    seen = [render(rep.window).toImage()]

    def is_still() -> bool:
        seen.append(render(rep.window).toImage())
        return len(seen) > _ALIKE and all(picture == seen[-1] for picture in seen[-_ALIKE:])

    await until(is_still)
    return render(rep.window, ratio)


@pytest.mark.parametrize(
    ("name", "scheme", "size", "do"),
    [
        ("light", "light", WIDE, nothing),
        ("dark", "dark", WIDE, nothing),
        ("contrast", "contrast", WIDE, nothing),
        ("compact", "light", WIDE, compact),
        ("1024", "light", NARROW, nothing),
        ("settings", "light", WIDE, settings),
        ("settings-dark-1024", "dark", NARROW, settings),
        ("keys", "light", WIDE, keys),
    ],
)
async def test_window(
    name: str, scheme: str, size: QSize, do: Callable[[Rep], None], workspace: FakeWorkspace, album: Album
) -> None:
    theme().prefer(scheme)
    async with at_work(workspace) as rep:
        do(rep)
        album.check(f"window-{name}", await look(rep, size))


async def test_window_from_the_right(workspace: FakeWorkspace, album: Album, qapp: QApplication) -> None:
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    async with at_work(workspace) as rep:
        album.check("window-right-to-left", await look(rep, WIDE))


async def test_window_on_a_dense_screen(workspace: FakeWorkspace, album: Album) -> None:
    async with at_work(workspace) as rep:
        album.check("window-2x", await look(rep, WIDE, 2.0), scale=0.25)
