"""What can go wrong between us and a FreeScout."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from copilot.desks.base import Desk
from copilot.desks.rest import Limits
from copilot.domain import RemoteId, Upload
from tests.desks.contract import MakeTicket, Write
from tests.desks.faults import FaultsContract, MakeLongThread, OpenOver, VendorFaults
from tests.desks.freescout.fake_freescout import CUSTOMER, FakeFreeScout


def _refusal(status: int) -> httpx.Response:
    errors = [{"path": "text", "message": "Missing", "source": "JSON"}]
    return httpx.Response(status, json={"message": "FreeScout says no.", "_embedded": {"errors": errors}})


def _slow_down(seconds: float | None) -> httpx.Response:
    headers = {} if seconds is None else {"Retry-After": str(int(seconds))}
    return httpx.Response(429, headers=headers)


def _strange(value: Any) -> Any:
    if isinstance(value, list):
        return [_strange(one) for one in value]
    if not isinstance(value, dict):
        return value
    strange = {"status": "pondering", "state": "somewhere", "via": "smell"}
    return {key: strange[key] if key in strange else _strange(one) for key, one in value.items()}


class TestFreeScoutFaults(FaultsContract):
    tickets_for_two_pages = 101
    vendor = VendorFaults(
        refusal=_refusal,
        slow_down=_slow_down,
        touches=lambda request, ticket: f"{request.url.path}/".startswith(f"/api/conversations/{ticket}/"),
        writes=lambda request: request.url.path.endswith("/threads"),
        lists=lambda request: request.url.path == "/api/conversations",
        pages_messages=None,
        strange=_strange,
    )

    @pytest.fixture
    def server(self) -> FakeFreeScout:
        return FakeFreeScout()

    @pytest.fixture
    def server_transport(self, server: FakeFreeScout) -> httpx.AsyncBaseTransport:
        return server.transport

    @pytest.fixture
    def open_over(self, server: FakeFreeScout) -> OpenOver:
        async def open_over(transport: httpx.AsyncBaseTransport, limits: Limits | None = None) -> Desk:
            return await server.desk(transport=transport, limits=limits)

        return open_over

    @pytest.fixture
    def make_ticket(self, server: FakeFreeScout) -> MakeTicket:
        async def make(
            subject: str, text: str, *, html: str = "", attachments: tuple[Upload, ...] = ()
        ) -> RemoteId:
            return server.open_conversation(subject, html or f"<div>{text}</div>", attachments)

        return make

    @pytest.fixture
    def act_as_requester(self, server: FakeFreeScout) -> Write:
        async def act(ticket: RemoteId, text: str) -> object:
            return server.write(ticket, text, "customer", CUSTOMER)

        return act

    @pytest.fixture
    def make_long_thread(self, server: FakeFreeScout) -> MakeLongThread:
        async def make(count: int) -> RemoteId:
            ticket = server.open_conversation("Long", "<div>Message 0</div>")
            for n in range(1, count):
                server.write(ticket, f"Message {n}", "customer", CUSTOMER)
            return ticket

        return make
