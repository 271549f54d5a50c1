"""What can go wrong between us and a Zammad."""

from __future__ import annotations

import httpx

from tests.desks.faults import FaultsContract, VendorFaults
from tests.desks.faults.words import slow_down, with_values
from tests.desks.overstandin import FaultsOverStandIn
from tests.desks.zammad.fake_zammad import FakeZammad


def _refusal(status: int) -> httpx.Response:
    return httpx.Response(status, json={"error": "Not so", "error_human": "Zammad says no."})


class TestZammadFaults(FaultsOverStandIn, FaultsContract):
    standin = FakeZammad
    tickets_for_two_pages = 101
    vendor = VendorFaults(
        refusal=_refusal,
        slow_down=slow_down,
        touches=lambda request, ticket: request.url.path.endswith(
            (f"/tickets/{ticket}", f"/by_ticket/{ticket}")
        ),
        writes=lambda request: request.url.path.endswith("/ticket_articles"),
        lists=lambda request: request.url.path.endswith("/tickets/search"),
        pages_messages=None,
        strange=with_values(
            {"state_type": "pondering", "type": "smell", "sender": "Ghost", "create_article_type_id": 99}
        ),
    )
