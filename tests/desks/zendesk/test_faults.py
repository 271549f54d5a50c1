"""What can go wrong on the way to Zendesk and back."""

from __future__ import annotations

import httpx

from tests.desks.faults import FaultsContract, VendorFaults
from tests.desks.faults.words import below, with_values
from tests.desks.overstandin import FaultsOverStandIn
from tests.desks.zendesk.conftest import Server
from tests.desks.zendesk.fake_zendesk import PER_LIST_PAGE

STRANGE = {"status": "pondering", "channel": "telepathy", "score": "splendid", "type": "Hologram"}


def refusal(status: int) -> httpx.Response:
    return httpx.Response(status, json={"error": "Nope", "description": "Zendesk says no."})


def slow_down(seconds: float | None) -> httpx.Response:
    headers = {} if seconds is None else {"retry-after": str(int(seconds))}
    return httpx.Response(429, text="Rate limit exceeded", headers={"content-type": "text/html", **headers})


class TestZendeskFaults(FaultsOverStandIn, FaultsContract):
    standin = Server
    vendor = VendorFaults(
        refusal=refusal,
        slow_down=slow_down,
        touches=below("/api/v2/tickets/{}"),
        writes=lambda request: request.method == "PUT",
        lists=lambda request: request.url.path == "/api/v2/tickets",
        pages_messages=lambda request: request.url.path.endswith("/comments"),
        strange=with_values(STRANGE),
    )
    tickets_for_two_pages = PER_LIST_PAGE + 1
