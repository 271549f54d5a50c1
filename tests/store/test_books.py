from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from copilot.domain import (
    Abstention,
    Decision,
    DecisionId,
    DecisionKind,
    RemoteId,
    SavedReply,
    Sentiment,
    SuggestionId,
    TicketId,
    Urgency,
    View,
)
from copilot.store import Store
from tests.store.conftest import SetClock
from tests.store.make import DESK, ME, NOON, brief, draft, message, thread


@pytest.fixture
async def ticket(store: Store) -> TicketId:
    await store.tickets.put_threads(DESK, [thread(message("m1"))])
    found = await store.tickets.find(DESK, RemoteId("T1"))
    assert found is not None
    return found


async def test_a_brief_comes_back_with_its_suggestion(store: Store, ticket: TicketId) -> None:
    header = await store.tickets.get(ticket)
    made = brief("a", ticket, header.thread_version, content=draft(ticket))
    assert await store.books.brief(ticket) is None
    assert (await store.books.put_brief(made)).tickets == {ticket}
    assert await store.books.brief(ticket) == made
    assert await store.books.suggestion(made.suggestion.id) == made.suggestion


async def test_a_brief_shows_in_the_queue(store: Store, ticket: TicketId) -> None:
    header = await store.tickets.get(ticket)
    made = brief(
        "a",
        ticket,
        header.thread_version,
        content=draft(ticket),
        sentiment=Sentiment(score=-0.75, confidence=1),
        urgency=Urgency(level=3, confidence=1),
    )
    await store.books.put_brief(made)
    row = (await store.tickets.rows([ticket]))[0]
    assert (row.mood, row.urgency, row.draft_ready) == (-0.75, 3, True)
    assert (await store.tickets.counts())[View.AT_RISK] == 1


async def test_no_draft_is_ready_where_the_copilot_abstained(store: Store, ticket: TicketId) -> None:
    header = await store.tickets.get(ticket)
    made = brief("a", ticket, header.thread_version, content=Abstention(reason="x", missing=("log",)))
    await store.books.put_brief(made)
    assert not (await store.tickets.rows([ticket]))[0].draft_ready
    assert await store.books.brief(ticket) == made


async def test_a_new_message_makes_the_brief_stale_and_its_removal_fresh_again(
    store: Store, ticket: TicketId
) -> None:
    made = brief("a", ticket, (await store.tickets.get(ticket)).thread_version, content=draft(ticket))
    await store.books.put_brief(made)
    assert await store.books.lacking_brief([ticket]) == ()
    await store.tickets.put_threads(DESK, [thread(message("m1"), message("m2", author=ME))])
    assert await store.books.brief(ticket) is None
    assert await store.books.lacking_brief([ticket]) == (ticket,)
    row = (await store.tickets.rows([ticket]))[0]
    assert not row.draft_ready
    assert row.mood == made.sentiment.score
    await store.tickets.put_threads(DESK, [thread(message("m1"))])
    assert await store.books.brief(ticket) == made
    assert (await store.tickets.rows([ticket]))[0].draft_ready


async def test_a_brief_for_an_older_thread_is_kept_but_not_shown(store: Store, ticket: TicketId) -> None:
    old = (await store.tickets.get(ticket)).thread_version
    await store.tickets.put_threads(DESK, [thread(message("m1"), message("m2"))])
    late = brief("late", ticket, old, content=draft(ticket))
    assert not (await store.books.put_brief(late)).tickets
    assert await store.books.brief(ticket) is None
    assert not (await store.tickets.rows([ticket]))[0].draft_ready
    assert await store.books.suggestion(late.suggestion.id) == late.suggestion


async def test_the_newest_brief_of_a_version_counts(store: Store, ticket: TicketId) -> None:
    version = (await store.tickets.get(ticket)).thread_version
    first = brief("a", ticket, version, content=draft(ticket))
    second = replace(brief("b", ticket, version, content=draft(ticket)), suggestion=first.suggestion)
    await store.books.put_brief(first)
    await store.books.put_brief(second)
    assert await store.books.brief(ticket) == second


async def test_lacking_brief_keeps_the_order_and_leaves_out_strangers(store: Store) -> None:
    await store.tickets.put_threads(DESK, [thread(ticket=f"T{number}") for number in range(4)])
    ids = [TicketId(number) for number in (3, 99, 1, 2)]
    assert await store.books.lacking_brief(ids) == (3, 1, 2)


