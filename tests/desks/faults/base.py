"""What the fault tests begin with."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import ClassVar

import httpx
import pytest

from copilot.desks.base import Desk
from copilot.desks.rest import Limits
from copilot.domain import RemoteId
from tests.desks.contract import MakeTicket
from tests.desks.contract.base import ActedOn
from tests.desks.faults.wire import FaultyWire
from tests.desks.faults.words import MakeLongThread, OpenOver, VendorFaults

IMPATIENT = Limits(connect_seconds=0.5, quiet_seconds=0.5, whole_seconds=0.5, answer_bytes=3_000_000)
SECRET = "Straße 4711"
"""Words of a customer, which no error may repeat."""


class FaultsBase(ActedOn):
    """The fixtures a connector overrides; `FaultsContract` has the tests."""

    vendor: ClassVar[VendorFaults]
    tickets_for_two_pages: ClassVar[int] = 0
    """How many tickets make more than one page of changes; 0 when this vendor's page is too large for a test."""

    most_messages: ClassVar[int] = 0
    """How many messages of a thread this vendor gives at most, the newest; 0 when it gives all."""

    most_bytes: ClassVar[int] = 0
    """How large the files of a reply may be at this vendor's together; 0 when 25 MB are not too many."""

    @pytest.fixture
    def server_transport(self) -> httpx.AsyncBaseTransport:
        raise NotImplementedError

    @pytest.fixture
    def open_over(self) -> OpenOver:
        raise NotImplementedError

    @pytest.fixture
    def make_long_thread(self) -> MakeLongThread:
        raise NotImplementedError

    # -- what the tests begin with ---------------------------------------------------------------------------------

    @pytest.fixture
    def wire(self, server_transport: httpx.AsyncBaseTransport) -> FaultyWire:
        return FaultyWire(server_transport)

    @pytest.fixture
    async def desk(self, wire: FaultyWire, open_over: OpenOver) -> AsyncIterator[Desk]:
        desk = await open_over(wire)
        yield desk
        await desk.aclose()

    @pytest.fixture
    async def impatient(self, wire: FaultyWire, open_over: OpenOver) -> AsyncIterator[Desk]:
        """A desk that waits half a second and takes three megabytes."""
        desk = await open_over(wire, IMPATIENT)
        yield desk
        await desk.aclose()

    @pytest.fixture
    async def ticket(self, make_ticket: MakeTicket) -> RemoteId:
        return await make_ticket(f"The lamp blinks {SECRET}", f"Since Monday it blinks, in {SECRET}.")
