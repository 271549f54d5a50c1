"""The demo desk begins with the data it ships with."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from time import perf_counter

from copilot.desks.demo import DemoDesk, World, open_demo_desk
from copilot.domain import MessageKind, Role, SourceKind
from copilot.domain import RemoteId as Id
from tests.desks.contract import pages_since, tickets_in
from tests.desks.demo.looks import reply, texts
from tests.desks.small import NOW, Clock


async def test_a_new_desk_is_filled_as_if_the_data_were_of_now(desk: DemoDesk, clock: Clock) -> None:
    clock.now = NOW + timedelta(days=100)
    thread = await desk.thread(Id("new"))
    assert thread.messages[0].created == NOW + timedelta(days=100) - timedelta(minutes=59)
    assert thread.snapshot.updated == thread.snapshot.created == thread.messages[0].created
    assert thread.snapshot.url == "https://support.example.com/questions/new"
    assert thread.snapshot.fields == {"topic": "settings"}


async def test_the_ai_agents_escalation_is_told(desk: DemoDesk) -> None:
    thread = await desk.thread(Id("escalated"))
    escalation = thread.snapshot.escalation
    assert escalation is not None
    assert (escalation.by, escalation.confidence) == ("Birdie (AI agent)", 0.4)
    assert escalation.reason == "Customer asked for a person"
    assert escalation.at == thread.messages[-1].created
    assert thread.messages[1].author.role is Role.AI_AGENT
    assert thread.messages[-1].kind is MessageKind.NOTE
    assert await desk.scripted_messages(Id("escalated")) == {"escalated-2", "escalated-4"}


async def test_the_accepted_solution_of_a_solved_ticket_is_told(desk: DemoDesk) -> None:
    assert (await desk.thread(Id("solved-0"))).snapshot.accepted_solution == "solved-0-2"


async def test_articles_and_macros_are_told_apart(desk: DemoDesk) -> None:
    article, macro = await desk.articles()
    assert (article.kind, article.title, article.text) == (
        SourceKind.ARTICLE,
        "Move a folder",
        "Drag the folder to its new place.",
    )
    assert article.url == "https://support.example.com/kb/move-folders"
    assert (macro.kind, macro.title, macro.text) == (SourceKind.MACRO, "Ask for version", "Which version?")


async def test_the_shipped_data_fills_a_desk_that_can_be_read_whole(tmp_path: Path) -> None:
    begun = perf_counter()
    desk = await open_demo_desk(tmp_path / "desk.sqlite3", lively=False)
    seconds = perf_counter() - begun
    try:
        tickets = tickets_in(await pages_since(desk, None))
        threads = [await desk.thread(ticket) for ticket in tickets]
        articles = await desk.articles()
        me = await desk.whoami()
    finally:
        await desk.aclose()
    assert seconds < 5  # measured 0.07 s; generous, because a busy machine is no defect
    assert len(tickets) > 300
    assert me.name == "Sam Lee"
    assert any(ticket.assignee == me and not ticket.status.is_done for ticket in tickets.values())
    assert sum(ticket.escalation is not None for ticket in tickets.values()) >= 8
    assert sum(article.kind is SourceKind.ARTICLE for article in articles) == 174
    assert any(article.kind is SourceKind.MACRO for article in articles)
    for thread in threads:
        ids = [message.remote_id for message in thread.messages]
        assert ids
        assert thread.snapshot == tickets[thread.snapshot.remote_id]
        assert thread.snapshot.accepted_solution in {None, *ids}
        assert [m.created for m in thread.messages] == sorted(m.created for m in thread.messages)


async def test_a_desk_remembers_what_happened_when_it_is_opened_again(tmp_path: Path, world: World) -> None:
    path = tmp_path / "again.sqlite3"
    first = DemoDesk(path, world=world)
    cursor = (await pages_since(first, None))[-1].cursor
    await reply(first, "new")
    await first.aclose()
    second = DemoDesk(path, world=world)
    assert await texts(second, "new") == ["How do I move a folder?", "Press F10."]
    assert list(tickets_in(await pages_since(second, cursor))) == ["new"]
    await second.aclose()
