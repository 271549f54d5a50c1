"""The connector for FreeScout keeps the contract of desks, over a strict stand-in."""

from __future__ import annotations

import html as markup
import socket
from collections.abc import AsyncIterator

import pytest

from copilot.desks.base import Desk
from copilot.desks.freescout.connecting import connect
from copilot.desks.kinds import SignIn
from copilot.domain import DeskId, RemoteId, Upload
from tests.desks.contract import DeskContract, MakeTicket, Write
from tests.desks.freescout.fake_freescout import CUSTOMER, OTHER, FakeFreeScout


class TestFreeScout(DeskContract):
    custom_field = "Order number"
    another_custom_field = "Model"
    tickets_for_two_pages = 101

    @pytest.fixture
    def server(self) -> FakeFreeScout:
        return FakeFreeScout()

    @pytest.fixture
    async def desk(self, server: FakeFreeScout) -> AsyncIterator[Desk]:
        desk = await server.desk()
        yield desk
        await desk.aclose()

    @pytest.fixture
    def make_ticket(self, server: FakeFreeScout) -> MakeTicket:
        async def make(
            subject: str, text: str, *, html: str = "", attachments: tuple[Upload, ...] = ()
        ) -> RemoteId:
            return server.open_conversation(subject, html or f"<div>{markup.escape(text)}</div>", attachments)

        return make

    @pytest.fixture
    def act_as_requester(self, server: FakeFreeScout) -> Write:
        async def act(ticket: RemoteId, text: str) -> object:
            return server.write(ticket, f"<p>{text}</p>", "customer", CUSTOMER)

        return act

    @pytest.fixture
    def act_as_other_rep(self, server: FakeFreeScout) -> Write:
        async def act(ticket: RemoteId, text: str) -> object:
            return server.write(ticket, f"<p>{text}</p>", "message", OTHER)

        return act

    @pytest.fixture
    async def stranger_desk(self, server: FakeFreeScout) -> AsyncIterator[Desk]:
        desk = await server.desk(key="wrong")
        yield desk
        await desk.aclose()

    @pytest.fixture
    async def unreachable_desk(self) -> AsyncIterator[Desk]:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            values = {
                "url": f"http://127.0.0.1:{probe.getsockname()[1]}",
                "token": "key",
                "email": "sam@acme.test",
            }
        desk = await connect(SignIn(desk_id=DeskId("off"), name="Off", values=values))
        yield desk
        await desk.aclose()
