from __future__ import annotations

import asyncio
import sqlite3
import threading
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copilot.domain import Person, RemoteId, SourceKind, Status, Thread, TicketId
from copilot.store import Store, search
from copilot.store.words import all_words, terms_of
from tests.store.make import COLLEAGUE, DESK, ME, message, thread


async def put(store: Store, *threads: Thread) -> list[TicketId]:
    await store.tickets.put_threads(DESK, threads)
    found = [await store.tickets.find(DESK, each.snapshot.remote_id) for each in threads]
    return [ticket for ticket in found if ticket is not None]


async def find(store: Store, text: str) -> list[TicketId]:
    return [row.id for row in (await store.search.find(text)).rows]


async def test_every_word_must_stand_somewhere_in_the_ticket(store: Store) -> None:
    first, second = await put(
        store,
        thread(message("m1", "the junk folder is empty"), ticket="T1", subject="Missing mail"),
        thread(
            message("m1", "junk"),
            message("m2", "please explain filters", author=ME),
            ticket="T2",
            subject="Rules",
        ),
    )
    assert set(await find(store, "junk")) == {first, second}
    assert await find(store, "rules junk filters") == [second]
    assert await find(store, "missing filters") == []


@pytest.mark.parametrize(
    "text",
    ["okoye", "Amara", "amara@example.com", "AMARA OKO", "calen", "Calendars", "syncing", "größe", "GROßE  "],
)
async def test_found_by_requester_beginning_form_and_without_accents(store: Store, text: str) -> None:
    (ticket,) = await put(store, thread(message("m1", "Die Größe stimmt nicht; syncs never finish")))
    assert await find(store, text) == [ticket]


async def test_only_a_word_still_being_typed_is_a_beginning(store: Store) -> None:
    (ticket,) = await put(store, thread())
    assert await find(store, "cal") == [ticket]
    assert await find(store, "cal ") == []
    assert await find(store, "c") == []


async def test_the_subject_counts_more_than_the_body(store: Store) -> None:
    body, subject = await put(
        store,
        thread(message("m1", "certificate"), ticket="T1", subject="Hello"),
        thread(message("m1", "hello"), ticket="T2", subject="certificate"),
    )
    assert await find(store, "certificate") == [subject, body]


@pytest.mark.parametrize("text", ["", "   ", "?!", '"', "* ^ :", "()"])
async def test_no_word_finds_nothing(store: Store, text: str) -> None:
    await put(store, thread())
    assert await find(store, text) == []


@pytest.mark.parametrize(
    "text",
    [
        "AND",
        "junk OR",
        "NOT junk",
        "NEAR(junk, 2)",
        "subject:junk",
        "-junk",
        "ju*nk",
        '"junk',
        "{subject}:a",
        "x\x00y",
    ],
)
async def test_no_syntax_gets_through(store: Store, text: str) -> None:
    await put(store, thread(message("m1", "mail")))
    assert await find(store, text) == []


