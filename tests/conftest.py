"""What holds for every test of the project."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

_FULL_COLLECTION_EVERY = 40
_tests = count(1)


@pytest.fixture(scope="session", autouse=True)
def garbage_on_this_thread() -> Iterator[None]:
    """A Qt object that Python's collector destroys on a worker thread ends the process (see `ui.garbage`).

    Tests of the screen and of the threaded core share one process, so nothing is collected behind their backs.
    """
    gc.disable()
    yield
    gc.enable()


@pytest.fixture(autouse=True)
def garbage_after_each_test(garbage_on_this_thread: None) -> Iterator[None]:
    yield
    gc.collect(2 if next(_tests) % _FULL_COLLECTION_EVERY == 0 else 0)


@pytest.fixture(scope="session")
def synced_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace's folder after its first sync, to be copied: filling it takes seconds, copying does not."""
    from copilot.config.settings import DemoDeskSettings, Settings, save_settings
    from copilot.workspace import Workspace

    folder = tmp_path_factory.mktemp("synced")

    async def fill() -> None:
        save_settings(folder, Settings(desks=(DemoDeskSettings(lively=False),)))
        workspace = await Workspace.open(folder)
        await workspace.sync_once()
        await workspace.aclose()

    asyncio.run(fill())
    return folder
