"""The connector for Help Scout keeps the contract of desks."""

from __future__ import annotations

import pytest

from copilot.domain import RemoteId
from tests.desks.contract import DeskContract, Received
from tests.desks.help_scout.fake_help_scout import FakeHelpScout
from tests.desks.overstandin import ContractOverStandIn


class TestHelpScout(ContractOverStandIn, DeskContract):
    standin = FakeHelpScout
    wrong = "secret"
    custom_field = "Order number"
    another_custom_field = "Serial number"
    tickets_for_two_pages = 30

    @pytest.fixture
    def received_by_requester(self, server: FakeHelpScout) -> Received:
        async def received(ticket: RemoteId) -> list[str]:
            return server.received(ticket)

        return received
