"""What can go wrong between us and GitHub."""

from __future__ import annotations

import httpx

from tests.desks.faults import FaultsContract, VendorFaults
from tests.desks.faults.words import with_values
from tests.desks.github.fake_github import FakeGitHub
from tests.desks.overstandin import FaultsOverStandIn


def _refusal(status: int) -> httpx.Response:
    return httpx.Response(
        status, json={"message": "GitHub says no.", "errors": [{"message": "body is blank"}]}
    )


def _slow_down(seconds: float | None) -> httpx.Response:
    """A secondary limit comes as 403 with a delay, the primary one with a reset that may be missing."""
    if seconds is None:
        return httpx.Response(403, json={"message": "API rate limit"}, headers={"x-ratelimit-remaining": "0"})
    return httpx.Response(
        403, json={"message": "Secondary limit"}, headers={"Retry-After": str(int(seconds))}
    )


class TestGitHubFaults(FaultsOverStandIn, FaultsContract):
    standin = FakeGitHub
    tickets_for_two_pages = 101
    vendor = VendorFaults(
        refusal=_refusal,
        slow_down=_slow_down,
        touches=lambda request, ticket: f"{request.url.path}/".startswith(
            f"/repos/{ticket.replace('#', '/issues/')}/"
        ),
        writes=lambda request: request.method == "POST" and request.url.path.endswith("/comments"),
        lists=lambda request: request.url.path.endswith("/issues"),
        pages_messages=lambda request: request.url.path.endswith("/comments"),
        strange=with_values({"state": "pondering", "author_association": "ALIEN", "type": "Hologram"}),
    )
