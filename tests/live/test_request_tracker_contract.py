"""The connector for Request Tracker keeps the contract of desks, against a real RT."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator
from functools import partial

import pytest

from copilot.desks.base import Desk
from copilot.desks.request_tracker.connecting import connect
from copilot.domain import DeskId, RemoteId
from tests.desks.contract import DeskContract, MakeTicket, Received, Write
from tests.live.rt import REQUESTER, Rt

pytestmark = [pytest.mark.live, pytest.mark.timeout(300)]  # the first one installs and starts the server


class TestRequestTracker(DeskContract):
    custom_field = "Order number"
    another_custom_field = "Serial number"
    recognises_by_key = True
    shares_a_server = True
    rounds_between_pages = 2

    @pytest.fixture(scope="class", autouse=True)
    @staticmethod
    def queue(rt: Rt) -> None:
        rt.admin_now("queue", "Contract")
        rt.admin_now("field", "Contract", "Serial number")

    @pytest.fixture
    async def desk(self, rt: Rt) -> AsyncIterator[Desk]:
        desk = await rt.desk("Contract")
        yield desk
        await desk.aclose()

    @pytest.fixture
    def make_ticket(self, rt: Rt) -> MakeTicket:
        return partial(rt.make_ticket, queue="Contract")

    @pytest.fixture
    def act_as_requester(self, rt: Rt) -> Write:
        return rt.reply_as_requester

    @pytest.fixture
    def act_as_other_rep(self, rt: Rt) -> Write:
        return rt.reply_as_other_rep

    @pytest.fixture
    async def stranger_desk(self, rt: Rt) -> AsyncIterator[Desk]:
        number = rt.token().split("-")[1]
        desk = await rt.desk(token=f"1-{number}-{'0' * 32}")
        yield desk
        await desk.aclose()

    @pytest.fixture
    async def unreachable_desk(self) -> AsyncIterator[Desk]:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            address = f"http://127.0.0.1:{probe.getsockname()[1]}"
        desk = await connect(address, f"1-14-{'0' * 32}", (), desk_id=DeskId("off"), name="Off")
        yield desk
        await desk.aclose()

    @pytest.fixture
    def received_by_requester(self, rt: Rt) -> Received:
        async def received(ticket: RemoteId) -> list[str]:
            return await rt.received_by(REQUESTER, ticket)

        return received
