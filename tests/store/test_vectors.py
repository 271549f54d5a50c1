from __future__ import annotations

from copilot.domain import Article, ArticleId, SourceKind
from copilot.store import Store
from copilot.store.passage import Passage
from copilot.store.vectors import Vector

MODEL, OTHER = "mini:1", "large:2"


def entry(name: str, text: str) -> tuple[Article, list[Passage]]:
    article = Article(id=ArticleId(name), title=name.title(), text=text, kind=SourceKind.ARTICLE)
    return article, [Passage(article=article.id, start=0, end=len(text), heading="", text=text)]


def vector(number: int) -> Vector:
    return Vector(step=0.25, levels=bytes([number] * 8))


async def test_passages_lack_a_vector_until_they_have_one_of_that_model(store: Store) -> None:
    await store.knowledge.replace("docs", [entry("one", "First."), entry("two", "Second.")])
    lacking = await store.vectors.lacking(MODEL, limit=10)
    assert [(one.title, one.passage.text) for one in lacking] == [("One", "First."), ("Two", "Second.")]
    assert await store.vectors.put_passages(MODEL, [(lacking[0].key, vector(1))]) == 1
    assert [one.title for one in await store.vectors.lacking(MODEL, limit=10)] == ["Two"]
    assert len(await store.vectors.lacking(OTHER, limit=10)) == 2
    (kept,) = await store.vectors.passages(MODEL)
    assert (kept.article, kept.start, kept.vector) == ("one", 0, vector(1))


async def test_another_models_vector_takes_the_place_of_the_first(store: Store) -> None:
    await store.knowledge.replace("docs", [entry("one", "First.")])
    (lacking,) = await store.vectors.lacking(MODEL, limit=10)
    await store.vectors.put_passages(MODEL, [(lacking.key, vector(1))])
    await store.vectors.put_passages(OTHER, [(lacking.key, vector(2))])
    assert await store.vectors.passages(MODEL) == ()
    assert [one.vector for one in await store.vectors.passages(OTHER)] == [vector(2)]


async def test_a_vector_goes_with_its_passage_and_comes_too_late_for_one_that_is_gone(store: Store) -> None:
    await store.knowledge.replace("docs", [entry("one", "First."), entry("two", "Second.")])
    one, two = await store.vectors.lacking(MODEL, limit=10)
    await store.vectors.put_passages(MODEL, [(one.key, vector(1)), (two.key, vector(2))])
    await store.knowledge.replace("docs", [entry("one", "First.")])
    assert [kept.article for kept in await store.vectors.passages(MODEL)] == ["one"]
    assert await store.vectors.put_passages(MODEL, [(two.key, vector(2))]) == 0
