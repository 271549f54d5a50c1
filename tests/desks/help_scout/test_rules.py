"""What Help Scout does that other desks do not, and what we make of it."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest

from copilot.desks import kinds
from copilot.desks.kinds import SignIn
from copilot.domain import Audience, Channel, DeskId, Person, RemoteId, Reply, Role, SourceKind, Status
from copilot.errors import AuthError, ConflictError, NotFoundError, RefusedError, UnsupportedError
from tests.desks.contract import pages_since, tickets_in
from tests.desks.help_scout.fake_help_scout import CUSTOMER, FakeHelpScout


@pytest.fixture
def server() -> FakeHelpScout:
    return FakeHelpScout()


async def test_the_kind_opens_a_desk_that_asks_nothing_yet() -> None:
    values = {"app_id": "a", "app_secret": "b"}
    desk = await kinds.open_desk("help_scout", SignIn(desk_id=DeskId("h"), name="H", values=values))
    assert desk.id == "h"
    await desk.aclose()
    with pytest.raises(AuthError):
        await kinds.open_desk(
            "help_scout", SignIn(desk_id=DeskId("h"), name="H", values=values | {"app_id": ""})
        )


async def test_check_says_what_is_missing(server: FakeHelpScout) -> None:
    found = await (await server.desk()).check()
    assert found.me.name == "Sam Lee"
    assert [(one.remote_id, one.name) for one in found.queues] == [("11", "Support"), ("12", "Billing")]
    assert [("Docs API key" in said) for said in found.missing] == [True]
    assert (await (await server.desk(docs_key="docs-key")).check()).missing == ()
    wrong = await (await server.desk(docs_key="wrong")).check()
    assert ["not accepted" in said for said in wrong.missing] == [True]


async def test_a_token_that_ran_out_is_renewed_once(server: FakeHelpScout) -> None:
    desk = await server.desk()
    ticket = await server.make_ticket("Hello", "Words.")
    await desk.whoami()
    server.tokens = ["another"]
    server.asked.clear()
    await desk.reply(ticket, Reply(text="Still there."), key="k", version=None)
    assert len([one for one in server.asked if "oauth2" in one]) == 1
    assert server.received(ticket) == [" Still there. "]


async def test_an_unknown_app_is_a_bad_sign_in_however_it_is_said(server: FakeHelpScout) -> None:
    bad = httpx.Response(400, json={"error": "invalid_client"})
    server.before = lambda request: bad if "oauth2" in request.url.path else None
    with pytest.raises(AuthError, match="does not know this app"):
        await (await server.desk()).whoami()


async def test_a_merged_conversation_is_said_to_be_merged(server: FakeHelpScout) -> None:
    desk = await server.desk()
    ticket = await server.make_ticket("Hello", "Words.")
    server.merged[int(ticket)] = 999
    with pytest.raises(NotFoundError, match="merged into conversation 999"):
        await desk.thread(ticket)


async def test_a_deleted_conversation_is_not_found(server: FakeHelpScout) -> None:
    desk = await server.desk()
    ticket = await server.make_ticket("Hello", "Words.")
    server.rows[int(ticket)].state = "deleted"
    with pytest.raises(NotFoundError):
        await desk.reply(ticket, Reply(text="Hello?"), key="k", version=None)


async def test_spam_and_what_was_moved_out_of_our_inboxes_is_gone_for_us(server: FakeHelpScout) -> None:
    desk = await server.desk("Support", "12")
    spam, moved = [await server.make_ticket(f"{n}", "Words.") for n in range(2)]
    cursor = (await pages_since(desk, None))[-1].cursor
    server.rows[int(spam)].status = "spam"
    server.rows[int(moved)].mailbox = 13
    for ticket in (spam, moved):
        server.rows[int(ticket)].modified = server.tick(5)
    found = tickets_in(await pages_since(desk, cursor))
    assert [found[ticket].deleted for ticket in (spam, moved)] == [True, True]


async def test_one_inbox_is_asked_for_by_itself(server: FakeHelpScout) -> None:
    ticket = await server.make_ticket("Hello", "Words.")
    other = await server.make_ticket("Other", "Words.")
    server.rows[int(other)].mailbox = 12
    assert set(tickets_in(await pages_since(await server.desk("Support"), None))) == {ticket}
    with pytest.raises(RefusedError):
        await pages_since(await server.desk("Nowhere"), None)


@pytest.mark.parametrize("status", [Status.OPEN, Status.PENDING, Status.SOLVED])
async def test_a_reply_without_a_status_keeps_the_one_there_is(server: FakeHelpScout, status: Status) -> None:
    desk = await server.desk()
    ticket = await server.make_ticket("Hello", "Words.")
    await desk.set_status(ticket, status)
    await desk.reply(ticket, Reply(text="By the way."), key="k", version=None)
    await desk.note(ticket, "Noted.", key="n", version=None)
    assert (await desk.thread(ticket)).snapshot.status is status


async def test_a_version_that_is_not_the_one_seen_is_a_conflict(server: FakeHelpScout) -> None:
    desk = await server.desk()
    ticket = await server.make_ticket("Hello", "Words.")
    seen = (await desk.thread(ticket)).snapshot.version
    await server.act_as_requester(ticket, "Never mind.")
    with pytest.raises(ConflictError):
        await desk.reply(ticket, Reply(text="Too late."), key="k", version=seen)
    assert server.received(ticket) == []


async def test_drafts_and_lines_are_no_messages(server: FakeHelpScout) -> None:
    desk = await server.desk()
    ticket = await server.make_ticket("Hello", "Words.")
    server.add(int(ticket), "Not sent yet", by=102, state="draft")
    server.add(int(ticket), "Priya assigned it", by=102, kind="lineitem")
    assert len((await desk.thread(ticket)).messages) == 1


async def test_a_user_and_a_customer_of_one_number_are_two(server: FakeHelpScout) -> None:
    desk = await server.desk()
    ticket = await server.make_ticket("Hello", "Words.")
    me = await desk.whoami()
    assert int(me.remote_id) == CUSTOMER["id"]
    await desk.reply(ticket, Reply(text="Words."), key="k", version=None)
    first, second = (await desk.thread(ticket)).messages
    assert desk.is_ours(second, "Words.", key="k", me=me)
    assert not desk.is_ours(first, "Words.", key="k", me=me)
    assert first.author.role is Role.REQUESTER


async def test_threads_that_did_not_fit_are_read_page_by_page(server: FakeHelpScout) -> None:
    server.embeds_at_most = 10
    desk = await server.desk()
    ticket = await server.make_ticket("Long", "Message 0")
    for n in range(1, 60):
        await server.act_as_requester(ticket, f"Message {n}")
    messages = (await desk.thread(ticket)).messages
    assert [one.html for one in messages] == [f"Message {n}" for n in range(60)]


async def test_an_ai_agent_is_known_by_name_and_a_tag_tells_of_the_handover(server: FakeHelpScout) -> None:
    desk = await server.desk(agents=("Birdie Bot",))
    ticket = await server.make_ticket("Hello", "Words.")
    server.add(int(ticket), "<p>The customer is <b>angry</b>.</p>", by=109, kind="note")
    server.rows[int(ticket)].tags = ["ai-escalated"]
    thread = await desk.thread(ticket)
    assert thread.messages[1].author.role is Role.AI_AGENT
    assert thread.snapshot.escalation is not None
    assert thread.snapshot.escalation.reason == "The customer is angry."
    assert [person.name for person in await desk.people()] == ["Priya Raman", "Sam Lee"]


async def test_ratings_come_with_the_thread(server: FakeHelpScout) -> None:
    desk = await server.desk()
    ticket = await server.make_ticket("Hello", "Words.")
    server.add(int(ticket), "Try this", by=101, rating={"rating": "not good", "comments": "Did not help."})
    rating = (await desk.thread(ticket)).snapshot.rating
    assert rating is not None
    assert (rating.score, rating.comment) == (0.0, "Did not help.")


async def test_a_team_is_a_group_and_so_is_an_inbox(server: FakeHelpScout) -> None:
    desk = await server.desk()
    ticket = await server.make_ticket("Hello", "Words.")
    assert [one.name for one in await desk.groups()] == ["Support", "Billing", "Tier 2"]
    await desk.assign(ticket, None, "Tier 2")
    snapshot = (await desk.thread(ticket)).snapshot
    assert (snapshot.group, snapshot.assignee) == ("Tier 2", None)
    await desk.assign(ticket, await desk.whoami(), "Billing")
    snapshot = (await desk.thread(ticket)).snapshot
    assert snapshot.assignee is not None
    assert (snapshot.group, snapshot.assignee.name) == ("Billing", "Sam Lee")
    with pytest.raises(NotFoundError):
        await desk.assign(ticket, Person(remote_id=RemoteId("5"), name="Nobody", role=Role.REP), None)
    with pytest.raises(UnsupportedError):
        await desk.set_status(ticket, Status.HOLD)


async def test_a_dropdown_is_shown_and_set_by_its_label(server: FakeHelpScout) -> None:
    desk = await server.desk()
    ticket = await server.make_ticket("Hello", "Words.")
    await desk.set_fields(ticket, {"Plan": "paid"})
    assert server.rows[int(ticket)].fields == {3: "32"}
    assert (await desk.thread(ticket)).snapshot.fields == {"Plan": "Paid"}
    await desk.set_fields(ticket, {"Order number": "7"})
    assert (await desk.thread(ticket)).snapshot.fields == {"Order number": "7", "Plan": "Paid"}
    with pytest.raises(RefusedError, match="Trial, Paid"):
        await desk.set_fields(ticket, {"Plan": "Gold"})


async def test_channels_are_told_apart(server: FakeHelpScout) -> None:
    desk = await server.desk()
    ticket = await server.make_ticket("Hello", "Words.")
    server.rows[int(ticket)].type = "chat"
    assert (await desk.thread(ticket)).snapshot.channel is Channel.CHAT


async def test_articles_are_saved_replies_and_docs(server: FakeHelpScout) -> None:
    articles = await (await server.desk(docs_key="docs-key")).articles()
    assert [(one.kind, one.audience, one.title) for one in articles] == [
        (SourceKind.MACRO, Audience.INTERNAL, "Hours"),
        (SourceKind.ARTICLE, Audience.PUBLIC, "The lamp"),
    ]
    assert "from 9" in articles[0].text
    assert len(await (await server.desk()).articles()) == 1


async def test_a_quiet_poll_is_one_request(server: FakeHelpScout) -> None:
    for n in range(60):
        await server.make_ticket(f"{n}", "Words.")
    desk = await server.desk()
    cursor = (await pages_since(desk, None))[-1].cursor
    server.now += timedelta(hours=1)
    cursor = (await pages_since(desk, cursor))[-1].cursor
    server.asked.clear()
    assert tickets_in(await pages_since(desk, cursor)) == {}
    assert len(server.asked) == 1
