"""What can go wrong on the way to Zendesk and back."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from copilot.domain import RemoteId
from tests.desks.contract import MakeTicket, Write
from tests.desks.faults import FaultsContract, MakeLongThread, OpenOver, VendorFaults
from tests.desks.zendesk import conftest
from tests.desks.zendesk.fake_zendesk import PER_LIST_PAGE, FakeZendesk

STRANGE = {"status": "pondering", "channel": "telepathy", "score": "splendid", "type": "Hologram"}


def refusal(status: int) -> httpx.Response:
    return httpx.Response(status, json={"error": "Nope", "description": "Zendesk says no."})


def slow_down(seconds: float | None) -> httpx.Response:
    headers = {} if seconds is None else {"retry-after": str(int(seconds))}
    return httpx.Response(429, text="Rate limit exceeded", headers={"content-type": "text/html", **headers})


def touches(request: httpx.Request, ticket: RemoteId) -> bool:
    return f"{request.url.path}/".startswith(f"/api/v2/tickets/{ticket}/")


def strange(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: STRANGE[key] if key in STRANGE else strange(one) for key, one in value.items()}
    return [strange(one) for one in value] if isinstance(value, list) else value


class TestZendeskFaults(FaultsContract):
    vendor = VendorFaults(
        refusal=refusal,
        slow_down=slow_down,
        touches=touches,
        writes=lambda request: request.method == "PUT",
        lists=lambda request: request.url.path == "/api/v2/tickets",
        pages_messages=lambda request: request.url.path.endswith("/comments"),
        strange=strange,
    )
    tickets_for_two_pages = PER_LIST_PAGE + 1

    @pytest.fixture
    def server_transport(self, server: FakeZendesk) -> httpx.AsyncBaseTransport:
        return conftest.over(server)

    @pytest.fixture
    def open_over(self) -> OpenOver:
        return conftest.open_over

    @pytest.fixture
    def make_ticket(self, make_ticket: MakeTicket) -> MakeTicket:
        return make_ticket

    @pytest.fixture
    def act_as_requester(self, act_as_requester: Write) -> Write:
        return act_as_requester

    @pytest.fixture
    def make_long_thread(self, make_long_thread: MakeLongThread) -> MakeLongThread:
        return make_long_thread
