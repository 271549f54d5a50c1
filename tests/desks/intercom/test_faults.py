"""What can go wrong on the way to Intercom and back."""

from __future__ import annotations

from datetime import timedelta
from email.utils import format_datetime

import httpx

from tests.desks.faults import FaultsContract, VendorFaults
from tests.desks.faults.words import below, with_values
from tests.desks.intercom.conftest import Server
from tests.desks.intercom.fake_intercom import MOST_PARTS, PER_PAGE, START, refusal
from tests.desks.overstandin import FaultsOverStandIn

STRANGE = {"state": "pondering", "part_type": "hologram", "priority": "yesterday"}


def slow_down(seconds: float | None) -> httpx.Response:
    answer = refusal(429, "rate_limit_exceeded", "Exceeded rate limit of 167 in 10_seconds")
    if seconds is not None:
        reset = START + timedelta(seconds=seconds)
        answer.headers["date"] = format_datetime(START, usegmt=True)
        answer.headers["x-ratelimit-reset"] = str(int(reset.timestamp()))
    return answer


class TestIntercomFaults(FaultsOverStandIn, FaultsContract):
    standin = Server
    vendor = VendorFaults(
        refusal=refusal,
        slow_down=slow_down,
        touches=below("/conversations/{}"),
        writes=lambda request: request.url.path.endswith("/reply"),
        lists=lambda request: request.url.path == "/conversations/search",
        pages_messages=None,
        strange=with_values(STRANGE),
    )
    tickets_for_two_pages = PER_PAGE + 1
    most_messages = MOST_PARTS
