"""What can go wrong between us and Front."""

from __future__ import annotations

import httpx

from tests.desks.faults import FaultsContract, VendorFaults
from tests.desks.faults.words import below, with_values
from tests.desks.front.fake_front import FakeFront
from tests.desks.overstandin import FaultsOverStandIn


def _refusal(status: int) -> httpx.Response:
    return httpx.Response(status, json={"_error": {"status": status, "title": "No", "message": "No"}})


def _slow_down(seconds: float | None) -> httpx.Response:
    headers = {} if seconds is None else {"Retry-After": str(int(seconds))}
    return httpx.Response(
        429, json={"_error": {"status": 429, "title": "Too many requests"}}, headers=headers
    )


class TestFrontFaults(FaultsOverStandIn, FaultsContract):
    standin = FakeFront
    tickets_for_two_pages = 110
    vendor = VendorFaults(
        refusal=_refusal,
        slow_down=_slow_down,
        touches=below("/conversations/{}"),
        writes=lambda request: request.method == "POST" and request.url.path.endswith("/messages"),
        lists=lambda request: request.url.path.endswith("inb_1/conversations"),
        pages_messages=lambda request: request.method == "GET" and request.url.path.endswith("/messages"),
        strange=with_values(
            {"status": "dreaming", "type": "telepathy", "status_category": "gaseous", "role": "bystander"}
        ),
    )