@settings(max_examples=80, deadline=None)
@given(text=st.text(st.characters(), max_size=30))
async def test_whatever_is_typed_is_words(text: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    store = await _shared_store(tmp_path_factory)
    try:
        await store.search.find(text)
        await store.search.similar(text, exclude=TicketId(0))
        await store.knowledge.passages(text)
    finally:
        await store.aclose()


async def _shared_store(factory: pytest.TempPathFactory) -> Store:
    path: Path = factory.getbasetemp() / "typed.sqlite3"
    return await Store.open(path)


async def test_a_limit_is_kept(store: Store) -> None:
    await put(store, *(thread(ticket=f"T{number}") for number in range(9)))
    assert len((await store.search.find("calendar", limit=4)).rows) == 4


async def test_of_very_many_matches_the_newest_are_ranked(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "CANDIDATES", 3)
    tickets = await put(store, *(thread(ticket=f"T{number}") for number in range(6)))
    assert set(await find(store, "calendar")) == set(tickets[-3:])


async def test_a_newer_search_ends_an_older(store: Store) -> None:
    await put(store, thread())
    running, go_on = threading.Event(), threading.Event()

    def slow(db: sqlite3.Connection) -> int:
        # A query that never ends by itself: only the interruption ends it.
        running.set()
        assert go_on.wait(20)
        endless = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
        return len(db.execute(endless).fetchall())

    older = asyncio.create_task(store._database.search(slow))
    assert await asyncio.to_thread(running.wait, 20)
    go_on.set()
    await asyncio.sleep(0)
    assert len((await store.search.find("calendar")).rows) == 1
    with pytest.raises(asyncio.CancelledError):
        await older
    assert len((await store.search.find("calendar")).rows) == 1


async def test_of_many_keystrokes_only_the_last_is_answered(store: Store) -> None:
    await put(store, thread())
    answers = await asyncio.gather(
        *(store.search.find("calendar"[:end]) for end in range(1, 9)), return_exceptions=True
    )
    *older, newest = answers
    assert not isinstance(newest, BaseException)
    assert len(newest.rows) == 1
    assert all(isinstance(answer, asyncio.CancelledError) for answer in older)


async def test_a_search_nobody_waits_for_is_interrupted(store: Store) -> None:
    running = threading.Event()

    def endless(db: sqlite3.Connection) -> int:
        running.set()
        query = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
        return len(db.execute(query).fetchall())

    task = asyncio.create_task(store._database.search(endless))
    assert await asyncio.to_thread(running.wait, 20)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await find(store, "nothing") == []


async def test_similar_gives_solved_tickets_with_their_answer(store: Store) -> None:
    question = message("m1", "Thunderbird rejects my certificate when sending through the proxy")
    answer = message("m2", "Import the certificate of the proxy.", author=COLLEAGUE)
    later = message("m3", "You are welcome.", author=COLLEAGUE)
    solved, accepted, unsolved, other = await put(
        store,
        thread(question, answer, ticket="solved", subject="Certificate", status=Status.SOLVED),
        thread(
            question,
            answer,
            later,
            ticket="accepted",
            subject="Proxy",
            status=Status.CLOSED,
            accepted_solution=RemoteId("m2"),
            url="https://desk.example/2",
        ),
        thread(question, answer, ticket="unsolved", subject="Proxy certificate"),
        thread(message("m1", "fonts are tiny"), ticket="other", status=Status.SOLVED),
    )
    text = "My certificate is rejected by the proxy"
    found = await store.search.similar(text, exclude=TicketId(0))
    assert {hit.ticket for hit in found} == {solved, accepted}
    assert [hit.score for hit in found] == sorted((hit.score for hit in found), reverse=True)
    assert all(0 < hit.score <= 1 for hit in found)
    by_ticket = {hit.ticket: hit for hit in found}
    cited = by_ticket[accepted].answer
    assert cited is not None
    assert (cited.kind, cited.quote, cited.message, cited.ticket) == (
        SourceKind.TICKET,
        answer.clean,
        "m2",
        accepted,
    )
    assert (cited.start, cited.end, cited.url) == (0, len(answer.clean), "https://desk.example/2")
    every = await store.search.similar(text, exclude=solved, solved_only=False)
    assert {hit.ticket for hit in every} == {accepted, unsolved}
    assert next(hit for hit in every if hit.ticket == unsolved).answer is None
    assert other not in {hit.ticket for hit in every}


async def test_names_do_not_make_tickets_alike(store: Store) -> None:
    namesake = Person(remote_id=RemoteId("c2"), name="Printer Margins")
    await put(
        store, thread(message("m1", "fonts"), subject="Fonts", requester=namesake, status=Status.SOLVED)
    )
    assert await store.search.similar("printer margins", exclude=TicketId(0)) == ()


async def test_similar_leaves_out_deleted_tickets_and_stop_words(store: Store) -> None:
    gone = thread(message("m1", "certificate"), ticket="gone", status=Status.SOLVED)
    (ticket,) = await put(store, gone)
    assert [hit.ticket for hit in await store.search.similar("certificate", exclude=TicketId(0))] == [ticket]
    await store.tickets.retire(DESK)
    assert await store.search.similar("certificate", exclude=TicketId(0)) == ()
    assert await store.search.similar("what is it that you have", exclude=TicketId(0)) == ()


async def test_common_words_are_asked_for_only_when_there_are_no_rarer(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "COMMON", 3)
    common = [
        thread(message("m1", "calendar trouble"), ticket=f"T{n}", status=Status.SOLVED) for n in range(5)
    ]
    rare = thread(message("m1", "okapi"), ticket="rare", subject="Animals", status=Status.SOLVED)
    *_, okapi = await put(store, *common, rare)

    async def similar(text: str) -> list[TicketId]:
        return [hit.ticket for hit in await store.search.similar(text, exclude=TicketId(0))]

    monkeypatch.setattr(search, "ENOUGH", 1)
    assert await similar("calendar okapi") == [okapi]
    assert len(await similar("calendar")) == 5
    monkeypatch.setattr(search, "ENOUGH", 2)
    assert len(await similar("calendar okapi")) == 6
    monkeypatch.setattr(search, "WINDOW", 2)
    assert len(await similar("calendar")) == 2


def test_words_of_a_query() -> None:
    assert all_words('say "hi" ok-ay') == '"say" """hi""" "ok-ay" *'
    assert all_words("one two ") == '"one" "two"'
    assert all_words("a") == '"a"'
    assert terms_of("The printer, the PRINTER's tray_2 and 404 errors!") == [
        "printer",
        "tray",
        "404",
        "errors",
    ]


async def test_other_tickets_of_a_requester_are_found_newest_first(store: Store) -> None:
    amara = Person(remote_id=RemoteId("c1"), name="Amara Okoye", email="amara@example.com")
    other = Person(remote_id=RemoteId("c2"), name="Amara Okoye", email="amara@example.com.evil.test")
    first, second, _, third = await put(
        store,
        thread(message("m1", "one"), ticket="T1", requester=amara),
        thread(message("m1", "two"), ticket="T2", requester=amara),
        thread(message("m1", "amara@example.com"), ticket="T3", requester=other),
        thread(message("m1", "three"), ticket="T4", requester=amara),
    )
    asked = await store.tickets.get(third)
    assert await store.search.of_requester(asked) == (second, first)
    assert await store.search.of_requester(asked, limit=1) == (second,)
