"""From RT's answers to tickets and messages, on answers recorded from a real one."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

import httpx
import pytest

from copilot.desks.request_tracker.translate import Customs, plain_header, priority_of, snapshot, status_of
from copilot.desks.request_tracker.wire import Page, TicketRecord
from copilot.desks.rest import Limits
from copilot.domain import (
    Attachment,
    Channel,
    MessageKind,
    Person,
    Priority,
    RemoteId,
    Role,
    Status,
    TicketSnapshot,
)
from copilot.errors import BadDataError, NotFoundError
from tests.desks.request_tracker.canned import RECORDED, VERSION, desk_of, ok, recorded, rows

AMARA = Person(
    remote_id=RemoteId("amara@client.test"),
    name="Amara Okoye",
    email="amara@client.test",
    role=Role.REQUESTER,
)
AGNES = Person(remote_id=RemoteId("agent1"), name="Agnes Agent", email="agent1@rt.test", role=Role.REP)
TICKET = RemoteId("1")


def a_record(**changes: object) -> TicketRecord:
    return TicketRecord.model_validate(RECORDED["ticket"] | changes)


async def test_a_recorded_thread() -> None:
    desk = await desk_of(recorded)
    thread = await desk.thread(TICKET)
    assert thread.snapshot == TicketSnapshot(
        remote_id=TICKET,
        subject="Straße router blinkt",
        status=Status.PENDING,
        channel=Channel.EMAIL,
        created=datetime(2026, 11, 23, 15, 45, 6, tzinfo=UTC),
        updated=thread.snapshot.updated,
        requester=AMARA,
        version=VERSION,
        assignee=AGNES,
        group="Support",
        priority=Priority.LOW,
        tags=("ai-escalated", "router"),
        fields={"Product": "Router X2", "Order number": "4711", "Referred to by": "#6"},
        escalation=thread.snapshot.escalation,
        url="https://rt.example.com/Ticket/Display.html?id=1",
    )
    assert thread.snapshot.escalation is not None
    assert thread.snapshot.escalation.by == "AI agent"
    first, *others = thread.messages
    assert (first.author, first.kind, first.text) == (
        AMARA,
        MessageKind.PUBLIC,
        "Hällo, my router blinks 日本.",
    )
    assert first.html == "<p>Hällo, my <b>router</b> blinks 日本.</p><script>alert(1)</script>"
    assert first.attachments == (
        Attachment(remote_id=RemoteId("5"), name="blü.png", media_type="image/png", size_bytes=70),
        Attachment(remote_id=RemoteId("6"), name="log.txt", media_type="text/plain", size_bytes=11),
    )
    assert {message.author.remote_id for message in others} == {"agent1"}
    assert {message.author.role for message in others} == {Role.REP}
    assert {message.kind for message in others} == {MessageKind.PUBLIC, MessageKind.NOTE}
    assert [message.created for message in thread.messages] == sorted(m.created for m in thread.messages)


async def test_the_list_says_the_same_of_a_ticket_as_the_thread() -> None:
    desk = await desk_of(recorded)
    (listed,) = Page[TicketRecord].model_validate(RECORDED["tickets"]).items
    customs = Customs(base="https://rt.example.com")
    assert snapshot(listed, VERSION, customs) == (await desk.thread(TICKET)).snapshot


async def test_a_long_thread_is_read_page_by_page() -> None:
    pages = [
        [{**RECORDED["history"]["items"][0], "id": str(n), "_hyperlinks": []} for n in range(start, end)]
        for start, end in ((1, 101), (101, 151))
    ]

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/history"):
            return rows(*pages[int(request.url.params["page"]) - 1])
        return recorded(request)

    thread = await (await desk_of(answer)).thread(TICKET)
    assert [message.remote_id for message in thread.messages] == [str(n) for n in range(1, 151)]


async def test_a_history_that_never_ends_is_given_up() -> None:
    full = [{**RECORDED["history"]["items"][0], "id": str(n), "_hyperlinks": []} for n in range(100)]

    def answer(request: httpx.Request) -> httpx.Response:
        return rows(*full) if request.url.path.endswith("/history") else recorded(request)

    with pytest.raises(BadDataError, match="without end"):
        await (await desk_of(answer)).thread(TICKET)


async def test_texts_too_long_for_one_answer_are_fetched_apart_and_a_monster_becomes_a_file() -> None:
    history = {**RECORDED["history"]["items"][0], "_hyperlinks": [_part(1), _part(2)]}
    long, monster = 100_000, 3_000_000

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/history"):
            return rows(history)
        if not request.url.path.endswith("/attachments"):
            return recorded(request)
        if "TransactionId" in request.url.params["query"]:
            return rows({"id": "1", "Content": "x" * 300_000})
        if request.url.params["fields"] == "Content":
            assert json.loads(request.url.params["query"]) == [{"field": "id", "value": "1"}]
            return rows({"id": "1", "Content": "x" * long})
        return rows(
            {"id": "1", "ContentType": "text/plain", "Filename": "", "ContentLength": str(long)},
            {"id": "2", "ContentType": "text/plain", "Filename": "", "ContentLength": str(monster)},
        )

    desk = await desk_of(answer, limits=Limits(answer_bytes=200_000))
    (message,) = (await desk.thread(TICKET)).messages
    assert message.text == "x" * long
    assert [(file.remote_id, file.size_bytes) for file in message.attachments] == [("2", monster)]


async def test_a_merged_ticket_is_not_found_under_its_old_number() -> None:
    desk = await desk_of(lambda _: ok(RECORDED["ticket"], ETag='"7"'))
    with pytest.raises(NotFoundError, match="Ticket 2 was merged into ticket 1") as error:
        await desk.thread(RemoteId("2"))
    assert error.value.advice == "Go on in ticket 1."


@pytest.mark.parametrize("ticket", ["", "one", "1/history", "-1", "１"])
async def test_what_is_no_number_is_not_asked_for(ticket: str) -> None:
    def answer(_: httpx.Request) -> httpx.Response:
        raise AssertionError

    with pytest.raises(NotFoundError):
        await (await desk_of(answer)).thread(RemoteId(ticket))


@pytest.mark.parametrize(
    ("etag", "version"), [('"47"', "47"), ('W/"47"', "47"), ('"47-gzip"', "47"), ("47", "47")]
)
async def test_what_proxies_do_to_an_etag(etag: str, version: str) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/ticket/1"):
            return ok(RECORDED["ticket"], ETag=etag)
        return recorded(request)

    assert (await (await desk_of(answer)).thread(TICKET)).snapshot.version == version


async def test_without_an_etag_the_last_change_is_the_version() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        return ok(RECORDED["ticket"]) if request.url.path.endswith("/ticket/1") else recorded(request)

    header = (await (await desk_of(answer)).thread(TICKET)).snapshot
    assert header.version == header.updated.isoformat()


def test_what_a_ticket_may_lack() -> None:
    bare = a_record(
        Subject="", Requestor=[], CustomFields="", _hyperlinks=None, Due=None, Priority="", Started=None
    )
    header = snapshot(bare, "1", Customs())
    assert (header.subject, header.requester.name, header.requester.role) == (
        "(no subject)",
        "(no requester)",
        Role.REQUESTER,
    )
    assert (header.tags, dict(header.fields), header.due, header.priority) == ((), {}, None, None)


def test_whose_tags_escalate_and_why() -> None:
    fields = [
        {"id": "1", "name": "Tags", "values": ["ai-escalated"]},
        {"id": "2", "name": "Escalation reason", "values": ["Wants a refund"]},
        {"id": "3", "name": "Escalation confidence", "values": ["42 %"]},
    ]
    header = snapshot(
        a_record(CustomFields=fields, Owner={"id": "aria", "type": "user"}),
        "1",
        Customs(ai_agents=frozenset({"aria", "bot"})),
    )
    assert header.escalation is not None
    assert replace(header.escalation, at=None) == header.escalation
    assert (header.escalation.by, header.escalation.reason, header.escalation.confidence) == (
        "aria",
        "Wants a refund",
        0.42,
    )
    assert header.assignee is not None
    assert header.assignee.role is Role.AI_AGENT


@pytest.mark.parametrize(
    ("name", "inactive", "started", "status"),
    [
        ("new", False, False, Status.NEW),
        ("Stalled", False, True, Status.PENDING),
        ("resolved", True, True, Status.SOLVED),
        ("rejected", True, True, Status.CLOSED),
        ("arrived", False, False, Status.NEW),
        ("in progress", False, True, Status.OPEN),
        ("on hold", False, True, Status.HOLD),
        ("waiting for customer", False, True, Status.PENDING),
        ("waiting list left", True, True, Status.SOLVED),
    ],
)
def test_statuses(name: str, inactive: bool, started: bool, status: Status) -> None:
    record = a_record(Status=name, Started="2026-11-23T15:45:06Z" if started else "1970-01-01T00:00:00Z")
    assert status_of(record, inactive=inactive) is status


@pytest.mark.parametrize(
    ("number", "priority"),
    [
        ("0", None),
        ("", None),
        ("none", None),
        ("10", Priority.LOW),
        ("50", Priority.NORMAL),
        ("100", Priority.HIGH),
        ("150", Priority.URGENT),
    ],
)
def test_priorities(number: str, priority: Priority | None) -> None:
    assert priority_of(number) is priority


@pytest.mark.parametrize(
    ("header", "text"),
    [
        ("=?UTF-8?B?W3J0LnRlc3QgIzFdIFN0cmHDn2U=?=", "[rt.test #1] Straße"),
        ("=?utf-8?q?bl=C3=BC?= and plain", "blü and plain"),
        ("=?no-such-charset?q?x?=", "=?no-such-charset?q?x?="),
        ("Is 2 =? 3", "Is 2 =? 3"),
    ],
)
def test_what_is_left_of_rfc_2047_is_decoded(header: str, text: str) -> None:
    assert plain_header(header) == text


def _part(number: int) -> dict[str, str]:
    return {"ref": "attachment", "_url": f"https://rt.example.com/REST/2.0/attachment/{number}"}
