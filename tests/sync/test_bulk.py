"""Threads that are read at once where the desk can, and one by one where that fails."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from copilot.domain import RemoteId, Thread
from copilot.errors import UnavailableError
from copilot.events import EventStream
from copilot.sync import Intake, Puller
from tests.sync.fake_desk import FakeDesk
from tests.sync.world import World


class BulkFake(FakeDesk):
    """Leaves out one ticket, or fails altogether, as a test says."""

    missing: RemoteId | None = None
    problem: Exception | None = None

    async def threads(self, tickets: Sequence[RemoteId]) -> tuple[Thread, ...]:
        self.server.calls["threads"] += 1
        if self.problem is not None:
            raise self.problem
        return tuple(self.server.threads[ticket] for ticket in tickets if ticket != self.missing)


@pytest.fixture
def desk(world: World) -> BulkFake:
    for number in range(1, 31):
        world.server.open_ticket(number)
    world.server.page_size = 30
    return BulkFake(world.server)


async def pulled(world: World, desk: BulkFake) -> int:
    return await Puller(Intake(desk, world.store), world.store, EventStream(), clock=world.clock).pull()


async def test_a_page_takes_a_request_for_each_twenty(world: World, desk: BulkFake) -> None:
    assert await pulled(world, desk) == 30
    assert (world.server.calls["threads"], world.server.calls["thread"]) == (2, 0)


async def test_what_is_missing_is_read_by_itself(world: World, desk: BulkFake) -> None:
    desk.missing = RemoteId("7")
    await pulled(world, desk)
    assert world.server.calls["thread"] == 1
    assert len((await world.conversation(RemoteId("7"))).messages) == 1


@pytest.mark.parametrize("problem", [UnavailableError("No answer."), RuntimeError("a bug")])
async def test_a_failure_with_many_is_no_failure_with_one(
    world: World, desk: BulkFake, problem: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    desk.problem = problem
    await pulled(world, desk)
    assert world.server.calls["thread"] == 30
