from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from copilot.desks.demo import DemoDesk, World
from tests.desks.small import Clock, Sleeper, small_demo


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def sleeper(clock: Clock) -> Sleeper:
    return Sleeper(clock)


@pytest.fixture
def world(tmp_path: Path, clock: Clock, sleeper: Sleeper) -> World:
    return World(resources=small_demo(tmp_path / "data"), clock=clock, sleep=sleeper)


@pytest.fixture
async def desk(tmp_path: Path, world: World) -> AsyncIterator[DemoDesk]:
    desk = DemoDesk(tmp_path / "desk.sqlite3", world=world)
    yield desk
    await desk.aclose()
