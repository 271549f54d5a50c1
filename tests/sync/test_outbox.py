"""The outbox against a desk that answers well, and against each way in which it does not."""

from __future__ import annotations

import asyncio
import functools
import itertools
from datetime import timedelta

import pytest

from copilot.domain import (
    Assign,
    Capabilities,
    Command,
    DeskHealth,
    Note,
    OutboxState,
    Reply,
    SetFields,
    SetStatus,
    SetTags,
    Status,
)
from copilot.errors import TooLateError
from copilot.events import DeskChanged, Failed, OutboxChanged, ThreadChanged
from copilot.sync import rests, verdicts
from copilot.sync.outbox import WAITS_ITS_TURN
from tests.sync.fake_desk import Fault
from tests.sync.make import AI_AGENT, COLLEAGUE, ME, REQUESTER
from tests.sync.world import HOLD_SECONDS, SETTLE_SECONDS, World, until

SAFE = Capabilities(safe_update=True)
KEYED = Capabilities(idempotency=True)
REPLY = Reply(text="Please restart it.")


async def test_a_reply_leaves_when_the_undo_period_is_over_and_shows_as_the_desks_own_message(
    world: World,
) -> None:
    ticket = await world.opened()
    (sent,) = await world.post(ticket, REPLY)
    await world.sender.drain()
    assert world.server.texts(ticket) == []
    world.clock.advance(HOLD_SECONDS)
    await world.sender.drain()
    assert world.server.texts(ticket) == ["Please restart it."]
    conversation = await world.conversation(ticket)
    assert [message.text for message in conversation.messages] == ["It is broken.", "Please restart it."]
    assert conversation.outbox == ()
    assert (await world.entry(sent)).sent_as == conversation.messages[-1].remote_id


async def test_each_step_is_told_and_the_last_one_only_when_the_message_can_be_shown(world: World) -> None:
    ticket = await world.opened()
    (sent,) = await world.post(ticket, REPLY)
    world.heard.clear()
    await world.hold_over()
    id_ = await world.id_of(ticket)
    assert [event for event in world.heard if isinstance(event, OutboxChanged | ThreadChanged)] == [
        OutboxChanged(sent, id_, OutboxState.SENDING),
        OutboxChanged(sent, id_, OutboxState.SENT),
        ThreadChanged(id_),
    ]


async def test_the_status_goes_with_the_reply(world: World) -> None:
    ticket = await world.opened()
    (sent,) = await world.post(ticket, Reply(text="Done.", status=Status.SOLVED))
    await world.hold_over()
    assert world.server.threads[ticket].snapshot.status is Status.SOLVED
    assert await world.state(sent) is OutboxState.SENT
    assert world.server.calls["set_status"] == 0


async def test_a_status_that_the_desk_let_fall_is_set_afterwards(world: World) -> None:
    world.server.drops_status = True
    ticket = await world.opened()
    (sent,) = await world.post(ticket, Reply(text="Done.", status=Status.SOLVED))
    world.server.plan("set_status", Fault.LOST)
    await world.hold_over()
    assert await world.state(sent) is OutboxState.SENDING
    await world.patiently()
    assert world.server.threads[ticket].snapshot.status is Status.SOLVED
    assert (await world.conversation(ticket)).ticket.status is Status.SOLVED
    assert await world.state(sent) is OutboxState.SENT
    assert world.server.texts(ticket) == ["Done."]


async def test_a_status_is_not_forced_on_a_ticket_where_the_requester_wrote_since(world: World) -> None:
    server, ticket = world.server, await world.opened()
    (sent,) = await world.post(ticket, Reply(text="Done.", status=Status.SOLVED))
    server.meanwhile("reply", lambda: server.meanwhile("thread", lambda: server.writes(ticket, REQUESTER)))
    await world.hold_over()
    assert await world.state(sent) is OutboxState.SENT
    assert server.threads[ticket].snapshot.status is Status.OPEN


