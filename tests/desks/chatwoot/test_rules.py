"""What Chatwoot does that other desks do not, and what we make of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest

from copilot.desks import kinds
from copilot.desks.chatwoot.connecting import connect
from copilot.desks.kinds import SignIn
from copilot.domain import (
    Audience,
    Channel,
    DeskId,
    MessageKind,
    Person,
    Priority,
    RemoteId,
    Reply,
    Role,
    SourceKind,
    Status,
    Upload,
)
from copilot.errors import (
    AuthError,
    BadDataError,
    PermissionDeniedError,
    RefusedError,
    UnsupportedError,
)
from tests.desks.chatwoot.fake_chatwoot import API, BOT, FakeChatwoot
from tests.desks.contract import pages_since, tickets_in

CSAT = {"submitted_values": {"csat_survey_response": {"rating": 4, "feedback_message": "Quick."}}}


@pytest.fixture
def server() -> FakeChatwoot:
    return FakeChatwoot()


async def test_the_kind_opens_a_desk_that_asks_nothing_yet() -> None:
    values = {"url": "chat.example.com/app/login", "token": "t", "account": "3"}
    desk = await kinds.open_desk("chatwoot", SignIn(desk_id=DeskId("c"), name="C", values=values))
    assert (desk.id, desk.name) == ("c", "C")
    await desk.aclose()


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"url": "ftp://x", "token": "t"}, BadDataError),
        ({"url": "chat.example.com", "token": " "}, AuthError),
        ({"url": "chat.example.com", "token": "two words"}, AuthError),
        ({"url": "chat.example.com", "token": "t", "account": "shop"}, RefusedError),
    ],
)
async def test_a_sign_in_that_cannot_be_one_is_refused(
    values: dict[str, str], error: type[Exception]
) -> None:
    with pytest.raises(error):
        await connect(SignIn(desk_id=DeskId("c"), name="C", values=values))


async def test_check_lists_inboxes_and_says_what_the_user_may_not_do(server: FakeChatwoot) -> None:
    desk = await server.desk()
    found = await desk.check()
    assert (found.me.name, found.me.role) == ("Sam Lee", Role.REP)
    assert [one.name for one in found.queues] == ["Mail", "Website", "WhatsApp"]
    assert found.missing == ()
    server.is_admin = False
    assert ["help centres" in said for said in (await desk.check()).missing] == [True]


async def test_a_missing_right_is_no_bad_sign_in(server: FakeChatwoot) -> None:
    answer = {"error": "You are not authorized to do this action"}
    server.before = lambda r: httpx.Response(401, json=answer) if "assignments" in r.url.path else None
    desk = await server.desk()
    ticket = await server.make_ticket("Hello", "Words.")
    with pytest.raises(PermissionDeniedError):
        await desk.assign(ticket, None, None)


async def test_only_the_chosen_inboxes_are_followed(server: FakeChatwoot) -> None:
    desk = await server.desk("Website", "3")
    await server.make_ticket("By mail", "Words.")
    chat = await server.make_ticket("", "Words.", inbox=2)
    whatsapp = await server.make_ticket("", "Words.", inbox=3)
    pages = await pages_since(desk, None)
    assert set(tickets_in(pages)) == {chat, whatsapp}
    await server.act_as_requester(RemoteId("1"), "More.")
    await server.act_as_requester(chat, "More.")
    assert set(tickets_in(await pages_since(desk, pages[-1].cursor))) == {chat}
    with pytest.raises(RefusedError):
        await pages_since(await server.desk("No such inbox"), None)


async def test_what_is_open_comes_first(server: FakeChatwoot) -> None:
    tickets = []
    for n in range(4):
        server.tick(2)
        tickets.append(await server.make_ticket(f"{n}", "Words."))
    server.rows[1].status = "resolved"
    pages = await pages_since(await server.desk(), None)
    assert [one.remote_id for one in pages[0].tickets] == [tickets[3], tickets[2], tickets[1]]


async def test_a_clock_that_runs_behind_ours_or_ahead_misses_nothing(server: FakeChatwoot) -> None:
    for days in (-400, 400):
        server.now += timedelta(days=days)
        desk = await server.desk()
        ticket = await server.make_ticket("Hello", "Words.")
        cursor = (await pages_since(desk, None))[-1].cursor
        server.tick(3600)
        await server.act_as_requester(ticket, "More.")
        assert ticket in tickets_in(await pages_since(desk, cursor))


async def test_an_older_chatwoot_without_a_stamp_still_tells_what_changed(server: FakeChatwoot) -> None:
    def without(request: httpx.Request) -> httpx.Response | None:
        server.before = None
        answer = server.answer(request)
        server.before = without
        if not request.url.path.startswith(f"{API}/conversations"):
            return answer
        return httpx.Response(answer.status_code, json=_without_stamps(answer.json()), headers=answer.headers)

    server.before = without
    desk = await server.desk()
    ticket = await server.make_ticket("Hello", "Words.")
    cursor = (await pages_since(desk, None))[-1].cursor
    changes: tuple[Callable[[], Awaitable[object]], ...] = (
        lambda: desk.set_tags(ticket, ("new",)),
        lambda: desk.set_status(ticket, Status.SOLVED),
        lambda: desk.reply(ticket, Reply(text="Words."), key="k", version=None),
    )
    for change in changes:
        server.tick(2)
        await change()
        pages = await pages_since(desk, cursor)
        assert tickets_in(pages)[ticket].version == (await desk.thread(ticket)).snapshot.version
        cursor = pages[-1].cursor


async def test_whatsapp_takes_replies_for_a_day(server: FakeChatwoot) -> None:
    desk = await server.desk()
    ticket = await server.make_ticket("", "Hola", inbox=3)
    snapshot = (await desk.thread(ticket)).snapshot
    assert snapshot.channel is Channel.WHATSAPP
    assert snapshot.reply_until is not None
    assert snapshot.reply_until - snapshot.created == timedelta(hours=24)
    with pytest.raises(RefusedError, match="4097 characters"):
        await desk.reply(ticket, Reply(text="x" * 4097), key="long", version=None)
    server.rows[int(ticket)].can_reply = False
    with pytest.raises(RefusedError, match="over whatsapp is over"):
        await desk.reply(ticket, Reply(text="Too late"), key="late", version=None)
    await desk.note(ticket, "Called them instead.", key="note", version=None)
    assert server.received(ticket) == []


async def test_a_bot_is_an_ai_agent_and_an_open_conversation_of_its_is_handed_over(
    server: FakeChatwoot,
) -> None:
    desk = await server.desk()
    ticket = await server.make_ticket("", "Where is my order?", inbox=2)
    row = server.rows[int(ticket)]
    row.status, row.bot = "pending", True
    server.add(int(ticket), "I am a bot. Have you looked into your mails?", sender=BOT)
    thread = await desk.thread(ticket)
    assert thread.snapshot.status is Status.HOLD
    assert thread.snapshot.assignee is not None
    assert thread.snapshot.assignee.role is thread.messages[1].author.role is Role.AI_AGENT
    assert thread.snapshot.escalation is None
    server.add(int(ticket), "The customer wants a person.", sender=BOT, private=True)
    row.status, row.bot = "open", False
    handed = (await desk.thread(ticket)).snapshot
    assert handed.escalation is not None
    assert (handed.escalation.by, handed.escalation.reason) == ("Birdie", "The customer wants a person.")


async def test_taking_a_conversation_over_stops_the_bot_and_giving_it_back_starts_it(
    server: FakeChatwoot,
) -> None:
    desk = await server.desk()
    ticket = await server.make_ticket("", "Hello", inbox=2)
    server.rows[int(ticket)].status = "pending"
    await desk.assign(ticket, await desk.whoami(), None)
    assert server.rows[int(ticket)].status == "open"
    await desk.set_status(ticket, Status.HOLD)
    assert server.rows[int(ticket)].status == "pending"


async def test_an_agent_may_be_an_ai_agent_by_name_and_a_label_may_tell_of_a_handover(
    server: FakeChatwoot,
) -> None:
    desk = await server.desk(agents=("Priya Raman", "from-bot"))
    ticket = await server.make_ticket("Hello", "Words.")
    await server.act_as_other_rep(ticket, "I am software.")
    assert (await desk.thread(ticket)).messages[1].author.role is Role.AI_AGENT
    assert [person.name for person in await desk.people()] == ["Sam Lee"]
    server.rows[int(ticket)].labels = ["from-bot"]
    assert (await desk.thread(ticket)).snapshot.escalation is not None


async def test_ratings_are_read_off_the_survey(server: FakeChatwoot) -> None:
    desk = await server.desk()
    ticket = await server.make_ticket("Hello", "Words.")
    server.add(int(ticket), "Please rate us", message_type=3, attributes=CSAT)
    listed = tickets_in(await pages_since(desk, None))[ticket]
    assert listed.rating is not None
    assert (listed.rating.score, listed.rating.comment) == (0.75, "Quick.")
    await server.act_as_requester(ticket, "One more thing.")
    thread = await desk.thread(ticket)
    assert thread.snapshot.rating == listed.rating
    assert [one.author.role for one in thread.messages] == [Role.REQUESTER, Role.SYSTEM, Role.REQUESTER]


async def test_what_happened_is_no_message_and_contacts_are_no_users(server: FakeChatwoot) -> None:
    desk = await server.desk()
    ticket = await server.make_ticket("Hello", "Words.")
    await desk.set_status(ticket, Status.SOLVED)
    await desk.note(ticket, "A note", key="n", version=None)
    thread = await desk.thread(ticket)
    assert [one.kind for one in thread.messages] == [MessageKind.PUBLIC, MessageKind.NOTE]
    me = await desk.whoami()
    assert server.rows[int(ticket)].contact == int(me.remote_id)
    assert thread.snapshot.requester.remote_id != me.remote_id


async def test_numbers_stay_numbers_and_priorities_are_ours(server: FakeChatwoot) -> None:
    desk = await server.desk()
    ticket = await server.make_ticket("Hello", "Words.")
    await desk.set_fields(ticket, {"Seats": "12"})
    assert server.rows[int(ticket)].custom == {"seats": 12}
    with pytest.raises(RefusedError, match="number"):
        await desk.set_fields(ticket, {"Seats": "many"})
    server.rows[int(ticket)].priority = "medium"
    assert (await desk.thread(ticket)).snapshot.priority is Priority.NORMAL
    with pytest.raises(UnsupportedError):
        await desk.set_status(ticket, Status.NEW)
    with pytest.raises(RefusedError):
        await desk.set_tags(ticket, ("a,b",))


async def test_a_stranger_is_never_assigned_by_mistake(server: FakeChatwoot) -> None:
    desk = await server.desk()
    ticket = await server.make_ticket("Hello", "Words.")
    me = await desk.whoami()
    await desk.assign(ticket, me, "billing")
    with pytest.raises(RefusedError):
        await desk.assign(ticket, me, "no such team")
    snapshot = (await desk.thread(ticket)).snapshot
    assert (snapshot.group, snapshot.assignee) == ("billing", me)
    gone = Person(remote_id=RemoteId("99"), name="Gone", role=Role.REP)
    with pytest.raises(Exception, match="no agent"):
        await desk.assign(ticket, gone, None)


async def test_too_many_files_are_refused(server: FakeChatwoot) -> None:
    desk = await server.desk()
    ticket = await server.make_ticket("Hello", "Words.")
    file = Upload(name="a.txt", media_type="text/plain", content=b"a")
    with pytest.raises(RefusedError, match="15 files"):
        await desk.reply(ticket, Reply(text="Here", attachments=(file,) * 16), key="k", version=None)


async def test_articles_are_canned_responses_and_what_is_published(server: FakeChatwoot) -> None:
    articles = await (await server.desk()).articles()
    assert [(one.kind, one.audience, one.title) for one in articles] == [
        (SourceKind.MACRO, Audience.INTERNAL, "hours"),
        (SourceKind.ARTICLE, Audience.PUBLIC, "The lamp"),
    ]
    server.is_admin = False
    assert len(await (await server.desk()).articles()) == 1


async def test_a_list_from_the_beginning_takes_a_request_for_each_page_and_a_poll_one(
    server: FakeChatwoot,
) -> None:
    for n in range(60):
        await server.make_ticket(f"{n}", "Words.")
    desk = await server.desk()
    await desk.whoami()
    cursor = (await pages_since(desk, None))[-1].cursor
    lists = [one for one in server.asked if f"{API}/conversations?" in one]
    assert len(lists) == 3 + 3 + 1
    server.asked.clear()
    await pages_since(desk, cursor)
    assert len(server.asked) == 1


def _without_stamps(value: Any) -> Any:
    if isinstance(value, list):
        return [_without_stamps(one) for one in value]
    if isinstance(value, dict):
        return {key: _without_stamps(one) for key, one in value.items() if key != "updated_at"}
    return value
