"""The demo desk is a server of its own: rules, other people, failures, and the data it ships with."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from time import perf_counter

import pytest

from copilot.desks.base import Cursor
from copilot.desks.demo import DemoBehaviour, DemoDesk, NewTicket, World, open_demo_desk
from copilot.domain import Channel, MessageKind, Reply, Role, SourceKind, Status, Upload
from copilot.domain import RemoteId as Id
from copilot.errors import (
    AuthError,
    BadDataError,
    ConflictError,
    NotFoundError,
    RateLimitedError,
    RefusedError,
    UnavailableError,
)
from tests.desks.contract import pages_since, said, tickets_in
from tests.desks.small import NOW, Clock, Sleeper, small_demo


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


async def texts(desk: DemoDesk, ticket: str) -> list[str]:
    return [message.text for message in (await desk.thread(Id(ticket))).messages]


async def status(desk: DemoDesk, ticket: str) -> Status:
    return (await desk.thread(Id(ticket))).snapshot.status


async def reply(desk: DemoDesk, ticket: str, text: str = "Press F10.") -> None:
    await desk.reply(Id(ticket), Reply(text=text), key=f"{ticket} {text}", version=None)


# -- the data it begins with ---------------------------------------------------------------------------------------


async def test_a_new_desk_is_filled_as_if_the_data_were_of_now(desk: DemoDesk, clock: Clock) -> None:
    clock.now = NOW + timedelta(days=100)
    thread = await desk.thread(Id("new"))
    assert thread.messages[0].created == NOW + timedelta(days=100) - timedelta(minutes=59)
    assert thread.snapshot.updated == thread.snapshot.created == thread.messages[0].created
    assert thread.snapshot.url == "https://support.example.com/questions/new"
    assert thread.snapshot.fields == {"topic": "settings"}


async def test_the_ai_agents_escalation_is_told(desk: DemoDesk) -> None:
    thread = await desk.thread(Id("escalated"))
    escalation = thread.snapshot.escalation
    assert escalation is not None
    assert (escalation.by, escalation.confidence) == ("Birdie (AI agent)", 0.4)
    assert escalation.reason == "Customer asked for a person"
    assert escalation.at == thread.messages[-1].created
    assert thread.messages[1].author.role is Role.AI_AGENT
    assert thread.messages[-1].kind is MessageKind.NOTE
    assert await desk.scripted_messages(Id("escalated")) == {"escalated-2", "escalated-4"}


async def test_the_accepted_solution_of_a_solved_ticket_is_told(desk: DemoDesk) -> None:
    assert (await desk.thread(Id("solved-0"))).snapshot.accepted_solution == "solved-0-2"


async def test_articles_and_macros_are_told_apart(desk: DemoDesk) -> None:
    article, macro = await desk.articles()
    assert (article.kind, article.title, article.text) == (
        SourceKind.ARTICLE,
        "Move a folder",
        "Drag the folder to its new place.",
    )
    assert article.url == "https://support.example.com/kb/move-folders"
    assert (macro.kind, macro.title, macro.text) == (SourceKind.MACRO, "Ask for version", "Which version?")


async def test_the_shipped_data_fills_a_desk_that_can_be_read_whole(tmp_path: Path) -> None:
    begun = perf_counter()
    desk = await open_demo_desk(tmp_path / "desk.sqlite3", lively=False)
    seconds = perf_counter() - begun
    try:
        tickets = tickets_in(await pages_since(desk, None))
        threads = [await desk.thread(ticket) for ticket in tickets]
        articles = await desk.articles()
        me = await desk.whoami()
    finally:
        await desk.aclose()
    assert seconds < 5  # measured 0.07 s; generous, because a busy machine is no defect
    assert len(tickets) > 300
    assert me.name == "Sam Lee"
    assert any(ticket.assignee == me and not ticket.status.is_done for ticket in tickets.values())
    assert sum(ticket.escalation is not None for ticket in tickets.values()) >= 8
    assert sum(article.kind is SourceKind.ARTICLE for article in articles) == 174
    assert any(article.kind is SourceKind.MACRO for article in articles)
    for thread in threads:
        ids = [message.remote_id for message in thread.messages]
        assert ids
        assert thread.snapshot == tickets[thread.snapshot.remote_id]
        assert thread.snapshot.accepted_solution in {None, *ids}
        assert [m.created for m in thread.messages] == sorted(m.created for m in thread.messages)


async def test_a_desk_remembers_what_happened_when_it_is_opened_again(tmp_path: Path, world: World) -> None:
    path = tmp_path / "again.sqlite3"
    first = DemoDesk(path, world=world)
    cursor = (await pages_since(first, None))[-1].cursor
    await reply(first, "new")
    await first.aclose()
    second = DemoDesk(path, world=world)
    assert await texts(second, "new") == ["How do I move a folder?", "Press F10."]
    assert list(tickets_in(await pages_since(second, cursor))) == ["new"]
    await second.aclose()


# -- rules of the server -------------------------------------------------------------------------------------------


async def test_a_reply_opens_a_new_ticket_and_leaves_other_statuses(desk: DemoDesk) -> None:
    await reply(desk, "new")
    assert await status(desk, "new") is Status.OPEN
    await reply(desk, "solved-0", "One more hint.")
    assert await status(desk, "solved-0") is Status.SOLVED


async def test_only_the_requester_reopens_a_ticket_by_writing(desk: DemoDesk) -> None:
    await desk.note(Id("solved-0"), "Seen.", key="n", version=None)
    assert await status(desk, "solved-0") is Status.SOLVED
    await desk.act_as_requester(Id("solved-0"), "It is back.")
    assert await status(desk, "solved-0") is Status.OPEN
    await desk.act_as_requester(Id("new"), "Hello?")
    assert await status(desk, "new") is Status.NEW


async def test_a_closed_ticket_takes_no_reply_until_it_is_opened(desk: DemoDesk) -> None:
    await desk.set_status(Id("new"), Status.CLOSED)
    with pytest.raises(RefusedError) as refused:
        await reply(desk, "new")
    assert "Open it again" in refused.value.advice
    await desk.set_status(Id("new"), Status.OPEN)
    await reply(desk, "new")
    assert (await texts(desk, "new"))[-1] == "Press F10."


async def test_nothing_becomes_new_again(desk: DemoDesk) -> None:
    await desk.set_status(Id("new"), Status.NEW)
    await desk.set_status(Id("new"), Status.PENDING)
    with pytest.raises(RefusedError):
        await desk.set_status(Id("new"), Status.NEW)
    with pytest.raises(RefusedError):
        await desk.reply(Id("new"), Reply(text="x", status=Status.NEW), key="k", version=None)
    assert await texts(desk, "new") == ["How do I move a folder?"]


async def test_a_group_alone_takes_the_ticket_from_the_person(desk: DemoDesk) -> None:
    me = await desk.whoami()
    await desk.assign(Id("mine"), None, "Escalations")
    given = (await desk.thread(Id("mine"))).snapshot
    assert (given.assignee, given.group) == (None, "Escalations")
    await desk.assign(Id("mine"), me, "Support")
    taken = (await desk.thread(Id("mine"))).snapshot
    assert (taken.assignee, taken.group) == (me, "Support")


async def test_what_is_already_so_is_no_change(desk: DemoDesk) -> None:
    cursor = (await pages_since(desk, None))[-1].cursor
    before = (await desk.thread(Id("mine"))).snapshot
    receipts = [
        await desk.set_status(Id("mine"), Status.OPEN),
        await desk.set_tags(Id("mine"), ("settings",)),
        await desk.set_fields(Id("mine"), {"topic": "settings"}),
        await desk.assign(Id("mine"), before.assignee, None),
    ]
    assert {receipt.version for receipt in receipts} == {before.version}
    assert await pages_since(desk, cursor) == []


async def test_a_key_does_not_carry_other_words(desk: DemoDesk) -> None:
    await desk.reply(Id("new"), Reply(text="One."), key="k", version=None)
    with pytest.raises(RefusedError):
        await desk.reply(Id("new"), Reply(text="Two."), key="k", version=None)
    assert await texts(desk, "new") == ["How do I move a folder?", "One."]


async def test_a_key_that_was_carried_out_is_answered_also_when_the_ticket_moved_on(desk: DemoDesk) -> None:
    version = (await desk.thread(Id("new"))).snapshot.version
    first = await desk.reply(Id("new"), Reply(text="One."), key="k", version=version)
    await desk.act_as_requester(Id("new"), "Thanks.")
    await desk.set_status(Id("new"), Status.CLOSED)
    assert await desk.reply(Id("new"), Reply(text="One."), key="k", version=version) == first


async def test_tags_are_kept_once_and_none_is_empty(desk: DemoDesk) -> None:
    await desk.set_tags(Id("new"), ("b", "a", "b"))
    assert (await desk.thread(Id("new"))).snapshot.tags == ("b", "a")
    with pytest.raises(RefusedError):
        await desk.set_tags(Id("new"), ("a", " "))


async def test_attachments_need_a_name_and_a_sensible_size(desk: DemoDesk) -> None:
    for bad in (
        Upload(name="", media_type="text/plain", content=b"x"),
        Upload(name="film.mp4", media_type="video/mp4", content=bytes(26 * 1024 * 1024)),
    ):
        with pytest.raises(RefusedError):
            await desk.reply(Id("new"), Reply(text="x", attachments=(bad,)), key="k", version=None)
    assert len((await desk.thread(Id("new"))).messages) == 1


async def test_a_reply_may_be_attachments_alone(desk: DemoDesk) -> None:
    file = Upload(name="a.txt", media_type="text/plain", content=b"")
    await desk.reply(Id("new"), Reply(text="", attachments=(file,)), key="k", version=None)
    (attached,) = (await desk.thread(Id("new"))).messages[-1].attachments
    assert (attached.name, attached.size_bytes) == ("a.txt", 0)
    with pytest.raises(NotFoundError):
        await desk.attachment(Id("mine"), attached.remote_id)


async def test_a_deleted_ticket_is_told_as_a_change_and_then_not_found(desk: DemoDesk) -> None:
    cursor = (await pages_since(desk, None))[-1].cursor
    await desk.delete_ticket(Id("new"))
    assert tickets_in(await pages_since(desk, cursor))[Id("new")].deleted
    with pytest.raises(NotFoundError):
        await desk.thread(Id("new"))
    with pytest.raises(NotFoundError):
        await reply(desk, "new")


async def test_a_cursor_of_another_file_begins_anew(desk: DemoDesk) -> None:
    everything = set(tickets_in(await pages_since(desk, None)))
    assert set(tickets_in(await pages_since(desk, Cursor("another:99999")))) == everything


async def test_a_clock_that_jumps_back_hides_no_change(desk: DemoDesk, clock: Clock) -> None:
    cursor = (await pages_since(desk, None))[-1].cursor
    clock.forward(-3600 * 24)
    await desk.act_as_requester(Id("new"), "Yesterday, all my mails seemed far away.")
    assert list(tickets_in(await pages_since(desk, cursor))) == ["new"]
    assert (await texts(desk, "new"))[-1].startswith("Yesterday")


async def test_requesters_are_known_by_their_address(desk: DemoDesk) -> None:
    first = await desk.new_ticket(NewTicket(subject="A", text="a", channel=Channel.CHAT))
    second = await desk.new_ticket(NewTicket(subject="B", text="b"))
    known = await desk.new_ticket(NewTicket(subject="C", text="c", email="cust-1@example.com"))
    one, two, three = [(await desk.thread(ticket)).snapshot for ticket in (first, second, known)]
    assert one.requester == two.requester
    assert (one.channel, one.status) == (Channel.CHAT, Status.NEW)
    assert three.requester.name == "Amara Okoye"


# -- colleagues, requesters and the AI agent -----------------------------------------------------------------------


async def test_colleagues_write_while_you_look(desk: DemoDesk, clock: Clock) -> None:
    desk.behaviour.others_reply_every_seconds = 60
    cursor = (await pages_since(desk, None))[-1].cursor
    clock.forward(59)
    assert await pages_since(desk, cursor) == []
    clock.forward(1)
    assert list(tickets_in(await pages_since(desk, cursor))) == ["helped"]
    thread = await desk.thread(Id("helped"))
    assert thread.messages[-1].text == "Press Ctrl and plus."
    assert thread.messages[-1].created == clock.now
    assert thread.snapshot.assignee == thread.messages[-1].author
    assert thread.snapshot.status is Status.OPEN
    assert "helped-1" not in await desk.scripted_messages(Id("helped"))
    assert thread.messages[-1].remote_id in await desk.scripted_messages(Id("helped"))
    clock.forward(60)
    assert (await texts(desk, "helped"))[-1] == "Thanks Priya, that is better."
    clock.forward(60)
    assert (await texts(desk, "contested"))[-1] == "Which provider is it?"


async def test_after_a_long_absence_only_a_few_have_written(desk: DemoDesk, clock: Clock) -> None:
    desk.behaviour.others_reply_every_seconds = 1
    cursor = (await pages_since(desk, None))[-1].cursor
    clock.forward(3600)
    assert set(tickets_in(await pages_since(desk, cursor))) == {"helped", "contested"}
    assert await texts(desk, "contested") == ["It asks for a password.", "Which provider is it?"]
    assert all(m.created <= clock.now for m in (await desk.thread(Id("helped"))).messages)


async def test_what_was_due_is_posted_in_the_order_in_which_it_was(desk: DemoDesk, clock: Clock) -> None:
    desk.behaviour.others_reply_every_seconds = 40
    await desk.whoami()
    await desk.begin_as_ai_agent(Id("helped"), "I am an AI agent.", seconds=30)
    await desk.begin_as_ai_agent(Id("helped"), "I am still an AI agent.", seconds=50)
    await desk.begin_as_ai_agent(Id("new"), "I am an AI agent.", seconds=300)
    clock.forward(600)
    await desk.act_as_requester(Id("helped"), "That was ten minutes.")
    thread = await desk.thread(Id("helped"))
    assert [message.text for message in thread.messages[1:]] == [
        "I am an AI agent.",
        "Press Ctrl and plus.",  # taken by a colleague: the agent's second answer is never posted
        "Thanks Priya, that is better.",
        "That was ten minutes.",
    ]
    seconds = [(clock.now - message.created).total_seconds() for message in thread.messages[1:]]
    assert seconds == [570, 560, 520, 0]
    assert (await texts(desk, "new"))[-1] == "I am an AI agent."


async def test_colleagues_leave_a_ticket_that_you_take(desk: DemoDesk, clock: Clock) -> None:
    desk.behaviour.others_reply_every_seconds = 60
    await desk.assign(Id("helped"), await desk.whoami(), None)
    await desk.assign(Id("contested"), None, None)
    await desk.assign(Id("contested"), await desk.whoami(), None)
    for _ in range(5):
        clock.forward(60)
        assert len(await texts(desk, "helped")) == 1
    assert len(await texts(desk, "contested")) == 1


async def test_colleagues_do_not_write_on_a_solved_ticket(desk: DemoDesk, clock: Clock) -> None:
    desk.behaviour.others_reply_every_seconds = 60
    await desk.set_status(Id("contested"), Status.SOLVED)
    for _ in range(5):
        clock.forward(60)
        assert len(await texts(desk, "contested")) == 1


async def test_a_requester_answers_what_was_really_answered(desk: DemoDesk, clock: Clock) -> None:
    desk.behaviour.requester_answers_after_seconds = 60
    await reply(desk, "mine")
    clock.forward(59)
    assert len(await texts(desk, "mine")) == 2
    clock.forward(1)
    thread = await desk.thread(Id("mine"))
    assert thread.messages[-1].text == "Sam, that did the trick!"
    assert thread.messages[-1].remote_id in await desk.scripted_messages(Id("mine"))
    assert thread.snapshot.status is Status.SOLVED
    assert thread.snapshot.accepted_solution == thread.messages[1].remote_id


async def test_requesters_answer_in_words_that_fit_any_reply(desk: DemoDesk, clock: Clock) -> None:
    desk.behaviour.requester_answers_after_seconds = 60
    heard: set[str] = set()
    for n in range(20):
        ticket = await desk.new_ticket(NewTicket(subject=f"Question {n}", text="How?"))
        await reply(desk, ticket)
        clock.forward(60)
        thread = await desk.thread(ticket)
        satisfied = thread.messages[-1].text == "Thank you, that worked!"
        assert thread.snapshot.status is (Status.SOLVED if satisfied else Status.OPEN)
        heard.add(thread.messages[-1].text)
    assert heard == {"Thank you, that worked!", "Sorry, that did not work."}


async def test_a_requester_answers_twice_at_most(desk: DemoDesk, clock: Clock) -> None:
    desk.behaviour.requester_answers_after_seconds = 60
    for n in range(10):
        ticket = await desk.new_ticket(NewTicket(subject=f"Question {n}", text="How?"))
        for attempt in range(4):
            await reply(desk, ticket, f"Attempt {attempt}.")
            clock.forward(60)
        heard = [m.text for m in (await desk.thread(ticket)).messages if m.author.role is Role.REQUESTER][1:]
        assert heard in (
            ["Thank you, that worked!"],
            ["Sorry, that did not work.", "Thank you, that worked!"],
        )


async def test_the_ai_agent_answers_while_nobody_has_the_ticket(desk: DemoDesk, clock: Clock) -> None:
    desk.behaviour.ai_agent_answers_after_seconds = 30
    await desk.act_as_requester(Id("escalated"), "Hello?")
    clock.forward(30)
    message = (await desk.thread(Id("escalated"))).messages[-1]
    assert message.author.role is Role.AI_AGENT
    assert "AI agent" in message.text
    assert message.remote_id in await desk.scripted_messages(Id("escalated"))


async def test_a_takeover_silences_the_ai_agent_in_the_middle_of_an_answer(
    desk: DemoDesk, clock: Clock
) -> None:
    desk.behaviour.ai_agent_answers_after_seconds = 30
    before = await texts(desk, "escalated")
    await desk.begin_as_ai_agent(Id("escalated"), "Have you looked into the spam folder?", seconds=5)
    await desk.act_as_requester(Id("escalated"), "A person, please!")
    clock.forward(4)
    await desk.assign(Id("escalated"), await desk.whoami(), None)
    clock.forward(3600)
    await desk.act_as_requester(Id("escalated"), "Are you a person?")
    clock.forward(3600)
    assert await texts(desk, "escalated") == [*before, "A person, please!", "Are you a person?"]
    with pytest.raises(RefusedError):
        await desk.act_as_ai_agent(Id("escalated"), "I have an idea.")
    with pytest.raises(RefusedError):
        await desk.begin_as_ai_agent(Id("escalated"), "I have an idea.", seconds=1)


async def test_a_ticket_given_back_may_be_answered_by_the_ai_agent_again(desk: DemoDesk) -> None:
    await desk.assign(Id("escalated"), await desk.whoami(), None)
    await desk.assign(Id("escalated"), None, None)
    await desk.act_as_ai_agent(Id("escalated"), "I have an idea.")
    assert (await texts(desk, "escalated"))[-1] == "I have an idea."


async def test_the_customer_gets_public_words_only(desk: DemoDesk) -> None:
    await desk.act_as_rep(Id("escalated"), "Between us: look at the filter.", note=True)
    await desk.act_as_rep(Id("escalated"), "Hello, I am a person.", rep="rep-2")
    await desk.act_as_requester(Id("escalated"), "At last.")
    received = await desk.received_by_requester(Id("escalated"))
    assert [m.text for m in received] == ["I am an AI agent. Look into the trash.", "Hello, I am a person."]
    assert received[-1].author.name == "Tomás Herrera"


# -- what goes wrong -----------------------------------------------------------------------------------------------


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
