"""What is particular to Zammad: channels with their limits, states, merged tickets, the knowledge base, marks."""

from __future__ import annotations

from datetime import timedelta

import pytest

from copilot.desks.base import CheckedDesk, MergingDesk
from copilot.domain import (
    Audience,
    Channel,
    Person,
    Priority,
    RemoteId,
    Reply,
    Role,
    SourceKind,
    Status,
    Upload,
)
from copilot.errors import NotFoundError, RefusedError, UnsupportedError
from tests.desks.contract import pages_since, tickets_in
from tests.desks.contract.words import LOG
from tests.desks.zammad.fake_zammad import AI, CUSTOMER, ME, FakeZammad


async def test_a_whatsapp_ticket_is_answered_there_in_plain_text_within_its_window() -> None:
    server = FakeZammad()
    incoming = server.now.timestamp()
    whatsapp = {"whatsapp": {"timestamp_incoming": str(int(incoming)), "from": {"phone_number": "49123"}}}
    ticket = server.open_ticket("Blinks", "It blinks", preferences=whatsapp, create_article_type_id=14)
    server.articles[1][0] |= {"type": "whatsapp message", "from": "Amara (+49123)"}
    desk = await server.desk()
    header = (await desk.thread(ticket)).snapshot
    assert header.channel is Channel.WHATSAPP
    assert header.reply_until == server.now.replace(microsecond=0).fromtimestamp(
        int(incoming), header.created.tzinfo
    ) + timedelta(hours=24)
    await desk.reply(
        ticket, Reply(text="**Unplug** it, see [here](https://example.org)."), key="k", version=None
    )
    sent = server.articles[1][-1]
    assert (sent["type"], sent["content_type"], sent["to"]) == (
        "whatsapp message",
        "text/plain",
        "Amara (+49123)",
    )
    assert sent["body"] == "Unplug it, see here (https://example.org)."
    with pytest.raises(RefusedError, match="4096"):
        await desk.reply(ticket, Reply(text="word " * 1000), key="l", version=None)
    assert desk.is_ours((await desk.thread(ticket)).messages[-1], "x", key="k", me=await desk.whoami())


async def test_a_mail_answers_the_customers_last_one() -> None:
    server = FakeZammad()
    ticket = server.open_ticket("Blinks", "It blinks")
    last = server.write(ticket, "Still blinks", CUSTOMER)
    desk = await server.desk()
    await desk.reply(ticket, Reply(text="Unplug it."), key="k", version=None)
    sent = server.articles[1][-1]
    assert (sent["type"], sent["to"], sent["in_reply_to"]) == (
        "email",
        "amara@client.test",
        last["message_id"],
    )
    assert "sidedesk" not in sent["body"], "the customer's mail has no mark"


async def test_a_customer_without_an_address_reads_it_in_the_portal() -> None:
    server = FakeZammad()
    server.users[CUSTOMER]["email"] = ""
    ticket = server.open_ticket("Blinks", "It blinks")
    await (await server.desk()).reply(ticket, Reply(text="Unplug it."), key="k", version=None)
    assert (server.articles[1][-1]["type"], server.articles[1][-1]["internal"]) == ("note", False)


@pytest.mark.parametrize(
    ("kind", "channel"), [(2, Channel.SMS), (6, Channel.SOCIAL), (11, Channel.WEB), (77, Channel.OTHER)]
)
async def test_channels(kind: int, channel: Channel) -> None:
    server = FakeZammad()
    ticket = server.open_ticket("Blinks", "It blinks", create_article_type_id=kind)
    desk = await server.desk()
    assert (await desk.thread(ticket)).snapshot.channel is channel
    if channel is Channel.SOCIAL:
        with pytest.raises(UnsupportedError):
            await desk.reply(ticket, Reply(text="Hello."), key="k", version=None)
    if channel is Channel.SMS:
        with pytest.raises(UnsupportedError, match="Files"):
            await desk.reply(ticket, Reply(text="Hello.", attachments=(LOG,)), key="k", version=None)
    assert len(server.articles[1]) == 1


async def test_states_by_their_types_and_a_time_for_pending_ones() -> None:
    server = FakeZammad()
    ticket = server.open_ticket("Blinks", "It blinks", state_id=7)
    desk = await server.desk()
    assert (await desk.thread(ticket)).snapshot.status is Status.SOLVED, "a team's own state of type closed"
    await desk.set_status(ticket, Status.PENDING)
    assert server.tickets[1]["state_id"] == 3
    assert server.tickets[1]["pending_time"] > server.now.isoformat()
    with pytest.raises(UnsupportedError):
        await desk.set_status(ticket, Status.HOLD)


