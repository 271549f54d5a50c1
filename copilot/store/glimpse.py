"""The first page of a view from a file that nobody has opened yet: what a window can paint before all else is imported.

Reads only, and imports next to nothing. What is not as it should be is left to `Store.open`, which says it in words.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from copilot.domain import QueuePage, View
from copilot.store.upgrade import SCHEMA_VERSION
from copilot.store.views import read_counts, read_page


def glimpse(path: Path, view: View, limit: int) -> tuple[QueuePage, Mapping[View, int]] | None:
    """The page and how many tickets each view holds; None where the file is absent, of another version, or damaged."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            if connection.execute("PRAGMA user_version").fetchone()[0] != SCHEMA_VERSION:
                return None
            return read_page(connection, view, None, limit), read_counts(connection)
    except (sqlite3.Error, ValueError):
        return None
