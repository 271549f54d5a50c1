"""What is Zendesk's own: the export, roles, groups, channels, fields, handovers, merging."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest

from copilot.desks.base import ChangePage, Cursor, Desk
from copilot.desks.kinds import kind_of, open_desk
from copilot.desks.zendesk import merging
from copilot.desks.zendesk.connecting import VENDOR, base_of, connect
from copilot.desks.zendesk.desk import Zendesk
from copilot.domain import (
    Audience,
    Channel,
    MessageKind,
    Person,
    Priority,
    Rating,
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
    NotFoundError,
    RateLimitedError,
    RefusedError,
    UnavailableError,
    UnsupportedError,
)
from tests.desks.contract import pages_since, tickets_in
from tests.desks.faults import FaultyWire
from tests.desks.zendesk.conftest import over, sign_in
from tests.desks.zendesk.fake_zendesk import (
    AIDA,
    BILLING,
    CARLA,
    KIND,
    OMAR,
    PER_EXPORT_PAGE,
    PER_LIST_PAGE,
    RITA,
    SUPPORT,
    URGENT_FIELD,
    FakeZendesk,
)


@pytest.fixture
def wire(server: FakeZendesk) -> FaultyWire:
    return FaultyWire(over(server))


@pytest.fixture
async def desk(wire: FaultyWire) -> AsyncIterator[Zendesk]:
    desk = await connect(sign_in(ai_agents=("aida@acme.example", "bot_was_here")), transport=wire)
    yield desk
    await desk.aclose()


def ticket(number: int) -> RemoteId:
    return RemoteId(str(number))


def paths(wire: FaultyWire) -> list[str]:
    return [request.url.path for request in wire.asked]


# -- changes ---------------------------------------------------------------------------------------------------------


async def test_what_is_older_than_the_list_shows_comes_by_the_export(
    server: FakeZendesk, desk: Zendesk
) -> None:
    """The list leaves tickets to the export after ten pages; the export has them all, and those deleted."""
    many = 10 * PER_LIST_PAGE + 2 * PER_EXPORT_PAGE
    numbers = [server.new_ticket(f"Old {n}", "Words.") for n in range(many)]
    server.delete(numbers[0])
    server.now += timedelta(minutes=5)
    pages = await pages_since(desk, None)
    found = tickets_in(pages)
    assert set(found) == {ticket(number) for number in numbers}
    assert [one.remote_id for one in found.values() if one.deleted] == [ticket(numbers[0])]
    first = [one.subject for one in pages[0].tickets]
    assert first == [f"Old {n}" for n in range(many - 1, many - 1 - PER_LIST_PAGE, -1)], "newest first"
    assert await pages_since(desk, pages[-1].cursor) == []


async def test_a_ticket_deleted_later_is_told_within_a_minute(server: FakeZendesk, desk: Zendesk) -> None:
    number = server.new_ticket("To go", "Words.")
    cursor = (await pages_since(desk, None))[-1].cursor
    server.delete(number)
    assert tickets_in(await pages_since(desk, cursor)) == {}
    server.now += timedelta(seconds=61)
    (gone,) = tickets_in(await pages_since(desk, cursor)).values()
    assert gone.deleted
    with pytest.raises(NotFoundError):
        await desk.thread(ticket(number))


async def test_a_poll_without_change_is_one_request_and_once_a_minute_two(
    server: FakeZendesk, desk: Zendesk, wire: FaultyWire
) -> None:
    server.new_ticket("Quiet", "Words.")
    cursor = (await pages_since(desk, None))[-1].cursor
    wire.heal()
    assert await pages_since(desk, cursor) == []
    assert paths(wire) == ["/api/v2/tickets"]
    server.now += timedelta(seconds=61)
    wire.heal()
    await pages_since(desk, cursor)
    assert paths(wire) == ["/api/v2/tickets", "/api/v2/incremental/tickets/cursor"]


async def test_an_agent_walks_the_whole_list_and_never_asks_for_the_export(
    server: FakeZendesk, desk: Zendesk, wire: FaultyWire
) -> None:
    server.users[RITA]["role"] = "agent"
    numbers = [server.new_ticket(f"Old {n}", "Words.") for n in range(12 * PER_LIST_PAGE)]
    server.now += timedelta(minutes=5)
    assert len(tickets_in(await pages_since(desk, None))) == len(numbers)
    assert "/api/v2/incremental/tickets/cursor" not in paths(wire)


async def test_an_export_that_is_refused_sends_us_back_to_the_list(
    server: FakeZendesk, desk: Zendesk, wire: FaultyWire
) -> None:
    numbers = [server.new_ticket(f"Old {n}", "Words.") for n in range(12 * PER_LIST_PAGE)]
    wire.answer(
        lambda: httpx.Response(403, json={"error": "Forbidden"}),
        when=lambda request: "incremental" in request.url.path,
    )
    pages = await pages_since(desk, None)
    assert len(tickets_in(pages)) == len(numbers)
    asked = paths(wire).count("/api/v2/incremental/tickets/cursor")
    await pages_since(desk, pages[-1].cursor)
    assert paths(wire).count("/api/v2/incremental/tickets/cursor") == asked == 1


async def test_a_small_desk_asks_for_a_refused_export_once(
    server: FakeZendesk, desk: Zendesk, wire: FaultyWire
) -> None:
    server.new_ticket("Only", "Words.")
    wire.answer(
        lambda: httpx.Response(403, json={"error": "Forbidden"}),
        when=lambda request: "incremental" in request.url.path,
    )
    pages = await pages_since(desk, None)
    assert await pages_since(desk, pages[-1].cursor) == []
    assert paths(wire).count("/api/v2/incremental/tickets/cursor") == 1


async def test_the_exports_own_limit_is_waited_for_and_nothing_is_lost(
    server: FakeZendesk, desk: Zendesk
) -> None:
    numbers = [server.new_ticket(f"Old {n}", "Words.") for n in range(12 * PER_EXPORT_PAGE)]
    server.now += timedelta(minutes=5)
    pages: list[ChangePage] = []

    async def read(since: Cursor | None = None) -> None:
        async for page in desk.changes(since):
            pages.append(page)  # noqa: PERF401 - what came before the error must stay

    with pytest.raises(RateLimitedError) as raised:
        await read()
    assert raised.value.retry_after_seconds == 60
    server.now += timedelta(seconds=61)
    await read(pages[-1].cursor)
    assert set(tickets_in(pages)) == {ticket(number) for number in numbers}


async def test_a_first_reading_leaves_some_of_the_limit_to_others_and_goes_on_where_it_stopped(
    server: FakeZendesk, desk: Zendesk, wire: FaultyWire
) -> None:
    numbers = [server.new_ticket(f"Old {n}", "Words.") for n in range(3 * PER_LIST_PAGE)]
    pages: list[ChangePage] = []

    def scarce(answer: httpx.Response) -> httpx.Response:
        answer.headers["x-rate-limit-remaining"] = "174" if pages else "175"
        return answer

    async def read(since: Cursor | None = None) -> None:
        async for page in desk.changes(since):
            pages.append(page)  # noqa: PERF401 - what came before the error must stay

    wire.spoil(scarce)
    with pytest.raises(RateLimitedError) as raised:
        await read()
    assert raised.value.retry_after_seconds == 41
    cursor = pages[-1].cursor
    wire.heal()
    await read(cursor)
    assert set(tickets_in(pages)) == {ticket(number) for number in numbers}
    wire.spoil(scarce)
    server.requester_writes(numbers[0], "News.")
    assert set(tickets_in(await pages_since(desk, pages[-1].cursor))) == {ticket(numbers[0])}, (
        "a poll goes on"
    )


async def test_an_export_that_goes_round_in_circles_is_given_up(
    server: FakeZendesk, desk: Zendesk, wire: FaultyWire
) -> None:
    for n in range(3 * PER_EXPORT_PAGE):
        server.new_ticket(f"Old {n}", "Words.")
    server.now += timedelta(minutes=5)
    wire.repeat(lambda request: "incremental" in request.url.path)
    with pytest.raises(BadDataError, match="again"):
        await pages_since(desk, None)


async def test_a_list_that_is_not_sorted_is_not_trusted(
    server: FakeZendesk, desk: Zendesk, wire: FaultyWire
) -> None:
    """Otherwise changes would be missed in silence."""
    for n in range(3):
        server.new_ticket(f"Mixed {n}", "Words.")

    def shuffled(answer: httpx.Response) -> httpx.Response:
        body = answer.json()
        body["tickets"].reverse()
        return httpx.Response(200, json=body)

    wire.spoil(shuffled, when=lambda request: request.url.path == "/api/v2/tickets")
    with pytest.raises(BadDataError, match="sort"):
        await pages_since(desk, None)


async def test_only_followed_groups_are_read_and_a_ticket_that_moves_leaves(server: FakeZendesk) -> None:
    desk = await connect(sign_in(queues=("support",)), transport=over(server))
    mine, other = server.new_ticket("Mine", "A."), server.new_ticket("Other", "B.", group_id=BILLING)
    nobodys = server.new_ticket("Nobody's", "C.", group_id=None)
    pages = await pages_since(desk, None)
    assert set(tickets_in(pages)) == {ticket(mine), ticket(nobodys)}
    server.tickets[mine].record["group_id"] = BILLING
    server.changed(mine)
    server.tickets[other].record["group_id"] = SUPPORT
    server.changed(other)
    found = tickets_in(await pages_since(desk, pages[-1].cursor))
    assert {one.remote_id: one.deleted for one in found.values()} == {
        ticket(mine): True,
        ticket(other): False,
    }
    await desk.aclose()


# -- what a ticket says ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("via", "messaging", "channel"),
    [
        ("email", False, Channel.EMAIL),
        ("web", False, Channel.WEB),
        ("native_messaging", True, Channel.CHAT),
        ("whatsapp", True, Channel.WHATSAPP),
        ("sms", False, Channel.SMS),
        ("brand_new_messenger", True, Channel.CHAT),
        ("brand_new", False, Channel.OTHER),
    ],
)
async def test_channels(
    server: FakeZendesk, desk: Zendesk, via: str, messaging: bool, channel: Channel
) -> None:
    number = server.new_ticket("Via", "Words.", via={"channel": via}, from_messaging_channel=messaging)
    assert (await desk.thread(ticket(number))).snapshot.channel is channel


async def test_rating_priority_due_date_and_link(server: FakeZendesk, desk: Zendesk) -> None:
    rated = {"score": "good", "comment": "Quick!", "id": 7}
    number = server.new_ticket(
        "Rated", "Words.", satisfaction_rating=rated, priority="urgent", due_at="2026-12-01T08:00:00Z"
    )
    header = (await desk.thread(ticket(number))).snapshot
    assert header.rating == Rating(score=1.0, comment="Quick!")
    assert header.priority is Priority.URGENT
    assert header.due is not None
    assert header.url == f"https://acme.zendesk.com/agent/tickets/{number}"


async def test_an_ai_agents_turns_and_its_reason(server: FakeZendesk, desk: Zendesk) -> None:
    number = server.new_ticket("Bot", "Where is my order?", tags=["ai-escalated"], assignee_id=AIDA)
    server.comment(number, AIDA, "<p>I am an AI agent. It is on its way.</p>")
    server.comment(number, AIDA, "<p>The customer wants a refund.</p>", public=False)
    server.comment(number, -1, "<p>Triggered.</p>", public=False)
    thread = await desk.thread(ticket(number))
    assert [message.author.role for message in thread.messages] == [
        *(Role.REQUESTER, Role.AI_AGENT, Role.AI_AGENT, Role.SYSTEM)
    ]
    assert thread.messages[2].kind is MessageKind.NOTE
    escalation = thread.snapshot.escalation
    assert escalation is not None
    assert (escalation.by, escalation.reason) == ("Aida", "The customer wants a refund.")
    assert thread.snapshot.assignee is not None
    assert thread.snapshot.assignee.role is Role.AI_AGENT
    assert AIDA not in {int(person.remote_id) for person in await desk.people()}


async def test_what_was_said_in_a_messaging_conversation_is_read_from_the_audits(
    server: FakeZendesk, desk: Zendesk
) -> None:
    number = server.new_ticket(
        "WhatsApp", "Conversation with Carla", via={"channel": "whatsapp"}, from_messaging_channel=True
    )
    bot = {"actor_type": "system", "actor_id": "zd:answerBot", "actor_name": "Z3n", "type": "ChatMessage"}
    asks = {
        "actor_type": "end-user",
        "actor_id": 1900448983828,
        "actor_name": "Visitor",
        "type": "ChatMessage",
    }
    rep = {"actor_type": "agent", "actor_id": OMAR, "actor_name": "Omar Other", "type": "ChatMessage"}
    joined = {**asks, "type": "ChatJoin"}
    first = (joined, {**asks, "message": "It blinks."}, {**bot, "message": "I am a bot."})
    server.chat(number, "ChatStartedEvent", *first)
    picture = {**asks, "type": "ChatFileAttachment", "filename": "lamp.jpg"}
    server.now -= timedelta(seconds=1)
    server.chat(number, "ChatEndedEvent", *first, {**rep, "message": "Unplug it."}, picture)
    messages = (await desk.thread(ticket(number))).messages
    assert [(one.author.role, one.text) for one in messages] == [
        (Role.REQUESTER, "Conversation with Carla"),
        (Role.REQUESTER, "It blinks."),
        (Role.AI_AGENT, "I am a bot."),
        (Role.REP, "Unplug it."),
        (Role.REQUESTER, "[lamp.jpg]"),
    ]
    assert messages[1].author == messages[0].author
    assert messages[3].author.name == "Omar Other"


async def test_a_tag_can_stand_for_the_ai_agent(server: FakeZendesk, desk: Zendesk) -> None:
    number = server.new_ticket("Bot", "Words.", tags=["bot_was_here"])
    escalation = (await desk.thread(ticket(number))).snapshot.escalation
    assert escalation is not None
    assert escalation.by == "bot_was_here"


@pytest.mark.parametrize("metadata", [None, {}, {"custom": []}, {"custom": {"sidedesk": 7}}, {"system": {}}])
async def test_what_stands_beside_a_comment_may_be_anything(
    server: FakeZendesk, desk: Zendesk, metadata: object
) -> None:
    number = server.new_ticket("Beside", "Words.")
    server.tickets[number].comments[0]["metadata"] = metadata
    assert "sidedesk" not in (await desk.thread(ticket(number))).messages[0].html


async def test_somebody_who_was_deleted_is_known_by_number(server: FakeZendesk, desk: Zendesk) -> None:
    number = server.new_ticket("Gone", "Words.", requester_id=999)
    thread = await desk.thread(ticket(number))
    assert thread.snapshot.requester.name == "User 999"
    assert thread.messages[0].author == thread.snapshot.requester


async def test_suspended_agents_are_not_offered(desk: Zendesk) -> None:
    assert [person.name for person in await desk.people()] == ["Omar Other", "Rita Rep"]


# -- fields ----------------------------------------------------------------------------------------------------------


async def test_choices_go_by_their_names_and_ticks_by_yes(server: FakeZendesk, desk: Zendesk) -> None:
    number = server.new_ticket("Fields", "Words.")
    await desk.set_fields(ticket(number), {"Kind": "lamps::blinking", "Needs a call": "yes"})
    stored = {one["id"]: one["value"] for one in server.tickets[number].record["custom_fields"]}
    assert (stored[KIND], stored[URGENT_FIELD]) == ("lamps__blinking", True)
    fields = (await desk.thread(ticket(number))).snapshot.fields
    assert fields == {"Kind": "Lamps::Blinking", "Needs a call": "yes"}
    await desk.set_fields(ticket(number), {"Needs a call": "no", "Kind": ""})
    assert (await desk.thread(ticket(number))).snapshot.fields == {}


@pytest.mark.parametrize(
    ("name", "value"), [("Kind", "Chairs"), ("Needs a call", "perhaps"), ("Status", "open")]
)
async def test_what_a_field_does_not_take_is_refused_before_it_leaves(
    server: FakeZendesk, desk: Zendesk, wire: FaultyWire, name: str, value: str
) -> None:
    number = server.new_ticket("Fields", "Words.")
    with pytest.raises(RefusedError):
        await desk.set_fields(ticket(number), {name: value})
    assert "PUT" not in {request.method for request in wire.asked}


async def test_a_tag_with_a_space_is_refused_with_a_proposal(server: FakeZendesk, desk: Zendesk) -> None:
    number = server.new_ticket("Tags", "Words.")
    with pytest.raises(RefusedError) as raised:
        await desk.set_tags(ticket(number), ("two words",))
    assert "two_words" in raised.value.advice


async def test_on_hold_is_offered_where_zendesk_has_it(server: FakeZendesk, desk: Zendesk) -> None:
    number = server.new_ticket("Hold", "Words.")
    with pytest.raises(UnsupportedError):
        await desk.set_status(ticket(number), Status.HOLD)
    await desk.check()
    assert Status.HOLD in desk.capabilities.statuses
    await desk.set_status(ticket(number), Status.HOLD)
    assert server.tickets[number].record["status"] == "hold"
    with pytest.raises(UnsupportedError):
        await desk.set_status(ticket(number), Status.CLOSED)


async def test_solving_nobodys_ticket_takes_it(server: FakeZendesk, desk: Zendesk) -> None:
    first, second = server.new_ticket("A", "Words."), server.new_ticket("B", "Words.", assignee_id=OMAR)
    await desk.reply(ticket(first), Reply(text="Done.", status=Status.SOLVED), key="k", version=None)
    await desk.set_status(ticket(second), Status.SOLVED)
    assert [server.tickets[one].record["assignee_id"] for one in (first, second)] == [RITA, OMAR]


# -- words -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("via", ["whatsapp", "native_messaging", "sms", "twitter", "any_channel"])
async def test_a_reply_that_would_not_reach_the_requester_is_not_sent(
    server: FakeZendesk, desk: Zendesk, via: str
) -> None:
    number = server.new_ticket("Messaging", "Words.", via={"channel": via})
    with pytest.raises(UnsupportedError, match="do not leave"):
        await desk.reply(ticket(number), Reply(text="Hello."), key="k", version=None)
    await desk.note(ticket(number), "Notes work.", key="n", version=None)
    assert len(server.tickets[number].comments) == 2


async def test_a_comment_that_would_be_cut_is_refused(server: FakeZendesk, desk: Zendesk) -> None:
    number = server.new_ticket("Long", "Words.")
    with pytest.raises(RefusedError, match="too long"):
        await desk.reply(ticket(number), Reply(text="word " * 20_000), key="k", version=None)


async def test_the_customer_sees_nothing_of_our_mark(server: FakeZendesk, desk: Zendesk) -> None:
    number = server.new_ticket("Mark", "Words.")
    await desk.reply(ticket(number), Reply(text="Hello."), key="secret-key", version=None)
    comment = server.tickets[number].comments[-1]
    assert "sidedesk" not in comment["html_body"]
    assert "secret-key" not in str(comment)


async def test_a_reply_of_files_alone_is_sent_with_their_names(server: FakeZendesk, desk: Zendesk) -> None:
    number = server.new_ticket("Files", "Words.")
    file = Upload(name="a.txt", media_type="text/plain", content=b"x")
    await desk.reply(ticket(number), Reply(text=" ", attachments=(file,)), key="k", version=None)
    message = (await desk.thread(ticket(number))).messages[-1]
    assert message.text == "a.txt"
    assert desk.is_ours(message, " ", key="k", me=await desk.whoami())


async def test_a_closed_ticket_takes_no_reply(server: FakeZendesk, desk: Zendesk) -> None:
    number = server.new_ticket("Closed", "Words.", status="closed")
    with pytest.raises(RefusedError, match="closed prevents ticket update"):
        await desk.reply(ticket(number), Reply(text="Hello?"), key="k", version=None)


# -- merging ---------------------------------------------------------------------------------------------------------


async def test_a_merged_ticket_is_closed_and_the_other_says_so(server: FakeZendesk, desk: Zendesk) -> None:
    one, other = server.new_ticket("Twice", "A."), server.new_ticket("Twice", "B.")

    async def at_once(_: float) -> None: ...

    await merging.merge(desk._rest, desk._threads, ticket(one), ticket(other), pause=at_once)
    thread = await desk.thread(ticket(one))
    assert thread.snapshot.status is Status.CLOSED
    assert "closed_by_merge" in thread.snapshot.tags
    assert [m.kind for m in (await desk.thread(ticket(other))).messages] == [
        MessageKind.PUBLIC,
        MessageKind.NOTE,
    ]
    with pytest.raises(RefusedError):
        await desk.merge(ticket(one), ticket(one))


@pytest.mark.parametrize(
    ("job", "error"),
    [
        ({"id": "job0", "status": "failed", "message": "Ticket is closed"}, RefusedError),
        ({"id": "job0", "status": "completed", "results": [{"success": False}]}, RefusedError),
        ({"id": "job0", "status": "working"}, UnavailableError),
    ],
)
async def test_a_merge_that_fails_or_hangs_is_told(
    server: FakeZendesk, desk: Zendesk, wire: FaultyWire, job: dict[str, object], error: type[Exception]
) -> None:
    one, other = server.new_ticket("Twice", "A."), server.new_ticket("Twice", "B.")
    wire.answer(
        lambda: httpx.Response(200, json={"job_status": job}),
        when=lambda request: "job_statuses" in request.url.path,
    )
    waits: list[float] = []

    async def count(seconds: float) -> None:
        waits.append(seconds)

    with pytest.raises(error):
        await merging.merge(desk._rest, desk._threads, ticket(one), ticket(other), pause=count)
    assert len(waits) <= merging.ASKED_AT_MOST


# -- signing in ------------------------------------------------------------------------------------------------------


async def test_check_says_what_an_agent_misses(server: FakeZendesk, desk: Zendesk) -> None:
    found = await desk.check()
    assert (found.me.name, [group.name for group in found.queues], found.missing) == (
        *("Rita Rep", ["Billing", "Support"]),
        (),
    )
    server.users[RITA]["role"] = "agent"
    server.new_ticket("By WhatsApp", "Words.", via={"channel": "whatsapp"}, from_messaging_channel=True)
    agent = await connect(sign_in(), transport=over(server))
    administrator, messaging = (await agent.check()).missing
    assert "administrator" in administrator
    assert "answered in Zendesk" in messaging
    await agent.aclose()


@pytest.mark.parametrize(
    "user", [{"id": None, "name": "Anonymous user", "role": "end-user"}, {"id": CARLA, "role": "end-user"}]
)
async def test_who_is_no_agent_is_not_signed_in(
    desk: Zendesk, wire: FaultyWire, user: dict[str, object]
) -> None:
    wire.answer(lambda: httpx.Response(200, json={"user": user}))
    with pytest.raises(AuthError):
        await desk.whoami()


@pytest.mark.parametrize(
    ("typed", "base"),
    [
        ("acme", "https://acme.zendesk.com"),
        ("acme.zendesk.com", "https://acme.zendesk.com"),
        (" https://acme.zendesk.com/agent/tickets/5 ", "https://acme.zendesk.com"),
        ("http://acme.zendesk.com", "https://acme.zendesk.com"),
    ],
)
def test_addresses(typed: str, base: str) -> None:
    assert base_of(typed) == base


@pytest.mark.parametrize(("key", "value"), [("email", "rita"), ("token", "two words"), ("token", "")])
async def test_what_cannot_be_a_sign_in_is_not_tried(key: str, value: str) -> None:
    signing = sign_in()
    values = {**signing.values, key: value}
    with pytest.raises(AuthError):
        await open_desk("zendesk", type(signing)(desk_id=signing.desk_id, name="Acme", values=values))


def test_the_page_of_connections_has_it() -> None:
    kind = kind_of("zendesk")
    assert [(field.key, field.secret) for field in kind.fields] == [
        *(("url", False), ("email", False), ("token", True))
    ]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (
            b'{"error":"RecordInvalid","description":"Invalid","details":{"base":[{"description":"No."}]}}',
            "No.",
        ),
        (b'{"error":"RecordNotFound","description":"Not found"}', "Not found"),
        (b'{"error":{"title":"Forbidden","message":"You may not."}}', "Forbidden"),
        (b'{"error":"invalid_token"}', "invalid_token"),
        (b"{}", ""),
    ],
)
def test_how_zendesk_speaks_of_errors(body: bytes, words: str) -> None:
    assert VENDOR.words(body) == words


def test_how_long_zendesk_wants_us_to_wait() -> None:
    assert VENDOR.delay(httpx.Headers({"ratelimit-reset": "41"})) == 41
    assert VENDOR.delay(httpx.Headers({"retry-after": "93", "ratelimit-reset": "41"})) == 93
    assert VENDOR.delay(httpx.Headers()) is None


# -- knowledge -------------------------------------------------------------------------------------------------------


async def test_articles_and_macros(server: FakeZendesk, desk: Zendesk) -> None:
    found = [(one.id, one.kind, one.audience, one.text) for one in await desk.articles()]
    assert found == [
        ("zd:article:1", SourceKind.ARTICLE, Audience.PUBLIC, "Drag the folder."),
        ("zd:article:2", SourceKind.ARTICLE, Audience.INTERNAL, "Call them."),
        ("zd:macro:25", SourceKind.MACRO, Audience.INTERNAL, "Which version is it?"),
    ]
    server.without_help_center = True
    assert [one.kind for one in await desk.articles()] == [SourceKind.MACRO]


async def test_a_person_who_is_no_number_is_refused(server: FakeZendesk, desk: Desk) -> None:
    number = server.new_ticket("Give", "Words.")
    nobody = Person(remote_id=RemoteId("x"), name="X", role=Role.REP)
    with pytest.raises(RefusedError):
        await desk.assign(ticket(number), nobody, None)
