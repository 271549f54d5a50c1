"""Knows our files from others, and brings an older one up to date, with a backup first.

`PRAGMA user_version` mirrors the number of the newest migration in the file, so that an up-to-date file is opened
without importing sqlite-utils, which takes a tenth of a second. `PRAGMA application_id` says that the file is ours.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from copilot.errors import StoreError

SCHEMA_VERSION = 11
APPLICATION_ID = int.from_bytes(b"SiDk", "big")
BACKUPS_KEPT = 3


def refuse_foreign(connection: sqlite3.Connection, path: Path) -> None:
    """Raise `StoreError` when the file is another program's or newer than we are. Changes nothing."""
    if _is_empty(connection):
        return
    if _pragma(connection, "application_id") != APPLICATION_ID:
        raise StoreError(
            f"{path.name} is a database of another program.",
            f"Move {path} aside, or choose another workspace folder.",
        )
    if _pragma(connection, "user_version") > SCHEMA_VERSION:
        raise StoreError(
            f"{path.name} was written by a newer Sidedesk.",
            "Install the newest version, or put the backup made before that upgrade in its place.",
        )


def upgrade(connection: sqlite3.Connection, path: Path) -> None:
    """Apply the migrations that are missing: all, or none when one fails."""
    version = _pragma(connection, "user_version")
    if version == SCHEMA_VERSION:
        return
    if not _is_empty(connection):
        _back_up(connection, path, version)
    from sqlite_utils import Database

    from copilot.store.migrations import migrations

    connection.execute("BEGIN IMMEDIATE")
    try:
        # Another process may have upgraded the file while we waited; then nothing is pending.
        migrations.apply(Database(connection))
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute("COMMIT")
    except BaseException:
        connection.rollback()
        raise


def backups(path: Path) -> list[Path]:
    """The backups beside a database, oldest first."""
    return sorted(path.parent.glob(f"{path.name}.v*.backup"), key=lambda backup: backup.name.split("-")[-1])


def _back_up(connection: sqlite3.Connection, path: Path, version: int) -> None:
    backup = path.with_name(f"{path.name}.v{version}-{datetime.now(UTC):%Y%m%dT%H%M%S%fZ}.backup")
    unfinished = backup.with_suffix(".unfinished")
    try:
        with closing(sqlite3.connect(unfinished)) as copy:
            connection.backup(copy)
        unfinished.replace(backup)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    for old in backups(path)[:-BACKUPS_KEPT]:
        old.unlink()


def _pragma(connection: sqlite3.Connection, name: str) -> int:
    return int(connection.execute(f"PRAGMA {name}").fetchone()[0])


def _is_empty(connection: sqlite3.Connection) -> bool:
    return connection.execute("SELECT 1 FROM sqlite_schema LIMIT 1").fetchone() is None
