"""What can go wrong between us and a Freshdesk."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from copilot.desks.base import Desk
from copilot.desks.rest import Limits
from copilot.domain import RemoteId, Upload
from tests.desks.contract import MakeTicket, Write
from tests.desks.faults import FaultsContract, MakeLongThread, OpenOver, VendorFaults
from tests.desks.freshdesk.fake_freshdesk import FakeFreshdesk


def _refusal(status: int) -> httpx.Response:
    errors = [{"field": "body", "message": "It should not be blank", "code": "missing_field"}]
    return httpx.Response(status, json={"description": "Validation failed", "errors": errors})


def _slow_down(seconds: float | None) -> httpx.Response:
    headers = {} if seconds is None else {"Retry-After": str(int(seconds))}
    return httpx.Response(429, headers=headers)


def _strange(value: Any) -> Any:
    if isinstance(value, list):
        return [_strange(one) for one in value]
    if not isinstance(value, dict):
        return value
    strange = {"status": 4711, "priority": 99, "source": 88}
    return {key: strange[key] if key in strange else _strange(one) for key, one in value.items()}


class TestFreshdeskFaults(FaultsContract):
    tickets_for_two_pages = 101
    most_bytes = 20_000_000
    vendor = VendorFaults(
        refusal=_refusal,
        slow_down=_slow_down,
        touches=lambda request, ticket: f"{request.url.path}/".startswith(f"/api/v2/tickets/{ticket}/"),
        writes=lambda request: request.url.path.endswith("/reply"),
        lists=lambda request: request.url.path == "/api/v2/tickets",
        pages_messages=lambda request: request.url.path.endswith("/conversations"),
        strange=_strange,
    )

    @pytest.fixture
    def server(self) -> FakeFreshdesk:
        return FakeFreshdesk()

    @pytest.fixture
    def server_transport(self, server: FakeFreshdesk) -> httpx.AsyncBaseTransport:
        return server.transport

    @pytest.fixture
    def open_over(self, server: FakeFreshdesk) -> OpenOver:
        async def open_over(transport: httpx.AsyncBaseTransport, limits: Limits | None = None) -> Desk:
            return await server.desk(transport=transport, limits=limits)

        return open_over

    @pytest.fixture
    def make_ticket(self, server: FakeFreshdesk) -> MakeTicket:
        async def make(
            subject: str, text: str, *, html: str = "", attachments: tuple[Upload, ...] = ()
        ) -> RemoteId:
            return server.open_ticket(subject, html or f"<div>{text}</div>", attachments)

        return make

    @pytest.fixture
    def act_as_requester(self, server: FakeFreshdesk) -> Write:
        async def act(ticket: RemoteId, text: str) -> object:
            return server.write(ticket, text, 101)

        return act

    @pytest.fixture
    def make_long_thread(self, server: FakeFreshdesk) -> MakeLongThread:
        async def make(count: int) -> RemoteId:
            ticket = server.open_ticket("Long", "<div>Message 0</div>")
            for n in range(1, count):
                server.write(ticket, f"Message {n}", 101)
            return ticket

        return make
