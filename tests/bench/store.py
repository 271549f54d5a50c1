"""How fast the store is: `python -m tests.bench.store --tickets 50000`.

Where bare sqlite3 can read the same rows, its time in the same run stands beside ours as the baseline.
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
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from itertools import pairwise
from pathlib import Path

from copilot.domain import PageKey, RemoteId, SavedReply, Thread, TicketId, View
from copilot.store import Store
from tests.bench.generate import DESK, NOW, Generator, fill, read_texts

Work = Callable[[], Awaitable[object]]

_REPEATS = 15
_WORDS = 30
_SIMILAR = 20
_CONDITIONS = {
    View.ALL: "deleted = 0",
    View.MINE: "active = 1 AND mine = 1",
    View.AT_RISK: "active = 1 AND risk > 0",
}


@dataclass(frozen=True, slots=True)
class Figure:
    """Times of one kind of work in seconds, and what bare sqlite3 took for the same rows."""

    what: str
    times: Sequence[float]
    baseline: float | None = None

    def line(self) -> str:
        """The figure in words."""
        ordered = sorted(self.times)
        p50, p95 = statistics.median(ordered), ordered[min(len(ordered) - 1, round(0.95 * len(ordered)))]
        told = f"{self.what:<40} p50 {p50 * 1e3:8.2f} ms  p95 {p95 * 1e3:8.2f} ms"
        if self.baseline:
            told += f"  bare sqlite3 {self.baseline * 1e3:8.2f} ms, ratio {p50 / self.baseline:.1f}"
        return told


class StoreBench:
    """One store, measured through its doors; the baseline reads the same file beneath it."""

    def __init__(self, store: Store, path: Path, generator: Generator) -> None:
        self._store = store
        self._bare = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
        self._generator = generator
        self._random = random.Random(11)

    def close(self) -> None:
        """Close the baseline's connection."""
        self._bare.close()

    async def run(self) -> None:
        """Measure everything, printing as it comes."""
        await self._reads()
        for length in (10, 200, 2_000):
            await self._thread(length)
        await self._searches()
        await self._similar()
        await self._writes()

    async def _reads(self) -> None:
        for view, condition in _CONDITIONS.items():
            bare = f"SELECT * FROM ticket INDEXED BY ticket_{view} WHERE {condition} LIMIT 200"
            await self._measure(f"page({view}), 200 rows", partial(self._store.tickets.page, view), bare)
        deep = partial(self._store.tickets.page, View.ALL, after=await self._deep_key())
        await self._measure("page(all), twenty thousand on at most", deep)
        counts = "SELECT count(*) FROM ticket WHERE deleted = 0"
        await self._measure("counts()", self._store.tickets.counts, counts)
        newest = self._bare.execute("SELECT max(id) FROM ticket").fetchone()[0]
        ids = [TicketId(self._random.randint(1, newest)) for _ in range(200)]
        bare = f"SELECT * FROM ticket WHERE id IN ({','.join(map(str, ids))})"
        await self._measure("rows(200)", partial(self._store.tickets.rows, ids), bare)

    async def _thread(self, length: int) -> None:
        thread = self._generator.long_thread(length)
        await self._store.tickets.put_threads(DESK, [thread])
        ticket = await self._store.tickets.find(DESK, thread.snapshot.remote_id)
        if ticket is None:
            raise LookupError(thread.snapshot.remote_id)
        bare = f"SELECT * FROM message WHERE ticket = {ticket} ORDER BY created, id"
        read = partial(self._store.tickets.conversation, ticket)
        await self._measure(f"conversation, {length} messages", read, bare)
        times = []
        for _ in range(5):
            thread = _with_one_more(thread)
            times.append(await _timed(partial(self._store.tickets.put_threads, DESK, [thread])))
        print(Figure(f"put_threads, 1 more on {length}", times).line(), flush=True)
        await self._typing(ticket, length)

    async def _typing(self, ticket: TicketId, length: int) -> None:
        if length != 10:
            return
        saves = [
            partial(self._store.books.save_reply, SavedReply(ticket=ticket, text="x" * size))
            for size in range(1, 200)
        ]
        print(Figure("save_reply, a keystroke", [await _timed(save) for save in saves]).line(), flush=True)

    async def _searches(self) -> None:
        words = sorted(
            {word.lower() for text in read_texts().sentences for word in text.split() if word.isalpha()}
        )
        chosen = self._random.sample([word for word in words if len(word) > 4], _WORDS)
        for name, ends in (("2 letters", (2,)), ("3 letters", (3,)), ("4 letters and more", range(4, 30))):
            typed = [word[:end] for word in chosen for end in ends if end <= len(word)]
            await self._find(f"search, a keystroke, {name}", typed)
        await self._find("search, two words", [f"{first} {second}" for first, second in pairwise(chosen)])

    async def _find(self, what: str, typed: Sequence[str]) -> None:
        times = [await _timed(partial(self._store.search.find, text)) for text in typed]
        print(Figure(what, times).line(), flush=True)

    async def _similar(self) -> None:
        newest = self._bare.execute("SELECT max(id) FROM ticket").fetchone()[0]
        times = []
        for _ in range(_SIMILAR):
            ticket = TicketId(self._random.randint(1, newest))
            text = (await self._store.tickets.conversation(ticket)).messages[0].clean
            times.append(await _timed(partial(self._store.search.similar, text, exclude=ticket)))
        print(Figure("similar, to a first message", times).line(), flush=True)

    async def _writes(self) -> None:
        fresh = [
            replace(thread, snapshot=replace(thread.snapshot, remote_id=RemoteId(f"new-{place}")))
            for place, thread in enumerate(Generator(1_000, seed=99).threads())
        ]
        began = time.perf_counter()
        for start in range(0, len(fresh), 100):
            await self._store.tickets.put_threads(DESK, fresh[start : start + 100])
        _print_rate("put_threads, new, batches of 100", len(fresh), time.perf_counter() - began)
        unchanged = await _timed(partial(self._store.tickets.put_threads, DESK, fresh))
        _print_rate("put_threads, unchanged", len(fresh), unchanged)

    async def _deep_key(self) -> PageKey | None:
        after: PageKey | None = None
        for _ in range(20):
            after = (await self._store.tickets.page(View.ALL, after=after, limit=1_000)).next or after
        return after

    async def _measure(self, what: str, ours: Work, bare: str | None = None) -> None:
        times = [await _timed(ours) for _ in range(_REPEATS)]
        baseline = None if bare is None else statistics.median(self._bare_times(bare))
        print(Figure(what, times, baseline).line(), flush=True)

    def _bare_times(self, query: str) -> list[float]:
        times = []
        for _ in range(_REPEATS):
            began = time.perf_counter()
            self._bare.execute(query).fetchall()
            times.append(time.perf_counter() - began)
        return times


