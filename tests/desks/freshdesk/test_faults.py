"""What can go wrong between us and a Freshdesk."""

from __future__ import annotations

import httpx

from tests.desks.faults import FaultsContract, VendorFaults
from tests.desks.faults.words import below, slow_down, with_values
from tests.desks.freshdesk.fake_freshdesk import FakeFreshdesk
from tests.desks.overstandin import FaultsOverStandIn


def _refusal(status: int) -> httpx.Response:
    errors = [{"field": "body", "message": "It should not be blank", "code": "missing_field"}]
    return httpx.Response(status, json={"description": "Validation failed", "errors": errors})


class TestFreshdeskFaults(FaultsOverStandIn, FaultsContract):
    standin = FakeFreshdesk
    tickets_for_two_pages = 101
    most_bytes = 20_000_000
    vendor = VendorFaults(
        refusal=_refusal,
        slow_down=slow_down,
        touches=below("/api/v2/tickets/{}"),
        writes=lambda request: request.url.path.endswith("/reply"),
        lists=lambda request: request.url.path == "/api/v2/tickets",
        pages_messages=lambda request: request.url.path.endswith("/conversations"),
        strange=with_values({"status": 4711, "priority": 99, "source": 88}),
    )
