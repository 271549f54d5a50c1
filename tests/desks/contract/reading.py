"""Contract: what is read from a desk."""

from __future__ import annotations

import html
import random
import re
from datetime import timedelta

import pytest

from copilot.desks.base import ChangePage, Desk
from copilot.domain import MessageKind, Person, RemoteId, Reply, Role, SourceKind
from tests.desks.contract.base import ContractBase
from tests.desks.contract.words import (
    LOG,
    PICTURE,
    MakeTicket,
    Write,
    pages_since,
    tickets_in,
    words_in,
    words_of,
)


class ReadingContract(ContractBase):
    """People, changes, threads and articles."""

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
        await self.fill_two_pages(make_ticket)
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
        await self.fill_two_pages(make_ticket)
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

    async def test_articles_can_be_read(self, desk: Desk) -> None:
        articles = await desk.articles()
        assert len({article.id for article in articles}) == len(articles)
        assert all(article.title and article.text for article in articles)
        assert {article.kind for article in articles} <= {SourceKind.ARTICLE, SourceKind.MACRO}
