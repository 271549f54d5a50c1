"""What is Intercom's own: Fin, parts, ratings, reply windows, teams, tags, attributes, permissions."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest

from copilot.desks.base import Desk
from copilot.desks.intercom.connecting import VENDOR, connect
from copilot.desks.intercom.desk import Intercom
from copilot.desks.kinds import kind_of
from copilot.domain import (
    Audience,
    Channel,
    MessageKind,
    Priority,
    Rating,
    RemoteId,
    Reply,
    Role,
    Status,
    Upload,
)
from copilot.errors import (
    AuthError,
    BadDataError,
    ConflictError,
    NotFoundError,
    RateLimitedError,
    RefusedError,
    UnsupportedError,
)
from tests.desks.contract import pages_since, said, tickets_in
from tests.desks.faults import FaultyWire
from tests.desks.intercom.conftest import over, sign_in
from tests.desks.intercom.fake_intercom import BILLING, DORA, OMAR, RITA, SUPPORT, FakeIntercom, refusal

FIN = {"type": "bot", "id": "900", "name": "Fin", "email": "fin@intercom.io", "from_ai_agent": True}
OPERATOR = {"type": "bot", "id": "901", "name": "Operator", "email": "op@intercom.io"}


@pytest.fixture
def wire(server: FakeIntercom) -> FaultyWire:
    return FaultyWire(over(server))


@pytest.fixture
async def desk(wire: FaultyWire) -> AsyncIterator[Intercom]:
    desk = await connect(sign_in(ai_agents=("Aida",)), transport=wire)
    yield desk
    await desk.aclose()


def paths(wire: FaultyWire) -> list[str]:
    return [request.url.path for request in wire.asked]


# -- changes ---------------------------------------------------------------------------------------------------------


async def test_a_poll_without_change_is_one_request(
    server: FakeIntercom, desk: Desk, wire: FaultyWire
) -> None:
    server.new_conversation("Quiet", "<p>Words.</p>")
    server.now += timedelta(hours=1)
    cursor = (await pages_since(desk, None))[-1].cursor
    wire.heal()
    assert await pages_since(desk, cursor) == []
    assert paths(wire) == ["/conversations/search"]


async def test_a_first_reading_leaves_some_of_the_limit_to_others(
    server: FakeIntercom, desk: Desk, wire: FaultyWire
) -> None:
    server.new_conversation("Scarce", "<p>Words.</p>")

    def scarce(answer: httpx.Response) -> httpx.Response:
        answer.headers.update({"x-ratelimit-limit": "167", "x-ratelimit-remaining": "41"})
        return answer

    wire.spoil(scarce)
    with pytest.raises(RateLimitedError) as raised:
        await pages_since(desk, None)
    assert raised.value.retry_after_seconds == 10
    wire.heal()
    assert len(tickets_in(await pages_since(desk, None))) == 1


async def test_two_changes_in_one_second_are_both_seen(server: FakeIntercom, desk: Desk) -> None:
    number = server.new_conversation("Busy", "<p>Words.</p>")
    cursor = (await pages_since(desk, None))[-1].cursor
    server.contact_writes(number, "One.")
    pages = await pages_since(desk, cursor)
    server.now -= timedelta(seconds=1)
    server.contact_writes(number, "Two, in the same second.")
    assert set(tickets_in(await pages_since(desk, pages[-1].cursor))) == {number}


async def test_only_followed_teams_are_read_and_a_conversation_that_moves_leaves(
    server: FakeIntercom,
) -> None:
    desk = await connect(sign_in(queues=("Support",)), transport=over(server))
    mine = server.new_conversation("Mine", "<p>A.</p>")
    other = server.new_conversation("Other", "<p>B.</p>", team_assignee_id=int(BILLING))
    nobodys = server.new_conversation("Nobody's", "<p>C.</p>", team_assignee_id=None)
    pages = await pages_since(desk, None)
    assert set(tickets_in(pages)) == {mine, nobodys}
    for number, team in ((mine, BILLING), (other, SUPPORT)):
        server.conversations[number] |= {"team_assignee_id": int(team), "updated_at": server.tick()}
    found = tickets_in(await pages_since(desk, pages[-1].cursor))
    assert {one.remote_id: one.deleted for one in found.values()} == {mine: True, other: False}
    await desk.aclose()


# -- what a conversation says ----------------------------------------------------------------------------------------


async def test_fins_turns_and_why_it_handed_over(server: FakeIntercom, desk: Desk) -> None:
    number = server.new_conversation(
        "",
        "<p>Where is my <b>order</b>?</p>",
        ai_agent_participated=True,
        ai_agent={
            "source_type": "workflow",
            "resolution_state": "escalated",
            "rating": 2,
            "rating_remark": "Meh",
        },
    )
    server.write(number, FIN, "<p>It is on its way.</p>")
    server.write(number, OPERATOR, "<p>You will get replies here.</p>")
    server.write(number, FIN, "", kind="assignment")
    thread = await desk.thread(RemoteId(number))
    assert [one.author.role for one in thread.messages] == [Role.REQUESTER, Role.AI_AGENT, Role.SYSTEM]
    assert thread.snapshot.subject == "Where is my order ?"
    escalation = thread.snapshot.escalation
    assert escalation is not None
    assert (escalation.by, escalation.reason) == ("Fin", "The AI agent gave the conversation to the team.")
    assert thread.snapshot.rating == Rating(score=0.25, comment="Meh")


@pytest.mark.parametrize("state", ["assumed_resolution", "confirmed_resolution", None])
async def test_what_fin_resolved_is_not_escalated(
    server: FakeIntercom, desk: Desk, state: str | None
) -> None:
    number = server.new_conversation(
        "Fin", "<p>Words.</p>", ai_agent_participated=True, ai_agent={"resolution_state": state}
    )
    assert (await desk.thread(RemoteId(number))).snapshot.escalation is None


async def test_a_customers_rating_comes_before_that_of_fin(server: FakeIntercom, desk: Desk) -> None:
    rating = {"rating": 5, "remark": "Great", "created_at": 1671028894}
    number = server.new_conversation(
        "Rated", "<p>Words.</p>", conversation_rating=rating, priority="priority"
    )
    header = (await desk.thread(RemoteId(number))).snapshot
    assert header.rating is not None
    assert (header.rating.score, header.rating.comment) == (1.0, "Great")
    assert header.priority is Priority.HIGH
    assert header.url == f"https://app.intercom.com/a/inbox/acme1/inbox/conversation/{number}"


@pytest.mark.parametrize(
    ("kind", "channel"),
    [
        ("conversation", Channel.CHAT),
        ("email", Channel.EMAIL),
        ("sms", Channel.SMS),
        ("instagram", Channel.SOCIAL),
        ("phone_call", Channel.PHONE),
        ("telepathy", Channel.OTHER),
    ],
)
async def test_channels(server: FakeIntercom, desk: Desk, kind: str, channel: Channel) -> None:
    number = server.new_conversation("Via", "<p>Words.</p>")
    server.conversations[number]["source"]["type"] = kind
    header = (await desk.thread(RemoteId(number))).snapshot
    assert (header.channel, header.reply_until) == (channel, None)


async def test_whatsapp_takes_replies_for_a_day_after_the_customers_last_words(
    server: FakeIntercom, desk: Desk
) -> None:
    number = server.new_conversation("Via", "<p>Words.</p>")
    server.conversations[number]["source"]["type"] = "whatsapp"
    server.contact_writes(number, "Still there?")
    last = server.now
    server.other_admin_writes(number, "Yes.")
    assert (await desk.thread(RemoteId(number))).snapshot.reply_until == last + timedelta(hours=24)


async def test_parts_that_say_something_are_messages_and_others_are_not(
    server: FakeIntercom, desk: Desk
) -> None:
    number = server.new_conversation("Parts", "<p>Words.</p>")
    admin = server._admin_author(OMAR)
    server.write(number, admin, "<p>Inside.</p>", kind="note")
    server.write(number, admin, "", kind="assignment")
    server.write(number, admin, "<p>Closed for now.</p>", kind="close")
    server.write(number, admin, "", kind="comment")
    server.parts[number][-1]["redacted"] = True
    messages = (await desk.thread(RemoteId(number))).messages
    assert [(one.kind, one.html or one.text) for one in messages[1:]] == [
        (MessageKind.NOTE, "<p>Inside.</p>"),
        (MessageKind.PUBLIC, "<p>Closed for now.</p>"),
        (MessageKind.PUBLIC, "(This message was redacted in Intercom.)"),
    ]


async def test_a_thread_that_intercom_cuts_says_so(server: FakeIntercom, desk: Desk) -> None:
    number = server.new_conversation("Long", "<p>Message 0</p>")
    for n in range(1, 503):
        server.contact_writes(number, f"Message {n}")
    messages = (await desk.thread(RemoteId(number))).messages
    assert "Message 0" in messages[0].html
    assert messages[1].author.role is Role.SYSTEM
    assert messages[1].text == "2 earlier parts of this conversation can only be read in Intercom."
    assert "Message 3" in messages[2].html


async def test_whom_we_wrote_to_first_is_looked_up_once(
    server: FakeIntercom, desk: Desk, wire: FaultyWire
) -> None:
    number = server.new_conversation("Outbound", "<p>Hello!</p>")
    server.conversations[number]["source"]["author"] = server._admin_author(OMAR)
    server.conversations[number]["contacts"]["contacts"] = [{"type": "contact", "id": DORA}]
    for _ in range(2):
        header = (await desk.thread(RemoteId(number))).snapshot
        assert (header.requester.name, header.requester.email) == ("Dora Customer", "dora@example.org")
    assert paths(wire).count(f"/contacts/{DORA}") == 1


async def test_an_ai_agent_with_a_seat_is_recognised_and_not_offered(
    server: FakeIntercom, desk: Desk
) -> None:
    number = server.new_conversation("Aida", "<p>Words.</p>", admin_assignee_id=102)
    server.write(number, server._admin_author("102"), "<p>I am an AI agent.</p>")
    thread = await desk.thread(RemoteId(number))
    assert thread.messages[-1].author.role is Role.AI_AGENT
    assert thread.snapshot.assignee is not None
    assert thread.snapshot.assignee.role is Role.AI_AGENT
    assert [person.name for person in await desk.people()] == ["Omar Other", "Rita Rep"]


# -- writes ----------------------------------------------------------------------------------------------------------


async def test_replies_carry_the_reps_name_when_a_colleague_made_the_token(server: FakeIntercom) -> None:
    desk = await connect(sign_in({"email": "Omar@Acme.example"}), transport=over(server))
    number = server.new_conversation("Whose", "<p>Words.</p>")
    await desk.reply(RemoteId(number), Reply(text="Hello."), key="k", version=None)
    assert server.parts[number][-1]["author"]["id"] == OMAR
    assert (await desk.whoami()).remote_id == OMAR
    await desk.aclose()


async def test_an_address_nobody_has_is_told(server: FakeIntercom) -> None:
    desk = await connect(sign_in({"email": "nobody@acme.example"}), transport=over(server))
    with pytest.raises(AuthError, match="Nobody"):
        await desk.whoami()
    await desk.aclose()


async def test_a_reply_to_an_older_version_does_not_leave(
    server: FakeIntercom, desk: Desk, wire: FaultyWire
) -> None:
    number = server.new_conversation("Old", "<p>Words.</p>")
    seen = (await desk.thread(RemoteId(number))).snapshot.version
    server.other_admin_writes(number, "I have it.")
    with pytest.raises(ConflictError):
        await desk.reply(RemoteId(number), Reply(text="Too late."), key="k", version=seen)
    assert "POST" not in {request.method for request in wire.asked}


async def test_a_reply_whose_status_fails_is_sent_all_the_same(
    server: FakeIntercom, desk: Desk, wire: FaultyWire
) -> None:
    """Were it told as a failure, the outbox would send it again."""
    number = server.new_conversation("Status", "<p>Words.</p>")
    wire.answer(lambda: refusal(500), when=lambda request: request.url.path.endswith("/parts"))
    receipt = await desk.reply(
        RemoteId(number), Reply(text="Done.", status=Status.SOLVED), key="k", version=None
    )
    wire.heal()
    thread = await desk.thread(RemoteId(number))
    assert [one.remote_id for one in said(thread, "Done.")] == [receipt.message]
    assert thread.snapshot.status is Status.OPEN


async def test_a_reply_of_files_alone_is_sent_with_their_names_and_known_again(
    server: FakeIntercom, desk: Desk
) -> None:
    number = server.new_conversation("Files", "<p>Words.</p>")
    files = tuple(Upload(name=name, media_type="text/plain", content=b"x") for name in ("a.txt", "b.txt"))
    await desk.reply(RemoteId(number), Reply(text="", attachments=files), key="k", version=None)
    message = (await desk.thread(RemoteId(number))).messages[-1]
    assert message.html == "<p>a.txt, b.txt</p>"
    assert desk.is_ours(message, "", key="k", me=await desk.whoami())


async def test_more_files_than_intercom_takes_are_refused(server: FakeIntercom, desk: Desk) -> None:
    number = server.new_conversation("Files", "<p>Words.</p>")
    file = Upload(name="a.txt", media_type="text/plain", content=b"x")
    with pytest.raises(RefusedError, match="10 files"):
        await desk.reply(
            RemoteId(number), Reply(text="See.", attachments=(file,) * 11), key="k", version=None
        )


async def test_a_status_that_intercom_does_not_have(server: FakeIntercom, desk: Desk) -> None:
    number = server.new_conversation("Status", "<p>Words.</p>", state="snoozed")
    assert (await desk.thread(RemoteId(number))).snapshot.status is Status.PENDING
    with pytest.raises(UnsupportedError):
        await desk.set_status(RemoteId(number), Status.PENDING)
    with pytest.raises(UnsupportedError):
        await desk.reply(RemoteId(number), Reply(text="x", status=Status.HOLD), key="k", version=None)
    assert server.parts[number] == []


async def test_tags_are_made_only_when_the_workspace_has_none(server: FakeIntercom, desk: Desk) -> None:
    number = server.new_conversation("Tags", "<p>Words.</p>")
    await desk.set_tags(RemoteId(number), ("router", "brand new"))
    await desk.set_tags(RemoteId(number), ("router",))
    assert sorted(server.tags.values()) == ["brand new", "router"]
    assert (await desk.thread(RemoteId(number))).snapshot.tags == ("router",)


async def test_attributes_by_their_types(server: FakeIntercom, desk: Desk) -> None:
    number = server.new_conversation("Fields", "<p>Words.</p>")
    fields = {"Paid": "yes", "Seats": "12", "Kind": "Lamp", "Order number": ""}
    await desk.set_fields(RemoteId(number), fields)
    stored = server.conversations[number]["custom_attributes"]
    assert stored == {"Paid": True, "Seats": 12, "Kind": "Lamp"}
    shown = (await desk.thread(RemoteId(number))).snapshot.fields
    assert shown == {"Paid": "yes", "Seats": "12", "Kind": "Lamp"}
    for name, value in (("Paid", "perhaps"), ("Seats", "many"), ("Kind", "Chair"), ("CX Score rating", "5")):
        with pytest.raises(RefusedError):
            await desk.set_fields(RemoteId(number), {name: value})


async def test_person_and_team_at_once(server: FakeIntercom, desk: Desk) -> None:
    number = server.new_conversation("Give", "<p>Words.</p>")
    await desk.assign(RemoteId(number), await desk.whoami(), "Billing")
    header = (await desk.thread(RemoteId(number))).snapshot
    assert header.assignee is not None
    assert (header.assignee.remote_id, header.group) == (RITA, "Billing")


@pytest.mark.parametrize("attachment", ["", "source-1:9", "nonsense"])
async def test_files_that_are_not_there(server: FakeIntercom, desk: Desk, attachment: str) -> None:
    number = server.new_conversation("Files", "<p>Words.</p>")
    with pytest.raises(NotFoundError):
        await desk.attachment(RemoteId(number), RemoteId(attachment))


# -- signing in ------------------------------------------------------------------------------------------------------


async def test_check_names_what_the_token_lacks(server: FakeIntercom, desk: Intercom) -> None:
    found = await desk.check()
    assert (found.me.name, [group.name for group in found.queues], found.missing) == (
        *("Rita Rep", ["Billing", "Support"]),
        (),
    )
    server.forbidden = {"/articles", "/tags"}
    missing = (await desk.check()).missing
    assert [word.partition(",")[0] for word in missing] == [
        *("The app may not read tags", "The app may not read articles")
    ]


@pytest.mark.parametrize(
    ("values", "error"), [({"region": "moon"}, BadDataError), ({"token": "two words"}, AuthError)]
)
async def test_what_cannot_be_a_sign_in_is_not_tried(values: dict[str, str], error: type[Exception]) -> None:
    with pytest.raises(error):
        await connect(sign_in(values))


async def test_regions_have_their_own_hosts(server: FakeIntercom) -> None:
    wire = FaultyWire(over(server))
    desk = await connect(sign_in({"region": "EU"}), transport=wire)
    await desk.whoami()
    assert {request.url.host for request in wire.asked} == {"api.eu.intercom.io"}
    await desk.aclose()


def test_the_page_of_connections_has_it() -> None:
    assert [(field.key, field.required) for field in kind_of("intercom").fields] == [
        *(("token", True), ("email", False), ("region", False))
    ]


def test_how_intercom_speaks_of_errors_and_delays() -> None:
    assert (
        VENDOR.words(refusal(401, "unauthorized", "Access Token Invalid").content) == "Access Token Invalid"
    )
    assert VENDOR.words(b'{"errors":[{"code":"parameter_invalid"}]}') == "parameter invalid"
    assert VENDOR.delay(httpx.Headers({"x-ratelimit-reset": "soon"})) is None
    past = {"x-ratelimit-reset": "1", "date": "Mon, 23 Nov 2026 16:00:00 GMT"}
    assert VENDOR.delay(httpx.Headers(past)) == 0


# -- knowledge -------------------------------------------------------------------------------------------------------


async def test_articles_of_all_pages(server: FakeIntercom, desk: Desk) -> None:
    found = [(one.id, one.audience, one.text) for one in await desk.articles()]
    assert found == [
        ("ic:article:1", Audience.PUBLIC, "Drag the folder."),
        ("ic:article:3", Audience.PUBLIC, "Press Print."),
        ("ic:internal:1", Audience.INTERNAL, "Call them."),
    ]
    server.forbidden = {"/internal_articles"}
    assert len(await desk.articles()) == 2


async def test_pages_of_articles_that_never_end_are_given_up(desk: Desk, wire: FaultyWire) -> None:
    endless = {
        "data": [{"id": "1", "title": "A", "body": "B", "state": "published"}],
        "pages": {"total_pages": 99},
    }
    wire.answer(lambda: httpx.Response(200, json=endless))
    with pytest.raises(BadDataError):
        await desk.articles()
    assert len(wire.asked) == 2
