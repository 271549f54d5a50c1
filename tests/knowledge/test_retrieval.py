from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from copilot.domain import Article, ArticleId, SourceKind, Status, Thread, TicketId, TicketSnapshot
from copilot.knowledge.indexing import index_articles
from copilot.knowledge.question import question_of
from copilot.knowledge.retrieval import Evidence, WordRetriever, addresses_in, chance
from copilot.store import Store
from tests.threads import DEMO, conversation

HELP = "https://help.example/kb"
TEXTS = {
    "filters": (
        "Sort messages with filters",
        "# Make one\n\nOpen Tools, then Message Filters, and name a rule.",
    ),
    "folders": ("Compact folders", "Right-click a folder and choose Compact. It removes deleted messages."),
    "printer": ("Print a message", "Choose File, then Print. The printer of the system is used."),
}
ARTICLES = tuple(
    Article(id=ArticleId(name), title=title, text=text, url=f"{HELP}/{name}", kind=SourceKind.ARTICLE)
    for name, (title, text) in TEXTS.items()
)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    opened = await Store.open(tmp_path / "store.sqlite3")
    assert await index_articles(opened, source="help", articles=ARTICLES)
    yield opened
    await opened.aclose()


async def test_finds_by_shared_words_and_says_which(store: Store) -> None:
    found = await WordRetriever(store).find(
        question_of("Filters", "Can a filter sort messages into a folder by a rule?"), ticket=TicketId(0)
    )
    best = found.articles[0]
    assert best.article == "filters"
    assert best.passage.quote == ARTICLES[0].text[best.passage.start : best.passage.end]
    assert "“rule”" in best.reason
    assert [hit.score for hit in found.articles] == sorted(
        (hit.score for hit in found.articles), reverse=True
    )
    assert all(0 <= hit.score <= 1 for hit in found.articles)


async def test_what_earlier_answers_linked_to_goes_first(store: Store) -> None:
    asked = question_of(
        "Mail takes too much room", "Deleted messages still fill the disk after I sort them by a rule."
    )
    before = await WordRetriever(store).find(asked, ticket=TicketId(0))
    earlier = conversation(
        ("requester", "Deleted messages still fill my disk, there is no room."),
        ("rep", f"Please compact the folder: {HELP}/folders"),
        subject="Mail takes too much room",
        status=Status.SOLVED,
    )
    header = {name: getattr(earlier.ticket, name) for name in TicketSnapshot.__dataclass_fields__}
    await store.tickets.put_threads(
        DEMO, [Thread(snapshot=TicketSnapshot(**header), messages=earlier.messages)]
    )
    after = await WordRetriever(store).find(asked, ticket=TicketId(0))
    assert after.articles[0].article == "folders"
    assert after.articles[0].score > max(
        (hit.score for hit in before.articles if hit.article == "folders"), default=0.0
    )
    assert after.similar[0].answer is not None
    own = await store.tickets.find(DEMO, earlier.ticket.remote_id)
    assert own is not None
    assert (await WordRetriever(store).find(asked, ticket=own)).similar == ()


async def test_nothing_is_found_for_nothing(store: Store) -> None:
    for subject, text in (("", ""), ("???", "!!"), ("zzz", "qqq xxx")):
        assert (
            await WordRetriever(store).find(question_of(subject, text), ticket=TicketId(0))
        ).articles == ()


async def test_removed_articles_leave_the_index(store: Store) -> None:
    assert await index_articles(store, source="help", articles=ARTICLES[:1])
    assert not await index_articles(store, source="help", articles=ARTICLES[:1])
    found = await WordRetriever(store).find(
        question_of("Printer", "How do I print a message?"), ticket=TicketId(0)
    )
    assert all(hit.article == "filters" for hit in found.articles)


def test_more_evidence_is_never_less_chance() -> None:
    weak = chance(Evidence())
    assert weak < chance(Evidence(bm25=1.0)) < chance(Evidence(bm25=1.0, title=0.5))
    assert chance(Evidence(bm25=1.0, title=0.5)) < chance(Evidence(bm25=1.0, title=0.5, linked=0.5)) < 1


def test_addresses_are_read_without_fragment_and_full_stop() -> None:
    text = f"See [this]({HELP}/filters#w_top), {HELP}/folders?x=1 and <{HELP}/printer>."
    assert addresses_in(text) == {f"{HELP}/filters", f"{HELP}/folders", f"{HELP}/printer"}
