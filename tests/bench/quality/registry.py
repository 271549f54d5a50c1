"""Finds the sets: every module in `sets/` that holds a `QualitySet` called `SET`."""

from __future__ import annotations

import importlib
import pkgutil

from tests.bench.quality import sets
from tests.bench.quality.frame import QualitySet


def all_sets() -> tuple[QualitySet, ...]:
    """Every set, by name."""
    found: list[QualitySet] = []
    for module in pkgutil.iter_modules(sets.__path__):
        candidate = getattr(importlib.import_module(f"{sets.__name__}.{module.name}"), "SET", None)
        if isinstance(candidate, QualitySet):
            found.append(candidate)
    names = [one.name for one in found]
    if len(set(names)) < len(names):
        raise ValueError(f"two sets of the quality bench have one name: {sorted(names)}")
    return tuple(sorted(found, key=lambda one: one.name))
