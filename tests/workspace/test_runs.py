from __future__ import annotations

import asyncio

import pytest

from copilot.domain import TicketId
from copilot.errors import ModelUnreachableError
from copilot.events import Event, EventStream, WritingEnded, WritingStreamed
from copilot.workspace.runs import OnText, Runs
from tests.workspace.conftest import PATIENCE_SECONDS

TICKET = TicketId(1)


@pytest.fixture
def told() -> list[Event]:
    return []


@pytest.fixture
def runs(told: list[Event]) -> Runs:
    events = EventStream()
    events.subscribe(told.append)
    return Runs(events)


async def test_listeners_hear_at_most_once_a_frame_and_see_the_newest(runs: Runs, told: list[Event]) -> None:
    seen: list[str] = []

    async def work(on_text: OnText) -> str:
        for number in range(200):
            on_text(lambda number=number: f"text {number}")  # type: ignore[misc]  # a default binds the number
        seen.extend(run.text for run in runs.running(TICKET))
        return "done"

    assert await runs.follow(TICKET, "draft", work) == "done"
    assert seen == ["text 199"]
    assert sum(isinstance(event, WritingStreamed) for event in told) == 2  # that it began, and the first text
    assert isinstance(told[-1], WritingEnded)
    assert told[-1].problem == ""
    assert runs.running(TICKET) == ()


async def test_what_came_within_a_frame_is_told_at_its_end(runs: Runs, told: list[Event]) -> None:
    async def work(on_text: OnText) -> None:
        on_text(lambda: "one")
        on_text(lambda: "two")
        async with asyncio.timeout(PATIENCE_SECONDS):
            while len(told) < 3:  # noqa: ASYNC110 - the frame is real time
                await asyncio.sleep(0.002)

    await runs.follow(TICKET, "draft", work)
    assert [type(event) for event in told] == [
        WritingStreamed,
        WritingStreamed,
        WritingStreamed,
        WritingEnded,
    ]


async def test_a_failure_is_told_in_words_and_raised(runs: Runs, told: list[Event]) -> None:
    async def work(_on_text: OnText) -> None:
        raise ModelUnreachableError("Nothing listens there.", "Start it.")

    with pytest.raises(ModelUnreachableError):
        await runs.follow(TICKET, "ask", work)
    assert isinstance(told[-1], WritingEnded)
    assert told[-1].problem == "Nothing listens there. Start it."


async def test_cancelling_chooses_by_ticket_and_task(runs: Runs) -> None:
    never = asyncio.Event()

    async def work(_on_text: OnText) -> None:
        await never.wait()

    tasks = [
        asyncio.create_task(runs.follow(TicketId(n), task, work)) for n in (1, 2) for task in ("draft", "ask")
    ]
    await asyncio.sleep(0)
    assert len(runs.running(TICKET)) == 2
    assert runs.cancel(TICKET, "draft")
    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    assert [run.task for run in runs.running(TICKET)] == ["ask"]
    assert len(runs.running(TicketId(2))) == 2
    await runs.stop()
    ended = await asyncio.gather(*tasks, return_exceptions=True)
    assert all(isinstance(one, asyncio.CancelledError) for one in ended)
