"""Colleagues, requesters and the AI agent write on the demo desk while you look."""

from __future__ import annotations

import pytest

from copilot.desks.demo import DemoDesk, NewTicket
from copilot.domain import MessageKind, Role, Status
from copilot.domain import RemoteId as Id
from copilot.errors import RefusedError
from tests.desks.contract import pages_since, tickets_in
from tests.desks.demo.looks import reply, texts
from tests.desks.small import Clock


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


async def test_the_ai_agent_can_give_up_while_you_look(desk: DemoDesk, clock: Clock) -> None:
    await desk.begin_as_ai_agent(Id("new"), "Have you tried the menu?", seconds=5)
    await desk.escalate_as_ai_agent(Id("new"), "No article found", confidence=0.31)
    clock.forward(60)
    thread = await desk.thread(Id("new"))
    escalation = thread.snapshot.escalation
    assert escalation is not None
    assert (escalation.reason, escalation.confidence) == ("No article found", 0.31)
    assert [message.kind for message in thread.messages] == [MessageKind.PUBLIC, MessageKind.NOTE]
    assert "No article found" in thread.messages[-1].text
    assert await desk.received_by_requester(Id("new")) == []
    with pytest.raises(RefusedError):
        await desk.escalate_as_ai_agent(Id("mine"), "No article found", confidence=0.31)


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
