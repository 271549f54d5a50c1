"""The full-text indexes agree with what they index after any sequence of edits."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copilot.domain import Article, ArticleId, Message, Person, RemoteId, SourceKind, Thread, TicketId
from copilot.store import Store
from copilot.store.knowledge import Passage
from tests.store.make import DESK, NOON, message, thread

WORDS = st.sampled_from(
    ["junk", "filter", "Größe", "e-mail", "", "the the the", "naïve café", "日本語", '"quoted"']
)
TEXTS = st.lists(WORDS, max_size=4).map(" ".join)
AUTHORS = st.builds(
    lambda n: Person(remote_id=RemoteId("c"), name=f"Ann {n}", email=f"{n}@x.org"), st.integers(0, 2)
)
MESSAGES = st.lists(
    st.builds(
        lambda number, text, clean, author, minute: message(
            f"m{number}", text, clean=clean, author=author, created=NOON.replace(minute=minute)
        ),
        st.integers(0, 6),
        TEXTS,
        TEXTS,
        AUTHORS,
        st.integers(0, 3),
    ),
    max_size=5,
)
THREADS = st.builds(
    lambda number, subject, requester, messages, deleted: Thread(
        snapshot=thread(ticket=f"T{number}", subject=subject, requester=requester, deleted=deleted).snapshot,
        messages=tuple(messages),
    ),
    st.integers(0, 4),
    TEXTS,
    AUTHORS,
    MESSAGES,
    st.booleans(),
)


def check(path: Path, table: str) -> None:
    """Raise `sqlite3.DatabaseError` unless the index says what its content says."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"INSERT INTO {table} ({table}, rank) VALUES ('integrity-check', 1)")


@settings(max_examples=40, deadline=None)
@given(batches=st.lists(st.lists(THREADS, max_size=4), max_size=5))
async def test_after_any_edits_the_index_agrees_with_the_threads(
    batches: list[list[Thread]], empty: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("index") / "workspace.sqlite3"
    shutil.copy(empty, path)
    store = await Store.open(path)
    try:
        latest: dict[RemoteId, tuple[Message, ...]] = {}
        for batch in batches:
            await store.tickets.put_threads(DESK, batch)
            latest |= {one.snapshot.remote_id: one.messages for one in batch if not one.snapshot.deleted}
            check(path, "ticket_fts")
        for remote_id, messages in latest.items():
            ticket = await store.tickets.find(DESK, remote_id)
            assert ticket is not None
            stored = (await store.tickets.conversation(ticket)).messages
            assert {m.remote_id: m for m in stored} == {m.remote_id: m for m in messages}
    finally:
        await store.aclose()


ARTICLES = st.lists(
    st.builds(
        lambda number, title, texts: (
            Article(id=ArticleId(f"a{number}"), title=title, text="".join(texts), kind=SourceKind.ARTICLE),
            [
                Passage(article=ArticleId(f"a{number}"), start=0, end=len(text), heading=title, text=text)
                for text in texts
            ],
        ),
        st.integers(0, 4),
        TEXTS,
        st.lists(TEXTS, max_size=3),
    ),
    max_size=4,
)


@settings(max_examples=25, deadline=None)
@given(contents=st.lists(st.tuples(ARTICLES, ARTICLES), max_size=4))
async def test_after_any_replacements_the_passages_agree(
    contents: list[tuple[list[tuple[Article, list[Passage]]], ...]],
    empty: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    path = tmp_path_factory.mktemp("passages") / "workspace.sqlite3"
    shutil.copy(empty, path)
    store = await Store.open(path)
    try:
        for pair in contents:
            for content in pair:
                await store.knowledge.replace("demo", content)
                assert await store.knowledge.count() == len({article.id for article, _ in content})
                assert not await store.knowledge.replace("demo", content)
                check(path, "passage_fts")
    finally:
        await store.aclose()


async def test_the_check_notices_an_index_that_lies(store: Store, path: Path) -> None:
    await store.tickets.put_threads(DESK, [thread(message("m1", "junk filter"))])
    check(path, "ticket_fts")
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE message SET text = 'something else', clean = NULL")
        connection.commit()
    with pytest.raises(sqlite3.DatabaseError):
        check(path, "ticket_fts")


async def test_every_change_of_text_is_searchable_at_once(store: Store) -> None:
    await store.tickets.put_threads(DESK, [thread(message("m1", "zebra"), subject="Calendar")])
    await store.tickets.put_threads(DESK, [thread(message("m1", "okapi"), subject="Addresses")])
    found = {
        word: len((await store.search.find(word)).rows)
        for word in ("zebra", "okapi", "calendar", "addresses")
    }
    assert found == {"zebra": 0, "okapi": 1, "calendar": 0, "addresses": 1}
    assert await store.tickets.find(DESK, RemoteId("T1")) == TicketId(1)
