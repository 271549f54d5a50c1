"""Every figure of the screen beside its bar: `make bench-ui`, or `python -m tests.bench.screen --tickets 450000`.

The store is generated from the demo desk's real texts; `--workspace` keeps it for the next time (450,000 tickets take
a quarter of an hour and 4 GB). Each probe is a process of its own, offscreen, with the real window, workspace and
store. Where notmuch is installed, the same messages are given to it (`--mail`), as a mail client's figures beside ours.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from copilot.config.paths import STORE_NAME
from copilot.config.settings import Settings, save_settings
from copilot.store import Store
from tests.bench.figures import machine, table
from tests.bench.generate import Generator, fill
from tests.bench.mail_client import Beside, measure_mail_client
from tests.bench.window import MINIMAL, seconds_to_lines

STARTS = 9
PATIENCE = 900
PREPARED = "prepared"


@dataclass(frozen=True, slots=True)
class Bar:
    """What a figure must not exceed: a percentile (0: the largest) of some seconds."""

    figure: str
    percent: int
    milliseconds: float


BARS = (
    Bar("queue first paint", 50, 60),
    Bar("queue first paint, 1 M rows", 50, 120),
    Bar("reset to a page", 95, 16),
    Bar("insert a ticket, 1 M rows", 95, 16),
    Bar("change a ticket, 1 M rows", 95, 16),
    Bar("scroll frame, 1 M rows", 99, 16),
    Bar("j and k", 99, 16),
    Bar("view switch", 95, 50),
    Bar("search, a key blocks", 95, 16),
    Bar("search, painted", 50, 30),
    Bar("search, painted", 95, 100),
    Bar("ticket open, 10 messages", 95, 30),
    Bar("ticket open, 200 messages", 95, 60),
    Bar("ticket open, 2,000 messages", 95, 100),
    Bar("a key in the editor", 99, 16),
    Bar("loop late, all at once", 99, 10),
    Bar("loop late, all at once", 100, 100),
)
"""Issue 6's list, as far as it is milliseconds."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures; answers the number of bars that were missed."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.screen", description=__doc__)
    parser.add_argument("--tickets", type=int, default=20_000)
    parser.add_argument("--workspace", type=Path, help="a folder that keeps the generated store")
    parser.add_argument("--opened", type=int, default=400, help="tickets opened while memory is watched")
    parser.add_argument("--mail", type=int, default=300, help="tickets given to a mail client; 0 for none")
    parser.add_argument("--only", nargs="+", choices=("start", "queue", "keys", "tickets", "busy", "memory"))
    asked = parser.parse_args(arguments)
    print(machine(), flush=True)
    with tempfile.TemporaryDirectory(prefix="sidedesk-bench-") as folder:
        made = asked.workspace or Path(folder)
        _make(made, asked.tickets)
        beside = measure_mail_client(asked.mail) if asked.mail else {}
        return _report(made, Path(folder), asked, beside)


def _make(folder: Path, tickets: int) -> None:
    if not (folder / STORE_NAME).exists():
        save_settings(folder, Settings(desks=()))
        asyncio.run(_fill(folder / STORE_NAME, tickets))
    if not (folder / PREPARED).exists():
        probe("prepare", folder)
        (folder / PREPARED).touch()


async def _fill(path: Path, tickets: int) -> None:
    store = await Store.open(path)
    print(f"{await fill(store, Generator(tickets)):,} messages generated", flush=True)
    await store.aclose()


def _report(made: Path, folder: Path, asked: argparse.Namespace, beside: Beside) -> int:
    chosen = asked.only or ("start", "queue", "keys", "tickets", "busy", "memory")
    missed = 0
    if "start" in chosen:
        missed += _start(made)
    for name in ("queue", "keys", "tickets", "busy"):
        if name in chosen:
            missed += _bars(probe(name, folder / "busy" if name == "busy" else made), beside)
    if "memory" in chosen:
        _memory(made, folder / "empty", asked.opened)
    return missed


def _start(folder: Path) -> int:
    minimal, queues, briefs = [], [], []
    for _ in range(STARTS + 1):
        minimal.append(seconds_to_lines(["-c", MINIMAL], "painted")["painted"])
        ours = seconds_to_lines(
            ["-m", "tests.bench.window_probe", "start", str(folder)], "queue painted", "brief painted"
        )
        queues.append(ours["queue painted"])
        briefs.append(ours["brief painted"])
    least, queue, brief = (statistics.median(times[1:]) for times in (minimal, queues, briefs))
    rows = [("", "ours", "times minimal", "bar", "")]
    rows.append(("a minimal window painted", _ms(least), "", "", ""))
    missed = 0
    for name, seconds, most in (("queue painted", queue, 1.4), ("thread and brief painted", brief, 2.5)):
        holds = seconds <= most * least
        missed += not holds
        rows.append(
            (f"start to {name}", _ms(seconds), f"{seconds / least:.2f}", f"≤ {most}", _verdict(holds))
        )
    print(table(f"Start, median of {STARTS}, {_load()}", rows), flush=True)
    return missed


def _bars(figures: Mapping[str, Sequence[float]], beside: Beside) -> int:
    rows: list[tuple[str, ...]] = [("", "n", "p50", "p95", "p99", "largest", "bar", "", "beside")]
    missed = 0
    for name, times in figures.items():
        bars = [bar for bar in BARS if bar.figure == name]
        kept = [quantile(times, bar.percent) * 1000 <= bar.milliseconds for bar in bars]
        missed += kept.count(False)
        rows.append(
            (
                name, str(len(times)), *(_ms(quantile(times, p)) for p in (50, 95, 99, 100)),
                ", ".join(f"{_percentile(bar.percent)} ≤ {bar.milliseconds:.0f}" for bar in bars),
                ", ".join(map(_verdict, kept)),
                beside.get(name, ""),
            )
        )  # fmt: skip
    print(table(_load(), rows), flush=True)
    return missed


def _memory(made: Path, empty: Path, count: int) -> None:
    bare = probe("memory", empty, "0")["memory, open"][0]
    found = probe("memory", made, str(count))
    course = found["memory, as tickets are opened"]
    rows = [
        ("over an empty workspace", f"{found['memory, open'][0] - bare:.0f} MB", "≤ 100 MB"),
        (f"after {count:,} tickets opened, over the first hundred", f"{course[-1] - course[0]:.0f} MB", "flat"),
        ("the course", " ".join(f"{mb:.0f}" for mb in course), ""),
    ]  # fmt: skip
    print(table(f"Memory, {_load()}", rows), flush=True)


def probe(what: str, folder: Path, *more: str) -> dict[str, list[float]]:
    """The figures of one probe, in a process of its own. Raises `subprocess.CalledProcessError`."""
    module = "tests.bench.busy_probe" if what == "busy" else "tests.bench.screen_probe"
    done = subprocess.run(
        [sys.executable, "-m", module, what, str(folder), *more],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
        timeout=PATIENCE,
    )
    figures: dict[str, list[float]] = json.loads(done.stdout.splitlines()[-1])
    return figures


def quantile(times: Sequence[float], percent: int) -> float:
    """The smallest value that so many percent do not exceed."""
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]


def _percentile(percent: int) -> str:
    return "largest" if percent == 100 else f"p{percent}"


def _verdict(holds: bool) -> str:
    return "yes" if holds else "MISSED"


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.1f}"


def _load() -> str:
    return f"load {os.getloadavg()[0]:.1f}; milliseconds"


if __name__ == "__main__":
    sys.exit(min(main(), 1))