async def test_decisions_are_appended(store: Store, ticket: TicketId) -> None:
    made = brief("a", ticket, (await store.tickets.get(ticket)).thread_version, content=draft(ticket))
    await store.books.put_brief(made)
    decisions = tuple(
        Decision(
            id=DecisionId(kind.value),
            suggestion=made.suggestion.id,
            kind=kind,
            at=NOON - number * timedelta(minutes=1),
            seconds=1.5,
            reason="wrong product",
            text="edited",
        )
        for number, kind in enumerate(DecisionKind)
    )
    for decision in decisions:
        assert (await store.books.decide(decision)).tickets == {ticket}
    assert await store.books.decisions(ticket) == decisions
    assert await store.books.decisions(TicketId(99)) == ()


async def test_unknown_suggestions_are_key_errors(store: Store) -> None:
    unknown = SuggestionId("unknown")
    with pytest.raises(KeyError):
        await store.books.suggestion(unknown)
    with pytest.raises(KeyError):
        await store.books.decide(
            Decision(id=DecisionId("d"), suggestion=unknown, kind=DecisionKind.ACCEPTED, at=NOON, seconds=0)
        )


async def test_what_is_typed_is_kept_and_an_empty_text_forgets_it(store: Store, ticket: TicketId) -> None:
    assert await store.books.saved_reply(ticket) is None
    typed = SavedReply(ticket=ticket, text="Dear \ud83d", suggestion=SuggestionId("s"))
    await store.books.save_reply(typed)
    assert await store.books.saved_reply(ticket) == replace(typed, text="Dear �", saved=NOON)
    await store.books.save_reply(SavedReply(ticket=ticket, text=""))
    assert await store.books.saved_reply(ticket) is None
    assert [version.text for version in await store.books.reply_versions(ticket)] == ["Dear �"]


async def test_a_note_does_not_overwrite_a_reply(store: Store, ticket: TicketId, clock: SetClock) -> None:
    await store.books.save_reply(SavedReply(ticket=ticket, text="Dear Amara"))
    clock.move(timedelta(seconds=1))
    await store.books.save_reply(SavedReply(ticket=ticket, text="Ask Tom", note=True))
    assert (await store.books.saved_reply(ticket)) == SavedReply(
        ticket=ticket, text="Ask Tom", note=True, saved=clock.moment
    )
    await store.books.save_reply(SavedReply(ticket=ticket, text="", note=True))
    kept = await store.books.saved_reply(ticket)
    assert kept is not None
    assert (kept.text, kept.note) == ("Dear Amara", False)


async def test_versions_are_kept_now_and_then_and_before_a_loss(
    store: Store, ticket: TicketId, clock: SetClock
) -> None:
    async def type_in(text: str) -> None:
        await store.books.save_reply(SavedReply(ticket=ticket, text=text))
        clock.move(timedelta(seconds=1))

    for end in range(1, 61):
        await type_in("x" * end)
    seldom = [version.text for version in await store.books.reply_versions(ticket)]
    assert [len(text) for text in seldom] == [31, 1]
    await type_in("y" * 40)
    assert (await store.books.reply_versions(ticket))[0].text == "x" * 60
    await type_in("y" * 40)
    assert len(await store.books.reply_versions(ticket)) == 3


async def test_only_fifty_versions_are_kept(store: Store, ticket: TicketId, clock: SetClock) -> None:
    for number in range(60):
        await store.books.save_reply(SavedReply(ticket=ticket, text=f"text {number}"))
        clock.move(timedelta(minutes=1))
    versions = await store.books.reply_versions(ticket)
    assert len(versions) == 50
    assert versions[0].text == "text 58"


async def test_the_audit_grows(store: Store, ticket: TicketId, path: Path) -> None:
    await store.books.audit("sync.refused", ticket, {"message": "m1"})
    await store.books.audit("settings.changed", None, {})
    with closing(sqlite3.connect(path)) as db:
        rows = db.execute("SELECT what, ticket, detail FROM audit ORDER BY seq").fetchall()
        ids = [name for (name,) in db.execute("SELECT id FROM audit ORDER BY seq")]
    assert [(what, about, json.loads(detail)) for what, about, detail in rows] == [
        ("sync.refused", ticket, {"message": "m1"}),
        ("settings.changed", None, {}),
    ]
    assert len(set(ids)) == 2
