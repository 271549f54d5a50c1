"""Runs the statements of a migration inside the transaction that is open."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator


def run(connection: sqlite3.Connection, script: str) -> None:
    """Execute every statement of `script`; `Connection.executescript` would commit the transaction first."""
    for statement in _statements(script):
        connection.execute(statement)


def _statements(script: str) -> Iterator[str]:
    gathered = ""
    for line in script.splitlines(keepends=True):
        gathered += line
        if sqlite3.complete_statement(gathered):
            yield gathered
            gathered = ""
    if gathered.strip():
        raise ValueError(f"unfinished statement: {gathered.strip()[:60]}")
