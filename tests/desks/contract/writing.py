"""Contract: what is said on a ticket, once and safely."""

from __future__ import annotations

import pytest

from copilot.desks.base import Desk
from copilot.domain import MessageKind, Person, RemoteId, Reply
from copilot.errors import ConflictError, RefusedError, UnsupportedError
from tests.desks.contract.base import ContractBase
from tests.desks.contract.words import LOG, PICTURE, TEXTS, Received, Write, said, words_in, words_of


class WritingContract(ContractBase):
    """Replies and notes."""

    async def test_a_reply_appears_once_and_reaches_the_requester(
        self, desk: Desk, ticket: RemoteId, me: Person, received_by_requester: Received | None
    ) -> None:
        before = (await desk.thread(ticket)).snapshot.version
        text = "Please unplug the lamp, wait a minute, and plug it in."
        receipt = await desk.reply(ticket, Reply(text=text), key="once", version=None)
        thread = await desk.thread(ticket)
        (message,) = said(thread, text)
        assert message.kind is MessageKind.PUBLIC
        assert message.author.remote_id == me.remote_id
        assert message.remote_id == receipt.message
        assert receipt.version == thread.snapshot.version != before
        assert desk.is_ours(message, text, key="once", me=me)
        if received_by_requester is not None:
            received = await received_by_requester(ticket)
            assert [words_in(arrived) for arrived in received] == [words_in(text)]

    async def test_a_note_appears_once_and_stays_inside(
        self, desk: Desk, ticket: RemoteId, me: Person, received_by_requester: Received | None
    ) -> None:
        text = "The customer called; the serial number is 4711."
        if not desk.capabilities.notes:
            with pytest.raises(UnsupportedError):
                await desk.note(ticket, text, key="note", version=None)
            return
        receipt = await desk.note(ticket, text, key="note", version=None)
        thread = await desk.thread(ticket)
        (message,) = said(thread, text)
        assert message.kind is MessageKind.NOTE
        assert message.author.remote_id == me.remote_id
        assert message.remote_id == receipt.message
        assert receipt.version == thread.snapshot.version
        assert desk.is_ours(message, text, key="note", me=me)
        if received_by_requester is not None:
            assert await received_by_requester(ticket) == []

    async def test_only_our_message_is_ours(
        self, desk: Desk, ticket: RemoteId, me: Person, act_as_other_rep: Write
    ) -> None:
        text = "Have you tried another socket?"
        await desk.reply(ticket, Reply(text="Hello, I am reading your question."), key="older", version=None)
        await act_as_other_rep(ticket, text)
        others = (await desk.thread(ticket)).messages
        assert not any(desk.is_ours(message, text, key="newer", me=me) for message in others)
        await desk.reply(ticket, Reply(text=text), key="newer", version=None)
        ours = [m for m in (await desk.thread(ticket)).messages if desk.is_ours(m, text, key="newer", me=me)]
        assert [message.author.remote_id for message in ours] == [me.remote_id]

    async def test_the_same_words_sent_before_are_another_message(
        self, desk: Desk, ticket: RemoteId, me: Person
    ) -> None:
        if not self.recognises_by_key:
            pytest.skip("this desk recognises our messages by author and words")
        text = "Could you send us a picture?"
        await desk.reply(ticket, Reply(text=text), key="earlier", version=None)
        thread = await desk.thread(ticket)
        assert not any(desk.is_ours(message, text, key="later", me=me) for message in thread.messages)

    async def test_a_reply_takes_its_status_along(self, desk: Desk, ticket: RemoteId) -> None:
        reply = Reply(text="Please tell us when it blinks again.", status=self.reply_status)
        await desk.reply(ticket, reply, key="with-status", version=None)
        assert (await desk.thread(ticket)).snapshot.status is self.reply_status

    async def test_a_reply_takes_its_attachments_along(self, desk: Desk, ticket: RemoteId) -> None:
        reply = Reply(text="The instructions are attached.", attachments=(PICTURE, LOG))
        if not desk.capabilities.attachments:
            with pytest.raises(UnsupportedError):
                await desk.reply(ticket, reply, key="files", version=None)
            return
        await desk.reply(ticket, reply, key="files", version=None)
        files = (await desk.thread(ticket)).messages[-1].attachments
        assert [file.name for file in files] == [PICTURE.name, LOG.name]
        assert [await desk.attachment(ticket, file.remote_id) for file in files] == [
            PICTURE.content,
            LOG.content,
        ]

    @pytest.mark.parametrize("text", TEXTS, ids=["unicode", "looks-like-html", "markdown"])
    async def test_texts_arrive_unchanged_in_meaning(
        self, desk: Desk, ticket: RemoteId, me: Person, text: str
    ) -> None:
        await desk.reply(ticket, Reply(text=text), key=f"text {text}", version=None)
        message = (await desk.thread(ticket)).messages[-1]
        arrived = iter(words_of(message))
        missing = [word for word in words_in(TEXTS[text]) if word not in arrived]
        assert not missing
        assert desk.is_ours(message, text, key=f"text {text}", me=me)

    async def test_a_very_long_text_arrives_whole(self, desk: Desk, ticket: RemoteId, me: Person) -> None:
        text = "\n\n".join(f"Line {n} of a very long answer." for n in range(self.longest_text // 34))
        await desk.reply(ticket, Reply(text=text), key="long", version=None)
        message = (await desk.thread(ticket)).messages[-1]
        assert words_of(message) == words_in(text)
        assert desk.is_ours(message, text, key="long", me=me)

    @pytest.mark.parametrize("text", ["", " \n\t "], ids=["empty", "blank"])
    async def test_nothing_is_never_sent(self, desk: Desk, ticket: RemoteId, text: str) -> None:
        with pytest.raises(RefusedError):
            await desk.reply(ticket, Reply(text=text), key="nothing", version=None)
        if desk.capabilities.notes:
            with pytest.raises(RefusedError):
                await desk.note(ticket, text, key="nothing-noted", version=None)
        assert len((await desk.thread(ticket)).messages) == 1

    async def test_a_stale_version_is_refused(
        self, desk: Desk, ticket: RemoteId, act_as_other_rep: Write
    ) -> None:
        if not desk.capabilities.safe_update:
            pytest.skip("this desk has no safe updates")
        seen = (await desk.thread(ticket)).snapshot.version
        await act_as_other_rep(ticket, "I have this one.")
        with pytest.raises(ConflictError):
            await desk.reply(ticket, Reply(text="Too late."), key="stale", version=seen)
        if desk.capabilities.notes:
            with pytest.raises(ConflictError):
                await desk.note(ticket, "Too late.", key="stale-note", version=seen)
        now = await desk.thread(ticket)
        assert not said(now, "Too late.")
        await desk.reply(ticket, Reply(text="In time."), key="fresh", version=now.snapshot.version)
        assert len(said(await desk.thread(ticket), "In time.")) == 1

    async def test_a_key_is_carried_out_once(self, desk: Desk, ticket: RemoteId) -> None:
        if not desk.capabilities.idempotency:
            pytest.skip("this desk has no idempotency")
        version = (await desk.thread(ticket)).snapshot.version
        reply = Reply(text="Once is enough.")
        first = await desk.reply(ticket, reply, key="key-1", version=version)
        second = await desk.reply(ticket, reply, key="key-1", version=version)
        assert first.message == second.message
        assert len(said(await desk.thread(ticket), reply.text)) == 1
        await desk.reply(ticket, reply, key="key-2", version=None)
        assert len(said(await desk.thread(ticket), reply.text)) == 2