async def test_a_status_the_desk_refuses_is_told_and_the_reply_counts_as_sent(world: World) -> None:
    world.server.drops_status = True
    ticket = await world.opened()
    (sent,) = await world.post(ticket, Reply(text="Done.", status=Status.SOLVED))
    world.server.plan("set_status", Fault.REFUSED)
    await world.hold_over()
    entry = await world.entry(sent)
    assert (entry.state, entry.problem) == (
        OutboxState.SENT,
        "Sent, but without the status: The desk says no.",
    )
    assert Failed("outbox", entry.problem) in world.heard


async def test_fields_are_set_without_looking_and_again_without_harm(world: World) -> None:
    ticket = await world.opened()
    world.server.calls.clear()
    world.server.plan("assign", Fault.UNANSWERED)
    entries = await world.post(
        ticket,
        Assign(person=ME),
        SetStatus(status=Status.PENDING),
        SetTags(tags=("printer",)),
        SetFields(fields={"topic": "hardware"}),
        hold_seconds=0,
    )
    await world.patiently()
    snapshot = world.server.threads[ticket].snapshot
    assert (snapshot.assignee, snapshot.status, snapshot.tags) == (ME, Status.PENDING, ("printer",))
    assert snapshot.fields == {"topic": "hardware"}
    assert [await world.state(entry) for entry in entries] == [OutboxState.SENT] * 4
    assert world.server.calls["assign"] == 2


async def test_an_escalation_goes_as_note_then_assignment(world: World) -> None:
    ticket = await world.opened()
    await world.post(ticket, Note(text="Packet"), Assign(person=COLLEAGUE))
    await world.hold_over()
    server = world.server.threads[ticket]
    assert [message.text for message in server.messages] == ["It is broken.", "Packet"]
    assert server.snapshot.assignee == COLLEAGUE
    assert world.server.received == []


# -- undo --------------------------------------------------------------------------------------------------------------


async def test_an_undone_reply_never_leaves(world: World) -> None:
    ticket = await world.opened()
    entries = await world.post(ticket, REPLY)
    await world.sender.cancel(entries)
    await world.patiently()
    assert world.server.texts(ticket) == []
    assert await world.state(entries[0]) is OutboxState.CANCELLED


async def test_an_undo_that_comes_too_late_says_so_and_changes_nothing(world: World) -> None:
    ticket = await world.opened()
    entries = await world.post(ticket, REPLY)
    await world.hold_over()
    with pytest.raises(TooLateError):
        await world.sender.cancel(entries)
    assert await world.state(entries[0]) is OutboxState.SENT


async def test_a_batch_is_undone_as_a_whole_or_not_at_all(world: World) -> None:
    ticket = await world.opened()
    entries = await world.post(ticket, Note(text="Packet"), Assign(person=COLLEAGUE))
    world.server.plan("note", Fault.LOST)
    await world.hold_over()
    with pytest.raises(TooLateError):
        await world.sender.cancel(entries)
    assert await world.state(entries[1]) is OutboxState.HELD
    await world.patiently()
    assert [await world.state(entry) for entry in entries] == [OutboxState.SENT, OutboxState.SENT]


async def test_an_undo_while_the_thread_is_read_still_comes_in_time(world: World) -> None:
    ticket = await world.opened()
    entries = await world.post(ticket, REPLY, hold_seconds=0)
    undone: list[asyncio.Task[None]] = []
    world.server.plan("thread", Fault.HANGS)
    drain = asyncio.create_task(world.sender.drain())
    await world.server.hanging.wait()
    undone.append(asyncio.create_task(world.sender.cancel(entries)))
    await undone[0]
    drain.cancel()
    await asyncio.wait({drain})
    await world.restart()
    await world.patiently()
    assert world.server.texts(ticket) == []


