"""The poll against a desk that answers well, and against each way in which it does not."""

from __future__ import annotations

import asyncio
import functools
from dataclasses import replace
from datetime import timedelta

import pytest

from copilot.domain import Article, ArticleId, DeskHealth, DeskId, Message, RemoteId, SourceKind, Status, View
from copilot.events import DeskChanged, Failed, SyncProgress, ThreadChanged, TicketsChanged
from copilot.sync import Intake, Puller
from copilot.sync.pages import CHUNK, CONCURRENT_FETCHES, PATIENCE_WITH_ONE_TICKET
from copilot.sync.pull import HOUR
from tests.sync.fake_desk import Fault
from tests.sync.make import COLLEAGUE, REQUESTER
from tests.sync.world import World, until

INTERVAL = 30.0


async def filled(world: World, tickets: int) -> list[RemoteId]:
    return [world.server.open_ticket(number) for number in range(1, tickets + 1)]


async def held(world: World) -> int:
    return (await world.store.tickets.counts())[View.ALL]


def _more_waits_than(world: World, count: int) -> bool:
    return len(world.clock.waits) > count


def _health(world: World) -> DeskHealth:
    return world.puller.health


# -- what it reads -----------------------------------------------------------------------------------------------------


async def test_a_first_fill_reads_everything_and_says_how_far_it_is(world: World) -> None:
    await filled(world, 25)
    assert await world.puller.pull() == 25
    assert await held(world) == 25
    progress = [event for event in world.heard if isinstance(event, SyncProgress)]
    assert [(event.done, event.total, event.finished) for event in progress] == [
        (10, 25, False),
        (20, 25, False),
        (25, 25, False),
        (25, 25, True),
    ]


async def test_a_poll_that_finds_nothing_new_fetches_no_thread_and_tells_nobody(world: World) -> None:
    await filled(world, 12)
    await world.puller.pull()
    world.heard.clear()
    world.server.calls.clear()
    assert await world.puller.pull() == 0
    assert world.server.calls == {"changes": 1}
    assert world.heard == []


async def test_an_increment_reads_only_what_changed(world: World) -> None:
    tickets = await filled(world, 12)
    await world.puller.pull()
    world.server.calls.clear()
    world.heard.clear()
    world.server.writes(tickets[3], REQUESTER, "It works now.")
    await world.puller.pull()
    assert world.server.calls["thread"] == 1
    id_ = await world.id_of(tickets[3])
    assert ThreadChanged(id_) in world.heard
    assert TicketsChanged(frozenset({id_})) in world.heard
    assert (await world.conversation(tickets[3])).messages[-1].clean == "It works now."


async def test_tickets_the_desk_lists_again_are_not_read_again(world: World) -> None:
    """A cursor may overlap, for the sake of the desk's clock; what is there already costs no call."""
    await filled(world, 12)
    await world.puller.pull()
    await world.store.tickets.put_threads(world.desk.id, (), cursor="0")
    world.server.calls.clear()
    await world.puller.pull()
    assert world.server.calls["thread"] == 0
    assert await world.store.tickets.cursor(world.desk.id) == "12"


async def test_a_ticket_deleted_on_the_desk_leaves_the_queue(world: World) -> None:
    tickets = await filled(world, 3)
    await world.puller.pull()
    world.server.change(tickets[0], deleted=True)
    await world.puller.pull()
    assert await held(world) == 2
    assert world.server.calls["thread"] == 3


async def test_a_ticket_merged_into_another_leaves_the_queue(world: World) -> None:
    tickets = await filled(world, 2)
    await world.puller.pull()
    world.server.change(tickets[0], tags=("merged",))
    world.server.writes(tickets[1], COLLEAGUE)
    merged, target = world.server.threads[tickets[0]], world.server.threads[tickets[1]]
    world.server.meanwhile("thread", lambda: world.server.threads.update({tickets[0]: target}))
    await world.puller.pull()
    assert merged.snapshot.remote_id == tickets[0]
    assert await held(world) == 1
    world.server.calls.clear()
    await world.puller.pull()
    assert world.server.calls == {"changes": 1}, "the page was finished"


