"""The connector for Front keeps the contract of desks."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest

from copilot.desks.base import Desk
from copilot.desks.front.connecting import Options, connect
from copilot.desks.kinds import SignIn
from copilot.domain import DeskId, RemoteId, Status
from tests.desks.contract import DeskContract, MakeTicket, Received, Write
from tests.desks.front.fake_front import FakeFront


class TestFront(DeskContract):
    custom_field = "Order number"
    another_custom_field = "Serial number"
    tickets_for_two_pages = 110
    reply_status = Status.SOLVED

    @pytest.fixture
    def server(self) -> FakeFront:
        return FakeFront()

    @pytest.fixture
    async def desk(self, server: FakeFront) -> AsyncIterator[Desk]:
        desk = await server.desk()
        yield desk
        await desk.aclose()

    @pytest.fixture
    def make_ticket(self, server: FakeFront) -> MakeTicket:
        return server.make_ticket

    @pytest.fixture
    def act_as_requester(self, server: FakeFront) -> Write:
        return server.act_as_requester

    @pytest.fixture
    def act_as_other_rep(self, server: FakeFront) -> Write:
        return server.act_as_other_rep

    @pytest.fixture
    async def stranger_desk(self, server: FakeFront) -> AsyncIterator[Desk]:
        desk = await server.desk(token="wrong")
        yield desk
        await desk.aclose()

    @pytest.fixture
    async def unreachable_desk(self) -> AsyncIterator[Desk]:
        def refuse(_: httpx.Request) -> httpx.Response:
            raise httpx.ConnectError("refused")

        values = {"email": "sam@shop.test", "token": "t"}
        sign_in = SignIn(desk_id=DeskId("off"), name="Off", values=values)
        desk = await connect(sign_in, Options(transport=httpx.MockTransport(refuse)))
        yield desk
        await desk.aclose()

    @pytest.fixture
    def received_by_requester(self, server: FakeFront) -> Received:
        async def received(ticket: RemoteId) -> list[str]:
            return server.received(ticket)

        return received