# -- somebody else was there -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("author", [REQUESTER, COLLEAGUE, AI_AGENT])
async def test_a_reply_is_blocked_and_shown_beside_what_is_newer(world: World, author: object) -> None:
    ticket = await world.opened()
    (blocked,) = await world.post(ticket, REPLY)
    world.server.writes(ticket, author, "Wait, it works now.")  # type: ignore[arg-type]  # a person
    await world.hold_over()
    entry = await world.entry(blocked)
    assert entry.state is OutboxState.BLOCKED
    assert [message.clean for message in entry.newer] == ["Wait, it works now."]
    assert (await world.conversation(ticket)).messages[-1].text == "Wait, it works now."
    assert world.server.texts(ticket) == []


async def test_with_safe_updates_not_even_the_last_moment_is_lost(world: World) -> None:
    world.server.capabilities = SAFE
    server, ticket = world.server, await world.opened()
    (blocked,) = await world.post(ticket, REPLY)
    server.meanwhile("reply", lambda: server.writes(ticket, COLLEAGUE))
    await world.hold_over()
    assert await world.state(blocked) is OutboxState.BLOCKED
    assert server.texts(ticket) == []


async def test_a_field_changed_at_the_last_moment_does_not_hinder_a_reply(world: World) -> None:
    world.server.capabilities = SAFE
    server, ticket = world.server, await world.opened()
    await world.post(ticket, REPLY)
    server.meanwhile("reply", lambda: server.change(ticket, tags=("seen",)))
    await world.hold_over()
    assert server.texts(ticket) == ["Please restart it."]


async def test_a_ticket_that_never_rests_is_tried_again_later(world: World) -> None:
    world.server.capabilities = SAFE
    server, ticket = world.server, await world.opened()
    (sent,) = await world.post(ticket, REPLY)
    numbers = itertools.count()
    for _ in range(4):
        server.meanwhile("reply", lambda: server.change(ticket, tags=(str(next(numbers)),)))
    await world.hold_over()
    entry = await world.entry(sent)
    assert (entry.state, entry.problem) == (OutboxState.WAITING, rests.BUSY)
    await world.patiently()
    assert server.texts(ticket) == ["Please restart it."]


async def test_a_ticket_closed_meanwhile_blocks_until_the_rep_insists(world: World) -> None:
    ticket = await world.opened()
    (blocked,) = await world.post(ticket, REPLY)
    world.server.change(ticket, status=Status.CLOSED)
    await world.hold_over()
    assert (await world.entry(blocked)).problem == verdicts.CLOSED
    await world.sender.send_anyway(blocked)
    await world.sender.drain()
    assert world.server.texts(ticket) == ["Please restart it."]


async def test_insisting_covers_what_the_rep_has_read_and_nothing_newer(world: World) -> None:
    ticket = await world.opened()
    (blocked,) = await world.post(ticket, REPLY)
    world.server.writes(ticket, REQUESTER, "One")
    await world.hold_over()
    world.server.writes(ticket, REQUESTER, "Two")
    await world.sender.send_anyway(blocked)
    await world.sender.drain()
    assert [message.text for message in (await world.entry(blocked)).newer] == ["Two"]
    await world.sender.send_anyway(blocked)
    await world.sender.drain()
    assert world.server.texts(ticket) == ["Please restart it."]


async def test_a_ticket_that_is_gone_blocks_the_reply(world: World) -> None:
    ticket = await world.opened()
    (blocked,) = await world.post(ticket, REPLY)
    del world.server.threads[ticket]
    await world.hold_over()
    entry = await world.entry(blocked)
    assert entry.state is OutboxState.BLOCKED
    assert entry.problem == f"There is no such ticket. {rests.KEEP_OR_DISCARD}"


# -- order -------------------------------------------------------------------------------------------------------------


async def test_replies_arrive_in_the_order_they_were_decided(world: World) -> None:
    ticket = await world.opened()
    for text in ("One", "Two", "Three"):
        await world.post(ticket, Reply(text=text))
    world.server.plan("reply", Fault.LOST)
    await world.hold_over()
    await world.patiently()
    assert world.server.texts(ticket) == ["One", "Two", "Three"]


