"""Escalations out of the desk: which addresses are taken, what arrives, and how a refusal is told."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
import requests

from copilot.handoff.sending import DestinationError, kind_of, send_out

URL = "jsons://hooks.example.org/escalations"
Post = Callable[[int], list[dict[str, object]]]


@pytest.fixture
def answering(monkeypatch: pytest.MonkeyPatch) -> Post:
    """The far end of the wire: answers with a status, and keeps what it was sent."""
    got: list[dict[str, object]] = []

    def answer_with(status: int) -> list[dict[str, object]]:
        def send(_: object, request: requests.PreparedRequest, **how: object) -> requests.Response:
            if not status:
                raise requests.ConnectionError("no route")
            body = request.body
            assert isinstance(body, str | bytes)
            got.append({"url": request.url, "verify": how["verify"], "body": json.loads(body)})
            response = requests.Response()
            response.status_code, response.url, response.request = status, str(request.url), request
            response._content = b""
            response.headers["Location"] = "https://elsewhere.example.org/"
            return response

        monkeypatch.setattr(requests.adapters.HTTPAdapter, "send", send)
        return got

    return answer_with


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ", "Slack"),
        ("https://hooks.slack.com/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ", "Slack"),
        ("discord://4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js", "Discord"),
        ("mailtos://user:secret@example.org?to=lead@example.org", "E-Mail"),
        (URL, "JSON"),
    ],
)
async def test_addresses_that_are_taken(url: str, kind: str) -> None:
    assert await kind_of(url) == kind


@pytest.mark.parametrize(
    "url",
    [
        "",
        "lead@example.org",
        "json://hooks.example.org/escalations",
        "mailto://user:secret@example.org",
        "jsons://hooks.example.org/x?verify=no",
        "mailtos://user:secret@example.org?mode=insecure",
        "syslog://",
        "file:///etc/passwd",
        "http://example.org",
    ],
)
async def test_addresses_that_are_not(url: str) -> None:
    with pytest.raises(DestinationError) as refused:
        await kind_of(url)
    assert "secret" not in str(refused.value)


async def test_title_and_packet_arrive_over_checked_tls(answering: Post) -> None:
    got = answering(200)
    await send_out(URL, "Escalated: Lamp", "**Wanted**\n- a new lamp")
    (sent,) = got
    assert sent["url"] == "https://hooks.example.org/escalations"
    assert sent["verify"]  # True, or the file with the authorities
    body = sent["body"]
    assert isinstance(body, dict)
    assert body["title"] == "Escalated: Lamp"
    assert "a new lamp" in str(body["message"])


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (401, "credentials"),
        (404, "nothing at this address"),
        (429, "slow down"),
        (500, "HTTP 500"),
        (302, "HTTP 302"),
        (0, "cannot be reached"),
    ],
)
async def test_a_refusal_says_why_and_quotes_nothing(answering: Post, status: int, reason: str) -> None:
    got = answering(status)
    with pytest.raises(DestinationError, match=reason) as refused:
        await send_out(URL, "Escalated", "Customer's words")
    assert "Customer" not in str(refused.value)
    assert len(got) <= 1
