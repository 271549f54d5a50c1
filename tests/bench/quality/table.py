"""The bench's figures as a Markdown table and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence

from tests.bench.quality.frame import Figure

HEAD = "| set | metric | ours | goal | reached | baselines in the same run | |\n|---|---|---|---|---|---|---|"


def as_rows(name: str, figures: Iterable[Figure]) -> list[str]:
    """A set's lines of the table."""
    return [_row(name, figure) for figure in figures]


def as_json(results: Mapping[str, Sequence[Figure]]) -> str:
    """Our figures alone."""
    values = {name: {figure.metric: figure.ours for figure in figures} for name, figures in results.items()}
    return json.dumps(values, indent=2, sort_keys=True) + "\n"


def _row(name: str, figure: Figure) -> str:
    goal = "" if figure.goal is None else f"{'≤' if figure.lower_is_better else '≥'} {_number(figure.goal)}"
    reached = {None: "", True: "yes", False: "**no**"}[figure.reached]
    baselines = ", ".join(f"{what} {_number(value)}" for what, value in figure.baselines.items())
    cells = (name, figure.metric, _number(figure.ours), goal, reached, baselines, figure.note)
    return "| " + " | ".join(cells) + " |"


def _number(value: float) -> str:
    return f"{value:.1f}" if abs(value) >= 2 else f"{value:.3f}"
