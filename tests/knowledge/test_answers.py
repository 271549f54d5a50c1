"""Internal answers: in the index at once, out of it at once, and never lost."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from copilot.domain import AnswerId, Audience, SourceKind
from copilot.errors import UserError
from copilot.knowledge.answers import SOURCE, InternalAnswers
from copilot.knowledge.indexing import index_articles
from copilot.store import Store

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    store = await Store.open(tmp_path / "workspace.sqlite3")
    yield store
    await store.aclose()


@pytest.fixture
def answers(store: Store) -> InternalAnswers:
    return InternalAnswers(store)


async def found(store: Store, words: str) -> list[str]:
    return [hit.passage.text for hit in await store.knowledge.passages(words)]


async def test_an_answer_is_found_at_once_and_is_internal(store: Store, answers: InternalAnswers) -> None:
    await answers.add("Do we refund shipping?", "Yes, above 50 euros.", approved_by="Ines", at=NOON)
    (hit,) = await store.knowledge.passages("refund for shipping costs")
    assert hit.passage.text == "Yes, above 50 euros."
    assert (hit.article.audience, hit.article.kind) == (Audience.INTERNAL, SourceKind.INTERNAL_ANSWER)
    assert hit.article.updated == NOON


async def test_a_changed_answer_takes_the_place_of_the_old_one(
    store: Store, answers: InternalAnswers
) -> None:
    first = await answers.add("Do we refund shipping?", "Yes, always.", approved_by="Ines", at=NOON)
    later = NOON + timedelta(days=1)
    second = await answers.change(first.id, first.title, "Never.", approved_by="Tom", at=later)
    assert await found(store, "refund shipping") == ["Never."]
    assert await answers.all() == (second,)
    assert [(one.text, one.approved_by) for one in await answers.versions(first.id)] == [
        ("Yes, always.", "Ines"),
        ("Never.", "Tom"),
    ]


async def test_a_removed_answer_is_gone_and_stays_on_record(store: Store, answers: InternalAnswers) -> None:
    answer = await answers.add("Do we refund shipping?", "Yes.", approved_by="Ines", at=NOON)
    await answers.remove(answer.id, removed_by="Tom", at=NOON)
    assert await found(store, "refund shipping") == []
    assert await answers.all() == ()
    assert len(await answers.versions(answer.id)) == 2
    with pytest.raises(KeyError):
        await answers.change(answer.id, "Again?", "No.", approved_by="Tom", at=NOON)


async def test_answers_survive_indexing_anew(store: Store, answers: InternalAnswers) -> None:
    await answers.add("Do we refund shipping?", "Yes.", approved_by="Ines", at=NOON)
    await index_articles(store, source="desk", articles=[])
    await index_articles(store, source=SOURCE, articles=[])
    assert await found(store, "refund shipping") == []
    assert await answers.reindex()
    assert await found(store, "refund shipping") == ["Yes."]
    assert not await answers.reindex()


@pytest.mark.parametrize(
    ("title", "text", "by"), [("", "Yes.", "Ines"), ("Why?", " \n", "Ines"), ("Why?", "So.", "")]
)
async def test_an_answer_needs_all_its_parts(
    answers: InternalAnswers, title: str, text: str, by: str
) -> None:
    with pytest.raises(UserError):
        await answers.add(title, text, approved_by=by, at=NOON)
    with pytest.raises(KeyError):
        await answers.remove(AnswerId("unknown"), removed_by="Ines", at=NOON)
