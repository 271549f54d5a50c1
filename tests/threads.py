"""Threads for the tests of reading and answering: made ones, and the demo desk's real ones."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from copilot.desks.demo import open_demo_desk
from copilot.domain import (
    Channel,
    Conversation,
    DeskId,
    Message,
    MessageKind,
    Person,
    RemoteId,
    Role,
    Status,
    Thread,
    ThreadVersion,
    Ticket,
    TicketId,
)
from copilot.knowledge.indexing import index_articles
from copilot.store import Store
from copilot.text.clean import clean_message

NINE = datetime(2026, 6, 24, 9, 0, tzinfo=UTC)
"""A Wednesday."""
DEMO = DeskId("demo")

PEOPLE = {
    "requester": Person(remote_id=RemoteId("c1"), name="Amara Okoye", role=Role.REQUESTER),
    "rep": Person(remote_id=RemoteId("r1"), name="Sam Lee", role=Role.REP),
    "ai": Person(remote_id=RemoteId("a1"), name="Birdie (AI agent)", role=Role.AI_AGENT),
    "note": Person(remote_id=RemoteId("r1"), name="Sam Lee", role=Role.REP),
}


def messages(*said: tuple[str, str]) -> tuple[Message, ...]:
    """Messages an hour apart, from pairs of who ("requester", "rep", "ai", "note") and what; cleaned as sync does."""
    return tuple(
        clean_message(
            Message(
                remote_id=RemoteId(f"m{number}"),
                author=PEOPLE[who],
                created=NINE + timedelta(hours=number),
                kind=MessageKind.NOTE if who == "note" else MessageKind.PUBLIC,
                text=text,
            )
        )
        for number, (who, text) in enumerate(said)
    )


def conversation(*said: tuple[str, str], subject: str = "A question", **header: Any) -> Conversation:
    """A conversation of these messages; `header` overrides fields of its ticket."""
    ticket = Ticket(
        id=TicketId(1),
        desk=DEMO,
        remote_id=RemoteId("T1"),
        subject=subject,
        status=Status.OPEN,
        channel=Channel.EMAIL,
        created=NINE,
        updated=NINE,
        requester=PEOPLE["requester"],
        version="1",
        thread_version=ThreadVersion("v1"),
    )
    return Conversation(ticket=replace(ticket, **header), messages=messages(*said))


async def fill_with_demo_desk(folder: Path) -> Path:
    """A store that holds the demo desk's threads, articles and macros; the answer is its path."""
    path = folder / "store.sqlite3"
    desk = await open_demo_desk(folder / "desk.sqlite3", lively=False)
    store = await Store.open(path)
    try:
        await index_articles(store, source=DEMO, articles=await desk.articles())
        async for page in desk.changes(None):
            threads = [await desk.thread(ticket.remote_id) for ticket in page.tickets]
            cleaned = [
                Thread(snapshot=t.snapshot, messages=tuple(map(clean_message, t.messages))) for t in threads
            ]
            await store.tickets.put_threads(DEMO, cleaned)
    finally:
        await store.aclose()
        await desk.aclose()
    return path
