"""Background work never dies in silence."""

from __future__ import annotations

import asyncio

from copilot.errors import StoreError
from copilot.events import Event, EventStream, Failed
from copilot.workspace.background import ADVICE, run_in_background


async def told_when(error: BaseException | None) -> list[Event]:
    events = EventStream()
    told: list[Event] = []
    events.subscribe(told.append)

    async def work() -> None:
        if error is not None:
            raise error

    task = run_in_background(work(), "pull demo", events)
    await asyncio.wait({task})
    await asyncio.sleep(0)
    return told


async def test_a_bug_is_told_by_the_name_of_the_work_and_without_its_words() -> None:
    (event,) = await told_when(ValueError("what a customer wrote"))
    assert event == Failed("background", "Sidedesk made a mistake, and “pull demo” has stopped.", ADVICE)


async def test_what_a_person_can_act_on_is_told_in_its_own_words() -> None:
    (event,) = await told_when(StoreError("The disk is full.", "Make room."))
    assert event == Failed("background", "The disk is full.", "Make room.")


async def test_an_end_in_good_order_is_no_news() -> None:
    assert await told_when(None) == []
    assert await told_when(asyncio.CancelledError()) == []
