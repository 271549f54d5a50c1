"""What can go wrong on the way to Intercom and back."""

from __future__ import annotations

from datetime import timedelta
from email.utils import format_datetime
from typing import Any

import httpx
import pytest

from copilot.domain import RemoteId
from tests.desks.contract import MakeTicket, Write
from tests.desks.faults import FaultsContract, MakeLongThread, OpenOver, VendorFaults
from tests.desks.intercom import conftest
from tests.desks.intercom.fake_intercom import MOST_PARTS, PER_PAGE, START, FakeIntercom, refusal

STRANGE = {"state": "pondering", "part_type": "hologram", "priority": "yesterday"}


def slow_down(seconds: float | None) -> httpx.Response:
    answer = refusal(429, "rate_limit_exceeded", "Exceeded rate limit of 167 in 10_seconds")
    if seconds is not None:
        reset = START + timedelta(seconds=seconds)
        answer.headers["date"] = format_datetime(START, usegmt=True)
        answer.headers["x-ratelimit-reset"] = str(int(reset.timestamp()))
    return answer


def touches(request: httpx.Request, ticket: RemoteId) -> bool:
    return f"{request.url.path}/".startswith(f"/conversations/{ticket}/")


def strange(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: STRANGE[key] if key in STRANGE else strange(one) for key, one in value.items()}
    return [strange(one) for one in value] if isinstance(value, list) else value


class TestIntercomFaults(FaultsContract):
    vendor = VendorFaults(
        refusal=refusal,
        slow_down=slow_down,
        touches=touches,
        writes=lambda request: request.url.path.endswith("/reply"),
        lists=lambda request: request.url.path == "/conversations/search",
        pages_messages=None,
        strange=strange,
    )
    tickets_for_two_pages = PER_PAGE + 1
    most_messages = MOST_PARTS

    @pytest.fixture
    def server_transport(self, server: FakeIntercom) -> httpx.AsyncBaseTransport:
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
