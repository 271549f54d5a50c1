from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from copilot.domain import (
    Article,
    ArticleId,
    Channel,
    RemoteId,
    SourceKind,
    Status,
    Thread,
    TicketId,
    TicketSnapshot,
)
from copilot.errors import ModelError
from copilot.knowledge import hybrid
from copilot.knowledge.hybrid import HybridRetriever
from copilot.knowledge.indexing import index_articles
from copilot.knowledge.question import question_of
from copilot.knowledge.retrieval import FOUND_BY_MEANING, FOUND_BY_WORDS, Findings
from copilot.store import Store
from copilot.store.solved import SolvedThread
from tests.knowledge.fake_embedder import MissingModel, WordEmbedder
from tests.threads import DEMO, NINE, PEOPLE, messages

PRINTER = "The printer prints blank pages after the cartridge was changed."
NEW = TicketId(0)


def an_article(name: str, title: str, text: str) -> Article:
    return Article(
        id=ArticleId(name),
        title=title,
        text=text,
        kind=SourceKind.ARTICLE,
        url=f"https://help.example/{name}",
    )


ARTICLES = (
    an_article("printer", "Blank pages", "Clean the print head of the printer, then print a test page."),
    an_article("calendar", "Calendar does not sync", "Sign in to the calendar again and choose Synchronise."),
    an_article("password", "Forgotten password", "Open the sign-in page and ask for a new password."),
)


def a_solved_thread(number: int, subject: str, question: str, answer: str) -> Thread:
    said = messages(("requester", question), ("rep", answer))
    own = tuple(replace(m, remote_id=RemoteId(f"{number}-{m.remote_id}")) for m in said)
    snapshot = TicketSnapshot(
        remote_id=RemoteId(f"T{number}"),
        subject=subject,
        status=Status.SOLVED,
        channel=Channel.EMAIL,
        created=NINE,
        updated=NINE,
        requester=PEOPLE["requester"],
        version="1",
        accepted_solution=own[-1].remote_id,
    )
    return Thread(snapshot=snapshot, messages=own)


SOLVED = (
    a_solved_thread(1, "Blank pages", PRINTER, "Please follow https://help.example/printer and tell us."),
    a_solved_thread(2, "Password", "I forgot my password for the desktop.", "Ask for a new one on the page."),
)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    store = await Store.open(tmp_path / "store.sqlite3")
    await index_articles(store, source="help", articles=ARTICLES)
    await store.tickets.put_threads(DEMO, SOLVED)
    yield store
    await store.aclose()


@pytest.fixture
def embedder() -> WordEmbedder:
    return WordEmbedder()


@pytest.fixture
async def retriever(store: Store, embedder: WordEmbedder) -> AsyncIterator[HybridRetriever]:
    retriever = HybridRetriever(store, embedder)
    yield retriever
    await retriever.aclose()


async def ask(retriever: HybridRetriever, text: str, ticket: TicketId = NEW) -> Findings:
    return await retriever.find(question_of("", text), ticket=ticket)


async def test_words_answer_until_it_has_caught_up(retriever: HybridRetriever) -> None:
    assert (await ask(retriever, PRINTER)).found_by == FOUND_BY_WORDS
    await retriever.catch_up()
    found = await ask(retriever, PRINTER)
    assert found.found_by == FOUND_BY_MEANING
    assert found.articles[0].article == "printer"
    assert found.articles[0].reason.startswith("Answered 1 of")
    quoted = found.articles[0].passage
    assert ARTICLES[0].text[quoted.start : quoted.end] == quoted.quote
    assert all(0 <= hit.score <= 1 for hit in found.articles)


async def test_earlier_tickets_come_by_likeness(retriever: HybridRetriever) -> None:
    await retriever.catch_up()
    found = await ask(retriever, PRINTER)
    nearest = found.similar[0]
    assert nearest.subject == "Blank pages"
    assert 0.5 <= nearest.score <= 1
    assert nearest.answer is not None
    assert "help.example/printer" in nearest.answer.quote


async def test_a_solved_ticket_does_not_speak_for_itself(retriever: HybridRetriever, store: Store) -> None:
    await retriever.catch_up()
    own = await store.tickets.find(DEMO, RemoteId("T1"))
    assert own is not None
    found = await ask(retriever, PRINTER, own)
    assert own not in {one.ticket for one in found.similar}
    assert not found.articles[0].reason.startswith("Answered")