async def test_equal_words_twice_arrive_twice(world: World) -> None:
    ticket = await world.opened()
    await world.post(ticket, Reply(text="Thanks!"))
    await world.post(ticket, Reply(text="Thanks!"))
    world.server.plan("reply", Fault.UNANSWERED, Fault.LOST)
    await world.hold_over()
    await world.patiently()
    assert world.server.texts(ticket) == ["Thanks!", "Thanks!"]


async def test_what_waits_behind_a_blocked_reply_says_so_and_goes_on_when_that_is_settled(
    world: World,
) -> None:
    ticket = await world.opened()
    (blocked,) = await world.post(ticket, REPLY)
    (second,) = await world.post(ticket, Reply(text="And then this."))
    newer = world.server.writes(ticket, REQUESTER)
    await world.hold_over()
    assert (await world.entry(second)).problem == WAITS_ITS_TURN
    await world.sender.cancel([blocked])
    await world.store.outbox.reconsider(second, seen=newer, seen_status=Status.OPEN)
    await world.patiently()
    assert world.server.texts(ticket) == ["And then this."]


async def test_other_tickets_do_not_wait_for_a_slow_one(world: World) -> None:
    slow, quick = await world.opened(1), await world.opened(2)
    await world.post(slow, REPLY, hold_seconds=0)
    await world.post(quick, REPLY, hold_seconds=0)
    world.server.broken[slow] = Fault.HANGS
    drain = asyncio.create_task(world.sender.drain())
    await until(lambda: world.server.texts(quick) == ["Please restart it."])
    drain.cancel()
    await asyncio.wait({drain})


async def test_an_entry_under_way_is_not_begun_again_however_often_the_outbox_is_looked_at(
    world: World,
) -> None:
    ticket = await world.opened()
    await world.post(ticket, REPLY, hold_seconds=0)
    world.server.calls.clear()
    world.server.plan("thread", Fault.HANGS)
    running = asyncio.create_task(world.sender.run_forever())
    await world.server.hanging.wait()
    for looks in range(2, 5):
        world.sender.poke()
        await until(functools.partial(_has_waited, world, looks))
    assert world.server.calls["thread"] == 1
    running.cancel()
    await asyncio.wait({running})


# -- errors ------------------------------------------------------------------------------------------------------------


async def test_without_a_connection_a_reply_waits_can_be_undone_and_never_fails(world: World) -> None:
    ticket = await world.opened()
    entries = await world.post(ticket, REPLY)
    world.server.plan("thread", *[Fault.LOST] * 30)
    await world.hold_over()
    await world.patiently(rounds=20)
    entry = await world.entry(entries[0])
    assert (entry.state, entry.problem) == (OutboxState.WAITING, rests.NO_CONNECTION)
    await world.sender.cancel(entries)


@pytest.mark.parametrize("command", [REPLY, SetStatus(status=Status.PENDING)])
async def test_a_write_that_did_not_get_as_far_as_the_desk_can_be_undone(
    world: World, command: Command
) -> None:
    ticket = await world.opened()
    entries = await world.post(ticket, command)
    world.server.plan("reply", Fault.UNREACHABLE)
    world.server.plan("set_status", Fault.UNREACHABLE)
    await world.hold_over()
    assert await world.state(entries[0]) is OutboxState.WAITING
    await world.sender.cancel(entries)
    await world.patiently(rounds=2)
    assert world.server.texts(ticket) == []


async def test_what_is_in_doubt_stays_so_whatever_the_next_tries_meet(world: World) -> None:
    ticket = await world.opened()
    (sent,) = await world.post(ticket, REPLY)
    world.server.plan("reply", Fault.LATE, Fault.UNREACHABLE, Fault.RATE_LIMITED, Fault.SIGNED_OUT)
    await world.hold_over()
    world.server.plan("thread", Fault.LOST, Fault.RATE_LIMITED, Fault.SIGNED_OUT)
    for _ in range(12):
        assert await world.state(sent) is OutboxState.SENDING
        world.clock.advance(SETTLE_SECONDS)
        await world.sender.drain()
        if world.server.faults["reply"] == world.server.faults["nothing"]:
            break
    _land_all(world)
    await world.patiently()
    assert await world.state(sent) is OutboxState.SENT
    assert world.server.texts(ticket) == ["Please restart it."]


