"""The connector for Zammad keeps the contract of desks, over a strict stand-in."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator

import pytest

from copilot.desks.base import Desk
from copilot.desks.kinds import SignIn
from copilot.desks.zammad.connecting import connect
from copilot.domain import DeskId, RemoteId, Upload
from tests.desks.contract import DeskContract, MakeTicket, Write
from tests.desks.zammad.fake_zammad import CUSTOMER, OTHER, FakeZammad


class TestZammad(DeskContract):
    custom_field = "order_number"
    another_custom_field = "model"
    recognises_by_key = True
    tickets_for_two_pages = 101

    @pytest.fixture
    def server(self) -> FakeZammad:
        return FakeZammad()

    @pytest.fixture
    async def desk(self, server: FakeZammad) -> AsyncIterator[Desk]:
        desk = await server.desk()
        yield desk
        await desk.aclose()

    @pytest.fixture
    def make_ticket(self, server: FakeZammad) -> MakeTicket:
        async def make(
            subject: str, text: str, *, html: str = "", attachments: tuple[Upload, ...] = ()
        ) -> RemoteId:
            return server.open_ticket(subject, text, html=html, uploads=attachments)

        return make

    @pytest.fixture
    def act_as_requester(self, server: FakeZammad) -> Write:
        async def act(ticket: RemoteId, text: str) -> object:
            return server.write(ticket, text, CUSTOMER)

        return act

    @pytest.fixture
    def act_as_other_rep(self, server: FakeZammad) -> Write:
        async def act(ticket: RemoteId, text: str) -> object:
            return server.write(ticket, text, OTHER)

        return act

    @pytest.fixture
    async def stranger_desk(self, server: FakeZammad) -> AsyncIterator[Desk]:
        desk = await server.desk(token="wrong")
        yield desk
        await desk.aclose()

    @pytest.fixture
    async def unreachable_desk(self) -> AsyncIterator[Desk]:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            values = {"url": f"http://127.0.0.1:{probe.getsockname()[1]}", "token": "token"}
        desk = await connect(SignIn(desk_id=DeskId("off"), name="Off", values=values))
        yield desk
        await desk.aclose()


class TestZammadThatKeepsNoMarks(TestZammad):
    """An older or a changed Zammad that lets the preferences of articles fall."""

    recognises_by_key = False
    tickets_for_two_pages = 0

    @pytest.fixture
    def server(self) -> FakeZammad:
        server = FakeZammad()
        server.no_preferences = True
        return server
