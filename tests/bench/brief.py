"""Briefs measured: `python -m tests.bench.brief [--data DIR]`.

How long a brief takes on the demo desk's live queue, how often it has a draft, and, where `DIR/sumo-thunderbird` is,
how often the articles found are those that human helpers linked: for the words alone (FTS5 BM25, an article by its best
passage), for the retriever of the brief, and above the bar of the draft. Solved threads are the history; a question's
own thread never counts. Retrieval is measured on the core questions; the bar also on questions that got no link.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from copilot.assist.brief import make_brief
from copilot.config.paths import resources_folder
from copilot.domain import (
    Article,
    ArticleId,
    Channel,
    DeskId,
    Draft,
    Message,
    Person,
    RemoteId,
    Role,
    SourceKind,
    Status,
    Thread,
    TicketId,
    TicketSnapshot,
)
from copilot.knowledge.hybrid import HybridRetriever
from copilot.knowledge.indexing import index_articles
from copilot.knowledge.question import question_of
from copilot.knowledge.retrieval import WORDS_BAR, Retriever, WordRetriever
from copilot.models.embedding import shipped_model
from copilot.store import Store
from copilot.text.clean import clean_message
from tests.bench.figures import machine, table
from tests.threads import DEMO, fill_with_demo_desk

SUMO = DeskId("sumo")
SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "data"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with the articles that helpers linked for it (grade 2 or better); `core` as in the data's ORIGIN."""

    id: str
    subject: str
    text: str
    right: frozenset[str]
    core: bool


@dataclass(frozen=True, slots=True)
class Tried:
    """What was found for one question."""

    asked: Asked
    by_words: tuple[str, ...]
    found: tuple[tuple[str, float], ...]

    def hit(self, order: Sequence[str], depth: int) -> bool:
        """Whether a right article is among the first `depth`."""
        return bool(self.asked.right & set(order[:depth]))


async def measure_demo(folder: Path) -> list[tuple[str, ...]]:
    """Time and drafts on the demo desk's live queue: by words alone, and by the hybrid retriever that has caught up."""
    store = await Store.open(await fill_with_demo_desk(folder))
    hybrid = HybridRetriever(store, shipped_model())
    try:
        by_words = await _demo_briefs(store, WordRetriever(store))
        began = time.perf_counter()
        await hybrid.catch_up()
        caught_up = time.perf_counter() - began
        by_meaning = await _demo_briefs(store, hybrid)
    finally:
        await hybrid.aclose()
        await store.aclose()
    rows = [(name, words, by_meaning[name]) for name, words in by_words.items()]
    return [("", "words", "hybrid"), *rows, ("caught up after", "", f"{caught_up:.0f} s")]


async def _demo_briefs(store: Store, retriever: Retriever) -> dict[str, str]:
    """Figures of all briefs of the queue; the first is made twice, since it pays for cold imports."""
    took: list[float] = []
    drafts = 0
    lines = (resources_folder() / "demo" / "queue.jsonl").read_text(encoding="utf-8").splitlines()
    for number, line in enumerate([lines[0], *lines]):
        ticket = await store.tickets.find(DEMO, RemoteId(json.loads(line)["id"]))
        assert ticket is not None
        talk = await store.tickets.conversation(ticket)
        began = time.perf_counter()
        brief = await make_brief(talk, store, now=datetime.now(UTC), retriever=retriever)
        if number:
            took.append(1000 * (time.perf_counter() - began))
            drafts += isinstance(brief.suggestion.content, Draft)
    return {
        "briefs made": str(len(took)),
        "time p50": f"{statistics.median(took):.0f} ms",
        "time p95": f"{statistics.quantiles(took, n=20)[-1]:.0f} ms",
        "with a draft": f"{drafts} of {len(took)}",
    }


async def measure_articles(data: Path, folder: Path) -> tuple[list[tuple[str, ...]], list[tuple[str, ...]]]:
    """Rows of retrieval figures and of the draft bar."""
    store = await Store.open(folder / "sumo.sqlite3")
    try:
        await _fill(store, data)
        tried = [await _try(store, asked) for asked in _questions(data)]
    finally:
        await store.aclose()
    core = [one for one in tried if one.asked.core]
    return _retrieval_rows(core), _bar_rows(tried)


def _retrieval_rows(core: Sequence[Tried]) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = [(f"{len(core)} questions", "R@1", "R@3")]
    for name in ("FTS5 BM25, best passage", "words and earlier links"):
        orders = [one.by_words if name.startswith("FTS5") else [a for a, _ in one.found] for one in core]
        shares = [
            sum(one.hit(order, depth) for one, order in zip(core, orders, strict=True)) / len(core)
            for depth in (1, 3)
        ]
        rows.append((name, *(f"{100 * share:.1f}" for share in shares)))
    return rows


