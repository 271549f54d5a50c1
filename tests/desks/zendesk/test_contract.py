"""Zendesk keeps the contract of desks, against a strict stand-in."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest

from copilot.desks.base import Desk
from copilot.desks.zendesk.connecting import connect
from copilot.domain import RemoteId
from tests.desks.contract import DeskContract, MakeTicket, Received, Write
from tests.desks.zendesk.conftest import over, sign_in
from tests.desks.zendesk.fake_zendesk import PER_LIST_PAGE, FakeZendesk


class TestZendesk(DeskContract):
    custom_field = "Order number"
    another_custom_field = "System"
    recognises_by_key = True
    tickets_for_two_pages = PER_LIST_PAGE + 1
    longest_text = 40_000  # Zendesk takes 65,535 characters with markup
    spaced_tag = "two_words"  # Zendesk makes two tags of one with a space

    @pytest.fixture
    async def desk(self, server: FakeZendesk) -> AsyncIterator[Desk]:
        desk = await connect(sign_in(), transport=over(server))
        yield desk
        await desk.aclose()

    @pytest.fixture
    def make_ticket(self, make_ticket: MakeTicket) -> MakeTicket:
        return make_ticket

    @pytest.fixture
    def act_as_requester(self, act_as_requester: Write) -> Write:
        return act_as_requester

    @pytest.fixture
    def act_as_other_rep(self, act_as_other_rep: Write) -> Write:
        return act_as_other_rep

    @pytest.fixture
    async def stranger_desk(self, server: FakeZendesk) -> AsyncIterator[Desk]:
        desk = await connect(sign_in("wrong"), transport=over(server))
        yield desk
        await desk.aclose()

    @pytest.fixture
    async def unreachable_desk(self) -> AsyncIterator[Desk]:
        def refuse(_: httpx.Request) -> httpx.Response:
            raise httpx.ConnectError("refused")

        desk = await connect(sign_in(), transport=httpx.MockTransport(refuse))
        yield desk
        await desk.aclose()

    @pytest.fixture
    def received_by_requester(self, server: FakeZendesk) -> Received:
        async def received(ticket: RemoteId) -> list[str]:
            return server.mailed.get(int(ticket), [])

        return received


class TestZendeskAsAnAgent(TestZendesk):
    """Without the export, which is for administrators."""

    @pytest.fixture
    def server(self) -> FakeZendesk:
        return FakeZendesk(role="agent")
