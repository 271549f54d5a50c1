"""How a connection to the file is set up."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from copilot.errors import StoreError
from copilot.store.upgrade import refuse_foreign, upgrade

BUSY_MS = 5_000
_OLDEST_SQLITE = (3, 35)
_WRITER_CACHE_KIB = 64_000
_READER_CACHE_KIB = 32_000
_READER_MMAP_BYTES = 256 * 1024 * 1024
_CHECKPOINT_PAGES = 4_000
_JOURNAL_LIMIT_BYTES = 64 * 1024 * 1024


def open_writer(path: Path) -> sqlite3.Connection:
    """The connection that writes; creates the file and brings its schema up to date.

    Raises `sqlite3.Error`, or `StoreError` for a file that is another program's or newer than this one.
    """
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    try:
        _require_features(connection)
        _set(connection, busy_timeout=BUSY_MS, foreign_keys="ON")
        refuse_foreign(connection, path)
        _set(connection, cache_size=-_WRITER_CACHE_KIB, wal_autocheckpoint=_CHECKPOINT_PAGES)
        _set(connection, journal_mode="WAL", journal_size_limit=_JOURNAL_LIMIT_BYTES, synchronous="NORMAL")
        upgrade(connection, path)
        _prove_writable(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def open_reader(path: Path) -> sqlite3.Connection:
    """A connection that can only read. The writer has made the file before."""
    uri = f"{path.absolute().as_uri()}?mode=ro"
    connection = sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False)
    try:
        _set(connection, busy_timeout=BUSY_MS, query_only="ON")
        _set(connection, cache_size=-_READER_CACHE_KIB, mmap_size=_READER_MMAP_BYTES)
    except BaseException:
        connection.close()
        raise
    return connection


def _require_features(connection: sqlite3.Connection) -> None:
    # RETURNING came with 3.35; a distribution may leave out FTS5.
    has_search = connection.execute("SELECT sqlite_compileoption_used('ENABLE_FTS5')").fetchone()[0]
    if sqlite3.sqlite_version_info < _OLDEST_SQLITE or not has_search:
        raise StoreError(
            f"This Python comes with SQLite {sqlite3.sqlite_version}, which Sidedesk cannot use.",
            "Use a Python whose SQLite is 3.35 or newer and has full-text search (FTS5).",
        )


def _prove_writable(connection: sqlite3.Connection) -> None:
    # SQLite opens a write-protected file without a word and fails at the first write: better now.
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("ROLLBACK")


def _set(connection: sqlite3.Connection, **pragmas: object) -> None:
    for name, value in pragmas.items():
        connection.execute(f"PRAGMA {name} = {value}").fetchall()
