"""The screen under test: offscreen, on Qt's own event loop, with nothing left behind."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest
import pytestqt.plugin
from PySide6.QtWidgets import QApplication

from tests.ui.fake_workspace import FakeWorkspace
from ui import aio
from ui.theme.fonts import load_fonts
from ui.theme.theme import theme
from ui.theme.tokens import Scheme

NOW = datetime(2026, 6, 26, 14, 30, tzinfo=UTC)
PATIENCE_SECONDS = 30.0


def application() -> QApplication:
    """The one application of the process, dressed."""
    running = QApplication.instance()
    if isinstance(running, QApplication):
        return running
    made = QApplication(["sidedesk"])
    made.setQuitOnLastWindowClosed(False)
    load_fonts()
    theme().start(made, Scheme.LIGHT.value)
    return made


def pytest_asyncio_loop_factories(
    config: object, item: object
) -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    """Coroutine tests of the screen run on Qt's loop, as the program does."""
    return {"qt": make_loop}


loops: list[asyncio.AbstractEventLoop] = []


def make_loop() -> asyncio.AbstractEventLoop:
    loops[:] = [aio.new_loop(application())]
    return loops[0]


def process_events() -> None:
    """What pytest-qt does between the parts of a test, without leaving the test's event loop.

    Its own `processEvents` would run what is due outside of the loop, where no coroutine can go on.
    """
    if loops and not loops[0].is_closed() and not loops[0].is_running():
        loops[0].run_until_complete(asyncio.sleep(0))
    elif isinstance(QApplication.instance(), QApplication):
        QApplication.processEvents()


pytestqt.plugin._process_events = process_events


@pytest.fixture(scope="session")
def qapp() -> QApplication:
    return application()


@pytest.fixture
def workspace() -> FakeWorkspace:
    return FakeWorkspace()


@pytest.fixture(autouse=True)
def nothing_left_behind(qapp: QApplication) -> Iterator[None]:
    """A window or a task that outlives its test fails it."""
    before = set(qapp.topLevelWidgets())
    yield
    left = [w for w in qapp.topLevelWidgets() if w not in before and w.isVisible()]
    names = [f"{type(w).__name__} {w.windowTitle()!r}" for w in left]
    for widget in left:
        widget.close()
    assert not names, f"windows left open: {names}"
    assert not aio.pending_tasks(), f"tasks left running: {aio.pending_tasks()}"


async def until(condition: Callable[[], object], *, within: float = PATIENCE_SECONDS) -> None:
    """Wait for a condition that the event loop will bring about; on a busy machine that takes a while."""
    async with asyncio.timeout(within):
        while not condition():  # noqa: ASYNC110  whatever a test waits for has no event of its own
            await asyncio.sleep(0.002)
