"""What every connector must do, as tests: one class to inherit from.

To adopt it, write `tests/desks/test_<desk>.py` with a class that says how to get a desk and how the others around it
act, all through ordinary fixtures, and set what your desk cannot do:

    class TestZendesk(DeskContract):
        custom_field = "Order number"

        @pytest.fixture
        async def desk(self, server): ...            # the connector under test, signed in as a rep; closed afterwards
        @pytest.fixture
        def make_ticket(self, server): ...           # async (subject, text, *, html="", attachments=()) -> RemoteId
        @pytest.fixture
        def act_as_requester(self, server): ...      # async (ticket, text): the requester answers
        @pytest.fixture
        def act_as_other_rep(self, server): ...      # async (ticket, text): a colleague replies publicly

The others must not go through the connector under test: use the server's own interface or a second account. Optional
fixtures (`stranger_desk`, `unreachable_desk`, `received_by_requester`) switch on the tests that need them. Where
`Capabilities` says that a desk cannot do something, the suite asks for `UnsupportedError` instead; what a desk merely
does differently is a class attribute of `ContractBase`, each with its reason. Most tests make a handful of requests, so
that the suite also runs against a slow real server; with `shares_a_server` only the tests that are about reading from
the beginning do so, the others go on from where the last one stopped.
"""

from __future__ import annotations

from tests.desks.contract.failing import FailingContract
from tests.desks.contract.managing import ManagingContract
from tests.desks.contract.reading import ReadingContract
from tests.desks.contract.words import MakeTicket, Received, Write, pages_since, said, tickets_in, words_in
from tests.desks.contract.writing import WritingContract

__all__ = ["DeskContract", "MakeTicket", "Received", "Write", "pages_since", "said", "tickets_in", "words_in"]


class DeskContract(ReadingContract, WritingContract, ManagingContract, FailingContract):
    """Inherit, provide the fixtures, and run."""
