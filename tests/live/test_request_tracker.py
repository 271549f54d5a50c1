"""What is special about Request Tracker, against a real one."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from copilot.desks.base import Cursor
from copilot.desks.request_tracker.connecting import RequestTracker
from copilot.domain import (
    Audience,
    DeskId,
    Escalation,
    MessageKind,
    Person,
    RemoteId,
    Reply,
    Role,
    Status,
    TicketSnapshot,
    Upload,
)
from copilot.errors import (
    AuthError,
    ConflictError,
    NotFoundError,
    PermissionDeniedError,
    RefusedError,
    UnsupportedError,
)
from copilot.events import EventStream
from copilot.store import Store
from copilot.sync import Intake, Puller
from tests.live.rt import REQUESTER, Counting, Rt

pytestmark = [pytest.mark.live, pytest.mark.timeout(300)]  # the first one installs and starts the server

MANY = 450


@pytest.fixture
def network() -> Counting:
    return Counting()


@pytest.fixture
async def desk(rt: Rt, network: Counting) -> AsyncIterator[RequestTracker]:
    desk = await rt.desk("Support", ai_agents=("aria",), transport=network)
    yield desk
    await desk.aclose()


async def caught_up(desk: RequestTracker, since: Cursor | None = None) -> Cursor:
    """Where the changes end now."""
    pages = [page async for page in desk.changes(since)]
    assert pages or since
    return pages[-1].cursor if pages else since  # type: ignore[return-value]  # one of them is there


async def changed_since(desk: RequestTracker, since: Cursor) -> dict[RemoteId, TicketSnapshot]:
    return {t.remote_id: t async for page in desk.changes(since) for t in page.tickets}


# -- reading changes -------------------------------------------------------------------------------------------------


async def test_tickets_that_leave_are_told(rt: Rt, desk: RequestTracker) -> None:
    stays, merged, deleted, moved = [await rt.make_ticket(f"Leaving {n}", "Words.") for n in range(4)]
    cursor = await caught_up(desk)
    await rt.change(merged, MergeInto=int(stays))
    await rt.rest("DELETE", f"ticket/{deleted}")
    await rt.change(moved, Queue="Billing")
    changed = await changed_since(desk, cursor)
    assert {ticket: snapshot.deleted for ticket, snapshot in changed.items()} == {
        stays: False,
        merged: True,
        deleted: True,
        moved: True,
    }
    assert not (await desk.thread(moved)).snapshot.deleted
    assert (await desk.thread(moved)).snapshot.version != changed[moved].version
    await rt.change(moved, Queue="Support")
    back = await changed_since(desk, await caught_up(desk, cursor))
    assert back == {}
    assert not (await changed_since(desk, cursor))[moved].deleted


async def test_a_queue_that_is_followed_later_is_read_from_its_beginning(rt: Rt) -> None:
    old = await rt.make_ticket("About an invoice", "Words.", queue="Billing")
    one = await rt.desk("Support")
    two = await rt.desk("Support", "Billing")
    try:
        cursor = await caught_up(one)
        assert old not in await changed_since(one, cursor)
        found = await changed_since(two, cursor)
        assert old in found
        assert {snapshot.group for snapshot in found.values()} == {"Billing"}
    finally:
        await one.aclose()
        await two.aclose()


async def test_without_names_every_visible_queue_is_followed(rt: Rt) -> None:
    made = [await rt.make_ticket("Anywhere", "Words.", queue=queue) for queue in ("Billing", "Support")]
    desk = await rt.desk()
    try:
        cursor = await caught_up(desk)
        await rt.change(made[0], Queue="Support")
        changed = await changed_since(desk, cursor)
        assert [(one.remote_id, one.deleted) for one in changed.values()] == [(made[0], False)]
    finally:
        await desk.aclose()


async def test_a_cursor_of_something_else_begins_anew(rt: Rt, desk: RequestTracker) -> None:
    ticket = await rt.make_ticket("Lost cursor", "Words.")
    assert ticket in await changed_since(desk, Cursor("42"))


# -- reading threads -------------------------------------------------------------------------------------------------


async def test_a_merged_ticket_names_the_one_it_went_into(rt: Rt, desk: RequestTracker) -> None:
    stays, gone = [await rt.make_ticket(f"Twice {n}", "Words.") for n in range(2)]
    await rt.change(gone, MergeInto=int(stays))
    with pytest.raises(NotFoundError, match=f"merged into ticket {stays}"):
        await desk.thread(gone)
    with pytest.raises(NotFoundError, match=f"merged into ticket {stays}"):
        await desk.reply(gone, Reply(text="Hello?"), key="gone", version=None)
    assert await rt.correspondence(stays) == [(REQUESTER, "Create"), (REQUESTER, "Create")]


async def test_merging_makes_one_ticket_of_two_and_is_told(rt: Rt, desk: RequestTracker) -> None:
    first, second = [await rt.make_ticket(f"Merging {n}", f"Words {n}.") for n in range(2)]
    cursor = await caught_up(desk)
    receipt = await desk.merge(first, second)
    thread = await desk.thread(second)
    assert len(thread.messages) == 2
    assert receipt.version == thread.snapshot.version
    changed = {t.remote_id: t.deleted async for page in desk.changes(cursor) for t in page.tickets}
    assert changed[first]
    assert not changed[second]
    with pytest.raises(NotFoundError):
        await desk.merge(first, second)
    with pytest.raises(NotFoundError):
        await desk.merge(second, RemoteId("99999999"))


async def test_who_speaks(rt: Rt, desk: RequestTracker) -> None:
    aria = (await rt.admin("rep", "aria", "Aria (AI agent)"))["token"]
    ticket = await rt.make_ticket("Who speaks", "The customer.", cc="friend@client.test")
    await rt.reply_as_requester(ticket, "The customer's friend.", sender="friend@client.test")
    ai_agent = await rt.desk("Support", token=aria)
    await ai_agent.reply(ticket, Reply(text="The AI agent."), key="1", version=None)
    await ai_agent.note(ticket, "Asks for a refund of a third party.", key="2", version=None)
    await ai_agent.set_tags(ticket, ("ai-escalated", "refund"))
    await ai_agent.aclose()
    await rt.note_as_other_rep(ticket, "A colleague.")
    thread = await desk.thread(ticket)
    assert [(m.author.remote_id, m.author.role, m.kind) for m in thread.messages] == [
        (REQUESTER, Role.REQUESTER, MessageKind.PUBLIC),
        ("friend@client.test", Role.REQUESTER, MessageKind.PUBLIC),
        ("aria", Role.AI_AGENT, MessageKind.PUBLIC),
        ("aria", Role.AI_AGENT, MessageKind.NOTE),
        ("agent2", Role.REP, MessageKind.NOTE),
    ]
    assert thread.snapshot.tags == ("ai-escalated", "refund")
    assert thread.snapshot.escalation == Escalation(
        by="aria", reason="Asks for a refund of a third party.", at=thread.messages[3].created
    )
    assert "aria" not in {person.remote_id for person in await desk.people()}


async def test_names_of_other_alphabets_and_links_are_kept(rt: Rt, desk: RequestTracker) -> None:
    other = await rt.make_ticket("Linked", "Words.")
    ticket = await rt.make_ticket("Straße – 日本語", "Grüße aus 京都.")
    await rt.change(ticket, RefersTo=[int(other), "https://example.org/order?n=1"], DependsOn=[int(other)])
    await rt.change(ticket, Priority=80)
    snapshot = (await desk.thread(ticket)).snapshot
    assert snapshot.subject == "Straße – 日本語"
    assert snapshot.fields["Refers to"] == f"#{other}, https://example.org/order?n=1"
    assert snapshot.fields["Depends on"] == f"#{other}"
    assert snapshot.priority == "high"
    assert snapshot.url == f"{rt.url}/Ticket/Display.html?id={ticket}"


async def test_a_thread_costs_three_requests(rt: Rt, desk: RequestTracker, network: Counting) -> None:
    ticket = await rt.make_ticket("Few requests", "Words.", html="<p>Words.</p>")
    await desk.reply(ticket, Reply(text="One."), key="1", version=None)
    await desk.thread(ticket)  # looks the rep up
    network.asked.clear()
    thread = await desk.thread(ticket)
    assert len(thread.messages) == 2
    assert network.asked == [
        f"GET ticket/{ticket}",
        f"GET ticket/{ticket}/history",
        f"GET ticket/{ticket}/attachments",
    ]


async def test_a_team_with_its_own_statuses(rt: Rt) -> None:
    desk = await rt.desk("Care")
    ticket = await rt.make_ticket("Own words", "Words.", queue="Care")
    try:
        seen = []
        for name in ("arrived", "in progress", "waiting for customer", "done"):
            if name != "arrived":
                await rt.change(ticket, Status=name)
            seen.append((await desk.thread(ticket)).snapshot.status)
        assert seen == [Status.NEW, Status.OPEN, Status.PENDING, Status.SOLVED]
        assert [t.status async for page in desk.changes(None) for t in page.tickets] == [Status.SOLVED]
        with pytest.raises(RefusedError, match="open"):
            await desk.set_status(ticket, Status.OPEN)
    finally:
        await desk.aclose()


# -- writing ---------------------------------------------------------------------------------------------------------


async def test_our_mark_is_not_mailed(rt: Rt, desk: RequestTracker) -> None:
    ticket = await rt.make_ticket("No marks", "Words.")
    await desk.reply(ticket, Reply(text="Grüße, **you**."), key="secret", version=None)
    boxes = "".join(
        box.read_text(encoding="utf-8", errors="replace") for box in (rt.data / "var").glob("*.mbox")
    )
    assert "sidedesk" in (await desk.thread(ticket)).messages[-1].html
    assert "sidedesk" not in boxes
    assert [text.strip() for text in await rt.received_by(REQUESTER, ticket)] == ["Grüße, you."]


async def test_a_stale_version_is_a_conflict_also_without_the_server(rt: Rt, desk: RequestTracker) -> None:
    ticket = await rt.make_ticket("Stale", "Words.")
    seen = (await desk.thread(ticket)).snapshot.version
    await rt.reply_as_requester(ticket, "One more thing.")
    for write in (
        desk.reply(ticket, Reply(text="Too late."), key="1", version=seen),
        desk.note(ticket, "Too late.", key="2", version=seen),
    ):
        with pytest.raises(ConflictError):
            await write
    assert len((await desk.thread(ticket)).messages) == 2


async def test_files_keep_their_names_and_bytes(rt: Rt, desk: RequestTracker) -> None:
    ticket = await rt.make_ticket("Files", "Words.")
    uploads = (
        Upload(name="Rechnung für 京都.pdf", media_type="application/pdf", content=bytes(range(256))),
        Upload(name="latin.txt", media_type="text/plain", content="größer\r\n".encode("latin-1")),
        Upload(name='odd "name"/\\.bin', media_type="nonsense", content=b"\x00"),
    )
    receipt = await desk.reply(ticket, Reply(text="", attachments=uploads), key="files", version=None)
    message = (await desk.thread(ticket)).messages[-1]
    assert message.remote_id == receipt.message
    assert [file.name for file in message.attachments] == [
        "Rechnung für 京都.pdf",
        "latin.txt",
        "odd _name___.bin",
    ]
    for file, upload in zip(message.attachments, uploads, strict=True):
        assert await desk.attachment(ticket, file.remote_id) == upload.content
        assert file.size_bytes == len(upload.content)
    me = await desk.whoami()
    assert desk.is_ours(message, "", key="files", me=me)
    empty = Upload(name="nothing.txt", media_type="text/plain", content=b"")
    with pytest.raises(RefusedError, match="empty"):
        await desk.reply(ticket, Reply(text="See it.", attachments=(empty,)), key="e", version=None)


async def test_what_rt_refuses_is_told_in_its_words(rt: Rt, desk: RequestTracker) -> None:
    blocked, blocker = [await rt.make_ticket(f"Refusals {n}", "Words.") for n in range(2)]
    await rt.change(blocked, DependsOn=[int(blocker)])
    with pytest.raises(RefusedError, match="unresolved dependencies"):
        await desk.set_status(blocked, Status.SOLVED)
    receipt = await desk.reply(
        blocked, Reply(text="Solved, I hope.", status=Status.SOLVED), key="s", version=None
    )
    thread = await desk.thread(blocked)
    assert thread.messages[-1].remote_id == receipt.message
    assert thread.snapshot.status is Status.OPEN
    customer = Person(remote_id=RemoteId(REQUESTER), name="Amara", role=Role.REQUESTER)
    with pytest.raises(RefusedError, match="may not own"):
        await desk.assign(blocked, customer, None)
    with pytest.raises(RefusedError, match="Invalid value"):
        await desk.set_fields(blocked, {"Product": "Toaster"})
    with pytest.raises(UnsupportedError):
        await desk.set_status(blocked, Status.HOLD)


async def test_a_ticket_of_a_colleague_can_be_taken(rt: Rt, desk: RequestTracker) -> None:
    ticket = await rt.make_ticket("Taken", "Words.")
    await rt.change(ticket, Owner="agent2")
    await desk.assign(ticket, await desk.whoami(), "Billing")
    snapshot = (await desk.thread(ticket)).snapshot
    assert snapshot.assignee is not None
    assert (snapshot.assignee.remote_id, snapshot.group) == ("agent1", "Billing")


async def test_fields_of_several_values_and_emptied_ones(rt: Rt, desk: RequestTracker) -> None:
    ticket = await rt.make_ticket("Fields", "Words.")
    await desk.set_fields(ticket, {"Product": "Router X2", "Order number": "4711"})
    await desk.set_fields(ticket, {"Order number": "", "Tags": "one, two"})
    snapshot = (await desk.thread(ticket)).snapshot
    assert snapshot.fields == {"Product": "Router X2"}
    assert snapshot.tags == ("one", "two")


async def test_a_queue_without_tags_says_so(rt: Rt) -> None:
    administrator = await rt.desk("General", token=rt.token("root"))
    made = await rt.rest("POST", "ticket", {"Queue": "General", "Subject": "x", "Content": "x"})
    try:
        with pytest.raises(UnsupportedError, match="no field Tags"):
            await administrator.set_tags(RemoteId(str(made["id"])), ("one",))
    finally:
        await administrator.aclose()


async def test_a_deleted_ticket_takes_no_reply(rt: Rt, desk: RequestTracker) -> None:
    ticket = await rt.make_ticket("Deleted", "Words.")
    await rt.rest("DELETE", f"ticket/{ticket}")
    assert (await desk.thread(ticket)).snapshot.deleted
    with pytest.raises(NotFoundError, match="deleted"):
        await desk.reply(ticket, Reply(text="Hello?"), key="d", version=None)


# -- connecting and knowledge ----------------------------------------------------------------------------------------


async def test_a_check_says_who_and_what(rt: Rt) -> None:
    good = await rt.desk("Support")
    unknown = await rt.desk("Support", "Nowhere")
    stranger = await rt.desk("Support", token="not a token".replace(" ", "-"))
    try:
        assert (await good.check()).me.name == "Agnes Agent"
        with pytest.raises(PermissionDeniedError, match="Nowhere") as refusal:
            await unknown.check()
        assert "Support" in refusal.value.advice
        with pytest.raises(AuthError):
            await stranger.check()
    finally:
        for desk in (good, unknown, stranger):
            await desk.aclose()


async def test_articles_come_whole(rt: Rt, desk: RequestTracker) -> None:
    text = "Unplug the router.\n\nWait a minute."
    await rt.admin("article", "Restart a router", text, "What helps most")
    (article,) = [one for one in await desk.articles() if one.title == "Restart a router"]
    assert (article.text, article.summary, article.audience) == (text, "What helps most", Audience.INTERNAL)
    assert desk.id == DeskId("rt")


# -- many -------------------------------------------------------------------------------------------------------------


@pytest.mark.timeout(600)
async def test_450_tickets_sync_whole_and_a_second_sync_reads_only_what_changed(
    rt: Rt, network: Counting, tmp_path: Path
) -> None:
    await rt.admin("queue", "Backlog")
    made = [RemoteId(str(n)) for n in (await rt.admin("bulk", "Backlog", str(MANY)))["tickets"]]
    desk = await rt.desk("Backlog", transport=network)
    store = await Store.open(tmp_path / "workspace.sqlite3")
    puller = Puller(Intake(desk, store), store, EventStream())
    try:
        assert await puller.pull() == MANY
        held = await store.tickets.versions(desk.id, made)
        assert set(held) == set(made)
        assert held[made[0]] == await rt.version(made[0])
        ticket = await store.tickets.find(desk.id, made[-1])
        assert ticket is not None
        (message,) = (await store.tickets.conversation(ticket)).messages
        assert message.text.strip() == f"Words of bulk question {MANY}."
        assert message.author.role is Role.REQUESTER

        network.asked.clear()
        await puller.pull()
        assert network.asked == ["GET transactions"]

        touched = [made[3], made[200], made[449]]
        for number, one in enumerate(touched):
            await rt.reply_as_other_rep(one, f"Answer {number}.")
        network.asked.clear()
        await puller.pull()
        read = {path.split("/")[1] for path in network.asked if path.startswith("GET ticket/")}
        assert read == set(touched)
        assert network.asked[:2] == ["GET transactions", "GET tickets"]
        for one in touched:
            assert (await store.tickets.versions(desk.id, [one]))[one] == await rt.version(one)
    finally:
        await store.aclose()
        await desk.aclose()
