from __future__ import annotations

from pathlib import Path

import pytest

from copilot.domain import View
from copilot.store import Store
from tests.bench import store as bench
from tests.bench.generate import NOW, Generator, fill
from tests.store.conftest import SetClock


async def test_the_generator_is_repeatable_and_fills_every_view(store: Store, clock: SetClock) -> None:
    clock.moment = NOW
    first, second = (list(Generator(300).threads()) for _ in range(2))
    assert first == second
    messages = await fill(store, Generator(1_000))
    counts = await store.tickets.counts()
    assert counts[View.ALL] == 1_000
    assert 5 < messages / 1_000 < 8
    assert not [view for view in View if not counts[view]]


def test_the_bench_prints_its_figures(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert bench.main(["--tickets", "50", "--file", str(tmp_path / "bench.sqlite3")]) == 0
    printed = capsys.readouterr().out
    for figure in (
        "50 tickets",
        "page(all)",
        "counts()",
        "search, a keystroke",
        "similar",
        "tickets/s",
        "ratio",
    ):
        assert figure in printed
