"""SQLite's errors in words: what happened and what to do. Anything not named here is a bug and stays what it is."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from copilot.errors import StoreError


@contextmanager
def in_words(path: Path) -> Iterator[None]:
    """Turn SQLite's error about the file at `path` into a `StoreError`, where a person can do something about it."""
    try:
        yield
    except sqlite3.Error as error:
        told = _told(path, error)
        if told is None:
            raise
        raise told from error


def _told(path: Path, error: sqlite3.Error) -> StoreError | None:
    # The low byte is the primary result code: https://sqlite.org/rescode.html
    match getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF:
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return StoreError(
                f"Another program is writing to {path.name}.",
                "Close other Sidedesk windows or commands on this workspace, then try again.",
            )
        case sqlite3.SQLITE_FULL:
            return StoreError(
                f"The disk is full: nothing more can be written to {path.name}.",
                f"Make room on the disk that holds {path.parent}; what was saved before is safe.",
            )
        case sqlite3.SQLITE_NOTADB:
            return StoreError(
                f"{path.name} is not a Sidedesk database.",
                f"Move {path} aside, or choose another workspace folder.",
            )
        case sqlite3.SQLITE_CORRUPT:
            return StoreError(
                f"{path.name} is damaged.",
                f"Quit, move {path} aside, and put the newest backup beside it in its place; "
                "tickets come back from the desk by themselves.",
            )
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_PERM | sqlite3.SQLITE_AUTH:
            return StoreError(
                f"{path.name} cannot be opened for writing.",
                f"Check that {path.parent} exists and that you may write there.",
            )
        case sqlite3.SQLITE_IOERR:
            return StoreError(
                f"The disk failed while {path.name} was read or written.",
                f"Check the disk that holds {path.parent}; a workspace on a network drive belongs on this machine.",
            )
    return None
