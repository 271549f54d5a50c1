"""What can go wrong between us and a Chatwoot."""

from __future__ import annotations

import httpx

from tests.desks.chatwoot.fake_chatwoot import API, FakeChatwoot
from tests.desks.faults import FaultsContract, VendorFaults
from tests.desks.faults.words import below, with_values
from tests.desks.overstandin import FaultsOverStandIn


def _refusal(status: int) -> httpx.Response:
    return httpx.Response(status, json={"error": "You cannot do that"})


def _slow_down(seconds: float | None) -> httpx.Response:
    headers = {} if seconds is None else {"Retry-After": str(int(seconds))}
    return httpx.Response(429, text="Retry later\n", headers=headers)


class TestChatwootFaults(FaultsOverStandIn, FaultsContract):
    standin = FakeChatwoot
    tickets_for_two_pages = 30
    vendor = VendorFaults(
        refusal=_refusal,
        slow_down=_slow_down,
        touches=below(f"{API}/conversations/{{}}"),
        writes=lambda request: request.method == "POST" and request.url.path.endswith("/messages"),
        lists=lambda request: request.url.path == f"{API}/conversations",
        pages_messages=lambda request: request.method == "GET" and request.url.path.endswith("/messages"),
        strange=with_values(
            {
                "status": "paused",
                "priority": "cosmic",
                "channel": "Channel::Telepathy",
                "content_type": "smell",
            }
        ),
    )
