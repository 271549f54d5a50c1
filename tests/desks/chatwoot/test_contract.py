"""The connector for Chatwoot keeps the contract of desks."""

from __future__ import annotations

import pytest

from copilot.domain import RemoteId
from tests.desks.chatwoot.fake_chatwoot import FakeChatwoot
from tests.desks.contract import DeskContract, Received
from tests.desks.overstandin import ContractOverStandIn


class TestChatwoot(ContractOverStandIn, DeskContract):
    standin = FakeChatwoot
    custom_field = "Order number"
    another_custom_field = "Serial number"
    tickets_for_two_pages = 30
    longest_text = 100_000

    @pytest.fixture
    def received_by_requester(self, server: FakeChatwoot) -> Received:
        async def received(ticket: RemoteId) -> list[str]:
            return server.received(ticket)

        return received