async def test_reads_a_few_threads_at_a_time(world: World) -> None:
    await filled(world, 10)
    world.server.plan("thread", *[Fault.HANGS] * 10)
    pull = asyncio.create_task(world.puller.pull())
    await world.server.hanging.wait()
    await asyncio.sleep(0)
    assert world.server.calls["thread"] == CONCURRENT_FETCHES
    pull.cancel()
    await asyncio.wait({pull})


async def test_desk_and_laptop_may_disagree_about_the_time_by_years(world: World) -> None:
    tickets = await filled(world, 3)
    world.server.change(tickets[0], updated=world.clock.now() - timedelta(days=4000))
    world.server.change(tickets[1], updated=world.clock.now() + timedelta(days=4000))
    await world.puller.pull()
    world.server.change(tickets[1], status=Status.SOLVED, updated=world.clock.now() - timedelta(days=9))
    await world.puller.pull()
    assert (await world.conversation(tickets[1])).ticket.status is Status.SOLVED


async def test_a_thread_read_before_our_reply_does_not_hide_it(world: World) -> None:
    """The poll may be late with what it read; the outbox has stored the newer thread in between."""
    ticket = await world.opened()
    old = await world.intake.fetch(ticket)
    world.server.writes(ticket, COLLEAGUE, "Newer")
    await world.intake.refresh(ticket)
    await world.intake.put([old])
    assert (await world.conversation(ticket)).messages[-1].text == "Newer"


# -- crash and cancel --------------------------------------------------------------------------------------------------


async def test_a_cancelled_fill_keeps_what_it_has_and_goes_on_from_there(world: World) -> None:
    await filled(world, 30)

    def stop_on_second_page(event: object) -> None:
        if isinstance(event, SyncProgress) and event.done == 20:
            world.puller.cancel()

    world.events.subscribe(stop_on_second_page)
    await world.puller.pull()
    assert await held(world) == 20
    assert world.heard[-1] == SyncProgress(world.desk.id, 20, 30, finished=True)
    assert world.server.calls["changes"] == 2
    world.puller.poke()
    assert await world.puller.pull() == 10
    assert await held(world) == 30
    assert world.server.calls["thread"] == 30


async def test_a_fill_cancelled_while_threads_are_read_makes_no_further_call(world: World) -> None:
    await filled(world, 10)
    world.server.meanwhile("thread", world.puller.cancel)
    await world.puller.pull()
    assert world.server.calls["thread"] <= CONCURRENT_FETCHES
    assert await held(world) == world.server.calls["thread"]
    assert world.heard[-1] == SyncProgress(world.desk.id, await held(world), 10, finished=True)


async def test_cancelling_when_nothing_is_read_does_not_stop_the_polling(world: World) -> None:
    await filled(world, 1)
    world.puller.cancel()
    assert await world.puller.pull() == 1


@pytest.mark.parametrize("kill_at", [1, 7, 20, 21, 44, 45, 46, 50])
async def test_a_crash_in_the_middle_of_a_page_loses_nothing_and_repeats_no_thread_that_is_stored(
    world: World, kill_at: int
) -> None:
    world.server.page_size = 45  # some chunks
    await filled(world, 50)
    world.server.plan("thread", *[Fault.NONE] * (kill_at - 1), *[Fault.HANGS] * CONCURRENT_FETCHES)
    pull = asyncio.create_task(world.puller.pull())
    await world.server.hanging.wait()
    pull.cancel()
    await asyncio.wait({pull})
    world.server.faults.clear()
    world.server.calls.clear()
    await world.restart()
    stored = await held(world)
    assert stored >= (kill_at - 1) // CHUNK * CHUNK if kill_at <= 45 else stored >= 45
    await world.puller.pull()
    assert await held(world) == 50
    assert world.server.calls["thread"] == 50 - stored


# -- tickets that cannot be read ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", [Fault.GONE, Fault.FORBIDDEN, Fault.GARBLED])
async def test_a_ticket_that_cannot_be_read_is_noted_once_and_stops_nothing(
    world: World, fault: Fault
) -> None:
    tickets = await filled(world, 12)
    world.server.broken[tickets[4]] = fault
    await world.puller.pull()
    assert await held(world) == 11
    assert len(world.events_of(Failed)) == 1
    await world.store.tickets.put_threads(world.desk.id, (), cursor="0")
    await world.puller.pull()
    assert len(world.events_of(Failed)) == 1, "the same version of it"


