"""What can go wrong between us and a Chatwoot."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from copilot.desks.base import Desk
from copilot.desks.rest import Limits
from copilot.domain import RemoteId
from tests.desks.chatwoot.fake_chatwoot import API, FakeChatwoot
from tests.desks.contract import MakeTicket, Write
from tests.desks.faults import FaultsContract, MakeLongThread, OpenOver, VendorFaults


def _refusal(status: int) -> httpx.Response:
    return httpx.Response(status, json={"error": "You cannot do that"})


def _slow_down(seconds: float | None) -> httpx.Response:
    headers = {} if seconds is None else {"Retry-After": str(int(seconds))}
    return httpx.Response(429, text="Retry later\n", headers=headers)


def _touches(request: httpx.Request, ticket: RemoteId) -> bool:
    return f"{request.url.path}/".startswith(f"{API}/conversations/{ticket}/")


def _strange(value: Any) -> Any:
    if isinstance(value, list):
        return [_strange(one) for one in value]
    if not isinstance(value, dict):
        return value
    strange = {
        "status": "paused",
        "priority": "cosmic",
        "channel": "Channel::Telepathy",
        "content_type": "smell",
    }
    return {key: strange[key] if key in strange else _strange(one) for key, one in value.items()}


class TestChatwootFaults(FaultsContract):
    tickets_for_two_pages = 30
    vendor = VendorFaults(
        refusal=_refusal,
        slow_down=_slow_down,
        touches=_touches,
        writes=lambda request: request.method == "POST" and request.url.path.endswith("/messages"),
        lists=lambda request: request.url.path == f"{API}/conversations",
        pages_messages=lambda request: request.method == "GET" and request.url.path.endswith("/messages"),
        strange=_strange,
    )

    @pytest.fixture
    def server(self) -> FakeChatwoot:
        return FakeChatwoot()

    @pytest.fixture
    def server_transport(self, server: FakeChatwoot) -> httpx.AsyncBaseTransport:
        return server.transport

    @pytest.fixture
    def open_over(self, server: FakeChatwoot) -> OpenOver:
        async def open_over(transport: httpx.AsyncBaseTransport, limits: Limits | None = None) -> Desk:
            return await server.desk(transport=transport, limits=limits)

        return open_over

    @pytest.fixture
    def make_ticket(self, server: FakeChatwoot) -> MakeTicket:
        return server.make_ticket

    @pytest.fixture
    def act_as_requester(self, server: FakeChatwoot) -> Write:
        return server.act_as_requester

    @pytest.fixture
    def make_long_thread(self, server: FakeChatwoot) -> MakeLongThread:
        async def make(count: int) -> RemoteId:
            ticket = await server.make_ticket("Long", "Message 0")
            for n in range(1, count):
                await server.act_as_requester(ticket, f"Message {n}")
            return ticket

        return make
