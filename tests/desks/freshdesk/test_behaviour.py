"""What is particular to Freshdesk: bins, groups, ratings, agents that are machines, what a role may not read."""

from __future__ import annotations

from datetime import timedelta

import pytest

from copilot.desks.base import CheckedDesk, MergingDesk
from copilot.desks.freshdesk.connecting import connect
from copilot.desks.freshdesk.translate import rating
from copilot.desks.freshdesk.wire import RatingRow
from copilot.desks.kinds import SignIn, open_desk
from copilot.domain import (
    Audience,
    Channel,
    DeskId,
    MessageKind,
    Priority,
    RemoteId,
    Reply,
    Role,
    SourceKind,
    Status,
)
from copilot.errors import AuthError, BadDataError, NotFoundError, RefusedError, UnsupportedError
from tests.desks.contract import pages_since, tickets_in
from tests.desks.freshdesk.fake_freshdesk import AI, KEY, ME, OTHER, FakeFreshdesk


async def test_a_ticket_in_all_its_parts() -> None:
    server = FakeFreshdesk()
    ticket = server.open_ticket(
        "Blinks", "<p>It blinks</p>", source=13, priority=4, status=6, tags=["lamp", "ai-escalated"]
    )
    fields = server.tickets[1]["custom_fields"] | {
        "cf_seats": 3,
        "cf_vip": True,
        "cf_escalation_reason": "Refund",
    }
    server.touch(1, custom_fields=fields, responder_id=AI)
    desk = await server.desk(ai_agents=("freddy@acme.test",))
    header = (await desk.thread(ticket)).snapshot
    assert (header.channel, header.priority, header.status) == (
        Channel.WHATSAPP,
        Priority.URGENT,
        Status.PENDING,
    )
    assert header.fields == {"Escalation reason": "Refund", "Seats": "3", "VIP": "yes"}
    assert header.assignee is not None
    assert header.assignee.role is Role.AI_AGENT
    assert header.escalation is not None
    assert (header.escalation.by, header.escalation.reason) == ("Freddy", "Refund")
    assert header.url == "https://acme.freshdesk.com/a/tickets/1"
    assert Role.AI_AGENT not in {person.role for person in await desk.people()}


async def test_an_ai_agents_turns_and_its_last_note_are_told_apart() -> None:
    server = FakeFreshdesk()
    ticket = server.open_ticket("Blinks", "<p>It blinks</p>", tags=["ai-escalated"])
    server.write(ticket, "<p>I am Freddy. Unplug it.</p>", AI)
    server.write(ticket, "<p>Asked for a person.</p>", AI, private=True)
    thread = await (await server.desk(ai_agents=("Freddy",))).thread(ticket)
    assert [m.author.role for m in thread.messages] == [Role.REQUESTER, Role.AI_AGENT, Role.AI_AGENT]
    assert thread.messages[2].kind is MessageKind.NOTE
    assert thread.snapshot.escalation is not None
    assert thread.snapshot.escalation.reason == "Asked for a person."


async def test_deleted_tickets_and_spam_disappear() -> None:
    server = FakeFreshdesk()
    desk = await server.desk()
    deleted, spam, kept = (server.open_ticket(f"Question {n}", "<p>Words</p>") for n in range(3))
    cursor = (await pages_since(desk, None))[-1].cursor
    server.tick(600)
    server.touch(int(deleted), deleted=True)
    server.touch(int(spam), spam=True)
    server.asked.clear()
    first = await pages_since(desk, cursor)
    assert len(server.asked) == 2
    found = tickets_in(first + await pages_since(desk, first[-1].cursor))
    assert {ticket: found[ticket].deleted for ticket in found} == {deleted: True, spam: True}
    for ticket in (deleted, spam):
        with pytest.raises(NotFoundError):
            await desk.thread(ticket)
    assert (await desk.thread(kept)).messages


@pytest.mark.parametrize("queue", ["support", "31"])
async def test_only_followed_groups_and_what_leaves_them(queue: str) -> None:
    server = FakeFreshdesk()
    ours = server.open_ticket("Ours", "<p>Words</p>")
    theirs = server.open_ticket("Theirs", "<p>Words</p>", group_id=32)
    desk = await server.desk(queue)
    pages = await pages_since(desk, None)
    assert {t: s.deleted for t, s in tickets_in(pages).items()} == {ours: False, theirs: True}
    server.touch(int(ours), group_id=32)
    assert tickets_in(await pages_since(desk, pages[-1].cursor))[ours].deleted


async def test_a_quiet_poll_is_one_request_and_bins_are_looked_into_now_and_then() -> None:
    server = FakeFreshdesk()
    desk = await server.desk()
    server.open_ticket("Question", "<p>Words</p>")
    cursor = (await pages_since(desk, None))[-1].cursor
    cursor = (await pages_since(desk, cursor))[-1].cursor  # the second bin
    server.asked.clear()
    for _ in range(5):
        server.tick(30)
        assert await pages_since(desk, cursor) == []
    assert len(server.asked) == 5


async def test_a_poll_never_takes_more_than_two_requests() -> None:
    server = FakeFreshdesk()
    desk = await server.desk()
    server.open_ticket("Question", "<p>Words</p>")
    cursor = (await pages_since(desk, None))[-1].cursor
    counts = []
    for _ in range(8):
        server.tick(100)
        server.asked.clear()
        pages = await pages_since(desk, cursor)
        cursor = pages[-1].cursor if pages else cursor
        counts.append(len(server.asked))
    assert max(counts) == 2
    assert min(counts) == 1


async def test_a_thousand_tickets_cost_few_requests() -> None:
    server = FakeFreshdesk()
    for n in range(1000):
        server.open_ticket(f"Question {n}", "<p>Words</p>")
    assert len(tickets_in(await pages_since(await server.desk(), None))) == 1000
    assert len(server.asked) <= 25