async def test_a_refusal_after_a_doubt_says_that_it_may_have_arrived(world: World) -> None:
    ticket = await world.opened()
    (failed,) = await world.post(ticket, REPLY)
    world.server.plan("reply", Fault.LOST, Fault.REFUSED)
    await world.hold_over()
    await world.patiently()
    entry = await world.entry(failed)
    assert (entry.state, entry.problem) == (OutboxState.FAILED, f"The desk says no. {rests.PERHAPS_SENT}")


async def test_a_failed_reply_that_had_arrived_after_all_is_recognised_when_the_rep_insists(
    world: World,
) -> None:
    ticket = await world.opened()
    (failed,) = await world.post(ticket, REPLY)
    world.server.plan("reply", Fault.LATE, Fault.REFUSED)
    await world.hold_over()
    await world.patiently()
    _land_all(world)
    await world.sender.send_anyway(failed)
    await world.sender.drain()
    assert await world.state(failed) is OutboxState.SENT
    assert world.server.texts(ticket) == ["Please restart it."]


async def test_each_problem_is_told_once_however_long_it_lasts(world: World) -> None:
    ticket = await world.opened()
    await world.post(ticket, REPLY)
    world.server.plan("thread", *[Fault.LOST] * 10)
    await world.hold_over()
    world.heard.clear()
    await world.patiently(rounds=5)
    assert world.events_of(OutboxChanged) == []


async def test_the_return_of_the_network_cuts_the_waiting_short(world: World) -> None:
    ticket = await world.opened()
    await world.post(ticket, REPLY, hold_seconds=0)
    world.server.plan("thread", *[Fault.LOST] * 6)
    for _ in range(5):
        await world.sender.drain()
        world.clock.advance(20)
    await world.sender.drain()
    assert world.server.calls["reply"] == 0
    running = asyncio.create_task(world.sender.run_forever())
    await until(lambda: len(world.clock.waits) == 1)
    assert (world.clock.waits[0] or 0) >= 16, "the next try is far away"
    world.events.publish(DeskChanged(world.desk.id, DeskHealth.ONLINE))
    await until(lambda: world.server.texts(ticket) == ["Please restart it."])
    running.cancel()
    await asyncio.wait({running})


async def test_a_rate_limit_stops_the_whole_desk_for_as_long_as_it_asks(world: World) -> None:
    one, two = await world.opened(1), await world.opened(2)
    (first,) = await world.post(one, REPLY, hold_seconds=0)
    world.server.plan("thread", Fault.RATE_LIMITED)
    await world.sender.drain()
    assert (await world.entry(first)).problem == rests.SLOW_DOWN
    await world.post(two, REPLY, hold_seconds=0)
    world.clock.advance(29)
    await world.sender.drain()
    assert world.server.received == []
    world.clock.advance(5)
    await world.sender.drain()
    assert len(world.server.received) == 2


async def test_a_missing_sign_in_waits_for_the_rep(world: World) -> None:
    ticket = await world.opened()
    (waiting,) = await world.post(ticket, REPLY)
    world.server.plan("reply", Fault.SIGNED_OUT)
    await world.hold_over()
    entry = await world.entry(waiting)
    assert (entry.state, entry.problem) == (OutboxState.WAITING, rests.SIGN_IN)
    world.sender.retry_now(world.desk.id)
    await world.sender.drain()
    assert world.server.texts(ticket) == ["Please restart it."]


@pytest.mark.parametrize(
    ("fault", "words"), [(Fault.REFUSED, "The desk says no."), (Fault.FORBIDDEN, "You may not do that.")]
)
async def test_what_the_desk_refuses_fails_with_its_words_and_can_be_tried_again(
    world: World, fault: Fault, words: str
) -> None:
    ticket = await world.opened()
    (failed,) = await world.post(ticket, REPLY)
    world.server.plan("reply", fault)
    await world.hold_over()
    await world.patiently(rounds=2)
    entry = await world.entry(failed)
    assert (entry.state, entry.problem) == (OutboxState.FAILED, words)
    assert Failed("outbox", words) in world.heard
    await world.sender.send_anyway(failed)
    await world.sender.drain()
    assert world.server.texts(ticket) == ["Please restart it."]


