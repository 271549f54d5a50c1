"""What a stateful stand-in gives to the contract and to the faults, written once for all desks that have one.

A stand-in has a way to it (`transport`), opens the connector over itself (`desk`), and lets others act: `make_ticket`,
`act_as_requester`, `act_as_other_rep`, all straight at its state and never over the wire.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, ClassVar

import httpx
import pytest

from copilot.desks.base import Desk
from copilot.desks.rest import Limits
from copilot.domain import RemoteId
from tests.desks.contract import MakeTicket, Write
from tests.desks.faults import MakeLongThread, OpenOver


class OverStandIn:
    """Set `standin`; inherit before the suite."""

    standin: ClassVar[type[Any]]

    @pytest.fixture
    def server(self) -> Any:
        return self.standin()

    @pytest.fixture
    def make_ticket(self, server: Any) -> MakeTicket:
        made: MakeTicket = server.make_ticket
        return made

    @pytest.fixture
    def act_as_requester(self, server: Any) -> Write:
        write: Write = server.act_as_requester
        return write

    @pytest.fixture
    def act_as_other_rep(self, server: Any) -> Write:
        write: Write = server.act_as_other_rep
        return write


class ContractOverStandIn(OverStandIn):
    """For `DeskContract`. `wrong` names what `desk` takes for a secret, to give it a wrong one."""

    wrong: ClassVar[str] = "token"

    @pytest.fixture
    async def desk(self, server: Any) -> AsyncIterator[Desk]:
        desk = await server.desk()
        yield desk
        await desk.aclose()

    @pytest.fixture
    async def stranger_desk(self, server: Any) -> AsyncIterator[Desk]:
        desk = await server.desk(**{self.wrong: "wrong"})
        yield desk
        await desk.aclose()

    @pytest.fixture
    async def unreachable_desk(self, server: Any) -> AsyncIterator[Desk]:
        def refuse(_: httpx.Request) -> httpx.Response:
            raise httpx.ConnectError("refused")

        desk = await server.desk(transport=httpx.MockTransport(refuse))
        yield desk
        await desk.aclose()


class FaultsOverStandIn(OverStandIn):
    """For `FaultsContract`."""

    @pytest.fixture
    def server_transport(self, server: Any) -> httpx.AsyncBaseTransport:
        way: httpx.AsyncBaseTransport = server.transport
        return way

    @pytest.fixture
    def open_over(self, server: Any) -> OpenOver:
        async def open_over(transport: httpx.AsyncBaseTransport, limits: Limits | None = None) -> Desk:
            desk: Desk = await server.desk(transport=transport, limits=limits)
            return desk

        return open_over

    @pytest.fixture
    def make_long_thread(self, make_ticket: MakeTicket, act_as_requester: Write) -> MakeLongThread:
        async def make(count: int) -> RemoteId:
            ticket = await make_ticket("Long", "Message 0")
            for n in range(1, count):
                await act_as_requester(ticket, f"Message {n}")
            return ticket

        return make
