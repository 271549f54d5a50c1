"""What can go wrong between us and Front."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from copilot.desks.base import Desk
from copilot.desks.rest import Limits
from copilot.domain import RemoteId
from tests.desks.contract import MakeTicket, Write
from tests.desks.faults import FaultsContract, MakeLongThread, OpenOver, VendorFaults
from tests.desks.front.fake_front import FakeFront


def _refusal(status: int) -> httpx.Response:
    return httpx.Response(status, json={"_error": {"status": status, "title": "No", "message": "No"}})


def _slow_down(seconds: float | None) -> httpx.Response:
    headers = {} if seconds is None else {"Retry-After": str(int(seconds))}
    return httpx.Response(
        429, json={"_error": {"status": 429, "title": "Too many requests"}}, headers=headers
    )


def _touches(request: httpx.Request, ticket: RemoteId) -> bool:
    return f"{request.url.path}/".startswith(f"/conversations/{ticket}/")


def _strange(value: Any) -> Any:
    if isinstance(value, list):
        return [_strange(one) for one in value]
    if not isinstance(value, dict):
        return value
    strange = {"status": "dreaming", "type": "telepathy", "status_category": "gaseous", "role": "bystander"}
    return {key: strange[key] if key in strange else _strange(one) for key, one in value.items()}


class TestFrontFaults(FaultsContract):
    tickets_for_two_pages = 110
    vendor = VendorFaults(
        refusal=_refusal,
        slow_down=_slow_down,
        touches=_touches,
        writes=lambda request: request.method == "POST" and request.url.path.endswith("/messages"),
        lists=lambda request: request.url.path.endswith("inb_1/conversations"),
        pages_messages=lambda request: request.method == "GET" and request.url.path.endswith("/messages"),
        strange=_strange,
    )

    @pytest.fixture
    def server(self) -> FakeFront:
        return FakeFront()

    @pytest.fixture
    def server_transport(self, server: FakeFront) -> httpx.AsyncBaseTransport:
        return server.transport

    @pytest.fixture
    def open_over(self, server: FakeFront) -> OpenOver:
        async def open_over(transport: httpx.AsyncBaseTransport, limits: Limits | None = None) -> Desk:
            return await server.desk(transport=transport, limits=limits)

        return open_over

    @pytest.fixture
    def make_ticket(self, server: FakeFront) -> MakeTicket:
        return server.make_ticket

    @pytest.fixture
    def act_as_requester(self, server: FakeFront) -> Write:
        return server.act_as_requester

    @pytest.fixture
    def make_long_thread(self, server: FakeFront) -> MakeLongThread:
        async def make(count: int) -> RemoteId:
            ticket = await server.make_ticket("Long", "Message 0")
            for n in range(1, count):
                await server.act_as_requester(ticket, f"Message {n}")
            return ticket

        return make