async def test_unreadable_threads_exhaust_our_patience(world: World) -> None:
    ticket = await world.opened()
    (failed,) = await world.post(ticket, REPLY)
    world.server.plan("thread", *[Fault.GARBLED] * 5)
    await world.hold_over()
    await world.patiently()
    entry = await world.entry(failed)
    assert (entry.state, entry.problem) == (OutboxState.FAILED, "That is no JSON.")


async def test_a_bug_of_ours_fails_its_entry_and_no_other(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    tickets = await world.opened(1), await world.opened(2)
    entries = [(await world.post(ticket, Reply(text="customer words")))[0] for ticket in tickets]
    world.server.meanwhile("reply", lambda: {}["customer words"])  # type: ignore[index]  # the bug
    await world.hold_over()
    failed, sent = sorted([await world.entry(entry) for entry in entries], key=lambda entry: entry.state)
    assert (failed.state, sent.state) == (OutboxState.FAILED, OutboxState.SENT)
    assert failed.problem.endswith(rests.PERHAPS_SENT)
    assert [one.ticket for one in world.server.received] == [sent.remote_id]
    assert "customer words" not in capsys.readouterr().out


# -- without an answer -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("capabilities", [Capabilities(), SAFE, KEYED])
@pytest.mark.parametrize("fault", [Fault.LOST, Fault.UNANSWERED, Fault.LATE, Fault.GARBLED])
async def test_a_reply_without_an_answer_arrives_once(
    world: World, capabilities: Capabilities, fault: Fault
) -> None:
    world.server.capabilities = capabilities
    ticket = await world.opened()
    (sent,) = await world.post(ticket, REPLY)
    world.server.plan("reply", fault)
    await world.hold_over()
    assert await world.state(sent) is OutboxState.SENDING
    with pytest.raises(TooLateError):
        await world.sender.cancel([sent])
    if not (capabilities.safe_update or capabilities.idempotency):
        _land_all(world)  # within the settle time, as assumed
    await world.patiently()
    _land_all(world)
    assert world.server.texts(ticket) == ["Please restart it."]
    assert await world.state(sent) is OutboxState.SENT


@pytest.mark.parametrize("capabilities", [SAFE, KEYED])
async def test_a_network_that_delivers_twice_reaches_the_customer_once(
    world: World, capabilities: Capabilities
) -> None:
    world.server.capabilities = capabilities
    ticket = await world.opened()
    await world.post(ticket, REPLY)
    world.server.plan("reply", Fault.TWICE)
    await world.hold_over()
    assert world.server.texts(ticket) == ["Please restart it."]


async def test_on_a_desk_with_neither_nothing_is_sent_again_before_the_settle_time_is_over(
    world: World,
) -> None:
    ticket = await world.opened()
    await world.post(ticket, REPLY)
    world.server.plan("reply", Fault.LATE)
    await world.hold_over()
    for _ in range(8):
        world.clock.advance(SETTLE_SECONDS / 10)
        await world.sender.drain()
    assert world.server.calls["reply"] == 1
    world.clock.advance(SETTLE_SECONDS)
    await world.sender.drain()
    assert world.server.calls["reply"] == 2


async def test_a_late_try_that_meets_a_colleagues_reply_is_refused_and_blocked(world: World) -> None:
    world.server.capabilities = SAFE
    ticket = await world.opened()
    (blocked,) = await world.post(ticket, REPLY)
    world.server.plan("reply", Fault.LATE)
    await world.hold_over()
    world.server.writes(ticket, COLLEAGUE)
    await world.patiently(rounds=2)
    _land_all(world)
    assert await world.state(blocked) is OutboxState.BLOCKED
    assert world.server.texts(ticket) == []


async def test_a_desk_that_names_no_message_is_asked_which_one_it_became(world: World) -> None:
    world.server.gives_message_ids = False
    ticket = await world.opened()
    (sent,) = await world.post(ticket, REPLY)
    await world.hold_over()
    entry = await world.entry(sent)
    assert (entry.state, entry.sent_as) == (OutboxState.SENT, world.server.newest(ticket))
    assert world.server.texts(ticket) == ["Please restart it."]


@pytest.mark.parametrize("fault", [Fault.HANGS, Fault.HANGS_AFTER])
@pytest.mark.parametrize("capabilities", [Capabilities(), SAFE, KEYED])
async def test_a_crash_in_the_middle_of_a_write_sends_once(
    world: World, capabilities: Capabilities, fault: Fault
) -> None:
    world.server.capabilities = capabilities
    ticket = await world.opened()
    (sent,) = await world.post(ticket, REPLY, hold_seconds=0)
    world.server.plan("reply", fault)
    drain = asyncio.create_task(world.sender.drain())
    await world.server.hanging.wait()
    drain.cancel()
    await asyncio.wait({drain})
    await world.restart()
    assert await world.state(sent) is OutboxState.SENDING
    await world.patiently()
    assert world.server.texts(ticket) == ["Please restart it."]
    assert await world.state(sent) is OutboxState.SENT


async def test_a_thread_that_cannot_be_read_back_does_not_undo_the_sending(world: World) -> None:
    server, ticket = world.server, await world.opened()
    (sent,) = await world.post(ticket, REPLY)
    server.meanwhile("reply", lambda: server.plan("thread", Fault.LOST))
    await world.hold_over()
    assert await world.state(sent) is OutboxState.SENT
    shown = await world.conversation(ticket)
    assert [entry.id for entry in shown.outbox] == [sent], "until the desk's own message is there"
    await world.puller.pull()
    shown = await world.conversation(ticket)
    assert shown.messages[-1].text == "Please restart it."
    assert shown.outbox == ()


# -- clocks ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("jump", [timedelta(days=-1), timedelta(days=1)])
async def test_a_clock_set_while_a_reply_is_held_changes_nothing(world: World, jump: timedelta) -> None:
    ticket = await world.opened()
    await world.post(ticket, REPLY)
    await world.sender.drain()
    world.clock.set_wall(jump)
    world.clock.advance(HOLD_SECONDS - 1)
    await world.sender.drain()
    assert world.server.texts(ticket) == []
    world.clock.advance(1)
    await world.sender.drain()
    assert world.server.texts(ticket) == ["Please restart it."]


async def test_a_clock_set_back_over_a_restart_holds_a_reply_once_more_at_most(world: World) -> None:
    ticket = await world.opened()
    await world.post(ticket, REPLY)
    world.clock.set_wall(timedelta(days=-1))
    await world.restart()
    await world.hold_over()
    assert world.server.texts(ticket) == ["Please restart it."]


async def test_run_forever_sends_by_itself_when_the_time_has_come(world: World) -> None:
    ticket = await world.opened()
    running = asyncio.create_task(world.sender.run_forever())
    await world.post(ticket, REPLY)
    await until(lambda: HOLD_SECONDS in world.clock.waits)
    world.clock.advance(HOLD_SECONDS)
    await until(lambda: world.server.texts(ticket) == ["Please restart it."])
    running.cancel()
    await asyncio.wait({running})


async def test_entries_of_a_desk_that_is_not_connected_stay_on_disk(world: World) -> None:
    ticket = await world.opened()
    (held,) = await world.post(ticket, REPLY)
    world.sender.detach(world.desk.id)
    await world.patiently(rounds=1)
    assert await world.state(held) is OutboxState.HELD


def _has_waited(world: World, times: int) -> bool:
    return len(world.clock.waits) >= times


def _land_all(world: World) -> None:
    while world.server.late:
        world.server.land_late()