async def test_a_thread_that_we_stumble_over_is_noted_and_stops_nothing(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    def clean(message: Message) -> Message:
        if message.remote_id == "5-ask":
            raise ValueError(message.text)
        return message

    await filled(world, 12)
    world.puller = Puller(Intake(world.desk, world.store, clean=clean), world.store, world.events)
    assert await world.puller.pull() == 12
    assert await held(world) == 11
    assert [event.what for event in world.heard if isinstance(event, Failed)] == ["ticket 5"]
    assert await world.puller.pull() == 0
    assert "It is broken." not in capsys.readouterr().out


async def test_a_connector_that_stumbles_over_a_thread_stops_nothing(world: World) -> None:
    await filled(world, 12)
    world.server.meanwhile("thread", lambda: {}["a bug"])  # type: ignore[index]  # the bug
    await world.puller.pull()
    assert await held(world) == 11
    assert len(world.events_of(Failed)) == 1
    assert await world.puller.pull() == 0


async def test_a_bug_of_ours_does_not_end_the_polling(world: World) -> None:
    await filled(world, 2)
    world.server.meanwhile("changes", lambda: {}["a bug"])  # type: ignore[index]  # the bug
    await rounds(world, 2)
    assert await held(world) == 2
    assert [event.health for event in world.heard if isinstance(event, DeskChanged)] == [
        DeskHealth.OFFLINE,
        DeskHealth.ONLINE,
    ]


async def test_a_ticket_with_server_errors_of_its_own_does_not_hold_up_the_fill_for_ever(
    world: World,
) -> None:
    tickets = await filled(world, 12)
    world.server.broken[tickets[4]] = Fault.LOST
    running = asyncio.create_task(world.puller.run_forever(INTERVAL))
    for _ in range(PATIENCE_WITH_ONE_TICKET):
        waits = len(world.clock.waits)
        await until(functools.partial(_more_waits_than, world, waits))
        world.clock.advance(INTERVAL)
    await until(lambda: world.puller.health is DeskHealth.ONLINE and len(world.events_of(Failed)) == 1)
    assert await held(world) == 11
    running.cancel()
    await asyncio.wait({running})


async def test_a_ticket_that_could_not_be_read_is_tried_again_after_an_hour(world: World) -> None:
    tickets = await filled(world, 3)
    world.server.broken[tickets[1]] = Fault.GARBLED
    running = asyncio.create_task(world.puller.run_forever(INTERVAL))
    await until(lambda: world.clock.waits == [INTERVAL])
    assert await held(world) == 2
    world.server.broken.clear()
    world.clock.advance(HOUR)
    await until(lambda: world.clock.waits == [INTERVAL] * 2)
    assert await held(world) == 3
    running.cancel()
    await asyncio.wait({running})


# -- the desk's moods --------------------------------------------------------------------------------------------------


async def rounds(world: World, count: int, advance: float = INTERVAL) -> None:
    """Let `run_forever` make so many rounds."""
    before = len(world.clock.waits)
    running = asyncio.create_task(world.puller.run_forever(INTERVAL))
    for done in range(before, before + count):
        await until(functools.partial(_more_waits_than, world, done))
        world.clock.advance(advance)
    running.cancel()
    await asyncio.wait({running})


async def test_a_dead_network_is_asked_less_and_less_often_and_met_again(world: World) -> None:
    await filled(world, 3)
    world.server.plan("whoami", *[Fault.LOST] * 4)
    await rounds(world, 5, advance=400)
    assert _health(world) is DeskHealth.ONLINE
    assert await held(world) == 3
    first, second, third, fourth, calm = (wait or 0.0 for wait in world.clock.waits)
    assert 0.5 <= first <= 1 <= second <= 2 <= third <= 4 <= fourth <= 8
    assert calm == INTERVAL
    assert [event.health for event in world.heard if isinstance(event, DeskChanged)] == [
        DeskHealth.OFFLINE,
        DeskHealth.ONLINE,
    ]


async def test_a_connection_that_breaks_in_the_middle_of_a_page_keeps_what_arrived(world: World) -> None:
    world.server.page_size = CHUNK
    await filled(world, CHUNK)
    world.server.plan("thread", Fault.NONE, Fault.NONE, Fault.LOST)
    await rounds(world, 1)
    assert world.server.calls["thread"] <= 3 + CONCURRENT_FETCHES, "no further call on a dead network"
    assert 2 <= await held(world) < CHUNK
    await rounds(world, 1)
    assert await held(world) == CHUNK


async def test_a_rate_limit_waits_as_long_as_the_desk_says(world: World) -> None:
    await filled(world, 3)
    world.server.plan("thread", Fault.RATE_LIMITED)
    await rounds(world, 2, advance=34)
    delay, calm = (wait or 0.0 for wait in world.clock.waits)
    assert 30 <= delay <= 33
    assert calm == INTERVAL
    assert await held(world) == 3


async def test_after_a_refused_sign_in_nothing_is_asked_until_the_rep_has_signed_in(world: World) -> None:
    await filled(world, 3)
    world.server.plan("changes", Fault.SIGNED_OUT)
    running = asyncio.create_task(world.puller.run_forever(INTERVAL))
    await until(lambda: world.clock.waits == [None])
    assert _health(world) is DeskHealth.NEEDS_SIGN_IN
    assert "Sign in again." in world.puller.problem
    calls = dict(world.server.calls)
    world.puller.poke()
    await until(lambda: world.clock.waits == [None, None])
    assert world.server.calls == calls
    world.puller.resume()
    await until(lambda: world.clock.waits == [None, None, INTERVAL])
    assert _health(world) is DeskHealth.ONLINE
    assert await held(world) == 3
    running.cancel()
    await asyncio.wait({running})


async def test_sync_now_does_not_wait_for_the_interval(world: World) -> None:
    running = asyncio.create_task(world.puller.run_forever(INTERVAL))
    await until(lambda: len(world.clock.waits) == 1)
    await filled(world, 2)
    world.puller.poke()
    await until(lambda: len(world.clock.waits) == 2)
    assert await held(world) == 2
    running.cancel()
    await asyncio.wait({running})


# -- the help centre ---------------------------------------------------------------------------------------------------

ARTICLE = Article(id=ArticleId("a1"), title="Restarting", text="Turn it off and on.", kind=SourceKind.ARTICLE)


async def test_articles_come_at_start_and_hourly_and_never_stop_the_tickets(world: World) -> None:
    taken: list[tuple[DeskId, tuple[Article, ...]]] = []

    async def take(desk: DeskId, articles: object) -> None:
        taken.append((desk, tuple(articles)))  # type: ignore[arg-type]  # a sequence of articles

    world.puller = Puller(
        world.intake,
        world.store,
        world.events,
        take_articles=take,
        clock=world.clock,
        patience=world.patience,
    )
    world.server.articles = (ARTICLE,)
    await filled(world, 1)
    await rounds(world, 3)
    assert taken == [(world.desk.id, (ARTICLE,))]
    world.clock.advance(HOUR)
    world.server.plan("articles", Fault.LOST)
    world.server.articles = (replace(ARTICLE, title="Starting again"),)
    world.clock.waits.clear()
    await rounds(world, 2, advance=HOUR)
    assert [articles[0].title for _, articles in taken] == ["Restarting", "Starting again"]
    assert [event.what for event in world.heard if isinstance(event, Failed)] == ["articles"]


async def test_messages_are_cleaned_off_the_event_loop(world: World) -> None:
    import threading

    threads: set[str] = set()

    def clean(message: Message) -> Message:
        threads.add(threading.current_thread().name)
        return replace(message, clean="cleaned")

    ticket = world.server.open_ticket(1)
    intake = Intake(world.desk, world.store, clean=clean)
    await intake.refresh(ticket)
    assert (await world.conversation(ticket)).messages[0].clean == "cleaned"
    assert threading.main_thread().name not in threads
