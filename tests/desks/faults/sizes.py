"""Faults of size: what never ends, and what is merely large."""

from __future__ import annotations

import httpx
import pytest

from copilot.desks.base import Desk
from copilot.domain import RemoteId, Reply, Upload
from copilot.errors import BadDataError, DeskError, RefusedError
from tests.desks.contract import MakeTicket, tickets_in
from tests.desks.faults.base import FaultsBase
from tests.desks.faults.wire import Endless, FaultyWire
from tests.desks.faults.words import MakeLongThread

MANY = 2_000
LARGE_BYTES = 25 * 1024 * 1024
ENOUGH_REQUESTS = 60
JSON = {"content-type": "application/json"}


class SizeFaults(FaultsBase):
    """Bodies, lists and files beyond the usual."""

    async def test_a_body_that_never_ends_is_not_taken(
        self, impatient: Desk, wire: FaultyWire, ticket: RemoteId
    ) -> None:
        stream = Endless()
        wire.answer(lambda: httpx.Response(200, stream=stream, headers=JSON))
        with pytest.raises(DeskError):
            await impatient.thread(ticket)
        assert stream.taken < 8_000_000

    async def test_a_list_of_changes_that_never_ends_is_given_up(
        self, desk: Desk, wire: FaultyWire, make_ticket: MakeTicket
    ) -> None:
        if not self.tickets_for_two_pages:
            pytest.skip("a page of this desk holds more than a test can make")
        made = {await make_ticket(f"Filling {n}", "Words.") for n in range(self.tickets_for_two_pages)}
        wire.repeat(self.vendor.lists)

        async def read() -> None:
            async for _ in desk.changes(None):
                assert len(wire.asked) <= ENOUGH_REQUESTS, "it goes round in circles"

        with pytest.raises(BadDataError):
            await read()
        wire.heal()
        whole = tickets_in([page async for page in desk.changes(None)])
        assert made <= set(whole)

    async def test_a_thread_that_never_ends_is_given_up(
        self, desk: Desk, wire: FaultyWire, make_long_thread: MakeLongThread
    ) -> None:
        if self.vendor.pages_messages is None:
            pytest.skip("a thread of this desk comes whole")
        ticket = await make_long_thread(MANY // 4)
        wire.repeat(self.vendor.pages_messages)
        with pytest.raises(BadDataError):
            await desk.thread(ticket)
        assert len(wire.asked) <= ENOUGH_REQUESTS

    async def test_a_thread_of_two_thousand_messages_arrives_whole_and_in_order(
        self, desk: Desk, wire: FaultyWire, make_long_thread: MakeLongThread
    ) -> None:
        ticket = await make_long_thread(MANY)
        messages = (await desk.thread(ticket)).messages
        assert len({one.remote_id for one in messages}) == len(messages)
        texts = [one.text or one.html for one in messages if "Message " in (one.text or one.html)]
        numbers = [int(text.split("Message ")[1].split("<")[0]) for text in texts]
        assert numbers == sorted(set(numbers))
        if self.most_messages:
            assert numbers[-self.most_messages :] == list(range(MANY - self.most_messages, MANY))
        else:
            assert numbers == list(range(MANY))
        assert len(wire.asked) <= ENOUGH_REQUESTS

    async def test_a_large_file_travels_both_ways(self, desk: Desk, make_ticket: MakeTicket) -> None:
        if not desk.capabilities.attachments:
            pytest.skip("this desk has no attachments")
        large = Upload(
            name="disk.bin",
            media_type="application/octet-stream",
            content=bytes(range(256)) * (LARGE_BYTES // 256),
        )
        ticket = await make_ticket("A large file", "See it.", attachments=(large,))
        (file,) = (await desk.thread(ticket)).messages[0].attachments
        assert file.size_bytes == LARGE_BYTES
        assert await desk.attachment(ticket, file.remote_id) == large.content
        if self.most_bytes:
            with pytest.raises(RefusedError, match=f"{self.most_bytes // 1_000_000} MB"):
                await desk.reply(ticket, Reply(text="Back.", attachments=(large,)), key="large", version=None)
            return
        await desk.reply(
            ticket, Reply(text="Here it is back.", attachments=(large,)), key="large", version=None
        )
        (sent,) = (await desk.thread(ticket)).messages[-1].attachments
        assert sent.size_bytes == LARGE_BYTES
