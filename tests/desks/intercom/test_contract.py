"""Intercom keeps the contract of desks, against a strict stand-in."""

from __future__ import annotations

import pytest

from copilot.domain import RemoteId, Status
from tests.desks.contract import DeskContract, Received
from tests.desks.intercom.conftest import Server
from tests.desks.intercom.fake_intercom import PER_PAGE, FakeIntercom
from tests.desks.overstandin import ContractOverStandIn


class TestIntercom(ContractOverStandIn, DeskContract):
    standin = Server
    custom_field = "Order number"
    another_custom_field = "System"
    tickets_for_two_pages = PER_PAGE + 1
    reply_status = Status.SOLVED  # Intercom's conversations are open or closed

    @pytest.fixture
    def received_by_requester(self, server: FakeIntercom) -> Received:
        async def received(ticket: RemoteId) -> list[str]:
            return server.received.get(ticket, [])

        return received
