"""Puts a source's articles into the index."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from copilot.domain import Article
from copilot.knowledge.passages import cut_passages
from copilot.store import Store
from copilot.store.passage import Passage


async def index_articles(store: Store, *, source: str, articles: Sequence[Article]) -> bool:
    """Make `articles` the whole content of `source` in the index; False when nothing differed.

    Cutting runs off the event loop. Raises `ValueError` when another source holds an article of the same id.
    """
    cut = await asyncio.to_thread(_cut_all, articles)
    return await store.knowledge.replace(source, cut)


def _cut_all(articles: Sequence[Article]) -> list[tuple[Article, tuple[Passage, ...]]]:
    return [(article, cut_passages(article)) for article in articles]
