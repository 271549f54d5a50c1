"""The demo desk is slow, fails and is out of reach as it is told."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from copilot.desks.demo import DemoBehaviour, DemoDesk, World
from copilot.domain import RemoteId as Id
from copilot.domain import Status
from copilot.errors import AuthError, BadDataError, ConflictError, RateLimitedError, UnavailableError
from tests.desks.contract import pages_since, said, tickets_in
from tests.desks.demo.looks import reply, status, texts
from tests.desks.small import Sleeper


async def test_requests_take_their_time(desk: DemoDesk, sleeper: Sleeper) -> None:
    desk.behaviour.latency_seconds = 0.2
    desk.behaviour.slow_every = 3
    desk.behaviour.slow_seconds = 8
    for _ in range(4):
        await desk.whoami()
    assert sleeper.slept == [0.1, 0.1, 0.1, 0.1, 4, 4, 0.1, 0.1]


async def test_the_next_requests_fail_as_told(desk: DemoDesk) -> None:
    desk.behaviour.fail(UnavailableError("Out of order."), "reply", calls=2)
    desk.behaviour.fail(AuthError("Who are you?"))
    with pytest.raises(AuthError):
        await desk.whoami()
    for _ in range(2):
        with pytest.raises(UnavailableError):
            await reply(desk, "new")
    assert len(await texts(desk, "new")) == 1
    await reply(desk, "new")
    assert len(await texts(desk, "new")) == 2


async def test_a_rate_limit_names_its_delay(desk: DemoDesk) -> None:
    limit = RateLimitedError("Too many requests.", "Wait.", retry_after_seconds=7.5)
    desk.behaviour.fail(limit, "thread", calls=2)
    for _ in range(2):
        with pytest.raises(RateLimitedError) as failure:
            await desk.thread(Id("new"))
        assert (failure.value.retry_after_seconds, failure.value.advice) == (7.5, "Wait.")
    await desk.thread(Id("new"))


async def test_an_answer_can_be_lost_after_the_work_was_done(desk: DemoDesk) -> None:
    me = await desk.whoami()
    desk.behaviour.fail(UnavailableError("The line went dead."), "reply", carried_out=True)
    with pytest.raises(UnavailableError):
        await reply(desk, "new", "Only once.")
    (message,) = said(await desk.thread(Id("new")), "Only once.")
    assert desk.is_ours(message, "Only once.", key="new Only once.", me=me)
    await reply(desk, "new", "Only once.")
    assert len(said(await desk.thread(Id("new")), "Only once.")) == 1


async def test_a_conflict_can_be_asked_for(desk: DemoDesk) -> None:
    desk.behaviour.fail(ConflictError("Changed."), "note")
    with pytest.raises(ConflictError):
        await desk.note(Id("new"), "x", key="k", version=None)


async def test_offline_nothing_answers_and_nothing_is_used_up(desk: DemoDesk) -> None:
    desk.behaviour.fail(AuthError("Who are you?"))
    desk.behaviour.offline = True
    for _ in range(3):
        with pytest.raises(UnavailableError):
            await pages_since(desk, None)
    desk.behaviour.offline = False
    with pytest.raises(AuthError):
        await desk.whoami()
    assert await pages_since(desk, None)


async def test_a_failing_page_can_be_asked_for_again(tmp_path: Path, world: World) -> None:
    small = World(resources=world.resources, clock=world.clock, page_size=3)
    desk = DemoDesk(tmp_path / "pages.sqlite3", world=small)
    pages = desk.changes(None)
    first = await anext(pages)
    desk.behaviour.fail(UnavailableError("Out of order."), "changes")
    with pytest.raises(UnavailableError):
        await anext(pages)
    rest = await pages_since(desk, first.cursor)
    assert len(tickets_in([first, *rest])) == 8
    assert [page.remaining for page in (first, *rest)] == [5, 2, 0]
    await desk.aclose()


async def test_a_request_cancelled_on_its_way_back_was_carried_out(
    desk: DemoDesk, tmp_path: Path, world: World
) -> None:
    on_the_way_back, never = asyncio.Event(), asyncio.Event()
    waits: list[float] = []

    async def stuck(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == 2:
            on_the_way_back.set()
            await never.wait()

    await desk.open()
    slow = DemoDesk(
        tmp_path / "desk.sqlite3",
        behaviour=DemoBehaviour(latency_seconds=1),
        world=World(resources=world.resources, clock=world.clock, sleep=stuck),
    )
    sending = asyncio.ensure_future(reply(slow, "new", "Lost on the way."))
    await on_the_way_back.wait()
    sending.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sending
    assert len(said(await desk.thread(Id("new")), "Lost on the way.")) == 1
    assert await status(slow, "new") is Status.OPEN
    await slow.aclose()


@pytest.mark.parametrize("content", [b"no database at all " * 500, b"SQLite format 3\x00" + b"\xff" * 4096])
async def test_a_damaged_file_is_bad_data(tmp_path: Path, world: World, content: bytes) -> None:
    (tmp_path / "damaged.sqlite3").write_bytes(content)
    desk = DemoDesk(tmp_path / "damaged.sqlite3", world=world)
    with pytest.raises(BadDataError) as failure:
        await desk.whoami()
    assert "Delete it" in failure.value.advice
    await desk.aclose()


async def test_a_file_of_another_version_is_left_alone(tmp_path: Path, world: World) -> None:
    import sqlite3

    path = tmp_path / "newer.sqlite3"
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    desk = DemoDesk(path, world=world)
    with pytest.raises(BadDataError):
        await desk.whoami()
    await desk.aclose()


async def test_a_place_that_cannot_be_written_is_unavailable(tmp_path: Path, world: World) -> None:
    (tmp_path / "file").write_text("in the way")
    desk = DemoDesk(tmp_path / "file" / "desk.sqlite3", world=world)
    with pytest.raises(UnavailableError):
        await desk.whoami()
    await desk.aclose()


async def test_missing_data_is_unavailable_and_leaves_no_half_made_desk(tmp_path: Path, world: World) -> None:
    path = tmp_path / "later.sqlite3"
    without = DemoDesk(path, world=World(resources=tmp_path / "nothing here"))
    with pytest.raises(UnavailableError):
        await without.whoami()
    await without.aclose()
    desk = DemoDesk(path, world=world)
    assert len(tickets_in(await pages_since(desk, None))) == 8
    await desk.aclose()


async def test_a_desk_can_be_closed_twice_and_unused(tmp_path: Path) -> None:
    desk = DemoDesk(tmp_path / "unused.sqlite3")
    await desk.aclose()
    await desk.aclose()
    assert not (tmp_path / "unused.sqlite3").exists()
