"""The command: see the package's description."""

from __future__ import annotations

import argparse
import sys
import time
import traceback
from collections.abc import Sequence
from pathlib import Path

from tests.bench.quality.frame import Bench, Embeddings, Figure, QualitySet
from tests.bench.quality.registry import all_sets
from tests.bench.quality.table import HEAD, as_json, as_rows


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure every set there is data for. Answers 1 when a set failed, 2 when asked for one that does not exist."""
    asked = _parser().parse_args(arguments)
    sets = all_sets()
    wanted = set(asked.only.split(",")) if asked.only else {one.name for one in sets}
    unknown = wanted - {one.name for one in sets}
    if unknown:
        print(
            f"no such set: {', '.join(sorted(unknown))}; there are {', '.join(s.name for s in sets)}",
            file=sys.stderr,
        )
        return 2
    embeddings = Embeddings(asked.cache)
    results: dict[str, Sequence[Figure]] = {}
    failed: list[str] = []
    print(HEAD, flush=True)
    for one in sets:
        if one.name not in wanted:
            continue
        folder = asked.data / one.folder
        if not folder.is_dir():
            print(f"{one.name}: no folder {one.folder}, left out", file=sys.stderr)
            continue
        figures = _measure(one, Bench(folder, embeddings))
        if figures is None:
            failed.append(one.name)
            continue
        results[one.name] = figures
        print("\n".join(as_rows(one.name, figures)), flush=True)
    if asked.json:
        asked.json.write_text(as_json(results), encoding="utf-8")
    if failed:
        print(f"failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


def _measure(one: QualitySet, bench: Bench) -> Sequence[Figure] | None:
    """The set's figures; None when it raised, which is printed: the other sets are still worth their run."""
    began = time.monotonic()
    print(f"{one.name} …", file=sys.stderr, flush=True)
    try:
        figures = one.measure(bench)
    except Exception:  # noqa: BLE001 - whatever a set raises is shown in full and makes the run fail at its end
        traceback.print_exc()
        return None
    print(f"{one.name}: {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
    return figures


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench.quality", description="Quality on real data."
    )
    parser.add_argument(
        "--data", type=Path, required=True, help="the directory that holds one folder per set"
    )
    parser.add_argument("--json", type=Path, help="write our figures here")
    parser.add_argument("--only", default="", help="names of sets, comma-separated")
    parser.add_argument("--cache", type=Path, help="keep embeddings here from run to run")
    return parser


if __name__ == "__main__":
    sys.exit(main())
