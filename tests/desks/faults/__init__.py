"""What can go wrong between a connector and its desk, as tests: one class to inherit from.

To adopt it, write `tests/desks/<desk>/test_faults.py` with a class that gives its stateful stand-in to the suite:

    class TestZendeskFaults(FaultsContract):
        vendor = VendorFaults(refusal=..., slow_down=..., ...)   # how this vendor speaks; see `words.py`

        @pytest.fixture
        def server(self): ...             # the stand-in, with everything the following fixtures need
        @pytest.fixture
        def server_transport(self, server): ...      # the way to it, e.g. httpx.MockTransport(server.handle)
        @pytest.fixture
        def open_over(self): ...          # async (transport, limits or None) -> Desk: the connector, signed in as a rep
        @pytest.fixture
        def make_ticket(self, server): ...           # as in the contract; straight to the stand-in, not over the wire
        @pytest.fixture
        def act_as_requester(self, server): ...
        @pytest.fixture
        def make_long_thread(self, server): ...      # async (count) -> RemoteId: a ticket with so many messages

The suite puts a `FaultyWire` between the two: it answers instead of the stand-in, spoils its answers, loses them after
the stand-in has carried the request out, or lets them wait for ever. Nothing here sleeps for long: limits are small.
"""

from __future__ import annotations

from tests.desks.faults.outbox import OutboxFaults
from tests.desks.faults.reading import ReadingFaults
from tests.desks.faults.sizes import SizeFaults
from tests.desks.faults.wire import FaultyWire
from tests.desks.faults.words import MakeLongThread, OpenOver, VendorFaults
from tests.desks.faults.writing import WritingFaults

__all__ = ["FaultsContract", "FaultyWire", "MakeLongThread", "OpenOver", "VendorFaults"]


class FaultsContract(ReadingFaults, WritingFaults, SizeFaults, OutboxFaults):
    """Inherit, provide the fixtures, and run."""
