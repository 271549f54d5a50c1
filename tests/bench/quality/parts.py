"""The development and held-out parts of a data folder, and how they are turned into folds."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Record = dict[str, Any]


def read_lines(path: Path) -> list[Record]:
    """The records of a JSON Lines file."""
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def _topic(path: Path) -> frozenset[str]:
    """What a file is about, without saying which part of the split it is: `retrieval.dev.jsonl` is about retrieval."""
    words = re.split(r"[._-]", path.name.removesuffix(".jsonl"))
    return frozenset(word for word in words if word not in {"dev", "heldout"})


def heldout_beside(development: Path) -> Path | None:
    """The held-out file that belongs to a development file; None where the folder has none."""
    others = sorted(development.parent.glob("*heldout*.jsonl"))
    fitting = [path for path in others if _topic(path) == _topic(development)]
    if fitting:
        return fitting[0]
    developments = list(development.parent.glob("*dev*.jsonl"))
    return others[0] if len(others) == 1 and len(developments) == 1 else None


@dataclass(frozen=True, slots=True)
class Parts:
    """What one folder holds for one task; `heldout` is None where nothing was kept back."""

    dev: list[Record]
    heldout: list[Record] | None

    @property
    def how(self) -> str:
        """How figures made of these parts came about, in words."""
        if self.heldout is None:
            return f"cross-validated on {len(self.dev)}"
        return f"learned from {len(self.dev)}, held out {len(self.heldout)}"

    def folds(
        self, count: int, *, group: Callable[[Record], object] | None = None
    ) -> Iterator[tuple[list[Record], list[Record]]]:
        """Pairs of records to learn from and to report on.

        One pair where a part was held out, else `count` folds of the development part. Records with the same `group`
        (paraphrases of one question, messages of one thread) never stand on both sides.
        """
        if self.heldout is not None:
            yield self.dev, self.heldout
            return
        fold_of = _fold_numbers(self.dev, count, group or id)
        for number in range(count):
            learn = [record for record, fold in zip(self.dev, fold_of, strict=True) if fold != number]
            report = [record for record, fold in zip(self.dev, fold_of, strict=True) if fold == number]
            yield learn, report


def _fold_numbers(records: Sequence[Record], count: int, group: Callable[[Record], object]) -> list[int]:
    names: dict[object, int] = {}
    for record in records:
        names.setdefault(group(record), len(names))
    numbers = [number % count for number in range(len(names))]
    random.Random(20261123).shuffle(numbers)
    return [numbers[names[group(record)]] for record in records]
