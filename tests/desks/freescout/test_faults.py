"""What can go wrong between us and a FreeScout."""

from __future__ import annotations

import httpx

from tests.desks.faults import FaultsContract, VendorFaults
from tests.desks.faults.words import below, slow_down, with_values
from tests.desks.freescout.fake_freescout import FakeFreeScout
from tests.desks.overstandin import FaultsOverStandIn


def _refusal(status: int) -> httpx.Response:
    errors = [{"path": "text", "message": "Missing", "source": "JSON"}]
    return httpx.Response(status, json={"message": "FreeScout says no.", "_embedded": {"errors": errors}})


class TestFreeScoutFaults(FaultsOverStandIn, FaultsContract):
    standin = FakeFreeScout
    tickets_for_two_pages = 101
    vendor = VendorFaults(
        refusal=_refusal,
        slow_down=slow_down,
        touches=below("/api/conversations/{}"),
        writes=lambda request: request.url.path.endswith("/threads"),
        lists=lambda request: request.url.path == "/api/conversations",
        pages_messages=None,
        strange=with_values({"status": "pondering", "state": "somewhere", "via": "smell"}),
    )
