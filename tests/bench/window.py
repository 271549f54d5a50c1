"""The window's speed: `python -m tests.bench.window --tickets demo 50000`.

For each size of store: the start of the program to its first painted queue, beside a minimal window of the same run;
a ticket opened to its thread painted and to its brief painted; and how late the event loop is while a desk is synced.
Offscreen, with the real program: only the size of the store is made up (`tests.bench.generate`).
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from copilot.config.paths import STORE_NAME
from copilot.config.settings import DemoDeskSettings, Settings, save_settings
from copilot.domain import View
from copilot.store import Store
from copilot.workspace import Workspace
from tests.bench.figures import machine, table

STARTS = 7

MINIMAL = """
from PySide6.QtCore import QEvent, QTimer
from PySide6.QtWidgets import QApplication, QLabel
app = QApplication(["minimal"])
class Window(QLabel):
    def event(self, event):
        if event.type() == QEvent.Type.Paint:
            print("painted", flush=True)
            QTimer.singleShot(0, app.quit)
        return super().event(event)
window = Window("minimal")
window.resize(1440, 900)
window.show()
app.exec()
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures; answers the process's exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.window")
    parser.add_argument(
        "--tickets", nargs="*", default=["demo"], help="demo, or numbers of generated tickets"
    )
    parser.add_argument(
        "--store", type=Path, help="beside them, a store that `tests.bench.store --file` has made"
    )
    options = parser.parse_args(arguments)
    print(machine())
    for size in options.tickets:
        with tempfile.TemporaryDirectory(prefix="sidedesk-bench-") as folder:
            asyncio.run(_fill(Path(folder), size))
            _report(size, Path(folder))
    if options.store is not None:
        with tempfile.TemporaryDirectory(prefix="sidedesk-bench-", dir=options.store.parent) as folder:
            save_settings(Path(folder), Settings(desks=()))
            shutil.copyfile(options.store, Path(folder) / STORE_NAME)
            _report(options.store.stem, Path(folder))
    return 0


async def _fill(folder: Path, size: str) -> None:
    if size == "demo":
        save_settings(folder, Settings(desks=(DemoDeskSettings(lively=False),)))
        workspace = await Workspace.open(folder)
        await workspace.sync_once()
        for row in (await workspace.queue(View.MINE)).rows:
            await workspace.make_brief(row.id)
        await workspace.aclose()
        return
    from tests.bench.generate import Generator, fill

    save_settings(folder, Settings(desks=()))
    store = await Store.open(folder / STORE_NAME)
    await fill(store, Generator(int(size)))
    await store.aclose()


def _report(size: str, folder: Path) -> None:
    minimal = statistics.median(_seconds_to("painted", ["-c", MINIMAL]) for _ in range(STARTS))
    starts = [
        _seconds_to("queue painted", ["-m", "tests.bench.window_probe", "start", str(folder)])
        for _ in range(STARTS)
    ]
    lines = [
        ("a minimal window painted", minimal, ""),
        (
            "start to queue painted",
            statistics.median(starts),
            f"{statistics.median(starts) / minimal:.1f} x minimal",
        ),
    ]
    for name, figures in _probe("open", folder).items():
        lines.append((name, statistics.median(figures), f"p95 {_p95(figures) * 1000:.0f} ms"))
    if size == "demo":
        for name, figures in _probe("lag", folder).items():
            lines.append(
                (
                    name,
                    statistics.median(figures),
                    f"p99 {_p(figures, 99) * 1000:.1f} ms, max {max(figures) * 1000:.0f} ms",
                )
            )
    print(
        table(f"{size} tickets", [(name, f"{seconds * 1000:.1f} ms", note) for name, seconds, note in lines])
    )


def _seconds_to(word: str, arguments: Sequence[str]) -> float:
    return seconds_to_lines(arguments, word)[word]


def seconds_to_lines(arguments: Sequence[str], *words: str) -> dict[str, float]:
    """From starting a Python with these arguments to each of these lines it prints. Raises `RuntimeError`."""
    began = time.perf_counter()
    found: dict[str, float] = {}
    with subprocess.Popen(
        [sys.executable, *arguments], stdout=subprocess.PIPE, text=True, env=_environment()
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            found[line.strip()] = time.perf_counter() - began
        process.wait(timeout=60)
    if lacking := [word for word in words if word not in found]:
        raise RuntimeError(f"{' '.join(arguments[:2])} ended without {lacking}")
    return found


def _probe(what: str, folder: Path) -> dict[str, list[float]]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.window_probe", what, str(folder)],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        env=_environment(),
        timeout=600,
    )
    figures: dict[str, list[float]] = json.loads(done.stdout.splitlines()[-1])
    return figures


def _environment() -> dict[str, str]:
    """With byte code kept, as an installed program has it; some machines of developers and of CI are set not to."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    bytecode = Path(tempfile.gettempdir()) / f"sidedesk-bench-bytecode-{os.getuid()}"
    return kept | {"QT_QPA_PLATFORM": "offscreen", "PYTHONPYCACHEPREFIX": str(bytecode)}


def _p95(figures: Sequence[float]) -> float:
    return _p(figures, 95)


def _p(figures: Sequence[float], percent: int) -> float:
    ordered = sorted(figures)
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]


if __name__ == "__main__":
    sys.exit(main())
