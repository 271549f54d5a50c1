"""What can go wrong between us and Help Scout."""

from __future__ import annotations

import httpx

from tests.desks.faults import FaultsContract, VendorFaults
from tests.desks.faults.words import below, with_values
from tests.desks.help_scout.fake_help_scout import FakeHelpScout
from tests.desks.overstandin import FaultsOverStandIn


def _refusal(status: int) -> httpx.Response:
    return httpx.Response(status, json={"message": "No", "_embedded": {"errors": [{"path": "text"}]}})


def _slow_down(seconds: float | None) -> httpx.Response:
    headers = {} if seconds is None else {"X-RateLimit-Retry-After": str(int(seconds))}
    return httpx.Response(429, json={"message": "API rate limit exceeded"}, headers=headers)


class TestHelpScoutFaults(FaultsOverStandIn, FaultsContract):
    standin = FakeHelpScout
    tickets_for_two_pages = 30
    vendor = VendorFaults(
        refusal=_refusal,
        slow_down=_slow_down,
        touches=below("/v2/conversations/{}"),
        writes=lambda request: request.method == "POST" and request.url.path.endswith("/reply"),
        lists=lambda request: request.url.path == "/v2/conversations",
        pages_messages=None,
        strange=with_values({"status": "dreaming", "type": "telepathy", "state": "gaseous"}),
    )
