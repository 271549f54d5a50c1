"""The demo desk has the rules of a server."""

from __future__ import annotations

import pytest

from copilot.desks.base import Cursor
from copilot.desks.demo import DemoDesk, NewTicket
from copilot.domain import Channel, Reply, Status, Upload
from copilot.domain import RemoteId as Id
from copilot.errors import NotFoundError, RefusedError
from tests.desks.contract import pages_since, tickets_in
from tests.desks.demo.looks import reply, status, texts
from tests.desks.small import Clock


async def test_a_reply_opens_a_new_ticket_and_leaves_other_statuses(desk: DemoDesk) -> None:
    await reply(desk, "new")
    assert await status(desk, "new") is Status.OPEN
    await reply(desk, "solved-0", "One more hint.")
    assert await status(desk, "solved-0") is Status.SOLVED


async def test_only_the_requester_reopens_a_ticket_by_writing(desk: DemoDesk) -> None:
    await desk.note(Id("solved-0"), "Seen.", key="n", version=None)
    assert await status(desk, "solved-0") is Status.SOLVED
    await desk.act_as_requester(Id("solved-0"), "It is back.")
    assert await status(desk, "solved-0") is Status.OPEN
    await desk.act_as_requester(Id("new"), "Hello?")
    assert await status(desk, "new") is Status.NEW


async def test_a_closed_ticket_takes_no_reply_until_it_is_opened(desk: DemoDesk) -> None:
    await desk.set_status(Id("new"), Status.CLOSED)
    with pytest.raises(RefusedError) as refused:
        await reply(desk, "new")
    assert "Open it again" in refused.value.advice
    await desk.set_status(Id("new"), Status.OPEN)
    await reply(desk, "new")
    assert (await texts(desk, "new"))[-1] == "Press F10."


async def test_nothing_becomes_new_again(desk: DemoDesk) -> None:
    await desk.set_status(Id("new"), Status.NEW)
    await desk.set_status(Id("new"), Status.PENDING)
    with pytest.raises(RefusedError):
        await desk.set_status(Id("new"), Status.NEW)
    with pytest.raises(RefusedError):
        await desk.reply(Id("new"), Reply(text="x", status=Status.NEW), key="k", version=None)
    assert await texts(desk, "new") == ["How do I move a folder?"]


async def test_a_group_alone_takes_the_ticket_from_the_person(desk: DemoDesk) -> None:
    me = await desk.whoami()
    await desk.assign(Id("mine"), None, "Escalations")
    given = (await desk.thread(Id("mine"))).snapshot
    assert (given.assignee, given.group) == (None, "Escalations")
    await desk.assign(Id("mine"), me, "Support")
    taken = (await desk.thread(Id("mine"))).snapshot
    assert (taken.assignee, taken.group) == (me, "Support")


async def test_what_is_already_so_is_no_change(desk: DemoDesk) -> None:
    cursor = (await pages_since(desk, None))[-1].cursor
    before = (await desk.thread(Id("mine"))).snapshot
    receipts = [
        await desk.set_status(Id("mine"), Status.OPEN),
        await desk.set_tags(Id("mine"), ("settings",)),
        await desk.set_fields(Id("mine"), {"topic": "settings"}),
        await desk.assign(Id("mine"), before.assignee, None),
    ]
    assert {receipt.version for receipt in receipts} == {before.version}
    assert await pages_since(desk, cursor) == []


async def test_a_key_does_not_carry_other_words(desk: DemoDesk) -> None:
    await desk.reply(Id("new"), Reply(text="One."), key="k", version=None)
    with pytest.raises(RefusedError):
        await desk.reply(Id("new"), Reply(text="Two."), key="k", version=None)
    assert await texts(desk, "new") == ["How do I move a folder?", "One."]


async def test_a_key_that_was_carried_out_is_answered_also_when_the_ticket_moved_on(desk: DemoDesk) -> None:
    version = (await desk.thread(Id("new"))).snapshot.version
    first = await desk.reply(Id("new"), Reply(text="One."), key="k", version=version)
    await desk.act_as_requester(Id("new"), "Thanks.")
    await desk.set_status(Id("new"), Status.CLOSED)
    assert await desk.reply(Id("new"), Reply(text="One."), key="k", version=version) == first


async def test_tags_are_kept_once_and_none_is_empty(desk: DemoDesk) -> None:
    await desk.set_tags(Id("new"), ("b", "a", "b"))
    assert (await desk.thread(Id("new"))).snapshot.tags == ("b", "a")
    with pytest.raises(RefusedError):
        await desk.set_tags(Id("new"), ("a", " "))


async def test_attachments_need_a_name_and_a_sensible_size(desk: DemoDesk) -> None:
    for bad in (
        Upload(name="", media_type="text/plain", content=b"x"),
        Upload(name="film.mp4", media_type="video/mp4", content=bytes(26 * 1024 * 1024)),
    ):
        with pytest.raises(RefusedError):
            await desk.reply(Id("new"), Reply(text="x", attachments=(bad,)), key="k", version=None)
    assert len((await desk.thread(Id("new"))).messages) == 1


async def test_a_reply_may_be_attachments_alone(desk: DemoDesk) -> None:
    file = Upload(name="a.txt", media_type="text/plain", content=b"")
    await desk.reply(Id("new"), Reply(text="", attachments=(file,)), key="k", version=None)
    (attached,) = (await desk.thread(Id("new"))).messages[-1].attachments
    assert (attached.name, attached.size_bytes) == ("a.txt", 0)
    with pytest.raises(NotFoundError):
        await desk.attachment(Id("mine"), attached.remote_id)


async def test_a_deleted_ticket_is_told_as_a_change_and_then_not_found(desk: DemoDesk) -> None:
    cursor = (await pages_since(desk, None))[-1].cursor
    await desk.delete_ticket(Id("new"))
    assert tickets_in(await pages_since(desk, cursor))[Id("new")].deleted
    with pytest.raises(NotFoundError):
        await desk.thread(Id("new"))
    with pytest.raises(NotFoundError):
        await reply(desk, "new")


async def test_a_cursor_of_another_file_begins_anew(desk: DemoDesk) -> None:
    everything = set(tickets_in(await pages_since(desk, None)))
    assert set(tickets_in(await pages_since(desk, Cursor("another:99999")))) == everything


async def test_a_clock_that_jumps_back_hides_no_change(desk: DemoDesk, clock: Clock) -> None:
    cursor = (await pages_since(desk, None))[-1].cursor
    clock.forward(-3600 * 24)
    await desk.act_as_requester(Id("new"), "Yesterday, all my mails seemed far away.")
    assert list(tickets_in(await pages_since(desk, cursor))) == ["new"]
    assert (await texts(desk, "new"))[-1].startswith("Yesterday")


async def test_requesters_are_known_by_their_address(desk: DemoDesk) -> None:
    first = await desk.new_ticket(NewTicket(subject="A", text="a", channel=Channel.CHAT))
    second = await desk.new_ticket(NewTicket(subject="B", text="b"))
    known = await desk.new_ticket(NewTicket(subject="C", text="c", email="cust-1@example.com"))
    one, two, three = [(await desk.thread(ticket)).snapshot for ticket in (first, second, known)]
    assert one.requester == two.requester
    assert (one.channel, one.status) == (Channel.CHAT, Status.NEW)
    assert three.requester.name == "Amara Okoye"
