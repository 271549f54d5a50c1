"""All figures of speed, one bench after another: `python -m tests.bench [--only NAME …]`.

Each also runs by itself (`python -m tests.bench.store --help`). Quality on real data: `python -m tests.bench.quality`.
"""

from __future__ import annotations

import argparse
import subprocess
import sys

BENCHES: dict[str, tuple[str, ...]] = {
    "window": ("--tickets", "demo", "50000"),
    "screen": (),
    "conversation": (),
    "store": ("--tickets", "50000"),
    "sync": (),
    "desks": (),
    "outbox_matrix": (),
    "brief": (),
    "dense": (),
    "models": (),
    "injection": ("--no-model",),
    "replay": (),
    "streams": (),
}
"""The benches in their order, with what they are asked for."""


def main() -> int:
    """Run them each in a process of its own; answers the number of those that failed."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--only", nargs="+", choices=list(BENCHES), default=list(BENCHES))
    failed = 0
    for name in parser.parse_args().only:
        print(f"\n=== {name}", flush=True)
        failed += bool(
            subprocess.run(
                [sys.executable, "-m", f"tests.bench.{name}", *BENCHES[name]], check=False
            ).returncode
        )
    return failed


if __name__ == "__main__":
    sys.exit(main())
