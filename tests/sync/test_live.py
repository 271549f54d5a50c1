"""A desk that tells of changes at once: heard beside the polling, lost and found again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from copilot.domain import Capabilities, DeskHealth
from copilot.errors import UnavailableError, UnsupportedError
from copilot.sync.live import GAP_SECONDS
from tests.sync.fake_desk import Fault
from tests.sync.world import World, until

INTERVAL = 30.0


@pytest.fixture
async def live(world: World) -> AsyncIterator[World]:
    world.server.capabilities = Capabilities(live=True)
    running = asyncio.create_task(world.puller.run_forever(INTERVAL))
    await until(lambda: INTERVAL in world.clock.waits)
    yield world
    running.cancel()
    await asyncio.wait({running})


def polls(world: World) -> int:
    return world.server.calls["changes"]


async def test_a_message_is_in_the_store_before_the_next_poll_is_due(live: World) -> None:
    live.server.open_ticket(1)
    live.server.news.put_nowait(None)
    await until(lambda: polls(live) > 1)
    assert (await live.store.tickets.counts()) is not None
    assert live.clock.monotonic() == 1000.0


async def test_a_desk_that_speaks_without_end_is_asked_once_a_gap(live: World) -> None:
    for _ in range(50):
        live.server.news.put_nowait(None)
    await until(lambda: GAP_SECONDS in live.clock.waits and polls(live) == 2)
    assert live.server.news.qsize() == 49
    live.clock.advance(GAP_SECONDS)
    await until(lambda: polls(live) == 3)
    assert live.server.news.qsize() == 48


async def test_a_lost_watch_is_no_error_of_the_desk_and_is_found_again(live: World) -> None:
    live.server.news.put_nowait(UnavailableError("The connection broke."))
    await until(lambda: len(live.clock.waits) == 2)
    assert live.puller.health is DeskHealth.ONLINE
    live.clock.advance(5)
    await until(lambda: live.server.calls["watch"] == 2)
    live.server.news.put_nowait(None)
    await until(lambda: polls(live) == 2)


async def test_a_server_that_cannot_tell_is_not_asked_again(live: World) -> None:
    live.server.news.put_nowait(UnsupportedError("No IDLE."))
    await until(live.server.news.empty)
    live.clock.advance(INTERVAL)
    await until(lambda: polls(live) == 2)
    assert live.server.calls["watch"] == 1


async def test_news_do_not_shorten_the_delay_that_a_desk_has_asked_for(live: World) -> None:
    live.server.plan("changes", Fault.RATE_LIMITED)
    live.server.news.put_nowait(None)
    await until(lambda: polls(live) == 2 and len(live.clock.waits) >= 3)
    live.clock.advance(GAP_SECONDS)
    live.server.news.put_nowait(None)
    await until(lambda: live.clock.waits.count(GAP_SECONDS) == 2)
    assert polls(live) == 2
