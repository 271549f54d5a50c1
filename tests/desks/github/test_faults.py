"""What can go wrong between us and GitHub."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from copilot.desks.base import Desk
from copilot.desks.rest import Limits
from copilot.domain import RemoteId, Upload
from tests.desks.contract import MakeTicket, Write
from tests.desks.faults import FaultsContract, MakeLongThread, OpenOver, VendorFaults
from tests.desks.github.fake_github import ASKER, FakeGitHub


def _refusal(status: int) -> httpx.Response:
    return httpx.Response(
        status, json={"message": "GitHub says no.", "errors": [{"message": "body is blank"}]}
    )


def _slow_down(seconds: float | None) -> httpx.Response:
    """A secondary limit comes as 403 with a delay, the primary one with a reset that may be missing."""
    if seconds is None:
        return httpx.Response(403, json={"message": "API rate limit"}, headers={"x-ratelimit-remaining": "0"})
    return httpx.Response(
        403, json={"message": "Secondary limit"}, headers={"Retry-After": str(int(seconds))}
    )


def _strange(value: Any) -> Any:
    if isinstance(value, list):
        return [_strange(one) for one in value]
    if not isinstance(value, dict):
        return value
    strange = {"state": "pondering", "author_association": "ALIEN", "type": "Hologram"}
    return {key: strange[key] if key in strange else _strange(one) for key, one in value.items()}


class TestGitHubFaults(FaultsContract):
    tickets_for_two_pages = 101
    vendor = VendorFaults(
        refusal=_refusal,
        slow_down=_slow_down,
        touches=lambda request, ticket: f"{request.url.path}/".startswith(
            f"/repos/{ticket.replace('#', '/issues/')}/"
        ),
        writes=lambda request: request.method == "POST" and request.url.path.endswith("/comments"),
        lists=lambda request: request.url.path.endswith("/issues"),
        pages_messages=lambda request: request.url.path.endswith("/comments"),
        strange=_strange,
    )

    @pytest.fixture
    def server(self) -> FakeGitHub:
        return FakeGitHub()

    @pytest.fixture
    def server_transport(self, server: FakeGitHub) -> httpx.AsyncBaseTransport:
        return server.transport

    @pytest.fixture
    def open_over(self, server: FakeGitHub) -> OpenOver:
        async def open_over(transport: httpx.AsyncBaseTransport, limits: Limits | None = None) -> Desk:
            return await server.desk(transport=transport, limits=limits)

        return open_over

    @pytest.fixture
    def make_ticket(self, server: FakeGitHub) -> MakeTicket:
        async def make(
            subject: str, text: str, *, html: str = "", attachments: tuple[Upload, ...] = ()
        ) -> RemoteId:
            assert not html
            assert not attachments
            return server.open_issue(subject, text)

        return make

    @pytest.fixture
    def act_as_requester(self, server: FakeGitHub) -> Write:
        async def act(ticket: RemoteId, text: str) -> object:
            return server.write(ticket, text, ASKER)

        return act

    @pytest.fixture
    def make_long_thread(self, server: FakeGitHub) -> MakeLongThread:
        async def make(count: int) -> RemoteId:
            ticket = server.open_issue("Long", "Message 0")
            for n in range(1, count):
                server.write(ticket, f"Message {n}", ASKER)
            return ticket

        return make