def _bar_rows(tried: Sequence[Tried]) -> list[tuple[str, ...]]:
    """How often the best article is right where its score is at least so much: strictly, as linked by a helper."""
    rows: list[tuple[str, ...]] = [(f"{len(tried)} questions, score at least", "pass", "right")]
    for bar in sorted({0.1, 0.15, 0.2, WORDS_BAR, 0.35, 0.45, 0.6}):
        passing = [one for one in tried if one.found and one.found[0][1] >= bar]
        right = sum(one.hit([one.found[0][0]], 1) for one in passing)
        share = f"{100 * right / len(passing):.0f} %" if passing else "-"
        mark = " (the bar)" if bar == WORDS_BAR else ""
        rows.append((f"{bar:.2f}{mark}", f"{100 * len(passing) / len(tried):.1f} %", share))
    return rows


async def _try(store: Store, asked: Asked) -> Tried:
    own = await store.tickets.find(SUMO, RemoteId(asked.id)) or TicketId(0)
    question = question_of(asked.subject, asked.text)
    hits = await store.knowledge.passages(question.whole, limit=30)
    found = await WordRetriever(store).find(question, ticket=own)
    return Tried(
        asked,
        tuple(dict.fromkeys(str(hit.article.id) for hit in hits)),
        tuple((str(hit.article), hit.score) for hit in found.articles),
    )


async def _fill(store: Store, data: Path) -> None:
    await fill_articles(store, data)
    await store.tickets.put_threads(
        SUMO, [thread_of(row) for row in _rows(data / "threads_solved.dev.jsonl")]
    )


async def fill_articles(store: Store, data: Path) -> None:
    """Index the articles of the folder."""
    articles = [
        Article(
            id=ArticleId(row["id"]),
            title=row["title"],
            text=row["body_markdown"],
            summary=row["summary"],
            url=row["url"],
            kind=SourceKind.ARTICLE,
        )
        for row in _rows(data / "kb.jsonl")
    ]
    await index_articles(store, source=SUMO, articles=articles)


def _questions(data: Path) -> Iterator[Asked]:
    """Core questions, and solved threads in which nobody linked an article."""
    known: set[str] = set()
    for row in _rows(data / "retrieval.dev.jsonl"):
        known.add(row["id"])
        right = frozenset(gold["article"] for gold in row["gold"] if gold["grade"] >= 2)
        if row["core"]:
            yield Asked(row["id"], row["subject"], row["question"], right, core=True)
    for row in _rows(data / "threads_solved.dev.jsonl"):
        if row["id"] not in known and not row["kb_links"]:
            yield Asked(row["id"], row["subject"], row["messages"][0]["text"], frozenset(), core=False)


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    yield from map(json.loads, path.read_text(encoding="utf-8").splitlines())


def thread_of(row: dict[str, Any]) -> Thread:
    """A solved thread of the data as a desk would give it."""
    requester = Person(remote_id=RemoteId(f"c{row['id']}"), name="Customer")
    made: list[Message] = []
    accepted: RemoteId | None = None
    for number, raw in enumerate(row["messages"]):
        helper = Person(remote_id=RemoteId(raw["author"]), name=raw["author"], role=Role.REP)
        message = Message(
            remote_id=RemoteId(f"{row['id']}-{number}"),
            author=requester if raw["role"] == "customer" else helper,
            created=_moment(raw["created"]),
            text=raw["text"],
        )
        accepted = message.remote_id if raw.get("accepted_solution") else accepted
        made.append(clean_message(message))
    snapshot = TicketSnapshot(
        remote_id=RemoteId(row["id"]),
        subject=row["subject"],
        status=Status.SOLVED,
        channel=Channel.FORUM,
        created=made[0].created,
        updated=made[-1].created,
        requester=requester,
        version="1",
        accepted_solution=accepted,
    )
    return Thread(snapshot=snapshot, messages=tuple(made))


def _moment(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M:%S %z").astimezone(UTC)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.brief", description="Briefs measured.")
    parser.add_argument("--data", type=Path, default=SHARED, help="the folder that holds sumo-thunderbird")
    data: Path = parser.parse_args(arguments).data / "sumo-thunderbird"
    print(machine())
    with tempfile.TemporaryDirectory() as folder:
        print(table("Briefs of the demo desk's queue", asyncio.run(measure_demo(Path(folder)))))
        if not data.is_dir():
            print(f"\nno folder {data.name} in the data: articles are not measured")
            return 0
        retrieval, bar = asyncio.run(measure_articles(data, Path(folder)))
        print(table("Articles that helpers linked (sumo-thunderbird, core)", retrieval))
        print(table("The best article, strictly: linked by a helper", bar))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
