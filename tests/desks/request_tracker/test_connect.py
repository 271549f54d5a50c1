"""Addresses as people paste them, tokens, and what a check says."""

from __future__ import annotations

import httpx
import pytest

from copilot.desks.request_tracker.connecting import base_of, connect
from copilot.domain import DeskId
from copilot.errors import AuthError, BadDataError, DeskError, PermissionDeniedError
from tests.desks.request_tracker.canned import ADDRESS, TOKEN, desk_of, ok, rows

ME = {"Name": "agent1", "RealName": "Agnes Agent", "EmailAddress": "agent1@rt.test", "Privileged": 1}


@pytest.mark.parametrize(
    ("pasted", "base"),
    [
        ("https://rt.example.com", "https://rt.example.com"),
        (" rt.example.com/ ", "https://rt.example.com"),
        ("https://example.com/rt/REST/2.0/", "https://example.com/rt"),
        ("https://example.com/rt/index.html?x=1#y", "https://example.com/rt"),
        ("http://127.0.0.1:8080/Ticket/Display.html?id=3", "http://127.0.0.1:8080"),
        ("https://[::1]:8443/rt", "https://[::1]:8443/rt"),
        ("https://user:secret@rt.example.com", "https://rt.example.com"),
    ],
)
def test_addresses(pasted: str, base: str) -> None:
    assert base_of(pasted) == base


@pytest.mark.parametrize("pasted", ["", "ftp://rt.example.com", "https://", "two words", "https://rt:port/"])
def test_what_is_no_address(pasted: str) -> None:
    with pytest.raises(BadDataError, match="not an address"):
        base_of(pasted)


@pytest.mark.parametrize("token", ["", " ", "two words", "tökén", "1-14-a\nX: y"])
async def test_what_is_no_token(token: str) -> None:
    with pytest.raises(AuthError, match="not a token"):
        await connect(ADDRESS, token, (), desk_id=DeskId("rt"), name="RT")


async def test_a_token_goes_along_and_names_the_rep() -> None:
    asked: list[tuple[str, str]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append((request.url.path, request.headers["authorization"]))
        return ok(ME)

    desk = await desk_of(answer)
    assert (await desk.whoami()).name == "Agnes Agent"
    assert asked == [("/REST/2.0/user/32", f"token {TOKEN}")]
    await desk.aclose()


def an_rt(
    request: httpx.Request, *, version: object = "5.0.3", queues: tuple[str, ...] = ("Support",)
) -> object:
    match request.url.path.removeprefix("/REST/2.0/"):
        case "rt":
            return ok({"Version": version})
        case "user/32":
            return ok(ME)
        case _:
            known = rows(*({"id": str(n), "Name": name} for n, name in enumerate(queues, 1)))
            return known if request.url.params["page"] == "1" else rows()


async def test_a_check_of_a_good_one() -> None:
    desk = await desk_of(an_rt, "support")  # type: ignore[arg-type]
    assert (await desk.check()).me.email == "agent1@rt.test"


NO_RT = httpx.Response(404, json={"message": "Not Found"})


@pytest.mark.parametrize(
    ("answer", "error", "words"),
    [
        (
            lambda _: httpx.Response(200, text="<html>", headers={"content-type": "text/html"}),
            BadDataError,
            "like",
        ),
        (lambda _: NO_RT, BadDataError, "no Request Tracker 5"),
        (lambda r: an_rt(r, version="4.4.7"), BadDataError, "version 5"),
        (lambda r: an_rt(r, version="?"), BadDataError, "version 5"),
        (lambda _: httpx.Response(401, json={"message": "Unauthorized"}), AuthError, "Auth Tokens"),
        (lambda r: an_rt(r, queues=()), PermissionDeniedError, "SeeQueue"),
        (lambda r: an_rt(r, queues=("Sales", "Board")), PermissionDeniedError, "You may see Board, Sales"),
    ],
)
async def test_a_check_says_what_is_wrong(answer: object, error: type[DeskError], words: str) -> None:
    desk = await desk_of(answer, "Support")  # type: ignore[arg-type]
    with pytest.raises(error) as raised:
        await desk.check()
    assert words in str(raised.value)
