"""No query on a hot path may read a table from end to end or sort what an index could give in order."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from copilot.domain import View
from copilot.store import (
    Store,
    answers,
    article_rows,
    assessed,
    books,
    conversations,
    customers,
    knowledge,
    local,
    message_rows,
    model_calls,
    outbox_rows,
    overlay,
    saved_replies,
    search,
    sources,
    threads,
    ticket_rows,
    tickets,
    views,
)

PAGES = {(view, after): views.page_query(view, after=after) for view in View for after in (False, True)}
HOT = {
    **{f"outbox {name}": query for name, query in outbox_rows.QUERIES.items()},
    "rows": views.ROWS_QUERY,
    "messages": conversations.MESSAGES_QUERY,
    "authors": conversations.AUTHORS_QUERY,
    "attachments": conversations.ATTACHMENTS_QUERY,
    "versions": tickets.VERSIONS_QUERY,
    "find": tickets.FIND_QUERY,
    "header": ticket_rows.BY_ID_QUERY,
    "header of a desk's ticket": ticket_rows.BY_REMOTE_ID_QUERY,
    "stored messages": message_rows.STORED_QUERY,
    "draft of a version": threads.DRAFT_QUERY,
    "unsent changes": overlay.UNSENT_QUERY,
    "newly mine": local.NEWLY_MINE_QUERY,
    "snoozes over": local.OVER_QUERY,
    "risks risen": local.RISEN_QUERY,
    "brief": assessed.BRIEF_QUERY,
    "corrections of a ticket": assessed.CORRECTIONS_OF_QUERY,
    "last asked": assessed.LAST_ASKED_QUERY,
    "summarised": books.SUMMARISED_QUERY,
    "lacking a brief": books.LACKING_QUERY,
    "decisions": books.DECISIONS_QUERY,
    "saved reply": saved_replies.SAVED_QUERY,
    "reply versions": saved_replies.VERSIONS_QUERY,
    "search: not deleted": search.KEPT_QUERY,
    "search: headers": search.HEADERS_QUERY,
    "search: accepted answer": search.ACCEPTED_QUERY,
    "search: last answer": search.LAST_ANSWER_QUERY,
    "article": knowledge.ARTICLE_QUERY,
    "passage": knowledge.PASSAGE_QUERY,
    "articles of a source": article_rows.OF_SOURCE_QUERY,
    "article of a source": article_rows.KNOWN_QUERY,
    "count of a source": knowledge.COUNT_OF_QUERY,
    "known documents": sources.KNOWN_QUERY,
    "failed documents": sources.FAILURES_QUERY,
    "reading of a source": sources.READING_QUERY,
    "versions of an answer": answers.VERSIONS_QUERY,
    "model calls of a ticket": model_calls.CALLS_QUERY,
    "model call": model_calls.CALL_QUERY,
    "spent since": model_calls.SPENT_QUERY,
    "customer of a ticket": customers.ASKED_BY_QUERY,
    "customer by address": customers.BY_EMAIL_QUERY,
    "customer by id": customers.BY_REMOTE_ID_QUERY,
    "customer's tickets": customers.TICKETS_QUERY,
    "customer's count": customers.COUNT_QUERY,
    "spent on a ticket": model_calls.SPENT_ON_TICKET_QUERY,
}
FULL_TEXT = {
    "newest matches": search.NEWEST_QUERY,
    "ranked matches": search.RANKED_QUERY,
    "passages": knowledge.PASSAGES_QUERY,
}
# Reads a handful: the entries on their way out, the values of a JSON array.
SMALL = {"outbox_pending", "wanted"}


@pytest.fixture
def db(store: Store, path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(path)) as connection:
        yield connection


def plan(db: sqlite3.Connection, query: str) -> list[str]:
    marks = query.count("?")
    return [row[3] for row in db.execute(f"EXPLAIN QUERY PLAN {query}", [1] * marks)]


def scanned(steps: list[str]) -> set[str]:
    found = (re.match(r"SCAN (\w+)(?! .*VIRTUAL TABLE INDEX \d+:\S)", step) for step in steps)
    return {match.group(1) for match in found if match}


@pytest.mark.parametrize("name", HOT)
async def test_reads_by_index(db: sqlite3.Connection, name: str) -> None:
    steps = plan(db, HOT[name])
    assert not [step for step in steps if "TEMP B-TREE" in step], steps
    assert scanned(steps) <= SMALL, steps
    assert any(
        re.search(r"USING (COVERING |INTEGER PRIMARY |PRIMARY )?(INDEX|KEY)", step) for step in steps
    ), steps


@pytest.mark.parametrize(("view", "after"), PAGES)
async def test_a_page_follows_the_index_of_its_view(db: sqlite3.Connection, view: View, after: bool) -> None:
    steps = plan(db, PAGES[view, after])
    assert not [step for step in steps if "TEMP B-TREE" in step], steps
    (of_tickets,) = (step for step in steps if " ticket " in step)
    assert f"USING INDEX ticket_{view}" in of_tickets
    assert of_tickets.startswith("SEARCH") or not after
    assert scanned(steps) <= {"ticket"}


async def test_counts_read_seven_rows(db: sqlite3.Connection) -> None:
    assert plan(db, views.COUNTS_QUERY) == ["SCAN view_count"]
    assert db.execute("SELECT count(*) FROM view_count").fetchone()[0] == len(View)


@pytest.mark.parametrize("name", FULL_TEXT)
async def test_full_text_is_ranked_inside_the_index(db: sqlite3.Connection, name: str) -> None:
    steps = plan(db, FULL_TEXT[name])
    assert len(steps) == 1, steps
    assert "VIRTUAL TABLE INDEX" in steps[0]


async def test_a_scan_would_be_noticed(db: sqlite3.Connection) -> None:
    assert scanned(plan(db, "SELECT * FROM message WHERE text = ?")) == {"message"}
    assert scanned(plan(db, "SELECT * FROM ticket WHERE subject = ? ORDER BY last_activity")) == {"ticket"}
    assert any("TEMP B-TREE" in step for step in plan(db, "SELECT * FROM ticket ORDER BY subject"))
