"""Faults while writing: a reply is sent once or not at all, and we know which."""

from __future__ import annotations

import contextlib

import httpx
import pytest

from copilot.desks.base import Desk
from copilot.domain import RemoteId, Reply, Status, Upload
from copilot.errors import (
    AuthError,
    BadDataError,
    ConflictError,
    DeskError,
    NotFoundError,
    PermissionDeniedError,
    RateLimitedError,
    RefusedError,
    UnavailableError,
    UnreachableError,
)
from tests.desks.contract import MakeTicket, said
from tests.desks.faults.base import FaultsBase
from tests.desks.faults.wire import FaultyWire, copy_of

TEXT = "Please unplug the lamp."


class WritingFaults(FaultsBase):
    """A reply whose request or answer goes astray."""

    @pytest.mark.parametrize(
        ("status", "error"),
        [
            (400, RefusedError),
            (401, AuthError),
            (403, PermissionDeniedError),
            (404, NotFoundError),
            (422, RefusedError),
            (500, UnavailableError),
            (503, UnavailableError),
        ],
    )
    async def test_a_refused_reply_was_not_sent(
        self, desk: Desk, wire: FaultyWire, ticket: RemoteId, status: int, error: type[DeskError]
    ) -> None:
        wire.answer(lambda: self.vendor.refusal(status), when=self.vendor.writes)
        with pytest.raises(error) as raised:
            await desk.reply(ticket, Reply(text=TEXT), key="k", version=None)
        assert TEXT not in str(raised.value)
        wire.heal()
        assert not said(await desk.thread(ticket), TEXT)

    async def test_a_conflict_is_told_as_one(self, desk: Desk, wire: FaultyWire, ticket: RemoteId) -> None:
        status = self.vendor.conflict
        if status is None:
            pytest.skip("this desk knows no conflicts")
        wire.answer(lambda: self.vendor.refusal(status), when=self.vendor.writes)
        with pytest.raises(ConflictError):
            await desk.reply(ticket, Reply(text=TEXT), key="k", version=None)

    @pytest.mark.parametrize("seconds", [30.0, None], ids=["with-delay", "without"])
    async def test_a_busy_desk_has_not_taken_the_reply(
        self, desk: Desk, wire: FaultyWire, ticket: RemoteId, seconds: float | None
    ) -> None:
        wire.answer(lambda: self.vendor.slow_down(seconds), when=self.vendor.writes)
        with pytest.raises(RateLimitedError):
            await desk.reply(ticket, Reply(text=TEXT), key="k", version=None)
        assert sum(self.vendor.writes(request) for request in wire.asked) == 1

    async def test_a_reply_whose_answer_is_lost_is_known_again(
        self, desk: Desk, wire: FaultyWire, ticket: RemoteId
    ) -> None:
        me = await desk.whoami()
        wire.lose(when=self.vendor.writes)
        with pytest.raises(UnavailableError) as raised:
            await desk.reply(ticket, Reply(text=TEXT), key="lost", version=None)
        assert not isinstance(raised.value, UnreachableError), "it may have arrived"
        assert sum(self.vendor.writes(request) for request in wire.asked) == 1, (
            "the outbox decides on a retry"
        )
        wire.heal()
        (message,) = said(await desk.thread(ticket), TEXT)
        assert desk.is_ours(message, TEXT, key="lost", me=me)

    async def test_files_without_words_whose_answer_is_lost_are_known_again(
        self, desk: Desk, wire: FaultyWire, ticket: RemoteId, make_ticket: MakeTicket
    ) -> None:
        if not desk.capabilities.attachments:
            pytest.skip("this desk has no attachments")
        me = await desk.whoami()
        file = Upload(name="log 1.txt", media_type="text/plain", content=b"line 1")
        reply = Reply(text="", attachments=(file,))
        try:
            await desk.reply(await make_ticket("Before", "Words."), reply, key="before", version=None)
        except RefusedError:
            pytest.skip("this desk takes no files without words, and says so")
        wire.lose(when=self.vendor.writes)
        with pytest.raises(UnavailableError):
            await desk.reply(ticket, reply, key="files", version=None)
        wire.heal()
        messages = (await desk.thread(ticket)).messages
        ours = [message for message in messages if desk.is_ours(message, "", key="files", me=me)]
        assert [one.name for message in ours for one in message.attachments] == ["log 1.txt"]

    async def test_a_reply_whose_answer_is_an_error_of_the_server_may_have_arrived(
        self, desk: Desk, wire: FaultyWire, ticket: RemoteId
    ) -> None:
        wire.spoil(lambda _: self.vendor.refusal(504), when=self.vendor.writes)
        with pytest.raises(UnavailableError) as raised:
            await desk.reply(ticket, Reply(text=TEXT), key="k", version=None)
        assert not isinstance(raised.value, UnreachableError)
        wire.heal()
        assert len(said(await desk.thread(ticket), TEXT)) == 1

    async def test_a_reply_that_cannot_leave_was_certainly_not_sent(
        self, desk: Desk, wire: FaultyWire, ticket: RemoteId
    ) -> None:
        wire.fail(httpx.ConnectError)
        with pytest.raises(UnreachableError):
            await desk.reply(ticket, Reply(text=TEXT), key="k", version=None)

    async def test_what_fails_before_the_write_was_certainly_not_sent(
        self, desk: Desk, wire: FaultyWire, ticket: RemoteId
    ) -> None:
        """A connector may read before it writes: when that fails, the outbox need not wonder."""
        wire.answer(lambda: self.vendor.refusal(500), when=lambda request: not self.vendor.writes(request))
        try:
            await desk.reply(ticket, Reply(text=TEXT), key="k", version=None)
        except UnreachableError:
            wire.heal()
            assert not said(await desk.thread(ticket), TEXT)
            return
        wire.heal()
        assert len(said(await desk.thread(ticket), TEXT)) == 1, "it was sent without anything else"

    async def test_an_unreadable_answer_to_a_reply_hides_no_reply(
        self, desk: Desk, wire: FaultyWire, ticket: RemoteId
    ) -> None:
        me = await desk.whoami()
        wire.spoil(lambda answer: copy_of(answer, answer.content[:-1] or b"{"), when=self.vendor.writes)
        with contextlib.suppress(BadDataError):  # some connectors need nothing of the answer
            await desk.reply(ticket, Reply(text=TEXT), key="cut", version=None)
        wire.heal()
        (message,) = said(await desk.thread(ticket), TEXT)
        assert desk.is_ours(message, TEXT, key="cut", me=me)

    async def test_a_status_that_cannot_be_set_is_told(
        self, desk: Desk, wire: FaultyWire, ticket: RemoteId
    ) -> None:
        statuses = desk.capabilities.statuses
        if Status.SOLVED not in statuses:
            pytest.skip("this desk solves no tickets")
        before = (await desk.thread(ticket)).snapshot.status
        wire.answer(lambda: self.vendor.refusal(422), when=lambda request: request.method != "GET")
        with pytest.raises(RefusedError):
            await desk.set_status(ticket, Status.SOLVED)
        wire.heal()
        assert (await desk.thread(ticket)).snapshot.status is before
