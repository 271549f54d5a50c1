"""What can go wrong on the way to RT and back, and what the rep is told."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator

import httpx
import pytest

from copilot.desks.rest import Limits
from copilot.desks.rest.failures import ElsewhereError
from copilot.domain import Person, RemoteId, Reply, Role, Status
from copilot.errors import (
    AuthError,
    BadDataError,
    ConflictError,
    DeskError,
    NotFoundError,
    PermissionDeniedError,
    RateLimitedError,
    RefusedError,
    UnavailableError,
)
from tests.desks.request_tracker.canned import RECORDED, VERSION, desk_of, ok, recorded, rows

TICKET = RemoteId("1")
HTML = {"content-type": "text/html"}
JSON = {"content-type": "application/json"}


def said(status: int, words: str = "No.", **headers: str) -> httpx.Response:
    return httpx.Response(status, json={"message": words}, headers=headers)


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (said(401, "Unauthorized"), AuthError),
        (httpx.Response(401, text="<h1>401</h1>", headers=HTML), AuthError),
        (said(403, "Forbidden"), PermissionDeniedError),
        (httpx.Response(403, text="blocked by our firewall", headers=HTML), PermissionDeniedError),
        (said(404, "Not Found"), NotFoundError),
        (said(410), NotFoundError),
        (said(412, "Precondition Failed"), ConflictError),
        (said(409), ConflictError),
        (said(400, "Could not create"), RefusedError),
        (said(415), RefusedError),
        (said(429), RateLimitedError),
        (httpx.Response(500, headers=JSON), UnavailableError),
        (httpx.Response(502, text="<h1>Bad Gateway</h1>", headers=HTML), UnavailableError),
        (httpx.Response(404, text="<h1>Not Found</h1>", headers=HTML), BadDataError),
        (httpx.Response(301, headers={"location": "https://new.example.com/REST/2.0/rt"}), ElsewhereError),
        (httpx.Response(200, text="<html>Login</html>", headers=HTML), BadDataError),
        (httpx.Response(200, text='{"id": 1, "Sta', headers=JSON), BadDataError),
        (httpx.Response(200, text="[]", headers=JSON), BadDataError),
        (httpx.Response(200, text="", headers=JSON), BadDataError),
        (httpx.Response(200, json={"id": 1}), BadDataError),
        (httpx.Response(200, json={**RECORDED["ticket"], "Created": "yesterday"}), BadDataError),
        (httpx.Response(200, json={**RECORDED["ticket"], "Created": None}), BadDataError),
        (httpx.Response(204), BadDataError),
    ],
)
async def test_answers(answer: httpx.Response, error: type[DeskError]) -> None:
    desk = await desk_of(lambda _: answer)
    with pytest.raises(error) as raised:
        await desk.thread(TICKET)
    assert type(raised.value) is error
    assert raised.value.message.endswith((".", "!")) or error is RefusedError
    assert "Straße" not in str(raised.value)


async def test_a_moved_server_is_named_and_not_followed() -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.host)
        return httpx.Response(302, headers={"location": "https://new.example.com/rt/REST/2.0/ticket/1?x=1"})

    with pytest.raises(BadDataError) as error:
        await (await desk_of(answer)).thread(TICKET)
    assert error.value.advice == "Use https://new.example.com/rt instead."
    assert asked == ["rt.example.com"]


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "120"}, 120.0),
        (
            {"Retry-After": "Mon, 23 Nov 2026 16:01:30 GMT", "Date": "Mon, 23 Nov 2026 16:00:00 GMT"},
            90.0,
        ),
        ({"Retry-After": "Mon, 23 Nov 2026 15:00:00 GMT", "Date": "Mon, 23 Nov 2026 16:00:00 GMT"}, 0.0),
        ({"Retry-After": "soon"}, None),
        ({}, None),
    ],
)
async def test_how_long_a_busy_server_wants_us_to_wait(
    headers: dict[str, str], seconds: float | None
) -> None:
    desk = await desk_of(lambda _: said(429, **headers))
    with pytest.raises(RateLimitedError) as error:
        await desk.whoami()
    assert error.value.retry_after_seconds == seconds


def untrusted() -> httpx.ConnectError:
    cause = ssl.SSLCertVerificationError(1, "certificate verify failed")
    cause.verify_message = "self-signed certificate"
    error = httpx.ConnectError("TLS")
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("failure", "words"),
    [
        (httpx.ConnectError("refused"), "cannot be reached"),
        (untrusted(), "not trusted: self-signed certificate"),
        (httpx.ConnectTimeout("slow"), "in time"),
        (httpx.ReadTimeout("slow"), "in time"),
        (httpx.ReadError("reset"), "broke"),
        (httpx.RemoteProtocolError("nonsense"), "broke"),
    ],
)
async def test_no_answer(failure: httpx.HTTPError, words: str) -> None:
    def answer(_: httpx.Request) -> httpx.Response:
        raise failure

    with pytest.raises(UnavailableError, match=words):
        await (await desk_of(answer)).thread(TICKET)


async def test_a_server_that_stalls_is_given_up() -> None:
    async def answer(_: httpx.Request) -> httpx.Response:
        await asyncio.Event().wait()
        raise AssertionError

    desk = await desk_of(answer, limits=Limits(whole_seconds=0.02))
    with pytest.raises(UnavailableError, match="in time"):
        await desk.thread(TICKET)


async def test_a_server_that_drips_is_given_up() -> None:
    class Drip(httpx.AsyncByteStream):
        async def __aiter__(self) -> AsyncIterator[bytes]:
            while True:
                yield b" "
                await asyncio.sleep(0)

    desk = await desk_of(
        lambda _: httpx.Response(200, stream=Drip(), headers=JSON), limits=Limits(whole_seconds=0.05)
    )
    with pytest.raises(UnavailableError, match="in time"):
        await desk.thread(TICKET)


async def test_a_huge_answer_is_not_taken() -> None:
    class Endless(httpx.AsyncByteStream):
        taken = 0

        async def __aiter__(self) -> AsyncIterator[bytes]:
            while True:
                self.taken += 65536
                yield bytes(65536)

    stream = Endless()
    desk = await desk_of(
        lambda _: httpx.Response(200, stream=stream, headers=JSON), limits=Limits(answer_bytes=1_000_000)
    )
    with pytest.raises(BadDataError, match="larger than 1 MB"):
        await desk.thread(TICKET)
    assert stream.taken < 2_000_000


async def test_bytes_that_are_no_text_do_not_stop_a_thread() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        good = recorded(request)
        return httpx.Response(
            good.status_code, content=good.content.replace(b"blinkt", b"bl\xfcnkt"), headers=good.headers
        )

    assert (await (await desk_of(answer)).thread(TICKET)).snapshot.subject == "Straße router bl\ufffdnkt"


async def test_a_token_that_ends_in_the_middle() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        return said(401) if request.url.path.endswith("/attachments") else recorded(request)

    with pytest.raises(AuthError, match="token"):
        await (await desk_of(answer)).thread(TICKET)


async def test_a_missing_file_is_told_from_a_failing_server() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/attachments"):
            return rows(*([{"id": "5"}] if "5" in request.url.params["query"] else []))
        return httpx.Response(500, json={"message": "Internal Server Error"})

    desk = await desk_of(answer)
    with pytest.raises(NotFoundError):
        await desk.attachment(TICKET, RemoteId("9"))
    with pytest.raises(UnavailableError):
        await desk.attachment(TICKET, RemoteId("5"))


@pytest.mark.parametrize(
    ("content", "expected"), [("aGVs\nbG8=\n", b"hello"), ("", b""), ("aGVs" * 100_000, b"hel" * 100_000)]
)
async def test_files_come_in_base64_with_lines(content: str, expected: bytes) -> None:
    desk = await desk_of(lambda _: ok({"Content": content}))
    assert await desk.attachment(TICKET, RemoteId("5")) == expected


async def test_a_file_in_broken_base64_is_bad_data() -> None:
    desk = await desk_of(lambda _: ok({"Content": "abc"}))
    with pytest.raises(BadDataError):
        await desk.attachment(TICKET, RemoteId("5"))


# -- writes ----------------------------------------------------------------------------------------------------------


class Server:
    """A ticket that can be written to; `refuses` keeps it as it is, as RT does with a good status."""

    def __init__(self, *, refuses: str = "", after_writing: httpx.Response | None = None) -> None:
        self.record = dict(RECORDED["ticket"])
        self.written: list[tuple[str, str]] = []
        self._refuses = refuses
        self._after = after_writing

    def answer(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path.removeprefix("/REST/2.0/")
        if request.method == "GET" and path == "ticket/1":
            if self.written and self._after is not None:
                return self._after
            return ok(self.record, ETag=f'"{VERSION}"')
        if request.method == "GET":
            return ok({"Name": "agent1", "MaxValues": "1"})
        self.written.append((request.method, path))
        if request.method == "POST":
            return httpx.Response(
                201, json=["Correspondence added", None], headers={"Location": "/REST/2.0/transaction/500"}
            )
        return ok([self._refuses] if self._refuses else [])


async def test_a_change_that_rt_lets_fall_is_refused_in_its_words() -> None:
    server = Server(refuses="Ticket 1: Permission Denied")
    desk = await desk_of(server.answer)
    someone = Person(remote_id=RemoteId("agent9"), name="Nine", role=Role.REP)
    for change in (
        desk.assign(TICKET, someone, None),
        desk.assign(TICKET, None, "Billing"),
        desk.set_status(TICKET, Status.SOLVED),
        desk.set_fields(TICKET, {"Order number": "1"}),
        desk.set_tags(TICKET, ("new",)),
    ):
        with pytest.raises(RefusedError, match="Ticket 1: Permission Denied"):
            await change
    assert [method for method, _ in server.written] == ["PUT"] * 5


async def test_a_change_without_a_word_and_without_effect_is_refused_too() -> None:
    desk = await desk_of(Server().answer)
    with pytest.raises(RefusedError, match="no reason"):
        await desk.set_status(TICKET, Status.SOLVED)


async def test_what_is_so_already_is_not_asked_for() -> None:
    server = Server()
    desk = await desk_of(server.answer)
    await desk.set_status(TICKET, Status.PENDING)
    await desk.assign(TICKET, await desk.whoami(), "support")
    assert server.written == []


async def test_a_sent_reply_stays_sent_when_it_cannot_be_read_back() -> None:
    server = Server(after_writing=httpx.Response(500, headers=JSON))
    desk = await desk_of(server.answer)
    receipt = await desk.reply(TICKET, Reply(text="Hello."), key="k", version=VERSION)
    assert (receipt.message, receipt.version) == ("500", "")
    assert server.written == [("POST", "ticket/1/correspond")]


async def test_a_reply_to_an_older_version_does_not_leave() -> None:
    server = Server()
    desk = await desk_of(server.answer)
    with pytest.raises(ConflictError):
        await desk.reply(TICKET, Reply(text="Hello."), key="k", version="490")
    assert server.written == []


async def test_a_ticket_moved_out_of_sight_has_been_moved() -> None:
    server = Server(after_writing=said(403, "Forbidden"))
    desk = await desk_of(server.answer)
    assert (await desk.assign(TICKET, None, "Board")).message is None
    server = Server(after_writing=said(403, "Forbidden"))
    desk = await desk_of(server.answer)
    with pytest.raises(PermissionDeniedError):
        await desk.set_status(TICKET, Status.SOLVED)
