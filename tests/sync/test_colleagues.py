"""Two reps on one ticket, and two tickets that become one."""

from __future__ import annotations

from copilot.domain import Capabilities, Merge, Note, OutboxState, Reply
from tests.sync.fake_desk import Fault
from tests.sync.make import COLLEAGUE, ME
from tests.sync.world import World

REPLY = Reply(text="Please restart it.")
TELLS = Capabilities(viewers=True)


async def test_a_reply_waits_for_a_colleague_who_has_the_ticket_open(world: World) -> None:
    world.server.capabilities = TELLS
    world.server.viewers = (ME, COLLEAGUE)
    ticket = await world.opened()
    (blocked,) = await world.post(ticket, REPLY)
    await world.hold_over()
    entry = await world.entry(blocked)
    assert entry.state is OutboxState.BLOCKED
    assert entry.problem.startswith("Tom Lindqvist is on this ticket now.")
    await world.sender.send_anyway(blocked)
    await world.sender.drain()
    assert world.server.texts(ticket) == ["Please restart it."]


async def test_our_own_window_and_a_note_wait_for_nobody(world: World) -> None:
    world.server.capabilities = TELLS
    world.server.viewers = (ME,)
    ticket = await world.opened()
    (reply,) = await world.post(ticket, REPLY)
    await world.hold_over()
    world.server.viewers = (COLLEAGUE,)
    (note,) = await world.post(ticket, Note(text="Called back."))
    await world.hold_over()
    assert [await world.state(entry) for entry in (reply, note)] == [OutboxState.SENT] * 2


async def test_a_desk_that_cannot_say_who_is_there_does_not_hold_up_a_reply(world: World) -> None:
    world.server.capabilities = TELLS
    world.server.plan("viewers", Fault.FORBIDDEN)
    ticket = await world.opened()
    await world.post(ticket, REPLY)
    await world.hold_over()
    assert world.server.texts(ticket) == ["Please restart it."]


async def test_a_try_in_doubt_is_settled_whoever_is_there(world: World) -> None:
    world.server.capabilities = TELLS
    world.server.plan("reply", Fault.UNANSWERED)
    ticket = await world.opened()
    (sent,) = await world.post(ticket, REPLY)
    await world.hold_over()
    world.server.viewers = (COLLEAGUE,)
    await world.patiently()
    assert world.server.texts(ticket) == ["Please restart it."]
    assert await world.state(sent) is OutboxState.SENT


async def test_a_merged_ticket_leaves_the_store_and_its_words_stand_in_the_other(world: World) -> None:
    world.server.capabilities = Capabilities(merge=True)
    first, second = await world.opened(1), await world.opened(2)
    old = await world.id_of(first)
    (merged,) = await world.post(first, Merge(into=second))
    await world.hold_over()
    assert await world.state(merged) is OutboxState.SENT
    assert len((await world.conversation(second)).messages) == 2
    assert (await world.store.tickets.get(old)).deleted
    assert (await world.entry(merged)).command == Merge(into=second)
