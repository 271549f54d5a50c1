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
does differently is a class attribute below, each with its reason. A test makes a handful of requests, so the suite also
runs against a slow real server; with `shares_a_server` the queue is read from the beginning once for all tests.
"""

from __future__ import annotations

import asyncio
import html
import random
import re
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import ClassVar, Protocol

import pytest

from copilot.desks.base import ChangePage, Cursor, Desk
from copilot.domain import (
    Message,
    MessageKind,
    Person,
    RemoteId,
    Reply,
    Role,
    SourceKind,
    Status,
    Thread,
    TicketSnapshot,
    Upload,
)
from copilot.errors import (
    AuthError,
    ConflictError,
    DeskError,
    NotFoundError,
    RefusedError,
    UnavailableError,
    UnsupportedError,
)

PICTURE = Upload(name="Bildschirm 1.png", media_type="image/png", content=bytes(range(256)) * 8)
LOG = Upload(name="log.txt", media_type="text/plain", content="Zeile 1\nZeile 2 – ü\n".encode())

UNICODE = "Grüße aus Ōsaka — 日本語, עברית, العربية, हिन्दी and a 👩‍🔧"
LIKE_HTML = "Write <b>not bold</b> & <script>alert(1)</script>, then 1 < 2 > 0 &amp; <user@example.org>."
MARKDOWN = """Some **bold** and _leaning_ words, a [page](https://example.org/a?b=1&c=2) and `code <tag>`:

- one
- two

> quoted

    indented = 1

The end."""
TEXTS = {
    UNICODE: UNICODE,
    LIKE_HTML: "Write b not bold b script alert 1 script then 1 2 0 amp user example org",
    MARKDOWN: "Some bold and leaning words a page and code tag one two quoted indented 1 The end",
}
"""Replies in Markdown, and what a reader must be able to see of them, in this order."""


class MakeTicket(Protocol):
    """A requester asks something new."""

    async def __call__(
        self, subject: str, text: str, *, html: str = "", attachments: tuple[Upload, ...] = ()
    ) -> RemoteId: ...


class Write(Protocol):
    """Somebody else writes a public message on a ticket."""

    async def __call__(self, ticket: RemoteId, text: str) -> object: ...


Received = Callable[[RemoteId], Awaitable[Sequence[str]]]
"""The texts that reached the requester of a ticket, oldest first."""


async def pages_since(desk: Desk, since: Cursor | None) -> list[ChangePage]:
    """All pages of changes after `since`."""
    return [page async for page in desk.changes(since)]


def tickets_in(pages: Sequence[ChangePage]) -> dict[RemoteId, TicketSnapshot]:
    """The newest snapshot of each ticket in some pages."""
    return {ticket.remote_id: ticket for page in pages for ticket in page.tickets}


def words_of(message: Message) -> list[str]:
    """The words a reader of the message sees, whichever of text and HTML the desk gives back."""
    seen = message.text or html.unescape(re.sub(r"<[^>]*>", " ", message.html))
    return words_in(seen)


def words_in(text: str) -> list[str]:
    """The words of a text, without mark-up, punctuation and white space."""
    return re.findall(r"[^\W_]+", text)


def said(thread: Thread, text: str) -> list[Message]:
    """The messages of a thread with exactly these words."""
    return [message for message in thread.messages if words_of(message) == words_in(text)]


class DeskContract:
    """Inherit, provide the fixtures, and run."""

    custom_field: ClassVar[str] = ""
    """A custom field that takes any text; empty when tickets of the test server have none."""
    another_custom_field: ClassVar[str] = ""
    """A second one, to see that setting one leaves the other."""
    recognises_by_key: ClassVar[bool] = False
    """Whether `is_ours` tells two messages of ours with the same words apart."""
    repeats_recent_tickets: ClassVar[bool] = False
    """Whether an increment may repeat tickets that changed a moment before (clocks of one second)."""
    shares_a_server: ClassVar[bool] = False
    """Whether all tests see one growing server: then it is read from the beginning only once."""
    tickets_for_two_pages: ClassVar[int] = 0
    """How many tickets a test makes to get more than one page of changes; 0 when the server has enough."""
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
    def make_ticket(self) -> MakeTicket:
        raise NotImplementedError

    @pytest.fixture
    def act_as_requester(self) -> Write:
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

    async def catch_up(self, desk: Desk, since: Cursor | None = None) -> Cursor | None:
        """Read to the end and answer where that is."""
        if since is None and self.shares_a_server:
            since = self._caught_up.get(type(self))
        pages = await pages_since(desk, since)
        cursor = pages[-1].cursor if pages else since
        if self.shares_a_server:
            self._caught_up[type(self)] = cursor
        return cursor

    # -- people ----------------------------------------------------------------------------------------------------

    async def test_i_am_one_of_the_people_tickets_can_be_given_to(self, desk: Desk, me: Person) -> None:
        assert me.role is Role.REP
        assert me.name
        people = await desk.people()
        assert [person.role for person in people] == [Role.REP] * len(people)
        assert sum(person.remote_id == me.remote_id for person in people) == 1

    async def test_groups_have_names_and_different_ids(self, desk: Desk) -> None:
        groups = await desk.groups()
        assert all(group.name for group in groups)
        assert len({group.remote_id for group in groups}) == len(groups)

    # -- changes ---------------------------------------------------------------------------------------------------

    async def test_reading_from_the_beginning_covers_every_ticket(
        self, desk: Desk, make_ticket: MakeTicket
    ) -> None:
        made = [await make_ticket(f"Question {n}", f"Words of question {n}.") for n in range(3)]
        pages = await pages_since(desk, None)
        found = tickets_in(pages)
        assert set(made) <= set(found)
        assert [found[ticket].subject for ticket in made] == ["Question 0", "Question 1", "Question 2"]
        assert all(page.cursor for page in pages)
        assert pages[-1].remaining in {0, None}
        for ticket in found.values():
            assert ticket.version
            assert ticket.requester.role is Role.REQUESTER
            assert ticket.created.utcoffset() == ticket.updated.utcoffset() == timedelta(0)

    async def test_every_page_can_be_continued_from(self, desk: Desk, make_ticket: MakeTicket) -> None:
        await self._fill_two_pages(make_ticket)
        pages = await pages_since(desk, None)
        middle = len(pages) // 2
        rest = await pages_since(desk, pages[middle].cursor)
        assert set(tickets_in(pages)) == set(tickets_in(pages[: middle + 1])) | set(tickets_in(rest))

    async def test_an_increment_has_what_changed(
        self, desk: Desk, make_ticket: MakeTicket, act_as_requester: Write, act_as_other_rep: Write
    ) -> None:
        quiet, answered, helped = [await make_ticket(f"Question {n}", f"Words {n}.") for n in range(3)]
        cursor = await self.catch_up(desk)
        await act_as_requester(answered, "One more thing.")
        await act_as_other_rep(helped, "Have you tried the other cable?")
        new = await make_ticket("A new question", "Its words.")
        changed = tickets_in(await pages_since(desk, cursor))
        assert {answered, helped, new} <= set(changed)
        if not self.repeats_recent_tickets:
            assert set(changed) == {answered, helped, new}
            assert quiet not in changed

    async def test_our_own_writes_are_changes_too(self, desk: Desk, ticket: RemoteId) -> None:
        cursor = await self.catch_up(desk)
        await desk.reply(ticket, Reply(text="We are looking into it."), key="own-write", version=None)
        assert ticket in tickets_in(await pages_since(desk, cursor))

    async def test_a_poll_without_change_finds_nothing(self, desk: Desk, ticket: RemoteId) -> None:
        cursor = await self.catch_up(desk)
        pages = await pages_since(desk, cursor)
        if not self.repeats_recent_tickets:
            assert len(pages) <= 1
            assert tickets_in(pages) == {}
        again = await pages_since(desk, pages[-1].cursor if pages else cursor)
        assert len(tickets_in(again)) <= len(tickets_in(pages))

    async def test_nothing_is_missed_when_tickets_change_between_pages(
        self, desk: Desk, make_ticket: MakeTicket, act_as_requester: Write, act_as_other_rep: Write
    ) -> None:
        await self._fill_two_pages(make_ticket)
        mine = [await make_ticket(f"Changing {n}", "Words.") for n in range(3)]
        for seed in range(self.rounds_between_pages):
            chance = random.Random(seed)
            pages: list[ChangePage] = []
            touched: set[RemoteId] = set()
            async for page in desk.changes(None):
                pages.append(page)
                if len(pages) > 3:
                    continue
                ticket = chance.choice(mine)
                act = chance.choice([act_as_requester, act_as_other_rep, None])
                if act is None:
                    ticket = await make_ticket(f"Between pages {seed}", "Words.")
                else:
                    await act(ticket, f"Between pages {seed} {len(pages)}")
                touched.add(ticket)
            known = tickets_in([*pages, *await pages_since(desk, pages[-1].cursor)])
            for ticket in touched:
                assert known[ticket].version == (await desk.thread(ticket)).snapshot.version

    async def test_reading_can_be_stopped_after_a_page(self, desk: Desk, ticket: RemoteId) -> None:
        pages = desk.changes(None)
        async for _ in pages:
            break
        close = getattr(pages, "aclose", None)
        if close is not None:
            await close()
        assert (await desk.thread(ticket)).snapshot.remote_id == ticket

    # -- threads ---------------------------------------------------------------------------------------------------

    async def test_a_thread_has_everybodys_words_in_order(
        self, desk: Desk, make_ticket: MakeTicket, act_as_requester: Write, act_as_other_rep: Write
    ) -> None:
        ticket = await make_ticket("Order matters", "First, from the requester.")
        await act_as_other_rep(ticket, "Second, from a colleague.")
        await act_as_requester(ticket, "Third, from the requester.")
        receipt = await desk.reply(ticket, Reply(text="Fourth, from me."), key="order", version=None)
        thread = await desk.thread(ticket)
        assert [words_of(message)[0] for message in thread.messages] == ["First", "Second", "Third", "Fourth"]
        roles = [message.author.role for message in thread.messages]
        assert roles == [Role.REQUESTER, Role.REP, Role.REQUESTER, Role.REP]
        assert {message.kind for message in thread.messages} == {MessageKind.PUBLIC}
        dates = [message.created for message in thread.messages]
        assert dates == sorted(dates)
        assert dates[0].utcoffset() == timedelta(0)
        assert len({message.remote_id for message in thread.messages}) == 4
        assert thread.messages[0].author == thread.messages[2].author == thread.snapshot.requester
        assert thread.snapshot.subject == "Order matters"
        assert receipt.message == thread.messages[-1].remote_id

    async def test_html_of_a_requester_arrives(self, desk: Desk, make_ticket: MakeTicket) -> None:
        if not self.keeps_html:
            pytest.skip("this desk gives back no HTML")
        body = "<p>The lamp <b>blinks</b> &amp; hums: 5 &lt; 6.</p>"
        ticket = await make_ticket("HTML", "The lamp blinks & hums: 5 < 6.", html=body)
        message = (await desk.thread(ticket)).messages[0]
        assert "<b>blinks</b>" in message.html
        assert words_in(html.unescape(re.sub(r"<[^>]*>", " ", message.html))) == [
            *("The", "lamp", "blinks", "hums", "5", "6")
        ]

    async def test_attachments_of_a_requester_can_be_fetched(
        self, desk: Desk, make_ticket: MakeTicket
    ) -> None:
        if not desk.capabilities.attachments:
            pytest.skip("this desk has no attachments")
        ticket = await make_ticket("With files", "Both are attached.", attachments=(PICTURE, LOG))
        files = (await desk.thread(ticket)).messages[0].attachments
        assert [(file.name, file.media_type) for file in files] == [
            (PICTURE.name, "image/png"),
            (LOG.name, "text/plain"),
        ]
        assert [file.size_bytes for file in files] == [len(PICTURE.content), len(LOG.content)]
        fetched = [await desk.attachment(ticket, file.remote_id) for file in files]
        assert fetched == [PICTURE.content, LOG.content]

    async def test_what_changes_and_thread_say_of_a_ticket_agrees(self, desk: Desk, ticket: RemoteId) -> None:
        listed = tickets_in(await pages_since(desk, self._caught_up.get(type(self))))[ticket]
        assert (await desk.thread(ticket)).snapshot == listed

    # -- writing to the ticket -------------------------------------------------------------------------------------

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

    # -- safety ----------------------------------------------------------------------------------------------------

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

    # -- fields of the ticket --------------------------------------------------------------------------------------

    async def test_a_ticket_can_be_taken_given_and_left(
        self, desk: Desk, ticket: RemoteId, me: Person
    ) -> None:
        if not desk.capabilities.assign:
            with pytest.raises(UnsupportedError):
                await desk.assign(ticket, me, None)
            return
        taken = await desk.assign(ticket, me, None)
        snapshot = (await desk.thread(ticket)).snapshot
        assert snapshot.assignee is not None
        assert snapshot.assignee.remote_id == me.remote_id
        assert taken.version == snapshot.version
        assert taken.message is None
        others = [person for person in await desk.people() if person.remote_id != me.remote_id]
        if others:
            await desk.assign(ticket, others[0], None)
            given = (await desk.thread(ticket)).snapshot
            assert given.assignee is not None
            assert given.assignee.remote_id == others[0].remote_id
        await desk.assign(ticket, None, None)
        assert (await desk.thread(ticket)).snapshot.assignee is None

    async def test_a_ticket_can_be_given_to_a_group(self, desk: Desk, ticket: RemoteId) -> None:
        if not desk.capabilities.assign:
            pytest.skip("this desk cannot assign")
        now = (await desk.thread(ticket)).snapshot.group
        others = [group for group in await desk.groups() if group.name != now]
        if not others:
            pytest.skip("the server has one group only")
        await desk.assign(ticket, None, others[0].name)
        assert (await desk.thread(ticket)).snapshot.group == others[0].name

    async def test_an_unknown_person_or_group_is_refused(self, desk: Desk, ticket: RemoteId) -> None:
        if not desk.capabilities.assign:
            pytest.skip("this desk cannot assign")
        nobody = Person(remote_id=RemoteId("no-such-person"), name="No Such Person", role=Role.REP)
        before = (await desk.thread(ticket)).snapshot
        with pytest.raises((RefusedError, NotFoundError)):
            await desk.assign(ticket, nobody, None)
        with pytest.raises((RefusedError, NotFoundError)):
            await desk.assign(ticket, None, "no such group")
        after = (await desk.thread(ticket)).snapshot
        assert (after.assignee, after.group) == (before.assignee, before.group)

    async def test_the_status_can_be_set_and_set_again(self, desk: Desk, ticket: RemoteId) -> None:
        possible = [Status.OPEN, Status.PENDING, Status.SOLVED]
        statuses = [status for status in possible if status in desk.capabilities.statuses]
        if not statuses:
            with pytest.raises(UnsupportedError):
                await desk.set_status(ticket, Status.SOLVED)
            return
        for status in statuses:
            receipt = await desk.set_status(ticket, status)
            snapshot = (await desk.thread(ticket)).snapshot
            assert snapshot.status is status
            assert receipt.version == snapshot.version
        await desk.set_status(ticket, statuses[-1])
        assert (await desk.thread(ticket)).snapshot.status is statuses[-1]

    async def test_tags_are_replaced(self, desk: Desk, ticket: RemoteId) -> None:
        if not desk.capabilities.tags:
            with pytest.raises(UnsupportedError):
                await desk.set_tags(ticket, ("lamp",))
            return
        for tags in (("lamp", "heiß"), ("heiß", "two words"), ()):
            await desk.set_tags(ticket, tags)
            assert set((await desk.thread(ticket)).snapshot.tags) == set(tags)

    async def test_a_field_is_set_and_others_stay(self, desk: Desk, ticket: RemoteId) -> None:
        if not desk.capabilities.fields:
            with pytest.raises(UnsupportedError):
                await desk.set_fields(ticket, {"any": "value"})
            return
        if not self.custom_field:
            pytest.skip("tickets of the test server have no custom field")
        if self.another_custom_field:
            await desk.set_fields(ticket, {self.another_custom_field: "stays"})
        before = dict((await desk.thread(ticket)).snapshot.fields)
        await desk.set_fields(ticket, {self.custom_field: "Wert 1 & <2>"})
        after = dict((await desk.thread(ticket)).snapshot.fields)
        assert after == {**before, self.custom_field: "Wert 1 & <2>"}

    async def test_an_unknown_field_is_refused(self, desk: Desk, ticket: RemoteId) -> None:
        if not desk.capabilities.fields:
            pytest.skip("this desk has no fields")
        with pytest.raises(RefusedError):
            await desk.set_fields(ticket, {"no such field": "value"})

    # -- what goes wrong -------------------------------------------------------------------------------------------

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

    # -- knowledge -------------------------------------------------------------------------------------------------

    async def test_articles_can_be_read(self, desk: Desk) -> None:
        articles = await desk.articles()
        assert len({article.id for article in articles}) == len(articles)
        assert all(article.title and article.text for article in articles)
        assert {article.kind for article in articles} <= {SourceKind.ARTICLE, SourceKind.MACRO}

    async def _fill_two_pages(self, make_ticket: MakeTicket) -> None:
        for n in range(self.tickets_for_two_pages):
            await make_ticket(f"Filling {n}", "Words.")
