"""What Front does that other desks do not, and what we make of it."""

from __future__ import annotations

import json
from datetime import timedelta

import httpx
import pytest

from copilot.desks import kinds
from copilot.desks.kinds import SignIn
from copilot.domain import (
    Audience,
    Channel,
    DeskId,
    MessageKind,
    Person,
    RemoteId,
    Reply,
    Role,
    SourceKind,
    Status,
    Upload,
)
from copilot.errors import (
    AuthError,
    ConflictError,
    NotFoundError,
    RateLimitedError,
    RefusedError,
    UnsupportedError,
)
from tests.desks.contract import pages_since, tickets_in
from tests.desks.front import fake_front
from tests.desks.front.fake_front import FakeFront

NOTE = Upload(name="a.txt", media_type="text/plain", content=b"a")


@pytest.fixture
def server() -> FakeFront:
    return FakeFront()


async def test_the_kind_opens_a_desk_that_asks_nothing_yet() -> None:
    values = {"email": "sam@shop.test", "token": "t"}
    desk = await kinds.open_desk("front", SignIn(desk_id=DeskId("f"), name="F", values=values))
    assert desk.id == "f"
    await desk.aclose()
    for wrong in ({"email": ""}, {"token": "two words"}):
        with pytest.raises(AuthError):
            await kinds.open_desk("front", SignIn(desk_id=DeskId("f"), name="F", values=values | wrong))


async def test_the_rep_is_the_teammate_with_the_address_filled_in(server: FakeFront) -> None:
    assert (await (await server.desk(email="Priya@shop.test")).whoami()).name == "Priya Raman"
    with pytest.raises(AuthError, match="address"):
        await (await server.desk(email="nobody@shop.test")).whoami()


async def test_check_says_which_scopes_are_missing(server: FakeFront) -> None:
    assert (await (await server.desk()).check()).missing == ()
    server.denied = {"/events", "/knowledge_bases"}
    missing = (await (await server.desk()).check()).missing
    assert len(missing) == 2
    assert "events" in missing[0]


async def test_a_reply_goes_out_under_the_reps_name_and_leaves_the_conversation_open(
    server: FakeFront,
) -> None:
    desk = await server.desk()
    ticket = await server.make_ticket("Hello", "Words.")
    for files in ((), (NOTE,)):
        await desk.reply(ticket, Reply(text="Words.", attachments=files), key="k", version=None)
        thread = await desk.thread(ticket)
        assert (thread.messages[-1].author, thread.snapshot.status) == (await desk.whoami(), Status.OPEN)
    await desk.reply(ticket, Reply(text="Done.", status=Status.SOLVED), key="k2", version=None)
    assert server.rows[ticket].status == "archived"
    await desk.reply(ticket, Reply(text="Not yet.", status=Status.OPEN), key="k3", version=None)
    assert server.rows[ticket].status == "unassigned"


async def test_a_version_that_is_not_the_one_seen_is_a_conflict(server: FakeFront) -> None:
    desk = await server.desk()
    ticket = await server.make_ticket("Hello", "Words.")
    seen = (await desk.thread(ticket)).snapshot.version
    await server.act_as_requester(ticket, "Never mind.")
    with pytest.raises(ConflictError):
        await desk.note(ticket, "Too late.", key="k", version=seen)
    assert server.rows[ticket].comments == []


async def test_drafts_are_no_messages_and_comments_stand_where_they_were_written(server: FakeFront) -> None:
    desk = await server.desk()
    ticket = await server.make_ticket("Hello", "First.")
    server.note(ticket, "Second, **inside**.", "tea_2")
    server.add(ticket, "<p>Not sent yet.</p>", by="tea_2", draft_mode="shared")
    await server.act_as_requester(ticket, "Third.")
    messages = (await desk.thread(ticket)).messages
    assert [one.kind for one in messages] == [MessageKind.PUBLIC, MessageKind.NOTE, MessageKind.PUBLIC]
    assert messages[1].text == "Second, **inside**."