def _with_one_more(thread: Thread) -> Thread:
    last = thread.messages[-1]
    added = replace(
        last, remote_id=RemoteId(f"{last.remote_id}+"), created=last.created + timedelta(minutes=1)
    )
    return replace(thread, messages=(*thread.messages, added))


async def _timed(work: Work) -> float:
    began = time.perf_counter()
    await work()
    return time.perf_counter() - began


def _print_rate(what: str, count: int, seconds: float) -> None:
    print(f"{what:<40} {count / seconds:10,.0f} tickets/s", flush=True)


def _clock() -> int:
    return int(NOW.timestamp() * 1000)


async def _fill(path: Path, generator: Generator, tickets: int) -> None:
    store = await Store.open(path, clock=_clock)
    began = time.perf_counter()
    messages = await fill(store, generator)
    _print_rate(f"fill, {messages:,} messages in all", tickets, time.perf_counter() - began)
    await store.aclose()


async def _bench(path: Path, generator: Generator) -> None:
    began = time.perf_counter()
    store = await Store.open(path, clock=_clock)
    print(f"{'open':<40}     {(time.perf_counter() - began) * 1e3:8.2f} ms")
    bench = StoreBench(store, path, generator)
    with closing(bench):
        await bench.run()
    await store.aclose()


def measure(tickets: int, path: Path) -> None:
    """Fill the store at `path` unless it is there, and print its figures."""
    generator = Generator(tickets)
    if not path.exists():
        asyncio.run(_fill(path, generator, tickets))
    print(f"{'file':<40}     {path.stat().st_size / 1e6:8,.0f} MB")
    asyncio.run(_bench(path, generator))


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures, with the machine they are from."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.store", description=__doc__)
    parser.add_argument("--tickets", type=int, default=50_000)
    parser.add_argument("--file", type=Path, help="keep the store here, and use it when it exists")
    asked = parser.parse_args(arguments)
    versions = f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    print(
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, {versions}; {asked.tickets:,} tickets"
    )
    with tempfile.TemporaryDirectory() as folder:
        measure(asked.tickets, asked.file or Path(folder) / "store.sqlite3")
    return 0


if __name__ == "__main__":
    sys.exit(main())