@pytest.mark.parametrize(
    ("answer", "score"), [(103, 1.0), (101, 4 / 6), (100, 0.5), (-101, 2 / 6), (-103, 0.0)]
)
def test_ratings_lie_between_nought_and_one(answer: int, score: float) -> None:
    row = {"ratings": {"default_question": answer}, "feedback": "Well", "created_at": "2026-11-23T12:00:00Z"}
    found = rating([RatingRow.model_validate(row)])
    assert found is not None
    assert found.score == pytest.approx(score)
    assert found.comment == "Well"


async def test_a_rating_comes_with_a_solved_ticket() -> None:
    server = FakeFreshdesk()
    ticket = server.open_ticket("Blinks", "<p>Words</p>", status=4)
    row = {"ratings": {"default_question": 103}, "feedback": "", "created_at": "2026-11-23T12:00:00Z"}
    server.ratings[1] = [row]
    desk = await server.desk()
    held = (await desk.thread(ticket)).snapshot.rating
    assert held is not None
    assert held.score == 1
    server.forbidden.add("satisfaction_ratings")  # a plan without surveys
    assert (await desk.thread(ticket)).snapshot.rating is None


async def test_tickets_are_merged() -> None:
    server = FakeFreshdesk()
    one, other = server.open_ticket("One", "<p>a</p>"), server.open_ticket("Other", "<p>b</p>")
    desk = await server.desk()
    assert isinstance(desk, MergingDesk)
    receipt = await desk.merge(one, other)
    assert receipt.version == (await desk.thread(other)).snapshot.version
    assert (await desk.thread(one)).snapshot.status is Status.CLOSED


async def test_what_a_role_may_not_read_is_told_and_stops_nothing() -> None:
    server = FakeFreshdesk()
    ticket = server.open_ticket("Blinks", "<p>Words</p>", responder_id=OTHER)
    desk = await server.desk()
    assert isinstance(desk, CheckedDesk)
    fine = await desk.check()
    assert (fine.missing, [group.name for group in fine.queues]) == ((), ["Support", "Billing"])
    server.forbidden |= {"/agents", "/ticket_fields", "/solutions/categories"}
    narrow = await server.desk()
    check = await narrow.check()
    assert len(check.missing) == 2
    assert check.me.name == "Sam Lee"
    header = (await narrow.thread(ticket)).snapshot
    assert header.assignee is not None
    assert header.assignee.name == f"Agent {OTHER}"
    assert [person.remote_id for person in await narrow.people()] == [str(ME)]
    assert {article.kind for article in await narrow.articles()} == {SourceKind.MACRO}


async def test_published_articles_with_their_audience_and_canned_responses() -> None:
    articles = await (await FakeFreshdesk().desk()).articles()
    assert [(a.title, a.audience, a.kind) for a in articles] == [
        ("Lamps that blink", Audience.PUBLIC, SourceKind.ARTICLE),
        ("Lamps that blink", Audience.INTERNAL, SourceKind.ARTICLE),
        ("Ask for version", Audience.INTERNAL, SourceKind.MACRO),
    ]
    assert "Unplug" in articles[0].text
    assert "<" not in articles[0].text


async def test_fields_take_values_of_their_types() -> None:
    server = FakeFreshdesk()
    ticket = server.open_ticket("Blinks", "<p>Words</p>")
    desk = await server.desk()
    await desk.set_fields(ticket, {"seats": "12", "VIP": "yes", "Order number": ""})
    held = server.tickets[1]["custom_fields"]
    assert (held["cf_seats"], held["cf_vip"], held["cf_order_number"]) == (12, True, None)
    with pytest.raises(RefusedError, match="takes a number"):
        await desk.set_fields(ticket, {"Seats": "many"})


async def test_a_status_that_fails_after_the_reply_does_not_send_it_twice() -> None:
    server = FakeFreshdesk()
    ticket = server.open_ticket("Blinks", "<p>Words</p>")
    desk = await server.desk()
    with pytest.raises(UnsupportedError):
        await desk.reply(ticket, Reply(text="Hello.", status=Status.HOLD), key="k", version=None)
    assert server.conversations[1] == []
    server.forbidden.add("tickets/1")
    receipt = await desk.reply(ticket, Reply(text="Hello.", status=Status.PENDING), key="k", version=None)
    assert receipt.message == str(server.conversations[1][0]["id"])
    assert receipt.version == ""
    assert len(server.conversations[1]) == 1


async def test_what_is_typed_in_the_connection_page() -> None:
    sign_in = SignIn(
        desk_id=DeskId("d"), name="D", values={"url": "acme.freshdesk.com/a/tickets", "token": KEY}
    )
    desk = await open_desk("freshdesk", sign_in)
    assert desk.name == "D"
    await desk.aclose()
    for url, token, error in (
        ("not an address", KEY, BadDataError),
        ("acme.freshdesk.com", "a key", AuthError),
    ):
        values = {"url": url, "token": "" if token == "a key" else token}
        with pytest.raises(error):
            await connect(SignIn(desk_id=DeskId("d"), name="D", values=values))


async def test_the_key_is_not_shown_and_does_not_leave() -> None:
    """The stand-in refuses the key at the storage host, where files are."""
    server = FakeFreshdesk()
    sign_in = SignIn(desk_id=DeskId("d"), name="D", values={"url": "a.freshdesk.com", "token": KEY})
    assert KEY not in repr(sign_in)
    with pytest.raises(NotFoundError):
        await (await server.desk()).attachment(server.open_ticket("a", "<p>b</p>"), RemoteId("1/../2"))
    assert server.now.utcoffset() == timedelta(0)
