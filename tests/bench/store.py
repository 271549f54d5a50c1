"""How fast the store is: `python -m tests.bench.store --tickets 50000`.

Each figure stands beside a baseline of the same run: bare sqlite3 reading the same rows on the same machine.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import platform
import random
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

from copilot.domain import RemoteId, Thread, TicketId, View
from copilot.store import Store
from tests.bench.generate import DESK, NOW, Generator, fill, read_texts

_REPEATS = 15
_SEARCHES = 60


class Bench:
    """One store, measured from outside and from beneath."""

    def __init__(self, store: Store, path: Path, generator: Generator) -> None:
        self._store = store
        self._bare = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)
        self._generator = generator
        self._random = random.Random(11)

    def close(self) -> None:
        """Close the baseline's connection."""
        self._bare.close()

    async def reads(self) -> None:
        """Pages, counts, rows."""
        for view, limit in ((View.ALL, 200), (View.MINE, 200), (View.AT_RISK, 200)):
            bare = f"SELECT * FROM ticket INDEXED BY ticket_{view} WHERE {_CONDITION[view]} LIMIT {limit}"
            await self._compare(
                f"page({view}), 200 rows", lambda view=view: self._store.tickets.page(view), bare
            )
        far = await self._far_key()
        await self._compare("page(all), deep", lambda: self._store.tickets.page(View.ALL, after=far), None)
        await self._compare(
            "counts()", self._store.tickets.counts, "SELECT count(*) FROM ticket WHERE deleted = 0"
        )
        ids = self._some_tickets(200)
        marks = ",".join(map(str, ids))
        await self._compare(
            "rows(200)", lambda: self._store.tickets.rows(ids), f"SELECT * FROM ticket WHERE id IN ({marks})"
        )

    async def conversations(self) -> None:
        """Threads of 10, 200 and 2,000 messages: reading them, and storing one message more."""
        for length in (10, 200, 2_000):
            thread = self._generator.long_thread(length)
            await self._store.tickets.put_threads(DESK, [thread])
            ticket = await self._store.tickets.find(DESK, thread.snapshot.remote_id)
            assert ticket is not None
            bare = f"SELECT * FROM message WHERE ticket = {ticket} ORDER BY created, id"
            await self._compare(
                f"conversation, {length} messages",
                lambda ticket=ticket: self._store.tickets.conversation(ticket),
                bare,
            )
            await self._append(thread, length)

    async def _append(self, thread: Thread, length: int) -> None:
        times = []
        for extra in range(5):
            last = thread.messages[-1]
            added = replace(
                last,
                remote_id=RemoteId(f"more-{length}-{extra}"),
                created=last.created + timedelta(minutes=1),
            )
            thread = replace(thread, messages=(*thread.messages, added))
            began = time.perf_counter()
            await self._store.tickets.put_threads(DESK, [thread])
            times.append(time.perf_counter() - began)
        _print(f"put_threads, 1 message more on {length}", times, None)

    async def searches(self) -> None:
        """Real words typed letter by letter, each keystroke a search; whole phrases; similar tickets."""
        words = sorted(
            {
                word.lower()
                for s in read_texts().sentences
                for word in s.split()
                if word.isalpha() and len(word) > 4
            }
        )
        times: list[float] = []
        for word in self._random.sample(words, _SEARCHES // 4):
            for end in range(2, len(word) + 1):
                times.append(await _timed(lambda text=word[:end]: self._store.search.find(text)))
        _print("search, a keystroke", times, None)
        pairs = [f"{a} {b}" for a, b in pairwise(self._random.sample(words, _SEARCHES))]
        _print(
            "search, two words",
            [await _timed(lambda t=text: self._store.search.find(t)) for text in pairs],
            None,
        )
        texts = self._random.sample(read_texts().sentences, 20)
        await self._compare_similar(texts)

    async def _compare_similar(self, texts: Sequence[str]) -> None:
        times = [
            await _timed(lambda text=text: self._store.search.similar(text * 3, exclude=TicketId(1)))
            for text in texts
        ]
        _print("similar", times, None)

    async def writes(self) -> None:
        """New and unchanged threads, one by one and in batches."""
        fresh = [
            replace(thread, snapshot=replace(thread.snapshot, remote_id=RemoteId(f"new-{place}")))
            for place, thread in enumerate(Generator(1_000, seed=99).threads())
        ]
        began = time.perf_counter()
        for start in range(0, 1_000, 100):
            await self._store.tickets.put_threads(DESK, fresh[start : start + 100])
        _rate("put_threads, new, batches of 100", 1_000, time.perf_counter() - began)
        began = time.perf_counter()
        await self._store.tickets.put_threads(DESK, fresh)
        _rate("put_threads, unchanged", 1_000, time.perf_counter() - began)

    async def _far_key(self):  # type: ignore[no-untyped-def]
        page = await self._store.tickets.page(View.ALL, limit=200)
        for _ in range(20):
            if page.next is None:
                break
            page = await self._store.tickets.page(View.ALL, limit=1_000, after=page.next)
        return page.next

    def _some_tickets(self, count: int) -> list[TicketId]:
        newest = self._bare.execute("SELECT max(id) FROM ticket").fetchone()[0]
        return [TicketId(self._random.randint(1, newest)) for _ in range(count)]

    async def _compare(self, what: str, ours: Callable[[], Awaitable[object]], bare: str | None) -> None:
        times = [await _timed(ours) for _ in range(_REPEATS)]
        baseline = None
        if bare is not None:
            baseline = statistics.median(self._bare_time(bare) for _ in range(_REPEATS))
        _print(what, times, baseline)

    def _bare_time(self, query: str) -> float:
        began = time.perf_counter()
        self._bare.execute(query).fetchall()
        return time.perf_counter() - began


_CONDITION = {
    View.ALL: "deleted = 0",
    View.MINE: "active = 1 AND mine = 1",
    View.AT_RISK: "active = 1 AND risk > 0",
}


async def _timed(work: Callable[[], Awaitable[object]]) -> float:
    began = time.perf_counter()
    await work()
    return time.perf_counter() - began


def _print(what: str, times: Sequence[float], baseline: float | None) -> None:
    ordered = sorted(times)
    p95 = ordered[min(len(ordered) - 1, round(0.95 * len(ordered)))]
    line = f"{what:<42} p50 {statistics.median(times) * 1e3:8.2f} ms   p95 {p95 * 1e3:8.2f} ms"
    if baseline is not None:
        line += f"   bare sqlite3 {baseline * 1e3:8.2f} ms, ratio {statistics.median(times) / baseline:.1f}"
    print(line, flush=True)


def _rate(what: str, count: int, seconds: float) -> None:
    print(f"{what:<42} {count / seconds:10,.0f} tickets/s", flush=True)


async def _run(tickets: int, path: Path) -> None:
    generator = Generator(tickets)
    existed = path.exists()
    store = await Store.open(path, clock=lambda: int(NOW.timestamp() * 1000))
    if not existed:
        began = time.perf_counter()
        messages = await fill(store, generator)
        seconds = time.perf_counter() - began
        _rate(f"fill: {tickets:,} tickets, {messages:,} messages", tickets, seconds)
    await store.aclose()
    began = time.perf_counter()
    store = await Store.open(path, clock=lambda: int(NOW.timestamp() * 1000))
    print(f"{'open':<42}     {(time.perf_counter() - began) * 1e3:8.2f} ms")
    print(f"{'file':<42}     {path.stat().st_size / 1e6:8,.0f} MB")
    bench = Bench(store, path, generator)
    with closing(bench):
        await bench.reads()
        await bench.conversations()
        await bench.searches()
        await bench.writes()
    await store.aclose()


def main(arguments: Sequence[str] | None = None) -> int:
    """Fill a store (or take the one at `--file`) and print the figures."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.store", description=__doc__)
    parser.add_argument("--tickets", type=int, default=50_000)
    parser.add_argument("--file", type=Path, help="keep the store here, and use it when it exists")
    asked = parser.parse_args(arguments)
    print(
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    )
    print(f"{asked.tickets:,} tickets")
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_run(asked.tickets, asked.file or Path(folder) / "store.sqlite3"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
