"""What can go wrong between us and Help Scout."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from copilot.desks.base import Desk
from copilot.desks.rest import Limits
from copilot.domain import RemoteId
from tests.desks.contract import MakeTicket, Write
from tests.desks.faults import FaultsContract, MakeLongThread, OpenOver, VendorFaults
from tests.desks.help_scout.fake_help_scout import FakeHelpScout


def _refusal(status: int) -> httpx.Response:
    return httpx.Response(status, json={"message": "No", "_embedded": {"errors": [{"path": "text"}]}})


def _slow_down(seconds: float | None) -> httpx.Response:
    headers = {} if seconds is None else {"X-RateLimit-Retry-After": str(int(seconds))}
    return httpx.Response(429, json={"message": "API rate limit exceeded"}, headers=headers)


def _touches(request: httpx.Request, ticket: RemoteId) -> bool:
    return f"{request.url.path}/".startswith(f"/v2/conversations/{ticket}/")


def _strange(value: Any) -> Any:
    if isinstance(value, list):
        return [_strange(one) for one in value]
    if not isinstance(value, dict):
        return value
    strange = {"status": "dreaming", "type": "telepathy", "state": "gaseous"}
    return {key: strange[key] if key in strange else _strange(one) for key, one in value.items()}


class TestHelpScoutFaults(FaultsContract):
    tickets_for_two_pages = 30
    vendor = VendorFaults(
        refusal=_refusal,
        slow_down=_slow_down,
        touches=_touches,
        writes=lambda request: request.method == "POST" and request.url.path.endswith("/reply"),
        lists=lambda request: request.url.path == "/v2/conversations",
        pages_messages=None,
        strange=_strange,
    )

    @pytest.fixture
    def server(self) -> FakeHelpScout:
        return FakeHelpScout()

    @pytest.fixture
    def server_transport(self, server: FakeHelpScout) -> httpx.AsyncBaseTransport:
        return server.transport

    @pytest.fixture
    def open_over(self, server: FakeHelpScout) -> OpenOver:
        async def open_over(transport: httpx.AsyncBaseTransport, limits: Limits | None = None) -> Desk:
            return await server.desk(transport=transport, limits=limits)

        return open_over

    @pytest.fixture
    def make_ticket(self, server: FakeHelpScout) -> MakeTicket:
        return server.make_ticket

    @pytest.fixture
    def act_as_requester(self, server: FakeHelpScout) -> Write:
        return server.act_as_requester

    @pytest.fixture
    def make_long_thread(self, server: FakeHelpScout) -> MakeLongThread:
        async def make(count: int) -> RemoteId:
            ticket = await server.make_ticket("Long", "Message 0")
            for n in range(1, count):
                await server.act_as_requester(ticket, f"Message {n}")
            return ticket

        return make
