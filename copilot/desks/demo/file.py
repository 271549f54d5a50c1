"""The demo desk's SQLite file: opened, created and filled on first use, and one transaction at a time."""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

from copilot.desks.demo.fill import fill
from copilot.desks.demo.records import Records
from copilot.desks.demo.schema import TABLES, VERSION
from copilot.errors import BadDataError, UnavailableError

BUSY_SECONDS = 10.0
DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
OUT_OF_REACH = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_PERM,
}


class DemoFile:
    """One connection to the file; belongs to one thread. Several processes may have the same file open.

    WAL, and every write in one IMMEDIATE transaction: a process killed at any point leaves whole requests only.
    """

    def __init__(self, path: Path, resources: Path, now: datetime) -> None:
        """Open the file at `path`; create it from the folder `resources` when it is new, as if `now` were the data's.

        Raises `UnavailableError` when it cannot be opened or written, `BadDataError` when it is not a demo desk's.
        """
        with _as_desk_errors():
            path.parent.mkdir(parents=True, exist_ok=True)
            self._connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
        try:
            self._connection.row_factory = sqlite3.Row
            self._set_up(resources, now)
        except BaseException:
            self._connection.close()
            raise

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """One consistent view of the file."""
        with self._transaction("BEGIN") as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """All of it, or, after an error, nothing."""
        with self._transaction("BEGIN IMMEDIATE") as connection:
            yield connection

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[sqlite3.Connection]:
        with _as_desk_errors():
            self._connection.execute(begin)
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    def _set_up(self, resources: Path, now: datetime) -> None:
        with _as_desk_errors():
            for pragma in ("journal_mode = WAL", "synchronous = NORMAL", "foreign_keys = ON"):
                self._connection.execute(f"PRAGMA {pragma}").close()
        if self._version() == 0:
            self._create(resources, now)
        if self._version() != VERSION:
            raise BadDataError(
                "The demo desk's file was made by another version of Sidedesk.",
                "Delete it to begin the demo again.",
            )

    def _version(self) -> int:
        with _as_desk_errors(), closing(self._connection.execute("PRAGMA user_version")) as answer:
            return int(answer.fetchone()[0])

    def _create(self, resources: Path, now: datetime) -> None:
        with self.writing() as connection:
            if self._version():  # another process was faster
                return
            for table in TABLES:
                connection.execute(table)
            fill(connection, resources, now)
            Records(connection, now).set_meta("generation", secrets.token_hex(6))
            connection.execute(f"PRAGMA user_version = {VERSION}")


@contextmanager
def _as_desk_errors() -> Iterator[None]:
    """What a disk or another program can do to the file, as a desk's errors; our own mistakes stay as they are."""
    try:
        yield
    except sqlite3.Error as error:
        # Extended codes keep the primary one in the low byte (sqlite.org/rescode.html).
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
        if code in DAMAGED:
            raise BadDataError(
                "The demo desk's file is damaged.", "Delete it to begin the demo again."
            ) from error
        if code in OUT_OF_REACH:
            raise UnavailableError(f"The demo desk's file cannot be used: {error}.") from error
        raise
    except OSError as error:
        raise UnavailableError(f"The demo desk's files cannot be read: {error.strerror}.") from error