async def test_a_second_start_embeds_nothing(store: Store, retriever: HybridRetriever) -> None:
    await retriever.catch_up()
    embedder = WordEmbedder()
    again = HybridRetriever(store, embedder)
    await again.catch_up()
    assert embedder.texts == []
    assert (await ask(again, PRINTER)).articles == (await ask(retriever, PRINTER)).articles
    await again.aclose()


async def test_a_question_asked_again_is_not_embedded_again(
    retriever: HybridRetriever, embedder: WordEmbedder
) -> None:
    await retriever.catch_up()
    first = await ask(retriever, PRINTER)
    embedder.texts.clear()
    assert await ask(retriever, PRINTER) == first
    assert embedder.texts == []
    await ask(retriever, "Where is the scanner?")
    assert embedder.texts


async def test_a_changed_article_is_embedded_alone_and_a_removed_one_is_gone(
    retriever: HybridRetriever, store: Store, embedder: WordEmbedder
) -> None:
    await retriever.catch_up()
    embedder.texts.clear()
    changed = an_article("calendar", "Blank printer pages", "Replace the printer's cartridge once more.")
    await index_articles(store, source="help", articles=(changed, ARTICLES[2]))
    await retriever.catch_up()
    assert len(embedder.texts) == 2
    found = await ask(retriever, PRINTER)
    assert found.articles[0].article == "calendar"
    assert found.articles[0].passage.quote == changed.text
    assert "printer" not in {hit.article for hit in found.articles}


async def test_a_question_in_the_middle_of_a_change_is_answered(
    retriever: HybridRetriever, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    await retriever.catch_up()
    read = store.solved.threads
    found: list[Findings] = []

    async def ask_then_read(tickets: Sequence[TicketId]) -> tuple[SolvedThread, ...]:
        found.append(await ask(retriever, PRINTER))
        return await read(tickets)

    monkeypatch.setattr(store.solved, "threads", ask_then_read)
    await index_articles(store, source="help", articles=(an_article("new", "New", "A new page."), *ARTICLES))
    await retriever.catch_up()
    assert [one.articles[0].article for one in found] == ["printer"]


async def test_a_newly_solved_ticket_joins_the_history(
    retriever: HybridRetriever, store: Store, embedder: WordEmbedder
) -> None:
    await retriever.catch_up()
    embedder.texts.clear()
    question = "My phone calendar shows appointments twice since the holidays."
    solved = a_solved_thread(3, "Twice", question, "See https://help.example/calendar for that.")
    await store.tickets.put_threads(DEMO, [solved])
    await retriever.catch_up()
    assert len(embedder.texts) == 1
    found = await ask(retriever, question)
    assert found.similar[0].subject == "Twice"
    reasons = {hit.article: hit.reason for hit in found.articles}
    assert reasons[ArticleId("calendar")].startswith("Answered 1 of")


async def test_without_a_model_words_go_on(store: Store) -> None:
    retriever = HybridRetriever(store, MissingModel())
    with pytest.raises(ModelError):
        await retriever.catch_up()
    found = await ask(retriever, PRINTER)
    assert (found.found_by, found.articles[0].article) == (FOUND_BY_WORDS, "printer")
    await retriever.aclose()


async def test_far_behind_words_answer_again(
    retriever: HybridRetriever, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    await retriever.catch_up()
    monkeypatch.setattr(hybrid, "BEHIND", 0)
    seen: list[bool] = []
    embed = WordEmbedder.encode

    def watched(self: WordEmbedder, texts: Sequence[str]) -> NDArray[np.float32]:
        seen.append(retriever.is_ready)
        return embed(self, texts)

    monkeypatch.setattr(WordEmbedder, "encode", watched)
    added = an_article("router", "No network", "Restart the router.")
    await index_articles(store, source="help", articles=(*ARTICLES, added))
    await retriever.catch_up()
    assert seen
    assert not any(seen)
    assert retriever.is_ready


async def test_weights_are_learned_from_enough_solved_tickets_and_kept(
    retriever: HybridRetriever, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hybrid, "ENOUGH_LESSONS", 3)
    more = [
        a_solved_thread(
            10 + n, "Blank", f"{PRINTER} It is printer number {n}.", "https://help.example/printer"
        )
        for n in range(3)
    ]
    await store.tickets.put_threads(DEMO, more)
    await retriever.catch_up()
    learned = await store.vectors.learned("words:1")
    assert learned is not None
    assert learned.tickets == 4
    assert (await ask(retriever, PRINTER)).articles[0].article == "printer"
