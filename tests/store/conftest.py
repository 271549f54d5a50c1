from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from copilot.store import Store
from copilot.store.codec import to_ms
from copilot.store.connection import open_writer
from tests.store.make import NOON


class SetClock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.moment = NOON

    def __call__(self) -> int:
        return to_ms(self.moment)

    def move(self, by: timedelta) -> datetime:
        self.moment += by
        return self.moment


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "workspace.sqlite3"


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with the schema and nothing in it; a copy of it is quicker than another."""
    path = tmp_path_factory.mktemp("empty") / "workspace.sqlite3"
    open_writer(path).close()
    return path


@pytest.fixture
async def store(path: Path, empty: Path, clock: SetClock) -> AsyncIterator[Store]:
    shutil.copy(empty, path)
    opened = await Store.open(path, clock=clock)
    yield opened
    await opened.aclose()
