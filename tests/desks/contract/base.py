"""What a connector provides to the contract, and what the tests begin with."""

from __future__ import annotations

from typing import ClassVar

import pytest

from copilot.desks.base import Cursor, Desk
from copilot.domain import Person, RemoteId, Status
from tests.desks.contract.words import MakeTicket, Received, Write, pages_since


class ActedOn:
    """A desk at which a customer acts, whichever suite is run on it."""

    @pytest.fixture
    def make_ticket(self) -> MakeTicket:
        raise NotImplementedError

    @pytest.fixture
    def act_as_requester(self) -> Write:
        raise NotImplementedError


class ContractBase(ActedOn):
    """The fixtures a connector overrides and the attributes it sets; `DeskContract` has the tests."""

    custom_field: ClassVar[str] = ""
    """A custom field that takes any text; empty when tickets of the test server have none."""
    another_custom_field: ClassVar[str] = ""
    """A second one, to see that setting one leaves the other."""
    recognises_by_key: ClassVar[bool] = False
    """Whether `is_ours` tells two messages of ours with the same words apart."""
    repeats_recent_tickets: ClassVar[bool] = False
    """Whether an increment may repeat tickets that changed a moment before (clocks of one second)."""
    shares_a_server: ClassVar[bool] = False
    """Whether all tests see one growing server: `catch_up` then goes on from where it stopped."""
    tickets_for_two_pages: ClassVar[int] = 0
    """How many tickets a test makes to get more than one page of changes; 0 when the server has enough."""
    spaced_tag: ClassVar[str] = "two words"
    """A tag of two words, written as this desk can hold it."""
    rounds_between_pages: ClassVar[int] = 3
    """How often the test of changes between pages is played."""
    keeps_html: ClassVar[bool] = True
    """Whether the desk gives back the HTML of a requester's message."""
    longest_text: ClassVar[int] = 200_000
    """How many characters the long reply has."""
    reply_status: ClassVar[Status] = Status.PENDING
    """A status that a reply can ask for."""

    _caught_up: ClassVar[dict[type, Cursor | None]] = {}

    # -- what a connector provides ---------------------------------------------------------------------------------

    @pytest.fixture
    def desk(self) -> Desk:
        raise NotImplementedError

    @pytest.fixture
    def act_as_other_rep(self) -> Write:
        raise NotImplementedError

    @pytest.fixture
    def stranger_desk(self) -> Desk | None:
        """The same server with wrong credentials."""
        return None

    @pytest.fixture
    def unreachable_desk(self) -> Desk | None:
        """A desk whose server does not answer."""
        return None

    @pytest.fixture
    def received_by_requester(self) -> Received | None:
        """What the customer got, seen from the customer's side."""
        return None

    # -- what the tests begin with ---------------------------------------------------------------------------------

    @pytest.fixture
    async def me(self, desk: Desk) -> Person:
        return await desk.whoami()

    @pytest.fixture
    async def ticket(self, make_ticket: MakeTicket) -> RemoteId:
        return await make_ticket("The lamp blinks", "Since Monday the lamp blinks twice.")

    async def catch_up(self, desk: Desk) -> Cursor | None:
        """Read to the end and answer where that is."""
        since = self._caught_up.get(type(self)) if self.shares_a_server else None
        pages = await pages_since(desk, since)
        cursor = pages[-1].cursor if pages else since
        if self.shares_a_server:
            self._caught_up[type(self)] = cursor
        return cursor

    async def fill_two_pages(self, make_ticket: MakeTicket) -> None:
        for n in range(self.tickets_for_two_pages):
            await make_ticket(f"Filling {n}", "Words.")