async def test_merged_tickets_disappear_into_others() -> None:
    server = FakeZammad()
    one, other = server.open_ticket("One", "a"), server.open_ticket("Other", "b")
    desk = await server.desk()
    cursor = (await pages_since(desk, None))[-1].cursor
    assert isinstance(desk, MergingDesk)
    await desk.merge(one, other)
    found = tickets_in(await pages_since(desk, cursor))
    assert (found[one].deleted, found[other].deleted) == (True, False)
    with pytest.raises(NotFoundError, match="merged"):
        await desk.thread(one)
    assert len((await desk.thread(other)).messages) == 2
    with pytest.raises(RefusedError, match="could not be found"):
        await desk.merge(RemoteId("4711"), other)


async def test_an_ai_agent_its_tag_and_its_reason() -> None:
    server = FakeZammad()
    ticket = server.open_ticket("Blinks", "It blinks", owner_id=AI, priority_id=3)
    server.tags[1] = ["birdie", "lamp"]
    server.write(ticket, "I am Birdie.", AI)
    server.write(ticket, "Wants a person.", AI, internal=True)
    server.write(ticket, "We got your mail.", 1, sender="System")
    thread = await (await server.desk(ai_agents=("birdie",))).thread(ticket)
    roles = [message.author.role for message in thread.messages]
    assert roles == [Role.REQUESTER, Role.AI_AGENT, Role.AI_AGENT, Role.SYSTEM]
    assert thread.snapshot.escalation is not None
    assert thread.snapshot.escalation.reason == "Wants a person."
    assert thread.snapshot.tags == ("birdie", "lamp")
    assert thread.snapshot.priority is Priority.HIGH


async def test_the_knowledge_base_with_who_may_read_it_and_text_modules() -> None:
    articles = await (await FakeZammad().desk()).articles()
    assert [(a.title, a.audience, a.kind, a.text) for a in articles] == [
        ("Answer 1", Audience.PUBLIC, SourceKind.ARTICLE, "Unplug lamp 1."),
        ("Answer 2", Audience.INTERNAL, SourceKind.ARTICLE, "Unplug lamp 2."),
        ("Ask for version", Audience.INTERNAL, SourceKind.MACRO, "Which version?"),
    ]


async def test_what_others_own_is_not_taken_and_a_mails_own_html_is_no_file() -> None:
    server = FakeZammad()
    ticket = server.open_ticket(
        "Blinks", "a", uploads=(Upload(name="a.html", media_type="text/html", content=b"<p>"),)
    )
    server.articles[1][0]["attachments"][0]["preferences"]["content-alternative"] = True
    desk = await server.desk()
    assert (await desk.thread(ticket)).messages[0].attachments == ()
    stranger = Person(remote_id=RemoteId("99"), name="Stranger", role=Role.REP)
    with pytest.raises(RefusedError, match="owner"):
        await desk.assign(ticket, stranger, None)


@pytest.mark.parametrize("queue", ["Users", "1"])
async def test_only_followed_groups_and_what_leaves_them(queue: str) -> None:
    server = FakeZammad()
    ours, theirs = server.open_ticket("Ours", "a"), server.open_ticket("Theirs", "b", group_id=2)
    desk = await server.desk(queue)
    pages = await pages_since(desk, None)
    assert {t: s.deleted for t, s in tickets_in(pages).items()} == {ours: False, theirs: True}
    server.touch(int(ours), group_id=2)
    assert tickets_in(await pages_since(desk, pages[-1].cursor))[ours].deleted


async def test_a_quiet_poll_is_one_request_and_a_thousand_tickets_are_few() -> None:
    server = FakeZammad()
    for n in range(1000):
        server.open_ticket(f"Question {n}", "Words")
    desk = await server.desk()
    pages = await pages_since(desk, None)
    assert len(tickets_in(pages)) == 1000
    assert len(server.asked) <= 25
    server.tick(600)
    server.asked.clear()
    assert await pages_since(desk, pages[-1].cursor) == []
    assert len(server.asked) == 1


async def test_the_check_names_me_and_the_groups() -> None:
    desk = await FakeZammad().desk()
    assert isinstance(desk, CheckedDesk)
    check = await desk.check()
    assert (check.me.remote_id, check.missing) == (str(ME), ())
    assert [group.name for group in check.queues] == ["Users", "Billing"]
