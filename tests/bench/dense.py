"""The dense index beside full text at many passages: `python -m tests.bench.dense [--passages 100000]`.

Passages are made of words drawn from real ones (the demo desk's articles), vectors at random: the time that
a search takes does not depend on what they mean. Prints p50 and p95 of both, memory, and how long one new answer takes
until both find it.
"""

from __future__ import annotations

import os

for _variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(_variable, "1")  # before numpy is imported

import argparse  # noqa: E402 - as above
import asyncio  # noqa: E402
import random  # noqa: E402
import tempfile  # noqa: E402
import time  # noqa: E402
from collections.abc import Sequence  # noqa: E402
from pathlib import Path  # noqa: E402

import numpy as np  # noqa: E402
import psutil  # noqa: E402

from copilot.config.paths import resources_folder  # noqa: E402
from copilot.domain import Article, ArticleId, SourceKind  # noqa: E402
from copilot.knowledge.dense import DenseIndex, packed  # noqa: E402
from copilot.knowledge.passages import cut_passages  # noqa: E402
from copilot.models.embedding import shipped_model  # noqa: E402
from copilot.store import Store  # noqa: E402
from copilot.store.passage import Passage  # noqa: E402
from copilot.store.vectors import Vector  # noqa: E402

_WORDS_EACH, _PASSAGES_EACH, _QUERIES, _LIMIT = 80, 10, 200, 100


def _vocabulary() -> list[str]:
    text = (resources_folder() / "demo" / "articles.jsonl").read_text(encoding="utf-8")
    return [word for word in text.replace("\\n", " ").split() if word.isalpha()]


def _article(number: int, words: Sequence[str], draw: random.Random) -> tuple[Article, list[Passage]]:
    texts = [" ".join(draw.choices(words, k=_WORDS_EACH)) for _ in range(_PASSAGES_EACH)]
    article = Article(
        id=ArticleId(f"a{number}"), title=texts[0][:40], text="\n\n".join(texts), kind=SourceKind.ARTICLE
    )
    passages, at = [], 0
    for text in texts:
        passages.append(Passage(article=article.id, start=at, end=at + len(text), heading="", text=text))
        at += len(text) + 2
    return article, passages


async def _run(count: int, folder: Path) -> None:
    draw, model, words = random.Random(7), shipped_model(), _vocabulary()
    store = await Store.open(folder / "bench.sqlite")
    began = time.perf_counter()
    made = [_article(number, words, draw) for number in range(count // _PASSAGES_EACH)]
    await store.knowledge.replace("bench", made)
    print(f"{count:,} passages stored in {time.perf_counter() - began:.0f} s")
    before = psutil.Process().memory_info().rss
    index = DenseIndex(model.dimension)
    noise = np.random.default_rng(7)
    for begin in range(0, count, 10_000):
        rows = noise.normal(size=(min(10_000, count - begin), model.dimension)).astype(np.float32)
        index.add(range(begin, begin + len(rows)), rows / np.linalg.norm(rows, axis=1, keepdims=True))
    print(f"dense index: {(psutil.Process().memory_info().rss - before) / 1e6:.0f} MB more memory")
    queries = [" ".join(draw.choices(words, k=12)) for _ in range(_QUERIES)]
    model.encode(queries[:1])
    text, dense, embed = [], [], []
    for query in queries:
        began = time.perf_counter()
        await store.knowledge.passages(query, limit=_LIMIT)
        text.append(time.perf_counter() - began)
        began = time.perf_counter()
        vector = model.encode([query])[0]
        embed.append(time.perf_counter() - began)
        index.search(vector, _LIMIT)
        dense.append(time.perf_counter() - began)
    _print("FTS5", text)
    _print("dense, with embedding", dense)
    _print("  of which embedding", embed)
    print(f"p95 dense / FTS5: {np.quantile(dense, 0.95) / np.quantile(text, 0.95):.2f} (goal: at most 3)")
    await _one_more(store, index, count)
    await store.aclose()


async def _one_more(store: Store, index: DenseIndex, key: int) -> None:
    """From the approval of an answer to both indexes holding it, its vector on disk."""
    model = shipped_model()
    model.encode(["warm"])
    article = Article(
        id=ArticleId("new"), title="Zephyr licence", text="Renew the zephyr.", kind=SourceKind.INTERNAL_ANSWER
    )
    began = time.perf_counter()
    await store.knowledge.replace("answers", [(article, cut_passages(article))])
    vectors = model.encode([f"{article.title}. {article.text}"])
    levels, steps = packed(vectors)
    hits = await store.knowledge.passages("zephyr licence", limit=1)
    await store.vectors.put_passages(model.id, [(key + 1, Vector(float(steps[0]), levels[0].tobytes()))])
    index.add_packed([key], levels, steps)
    found = index.search(vectors[0], 1)[0][0] == key and hits[0].article.id == article.id
    print(
        f"a new answer found by both: {found}, after {(time.perf_counter() - began) * 1e3:.0f} ms (goal: a second)"
    )


def _print(what: str, seconds: Sequence[float]) -> None:
    p50, p95 = np.quantile(seconds, [0.5, 0.95]) * 1e3
    print(f"{what:<24} p50 {p50:7.1f} ms   p95 {p95:7.1f} ms")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.bench.dense", description=__doc__)
    parser.add_argument("--passages", type=int, default=100_000)
    with tempfile.TemporaryDirectory() as temporary:
        asyncio.run(_run(parser.parse_args().passages, Path(temporary)))
