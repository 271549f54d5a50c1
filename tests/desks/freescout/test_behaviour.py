"""What is particular to FreeScout: whose key it is, mailboxes, the bin, ratings, choices of fields."""

from __future__ import annotations

import pytest

from copilot.desks.base import CheckedDesk, MergingDesk
from copilot.desks.freescout.connecting import connect
from copilot.desks.kinds import SignIn
from copilot.domain import Channel, DeskId, MessageKind, Person, RemoteId, Reply, Role, Status
from copilot.errors import AuthError, BadDataError, NotFoundError, RefusedError, UnsupportedError
from tests.desks.contract import pages_since, tickets_in
from tests.desks.freescout.fake_freescout import AI, CUSTOMER, KEY, ME, OTHER, USERS, FakeFreeScout


async def test_the_rep_is_found_by_address_for_the_key_belongs_to_nobody() -> None:
    server = FakeFreeScout()
    desk = await server.desk(email=" SAM@acme.test ")
    assert isinstance(desk, CheckedDesk)
    check = await desk.check()
    assert (check.me.name, check.me.remote_id) == ("Sam Lee", str(ME))
    assert [group.name for group in check.queues] == ["Support", "Billing"]
    stranger = await server.desk(email="nobody@acme.test")
    with pytest.raises(AuthError, match="address"):
        await stranger.check()


async def test_an_installation_without_the_module_is_told_apart() -> None:
    server = FakeFreeScout()
    server.routes = []
    with pytest.raises(BadDataError, match="API does not answer"):
        await (await server.desk()).check()


async def test_users_and_customers_of_the_same_number_are_two_people() -> None:
    server = FakeFreeScout()
    assert CUSTOMER == ME
    ticket = server.open_conversation("Blinks", "<p>Unplug it.</p>")
    desk = await server.desk()
    me = await desk.whoami()
    (first,) = (await desk.thread(ticket)).messages
    assert first.author.remote_id != me.remote_id
    assert not desk.is_ours(first, "Unplug it.", key="k", me=me)


async def test_things_that_happened_and_drafts_are_no_messages() -> None:
    server = FakeFreeScout()
    ticket = server.open_conversation("Blinks", "<p>It blinks</p>")
    server.write(ticket, "", "lineitem", OTHER)
    server.write(ticket, "<p>Not yet</p>", "message", OTHER, state="draft")
    server.write(ticket, "<p>Among us</p>", "note", OTHER)
    messages = (await (await server.desk()).thread(ticket)).messages
    assert [message.kind for message in messages] == [MessageKind.PUBLIC, MessageKind.NOTE]


async def test_deleted_conversations_and_spam_disappear() -> None:
    server = FakeFreeScout()
    desk = await server.desk()
    deleted, spam = (server.open_conversation(f"Question {n}", "<p>Words</p>") for n in range(2))
    cursor = (await pages_since(desk, None))[-1].cursor
    server.tick(600)
    server.touch(int(deleted), state="deleted")
    server.touch(int(spam), status="spam")
    found = tickets_in(await pages_since(desk, cursor))
    assert {ticket: found[ticket].deleted for ticket in found} == {deleted: True, spam: True}
    for ticket in (deleted, spam):
        with pytest.raises(NotFoundError):
            await desk.thread(ticket)


@pytest.mark.parametrize("queue", ["Support", "5"])
async def test_only_followed_mailboxes_and_what_leaves_them(queue: str) -> None:
    server = FakeFreeScout()
    ours = server.open_conversation("Ours", "<p>Words</p>")
    theirs = server.open_conversation("Theirs", "<p>Words</p>", mailboxId=6)
    desk = await server.desk(queue)
    pages = await pages_since(desk, None)
    assert {t: s.deleted for t, s in tickets_in(pages).items()} == {ours: False, theirs: True}
    await desk.assign(ours, None, "Billing")
    assert tickets_in(await pages_since(desk, pages[-1].cursor))[ours].deleted


