"""What is remembered of knowledge sources, internal answers, and articles that change one by one."""

from __future__ import annotations

from datetime import timedelta

import pytest

from copilot.domain import AnswerId, Article, ArticleId, InternalAnswer, SourceFailure, SourceId, SourceKind
from copilot.store import Store
from copilot.store.passage import Passage
from copilot.store.sources import DocumentRow, Reading
from tests.store.conftest import SetClock
from tests.store.make import NOON

HANDBOOK = SourceId("handbook")


def article(name: str, text: str) -> tuple[Article, tuple[Passage, ...]]:
    one = Article(id=ArticleId(name), title=f"About {name}", text=text, kind=SourceKind.ARTICLE)
    return one, (Passage(article=one.id, start=0, end=len(text), heading="", text=text),)


async def found(store: Store, words: str) -> list[str]:
    return [hit.article.id for hit in await store.knowledge.passages(words)]


async def test_articles_change_one_by_one(store: Store) -> None:
    await store.knowledge.amend("handbook", [article("a", "green parrots"), article("b", "blue whales")])
    assert await store.knowledge.amend("handbook", [article("a", "red parrots")], [ArticleId("b")])
    assert await found(store, "red") == ["a"]
    assert await found(store, "green whales") == []
    assert await store.knowledge.count_of("handbook") == 1
    assert not await store.knowledge.amend("handbook", [article("a", "red parrots")], [ArticleId("unknown")])


async def test_a_source_cannot_touch_the_articles_of_another(store: Store) -> None:
    await store.knowledge.amend("handbook", [article("a", "green parrots")])
    assert not await store.knowledge.amend("other", [], [ArticleId("a")])
    with pytest.raises(ValueError, match="already one of source handbook"):
        await store.knowledge.amend("other", [article("a", "mine now")])
    assert await found(store, "parrots") == ["a"]


async def test_documents_are_remembered_until_they_are_gone(store: Store) -> None:
    rows = [
        DocumentRow(name="a.md", title="A", fingerprint="1"),
        DocumentRow(name="b.pdf", title="B", fingerprint="", problem="It is encrypted."),
    ]
    await store.sources.note(HANDBOOK, rows)
    assert await store.sources.known(HANDBOOK) == {"a.md": "1", "b.pdf": ""}
    assert await store.sources.failures(HANDBOOK) == (
        SourceFailure(document="b.pdf", title="B", reason="It is encrypted."),
    )
    await store.sources.note(HANDBOOK, [DocumentRow(name="b.pdf", title="B", fingerprint="2")], ["a.md"])
    assert await store.sources.known(HANDBOOK) == {"b.pdf": "2"}
    assert await store.sources.failures(HANDBOOK) == ()
    await store.sources.forget(HANDBOOK)
    assert await store.sources.known(HANDBOOK) == {}


async def test_a_failed_reading_does_not_hide_when_the_last_good_one_was(
    store: Store, clock: SetClock
) -> None:
    assert await store.sources.reading(HANDBOOK) == Reading()
    await store.sources.finish(HANDBOOK)
    clock.move(timedelta(hours=1))
    await store.sources.finish(HANDBOOK, "The folder is missing.")
    assert await store.sources.reading(HANDBOOK) == Reading(finished=NOON, problem="The folder is missing.")


async def test_every_version_of_an_answer_stays(store: Store) -> None:
    first = InternalAnswer(id=AnswerId("x"), title="Refunds?", text="No.", approved_by="Ines", approved=NOON)
    second = InternalAnswer(id=AnswerId("x"), title="Refunds?", text="Yes.", approved_by="Tom", approved=NOON)
    await store.answers.put(first)
    await store.answers.put(second)
    assert await store.answers.all() == (second,)
    await store.answers.put(second, removed=True)
    assert await store.answers.all() == ()
    assert await store.answers.versions(AnswerId("x")) == (first, second, second)
    with pytest.raises(KeyError):
        await store.answers.get(AnswerId("x"))