async def test_a_merged_conversation_is_said_to_be_merged_and_leaves_the_queue(server: FakeFront) -> None:
    desk = await server.desk()
    one, other = [await server.make_ticket(f"{n}", "Words.") for n in range(2)]
    cursor = (await pages_since(desk, None))[-1].cursor
    server.tick(5)
    server.merge(one, other)
    found = tickets_in(await pages_since(desk, cursor))
    assert (found[one].deleted, found[other].deleted) == (True, False)
    with pytest.raises(NotFoundError, match=f"merged into conversation {other}"):
        await desk.thread(one)


async def test_what_is_moved_between_inboxes_is_told_in_the_new_one(server: FakeFront) -> None:
    desk, narrow = await server.desk(), await server.desk("Support")
    ticket = await server.make_ticket("Hello", "Words.")
    cursors = [(await pages_since(one, None))[-1].cursor for one in (desk, narrow)]
    server.tick(5)
    await desk.assign(ticket, None, "Billing")
    assert tickets_in(await pages_since(desk, cursors[0]))[ticket].group == "Billing"
    assert tickets_in(await pages_since(narrow, cursors[1])) == {}
    assert set(tickets_in(await pages_since(narrow, None))) == set()
    with pytest.raises(RefusedError):
        await pages_since(await server.desk("Nowhere"), None)


async def test_trash_is_gone_and_a_snoozed_conversation_waits(server: FakeFront) -> None:
    desk = await server.desk()
    ticket = await server.make_ticket("Hello", "Words.")
    cursor = (await pages_since(desk, None))[-1].cursor
    server.rows[ticket].status = "archived"
    server.rows[ticket].reminders = [{"created_at": 1.0, "scheduled_at": 2.0}]
    assert (await desk.thread(ticket)).snapshot.status is Status.PENDING
    server.rows[ticket].status = "deleted"
    server.tick(5)
    server.touch(ticket, "trash")
    assert tickets_in(await pages_since(desk, cursor))[ticket].deleted
    with pytest.raises(NotFoundError):
        await desk.thread(ticket)


async def test_an_ai_agent_is_known_by_its_type_and_what_it_left_open_is_handed_over(
    server: FakeFront,
) -> None:
    desk = await server.desk()
    ticket = await server.make_ticket("Hello", "Words.")
    server.rows[ticket].assignee, server.rows[ticket].status = "tea_9", "assigned"
    server.add(ticket, "<p>I am an AI agent.</p>", by="tea_9")
    with_ai = await desk.thread(ticket)
    assert with_ai.messages[1].author.role is Role.AI_AGENT
    assert with_ai.snapshot.escalation is None
    server.note(ticket, "They want a refund; I may not.", "tea_9")
    await desk.assign(ticket, None, None)
    handed = (await desk.thread(ticket)).snapshot.escalation
    assert handed is not None
    assert (handed.by, handed.reason) == ("Birdie", "They want a refund; I may not.")
    assert [person.name for person in await desk.people()] == ["Priya Raman", "Sam Lee"]