async def test_an_ai_agent_its_tag_and_a_rating() -> None:
    server = FakeFreeScout()
    ticket = server.open_conversation("Blinks", "<p>It blinks</p>", type="chat")
    server.write(ticket, "<p>I am Birdie</p>", "message", AI, rating=3, rating_comment="No help")
    server.write(ticket, "<p>Wants a person</p>", "note", AI)
    server.tags[1] = ["ai-escalated"]
    desk = await server.desk(ai_agents=("birdie@acme.test",))
    thread = await desk.thread(ticket)
    assert [m.author.role for m in thread.messages] == [Role.REQUESTER, Role.AI_AGENT, Role.AI_AGENT]
    header = thread.snapshot
    assert header.channel is Channel.CHAT
    assert header.escalation is not None
    assert header.escalation.reason == "Wants a person"
    assert header.rating is not None
    assert (header.rating.score, header.rating.comment) == (0.0, "No help")
    assert len(await desk.people()) == len(USERS) - 1


async def test_choices_of_a_field_go_by_number_and_come_by_name() -> None:
    server = FakeFreeScout()
    ticket = server.open_conversation("Blinks", "<p>It blinks</p>")
    desk = await server.desk()
    await desk.set_fields(ticket, {"colour": "Blue"})
    assert server.conversations[1]["customFields"][0]["value"] == "2"
    assert (await desk.thread(ticket)).snapshot.fields == {"Colour": "Blue"}
    with pytest.raises(RefusedError, match="no choice"):
        await desk.set_fields(ticket, {"Colour": "Green"})
    server.no_custom_fields = True
    with pytest.raises(RefusedError, match="no field"):
        await (await server.desk()).set_fields(ticket, {"Colour": "Red"})


async def test_an_assignment_that_does_not_take_is_told() -> None:
    server = FakeFreeScout()
    ticket = server.open_conversation("Blinks", "<p>It blinks</p>")
    desk = await server.desk()
    await desk.assign(ticket, await desk.whoami(), None)
    ghost = Person(remote_id=RemoteId("4711"), name="Ghost", role=Role.REP)
    with pytest.raises(RefusedError, match="did not take"):
        await desk.assign(ticket, ghost, None)


async def test_a_reply_carries_its_status_in_one_request() -> None:
    server = FakeFreeScout()
    ticket = server.open_conversation("Blinks", "<p>It blinks</p>")
    desk = await server.desk()
    server.asked.clear()
    await desk.reply(ticket, Reply(text="Done.", status=Status.SOLVED), key="k", version=None)
    assert sum(not asked.startswith("GET") for asked in server.asked) == 1
    assert server.conversations[1]["status"] == "closed"
    with pytest.raises(UnsupportedError):
        await desk.set_status(ticket, Status.HOLD)
    assert not isinstance(desk, MergingDesk)
    assert desk.capabilities.reasons["merge"]


async def test_a_quiet_poll_is_one_request_and_a_thousand_tickets_are_few() -> None:
    server = FakeFreeScout()
    for n in range(1000):
        server.open_conversation(f"Question {n}", "<p>Words</p>")
    desk = await server.desk()
    pages = await pages_since(desk, None)
    assert len(tickets_in(pages)) == 1000
    assert len(server.asked) <= 25
    server.asked.clear()
    assert await pages_since(desk, pages[-1].cursor) == []
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("url", "token", "email", "error"),
    [
        ("not an address", KEY, "sam@acme.test", BadDataError),
        ("https://a.example.com", "two words", "sam@acme.test", AuthError),
        ("https://a.example.com", KEY, "sam", AuthError),
    ],
)
async def test_what_cannot_be_a_sign_in(url: str, token: str, email: str, error: type[Exception]) -> None:
    values = {"url": url, "token": token, "email": email}
    with pytest.raises(error):
        await connect(SignIn(desk_id=DeskId("d"), name="D", values=values))


async def test_a_freescout_in_a_folder_of_a_site() -> None:
    server = FakeFreeScout()
    values = {"url": "https://freescout.example.com/help/mailbox/5", "token": KEY, "email": "sam@acme.test"}
    desk = await connect(SignIn(desk_id=DeskId("d"), name="D", values=values), transport=server.transport)
    with pytest.raises(NotFoundError):
        await desk.whoami()
    assert server.asked == ["GET /help/api/users?page=1&pageSize=100"]
