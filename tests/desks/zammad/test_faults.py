"""What can go wrong between us and a Zammad."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from copilot.desks.base import Desk
from copilot.desks.rest import Limits
from copilot.domain import RemoteId, Upload
from tests.desks.contract import MakeTicket, Write
from tests.desks.faults import FaultsContract, MakeLongThread, OpenOver, VendorFaults
from tests.desks.zammad.fake_zammad import CUSTOMER, FakeZammad


def _refusal(status: int) -> httpx.Response:
    return httpx.Response(status, json={"error": "Not so", "error_human": "Zammad says no."})


def _slow_down(seconds: float | None) -> httpx.Response:
    headers = {} if seconds is None else {"Retry-After": str(int(seconds))}
    return httpx.Response(429, headers=headers)


def _strange(value: Any) -> Any:
    if isinstance(value, list):
        return [_strange(one) for one in value]
    if not isinstance(value, dict):
        return value
    strange = {"state_type": "pondering", "type": "smell", "sender": "Ghost", "create_article_type_id": 99}
    return {key: strange[key] if key in strange else _strange(one) for key, one in value.items()}


class TestZammadFaults(FaultsContract):
    tickets_for_two_pages = 101
    vendor = VendorFaults(
        refusal=_refusal,
        slow_down=_slow_down,
        touches=lambda request, ticket: request.url.path.endswith(
            (f"/tickets/{ticket}", f"/by_ticket/{ticket}")
        ),
        writes=lambda request: request.url.path.endswith("/ticket_articles"),
        lists=lambda request: request.url.path.endswith("/tickets/search"),
        pages_messages=None,
        strange=_strange,
    )

    @pytest.fixture
    def server(self) -> FakeZammad:
        return FakeZammad()

    @pytest.fixture
    def server_transport(self, server: FakeZammad) -> httpx.AsyncBaseTransport:
        return server.transport

    @pytest.fixture
    def open_over(self, server: FakeZammad) -> OpenOver:
        async def open_over(transport: httpx.AsyncBaseTransport, limits: Limits | None = None) -> Desk:
            return await server.desk(transport=transport, limits=limits)

        return open_over

    @pytest.fixture
    def make_ticket(self, server: FakeZammad) -> MakeTicket:
        async def make(
            subject: str, text: str, *, html: str = "", attachments: tuple[Upload, ...] = ()
        ) -> RemoteId:
            return server.open_ticket(subject, text, html=html, uploads=attachments)

        return make

    @pytest.fixture
    def act_as_requester(self, server: FakeZammad) -> Write:
        async def act(ticket: RemoteId, text: str) -> object:
            return server.write(ticket, text, CUSTOMER)

        return act

    @pytest.fixture
    def make_long_thread(self, server: FakeZammad) -> MakeLongThread:
        async def make(count: int) -> RemoteId:
            ticket = server.open_ticket("Long", "Message 0")
            for n in range(1, count):
                server.write(ticket, f"Message {n}", CUSTOMER)
            return ticket

        return make
