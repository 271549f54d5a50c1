"""Intercom keeps the contract of desks, against a strict stand-in."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest

from copilot.desks.base import Desk
from copilot.desks.intercom.connecting import connect
from copilot.domain import RemoteId, Status
from tests.desks.contract import DeskContract, MakeTicket, Received, Write
from tests.desks.intercom.conftest import over, sign_in
from tests.desks.intercom.fake_intercom import PER_PAGE, FakeIntercom


class TestIntercom(DeskContract):
    custom_field = "Order number"
    another_custom_field = "System"
    tickets_for_two_pages = PER_PAGE + 1
    reply_status = Status.SOLVED  # Intercom's conversations are open or closed

    @pytest.fixture
    async def desk(self, server: FakeIntercom) -> AsyncIterator[Desk]:
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
    async def stranger_desk(self, server: FakeIntercom) -> AsyncIterator[Desk]:
        desk = await connect(sign_in({"token": "wrong"}), transport=over(server))
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
    def received_by_requester(self, server: FakeIntercom) -> Received:
        async def received(ticket: RemoteId) -> list[str]:
            return server.received.get(ticket, [])

        return received
