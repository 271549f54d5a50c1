"""Faults while reading."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from copilot.desks.base import ChangePage, Desk
from copilot.domain import RemoteId, Status
from copilot.errors import (
    AuthError,
    BadDataError,
    DeskError,
    NotFoundError,
    PermissionDeniedError,
    RateLimitedError,
    UnavailableError,
    UnreachableError,
)
from tests.desks.contract import MakeTicket, Write, pages_since, tickets_in
from tests.desks.faults.base import SECRET, FaultsBase
from tests.desks.faults.wire import FaultyWire, copy_of
from tests.desks.faults.words import with_unknown_fields

HTML = {"content-type": "text/html"}
JSON = {"content-type": "application/json"}

Ask = Callable[[Desk, RemoteId], Awaitable[object]]


async def _changes(desk: Desk, _: RemoteId) -> object:
    return await pages_since(desk, None)


async def _thread(desk: Desk, ticket: RemoteId) -> object:
    return await desk.thread(ticket)


async def _people(desk: Desk, _: RemoteId) -> object:
    return await desk.people()


READS = pytest.mark.parametrize("ask", [_changes, _thread, _people], ids=["changes", "thread", "people"])


class ReadingFaults(FaultsBase):
    """Answers that are none, or not what they should be."""

    @READS
    @pytest.mark.parametrize(
        ("status", "error"),
        [
            (401, AuthError),
            (403, PermissionDeniedError),
            (500, UnavailableError),
            (502, UnavailableError),
            (503, UnavailableError),
        ],
    )
    async def test_refusals_are_told_apart(
        self, desk: Desk, wire: FaultyWire, ticket: RemoteId, ask: Ask, status: int, error: type[DeskError]
    ) -> None:
        wire.answer(lambda: self.vendor.refusal(status))
        with pytest.raises(error) as raised:
            await ask(desk, ticket)
        assert raised.value.message
        assert SECRET not in str(raised.value)
        wire.heal()
        await ask(desk, ticket)

    async def test_a_sign_in_that_ends_in_mid_sync_loses_nothing(
        self, desk: Desk, wire: FaultyWire, make_ticket: MakeTicket
    ) -> None:
        """The cursor of the last good page goes on where the reading broke."""
        made = {
            await make_ticket(f"Filling {n}", "Words.") for n in range(max(3, self.tickets_for_two_pages))
        }
        pages: list[ChangePage] = []

        async def read() -> None:
            async for page in desk.changes(None):
                pages.append(page)
                wire.answer(lambda: self.vendor.refusal(401))

        if self.tickets_for_two_pages:
            with pytest.raises(AuthError):
                await read()
        else:
            await read()
        wire.heal()
        pages += await pages_since(desk, pages[-1].cursor)
        assert made <= set(tickets_in(pages))

    async def test_one_forbidden_ticket_does_not_stop_the_others(
        self, desk: Desk, wire: FaultyWire, ticket: RemoteId, make_ticket: MakeTicket
    ) -> None:
        other = await make_ticket("Another one", "Its words.")
        wire.answer(
            lambda: self.vendor.refusal(403), when=lambda request: self.vendor.touches(request, ticket)
        )
        with pytest.raises(PermissionDeniedError):
            await desk.thread(ticket)
        assert (await desk.thread(other)).snapshot.subject == "Another one"

    @pytest.mark.parametrize("status", [404, 410])
    async def test_a_ticket_that_is_gone_or_merged_is_not_found(
        self, desk: Desk, wire: FaultyWire, ticket: RemoteId, status: int
    ) -> None:
        wire.answer(
            lambda: self.vendor.refusal(status), when=lambda request: self.vendor.touches(request, ticket)
        )
        with pytest.raises(NotFoundError):
            await desk.thread(ticket)

    @READS
    @pytest.mark.parametrize("seconds", [7.0, None], ids=["with-delay", "without"])
    async def test_a_busy_desk_is_waited_for_as_long_as_it_says(
        self, desk: Desk, wire: FaultyWire, ticket: RemoteId, ask: Ask, seconds: float | None
    ) -> None:
        wire.answer(lambda: self.vendor.slow_down(seconds))
        with pytest.raises(RateLimitedError) as raised:
            await ask(desk, ticket)
        if seconds is None:
            assert raised.value.retry_after_seconds is None
        else:
            assert raised.value.retry_after_seconds == pytest.approx(seconds, abs=1.5)
        assert len(wire.asked) <= 2, "sync waits, not the connector"

    async def test_a_storm_of_errors_in_mid_sync_loses_nothing(
        self, desk: Desk, wire: FaultyWire, make_ticket: MakeTicket, act_as_requester: Write
    ) -> None:
        tickets = [await make_ticket(f"Stormy {n}", "Words.") for n in range(3)]
        pages = await pages_since(desk, None)
        await act_as_requester(tickets[1], "Still there?")
        new = await make_ticket("In the storm", "Words.")
        for status in (500, 502, 503):
            wire.answer(lambda status=status: self.vendor.refusal(status))  # type: ignore[misc]  # mypy: lambda default
            with pytest.raises(UnavailableError):
                await pages_since(desk, pages[-1].cursor)
            wire.heal()
        assert {tickets[1], new} <= set(tickets_in(await pages_since(desk, pages[-1].cursor)))

    @READS
    @pytest.mark.parametrize(
        "answer",
        [
            httpx.Response(200, text='{"tickets": [{"id": 1, "subj', headers=JSON),
            httpx.Response(200, text="", headers=JSON),
            httpx.Response(200, text="null", headers=JSON),
            httpx.Response(200, text='"Welcome!"', headers=JSON),
            httpx.Response(200, text="<html>Please sign in to the hotel's network.</html>", headers=HTML),
            httpx.Response(302, headers={"location": "https://elsewhere.example.com/"}),
        ],
        ids=["cut", "empty", "null", "a-word", "another-page", "elsewhere"],
    )
    async def test_what_is_no_answer_of_this_desk_is_bad_data(
        self, desk: Desk, wire: FaultyWire, ticket: RemoteId, ask: Ask, answer: httpx.Response
    ) -> None:
        wire.answer(
            lambda: httpx.Response(answer.status_code, content=answer.content, headers=answer.headers)
        )
        with pytest.raises(BadDataError):
            await ask(desk, ticket)
        assert {request.url.host for request in wire.asked} == {wire.asked[0].url.host}

    async def test_json_cut_off_in_the_middle_repeats_no_words_of_a_customer(
        self, desk: Desk, wire: FaultyWire, ticket: RemoteId
    ) -> None:
        wire.spoil(lambda answer: copy_of(answer, answer.content[:-2]))
        with pytest.raises(BadDataError) as raised:
            await desk.thread(ticket)
        assert SECRET not in str(raised.value)

    @READS
    async def test_a_desk_that_stalls_is_given_up(
        self, impatient: Desk, wire: FaultyWire, ticket: RemoteId, ask: Ask
    ) -> None:
        wire.stall()
        with pytest.raises(UnavailableError, match="in time"):
            await ask(impatient, ticket)

    @pytest.mark.parametrize(
        ("broken", "error"),
        [
            (httpx.ConnectError, UnreachableError),
            (httpx.ConnectTimeout, UnreachableError),
            (httpx.ReadError, UnavailableError),
            (httpx.RemoteProtocolError, UnavailableError),
        ],
    )
    async def test_a_broken_connection_is_unavailable(
        self,
        desk: Desk,
        wire: FaultyWire,
        ticket: RemoteId,
        broken: type[httpx.TransportError],
        error: type[DeskError],
    ) -> None:
        wire.fail(broken)
        with pytest.raises(error):
            await desk.thread(ticket)

    async def test_unknown_fields_are_passed_over(
        self, desk: Desk, wire: FaultyWire, ticket: RemoteId
    ) -> None:
        before = await desk.thread(ticket)
        wire.spoil(_json_changed(with_unknown_fields))
        assert await desk.thread(ticket) == before
        assert ticket in tickets_in(await pages_since(desk, None))

    async def test_unknown_words_of_a_closed_list_do_not_hide_a_ticket(
        self, desk: Desk, wire: FaultyWire, ticket: RemoteId
    ) -> None:
        wire.spoil(_json_changed(self.vendor.strange))
        thread = await desk.thread(ticket)
        assert thread.snapshot.status in Status
        assert SECRET in thread.snapshot.subject
        assert ticket in tickets_in(await pages_since(desk, None))


def _json_changed(change: Callable[[Any], Any]) -> Callable[[httpx.Response], httpx.Response]:
    def spoil(answer: httpx.Response) -> httpx.Response:
        if "json" not in answer.headers.get("content-type", "") or not answer.content:
            return answer
        return copy_of(answer, json.dumps(change(json.loads(answer.content))).encode())

    return spoil
