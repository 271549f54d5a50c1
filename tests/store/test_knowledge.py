from __future__ import annotations

from dataclasses import replace

import pytest

from copilot.domain import Article, ArticleId, Audience, SourceKind
from copilot.store import Store
from copilot.store.knowledge import Passage
from tests.store.make import NOON

Content = tuple[Article, list[Passage]]


def article(name: str, title: str, *texts: str, **other: object) -> Content:
    values: dict[str, object] = {"kind": SourceKind.ARTICLE, "text": "\n".join(texts)} | other
    made = Article(id=ArticleId(name), title=title, **values)  # type: ignore[arg-type]  # one builder for all fields
    passages, start = [], 0
    for text in texts:
        passages.append(
            Passage(article=made.id, start=start, end=start + len(text), heading=title, text=text)
        )
        start += len(text) + 1
    return made, passages


JUNK = article(
    "junk", "Junk filter", "Train the filter.", "Unmark good mail.", updated=NOON, url="https://kb/junk"
)
SYNC = article("sync", "Calendars", "Größe of a calendar.", audience=Audience.INTERNAL, kind=SourceKind.MACRO)


async def test_articles_come_back_whole(store: Store) -> None:
    assert await store.knowledge.replace("demo", [JUNK, SYNC])
    assert await store.knowledge.count() == 2
    assert await store.knowledge.article(ArticleId("junk")) == JUNK[0]
    assert await store.knowledge.article(ArticleId("sync")) == SYNC[0]
    with pytest.raises(KeyError):
        await store.knowledge.article(ArticleId("none"))


async def test_replace_says_whether_anything_differed(store: Store) -> None:
    await store.knowledge.replace("demo", [JUNK, SYNC])
    assert not await store.knowledge.replace("demo", [SYNC, JUNK])
    edited = (replace(JUNK[0], summary="new"), JUNK[1])
    assert await store.knowledge.replace("demo", [edited, SYNC])
    assert await store.knowledge.article(ArticleId("junk")) == edited[0]
    assert await store.knowledge.replace("demo", [edited])
    assert await store.knowledge.count() == 1
    assert await store.knowledge.replace("demo", [(edited[0], edited[1][:1])])


async def test_a_source_leaves_others_alone(store: Store) -> None:
    await store.knowledge.replace("demo", [JUNK])
    await store.knowledge.replace("folder", [SYNC])
    assert await store.knowledge.replace("demo", [])
    assert await store.knowledge.count() == 1
    with pytest.raises(ValueError, match="already one of source folder"):
        await store.knowledge.replace("demo", [SYNC])
    assert await store.knowledge.count() == 1


async def test_passages_that_share_words_best_first(store: Store) -> None:
    await store.knowledge.replace("demo", [JUNK, SYNC])
    hits = await store.knowledge.passages("The junk filter is never trained, why?")
    assert [hit.passage.text for hit in hits] == ["Train the filter.", "Unmark good mail."]
    assert hits[0].score == 1
    assert all(hit.article == JUNK[0] for hit in hits)
    assert hits[0].passage == JUNK[1][0]
    assert hits[0].article.text[hits[1].passage.start : hits[1].passage.end] == "Unmark good mail."
    assert len(await store.knowledge.passages("junk filter", limit=1)) == 1


@pytest.mark.parametrize("text", ["", "what is that", "zebra", '"; DROP TABLE passage'])
async def test_nothing_shared_finds_nothing(store: Store, text: str) -> None:
    await store.knowledge.replace("demo", [JUNK])
    assert await store.knowledge.passages(text) == ()


async def test_what_was_replaced_is_not_found(store: Store) -> None:
    await store.knowledge.replace("demo", [JUNK])
    await store.knowledge.replace("demo", [article("junk", "Spam", "Report it.")])
    assert await store.knowledge.passages("filter") == ()
    assert [hit.passage.text for hit in await store.knowledge.passages("spam")] == ["Report it."]
