"""The connector for Front keeps the contract of desks."""

from __future__ import annotations

import pytest

from copilot.domain import RemoteId, Status
from tests.desks.contract import DeskContract, Received
from tests.desks.front.fake_front import FakeFront
from tests.desks.overstandin import ContractOverStandIn


class TestFront(ContractOverStandIn, DeskContract):
    standin = FakeFront
    custom_field = "Order number"
    another_custom_field = "Serial number"
    tickets_for_two_pages = 110
    reply_status = Status.SOLVED

    @pytest.fixture
    def received_by_requester(self, server: FakeFront) -> Received:
        async def received(ticket: RemoteId) -> list[str]:
            return server.received(ticket)

        return received
