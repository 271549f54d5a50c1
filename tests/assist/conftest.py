from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from copilot.store import Store
from tests.threads import fill_with_demo_desk


@pytest.fixture(scope="session")
def demo_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with everything of the demo desk, made once."""
    return asyncio.run(fill_with_demo_desk(tmp_path_factory.mktemp("demo")))


@pytest.fixture
async def demo(demo_path: Path) -> AsyncIterator[Store]:
    opened = await Store.open(demo_path)
    yield opened
    await opened.aclose()