async def test_text_messages_go_out_plain_and_within_their_length(
    server: FakeFront, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(fake_front.CHANNELS, "cha_1", ("inb_1", "twilio"))
    desk = await server.desk()
    ticket = await server.make_ticket("", "Hi")
    server.rows[ticket].handle = "+491701234567"
    server.rows[ticket].messages[0] |= {"type": "sms", "recipients": [], "text": None, "body": "Hi < 3"}
    thread = await desk.thread(ticket)
    assert (thread.snapshot.channel, thread.messages[0].text) == (Channel.SMS, "Hi < 3")
    await desk.reply(ticket, Reply(text="Press **on**."), key="k", version=None)
    assert server.rows[ticket].messages[-1]["body"] == "Press on."
    with pytest.raises(RefusedError, match="characters"):
        await desk.reply(ticket, Reply(text="x" * 1601), key="long", version=None)


async def test_whatsapp_takes_replies_for_a_day(server: FakeFront) -> None:
    desk = await server.desk()
    ticket = await server.make_ticket("", "Hola")
    server.rows[ticket].messages[0]["type"] = "whatsapp"
    thread = await desk.thread(ticket)
    assert thread.snapshot.channel is Channel.WHATSAPP
    assert thread.snapshot.reply_until == thread.messages[0].created + timedelta(hours=24)


async def test_missing_tags_are_made_and_fields_keep_their_types(server: FakeFront) -> None:
    desk = await server.desk()
    ticket = await server.make_ticket("Hello", "Words.")
    server.tags["old"] = "tag_77"
    await desk.set_tags(ticket, ("old", "new"))
    assert list(server.tags) == ["old", "new"]
    await desk.set_fields(ticket, {"Seats": "12"})
    assert server.rows[ticket].fields == {"Seats": 12}
    with pytest.raises(RefusedError, match="number"):
        await desk.set_fields(ticket, {"Seats": "many"})
    with pytest.raises(UnsupportedError):
        await desk.set_status(ticket, Status.PENDING)
    with pytest.raises(NotFoundError):
        await desk.assign(ticket, Person(remote_id=RemoteId("tea_5"), name="Nobody", role=Role.REP), None)


async def test_articles_go_on_where_front_said_to_slow_down(server: FakeFront) -> None:
    desk = await server.desk()
    asked: list[str] = []

    def slow(request: httpx.Request) -> httpx.Response | None:
        if request.url.path.startswith("/knowledge_base_articles"):
            asked.append(request.url.path)
            if len(asked) == 2:
                limits = {"x-ratelimit-reset": str(server.now.timestamp() + 20)}
                return httpx.Response(429, json={}, headers=server.headers() | limits)
        return None

    server.before = slow
    with pytest.raises(RateLimitedError) as told:
        await desk.articles()
    assert told.value.retry_after_seconds == pytest.approx(20, abs=1.5)
    articles = await desk.articles()
    assert [(one.kind, one.audience, one.title) for one in articles] == [
        (SourceKind.MACRO, Audience.INTERNAL, "Hours"),
        (SourceKind.ARTICLE, Audience.PUBLIC, "The lamp"),
    ]
    assert [path.split("/")[2] for path in asked] == ["kba_1", "kba_2", "kba_2"]


async def test_a_busy_day_is_read_event_by_event_and_told_once(server: FakeFront) -> None:
    desk = await server.desk()
    tickets = [await server.make_ticket(f"{n}", "Words.") for n in range(12)]
    cursor = (await pages_since(desk, None))[-1].cursor
    server.tick(3600)
    for n in range(40):
        await server.act_as_requester(tickets[n % 5], f"More {n}.")
    pages = await pages_since(desk, cursor)
    found = tickets_in(pages)
    assert set(found) == set(tickets[:5])
    assert sum(len(page.tickets) for page in pages) == 5
    for ticket in tickets[:5]:
        assert found[ticket].version == (await desk.thread(ticket)).snapshot.version
    server.tick(3600)
    cursor = (await pages_since(desk, pages[-1].cursor))[-1].cursor
    server.asked.clear()
    await pages_since(desk, cursor)
    assert len(server.asked) == 1


async def test_an_error_of_front_is_told_in_its_words(server: FakeFront) -> None:
    desk = await server.desk()
    ticket = await server.make_ticket("Hello", "Words.")
    body = {
        "_error": {"status": 400, "title": "Bad request", "message": "Channel is invalid", "details": ["x"]}
    }
    server.before = lambda r: (
        httpx.Response(400, json=json.loads(json.dumps(body))) if r.method == "POST" else None
    )
    with pytest.raises(RefusedError, match="Channel is invalid x"):
        await desk.reply(ticket, Reply(text="Words."), key="k", version=None)
