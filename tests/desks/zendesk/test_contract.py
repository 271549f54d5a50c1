"""Zendesk keeps the contract of desks, against a strict stand-in."""

from __future__ import annotations

import pytest

from copilot.domain import RemoteId
from tests.desks.contract import DeskContract, Received
from tests.desks.overstandin import ContractOverStandIn
from tests.desks.zendesk.conftest import Server
from tests.desks.zendesk.fake_zendesk import PER_LIST_PAGE, FakeZendesk


class TestZendesk(ContractOverStandIn, DeskContract):
    standin = Server
    custom_field = "Order number"
    another_custom_field = "System"
    recognises_by_key = True
    tickets_for_two_pages = PER_LIST_PAGE + 1
    longest_text = 40_000  # Zendesk takes 65,535 characters with markup
    spaced_tag = "two_words"  # Zendesk makes two tags of one with a space

    @pytest.fixture
    def received_by_requester(self, server: FakeZendesk) -> Received:
        async def received(ticket: RemoteId) -> list[str]:
            return server.mailed.get(int(ticket), [])

        return received


class TestZendeskAsAnAgent(TestZendesk):
    """Without the export, which is for administrators."""

    @pytest.fixture
    def server(self) -> FakeZendesk:
        return Server(role="agent")
