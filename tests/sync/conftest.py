from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.sync.world import World


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    built = World(path=tmp_path / "workspace.sqlite3")
    await built.start()
    yield built
    await built.stop()
