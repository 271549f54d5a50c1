"""Contract: what goes wrong."""

from __future__ import annotations

import asyncio

import pytest

from copilot.desks.base import Desk
from copilot.domain import Person, RemoteId, Reply, Status
from copilot.errors import AuthError, DeskError, NotFoundError, RefusedError, UnavailableError
from tests.desks.contract.base import ContractBase
from tests.desks.contract.words import MakeTicket, pages_since, said


class FailingContract(ContractBase):
    """Errors by their types, cancelled and simultaneous requests."""

    async def test_a_ticket_that_is_not_there_is_not_found(self, desk: Desk) -> None:
        nowhere = RemoteId("99999999")
        with pytest.raises(NotFoundError):
            await desk.thread(nowhere)
        with pytest.raises(NotFoundError):
            await desk.reply(nowhere, Reply(text="Hello?"), key="nowhere", version=None)
        with pytest.raises(NotFoundError):
            await desk.set_status(nowhere, Status.SOLVED)

    async def test_an_attachment_that_is_not_there_is_not_found(self, desk: Desk, ticket: RemoteId) -> None:
        with pytest.raises(NotFoundError):
            await desk.attachment(ticket, RemoteId("99999999"))

    async def test_wrong_credentials_are_told_from_other_errors(self, stranger_desk: Desk | None) -> None:
        if stranger_desk is None:
            pytest.skip("this desk has no credentials to get wrong")
        with pytest.raises(AuthError) as failure:
            await stranger_desk.whoami()
        assert failure.value.message

    async def test_a_server_that_does_not_answer_is_unavailable(self, unreachable_desk: Desk | None) -> None:
        if unreachable_desk is None:
            pytest.skip("this desk's server cannot be out of reach")
        with pytest.raises(UnavailableError):
            await unreachable_desk.whoami()
        with pytest.raises(UnavailableError):
            await pages_since(unreachable_desk, None)
        with pytest.raises(RefusedError):  # refused before anything leaves
            await unreachable_desk.reply(RemoteId("1"), Reply(text=" "), key="nothing", version=None)
        if unreachable_desk.capabilities.notes:
            with pytest.raises(RefusedError):
                await unreachable_desk.note(RemoteId("1"), " ", key="nothing", version=None)

    @pytest.mark.parametrize("turns", [0, 1, 3])
    async def test_a_cancelled_request_leaves_the_desk_usable(
        self, desk: Desk, ticket: RemoteId, turns: int
    ) -> None:
        text = f"Cancelled after {turns} turns."
        reading = asyncio.ensure_future(desk.thread(ticket))
        sending = asyncio.ensure_future(desk.reply(ticket, Reply(text=text), key=text, version=None))
        for _ in range(turns):
            await asyncio.sleep(0)
        reading.cancel()
        sending.cancel()
        outcomes = await asyncio.gather(reading, sending, return_exceptions=True)
        assert not [outcome for outcome in outcomes if isinstance(outcome, DeskError)]
        assert len(said(await desk.thread(ticket), text)) <= 1
        after = "Sent after all."
        await desk.reply(ticket, Reply(text=after), key=f"after {turns}", version=None)
        assert len(said(await desk.thread(ticket), after)) == 1

    async def test_requests_at_the_same_time_do_not_mix(
        self, desk: Desk, make_ticket: MakeTicket, me: Person
    ) -> None:
        first, second = [await make_ticket(f"Twin {n}", f"Words of twin {n}.") for n in range(2)]
        one, other, who, _ = await asyncio.gather(
            desk.thread(first),
            desk.thread(second),
            desk.whoami(),
            desk.reply(second, Reply(text="Only for the second."), key="twins", version=None),
        )
        assert (one.snapshot.subject, other.snapshot.subject, who) == ("Twin 0", "Twin 1", me)
        assert not said(await desk.thread(first), "Only for the second.")
