"""How figures are printed: with the machine they were taken on, in aligned columns."""

from __future__ import annotations

import os
import platform
import sqlite3
from collections.abc import Sequence


def machine() -> str:
    """The machine and the versions that matter, in one line."""
    cores = os.cpu_count()
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    return (
        f"{platform.system()} {platform.machine()}, {cores} cores, load {load:.1f}, "
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    )


def table(title: str, rows: Sequence[Sequence[str]]) -> str:
    """Rows under a title, columns aligned."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    ]
    return "\n".join(["", title, *(f"  {line}" for line in lines)])
