"""The threads and connections: one writer, two readers, and one searcher that can be interrupted.

A unit of work is a function of a connection. It runs on the thread that owns the connection and is awaited, so the
event loop never touches SQLite.
"""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from copilot.store.connection import open_reader, open_writer
from copilot.store.failures import in_words

T = TypeVar("T")
Work = Callable[[sqlite3.Connection], T]
READERS = 2
_STEPS_BETWEEN_LOOKS = 5_000


class SupersededError(Exception):
    """A newer search began, or nobody waits for this one any more."""


class Database:
    """An open database file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._writer_thread = ThreadPoolExecutor(1, "store-writer")
        self._reader_threads = ThreadPoolExecutor(READERS, "store-reader")
        self._search_thread = ThreadPoolExecutor(1, "store-search")
        self._writer: sqlite3.Connection | None = None
        self._of_thread = threading.local()
        self._opened: list[sqlite3.Connection] = []
        self._searches = 0
        self._wanted_search = 0

    @classmethod
    async def open(cls, path: Path) -> Database:
        """Open or create the file and bring its schema up to date. Raises `StoreError`."""
        database = cls(path)
        try:
            await _run(database._writer_thread, database._open_writer)
        except BaseException:
            await database.aclose()
            raise
        return database

    async def read(self, work: Work[T]) -> T:
        """Run `work` on a reader thread, in one snapshot of the database."""
        return await _run(self._reader_threads, lambda: self._read(work))

    async def write(self, work: Work[T], *, durable: bool = False) -> T:
        """Run `work` in one transaction on the writer thread.

        When this returns, the change survives the end of the process; with `durable` also a power failure.
        """
        return await _run(self._writer_thread, lambda: self._write(work, durable=durable))

    async def search(self, work: Work[T]) -> T:
        """Run `work` on the search thread; a newer search ends an older, which raises `asyncio.CancelledError`."""
        self._searches += 1
        turn = self._wanted_search = self._searches
        try:
            found = await _run(self._search_thread, lambda: self._search(turn, work))
        except SupersededError:
            raise asyncio.CancelledError from None
        finally:
            superseded = self._wanted_search != turn
            if not superseded:
                self._wanted_search = 0
        if superseded:
            raise asyncio.CancelledError
        return found

    async def aclose(self) -> None:
        """Finish the work that runs or waits, then close the connections."""
        await asyncio.to_thread(self._close)

    # -- on the threads --------------------------------------------------------------------------------------------

    def _open_writer(self) -> None:
        with in_words(self._path):
            self._writer = open_writer(self._path)

    def _own_reader(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._of_thread, "connection", None)
        if connection is None:
            connection = self._of_thread.connection = open_reader(self._path)
            self._opened.append(connection)
        return connection

    def _read(self, work: Work[T]) -> T:
        with in_words(self._path):
            connection = self._own_reader()
            connection.execute("BEGIN")
            try:
                return work(connection)
            finally:
                connection.rollback()

    def _write(self, work: Work[T], *, durable: bool) -> T:
        connection = self._writer
        if connection is None:
            raise RuntimeError("the database is closed")
        with in_words(self._path):
            # In WAL mode NORMAL loses the last commits at a power failure, though not when the process dies.
            connection.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
            connection.execute("BEGIN IMMEDIATE")
            try:
                result = work(connection)
                connection.execute("COMMIT")
            except BaseException:
                connection.rollback()
                raise
        return result

    def _search(self, turn: int, work: Work[T]) -> T:
        def is_over() -> bool:
            return self._wanted_search != turn

        if is_over():
            raise SupersededError
        with in_words(self._path):
            connection = self._own_reader()
            # Not Connection.interrupt(): it is lost when it comes just before a statement begins.
            connection.set_progress_handler(is_over, _STEPS_BETWEEN_LOOKS)
            try:
                return work(connection)
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode == sqlite3.SQLITE_INTERRUPT:
                    raise SupersededError from None
                raise
            finally:
                connection.set_progress_handler(None, 0)

    def _close(self) -> None:
        for threads in (self._search_thread, self._reader_threads, self._writer_thread):
            threads.shutdown(wait=True)
        for connection in self._opened:
            connection.close()
        self._opened.clear()
        if self._writer is not None:
            self._writer.close()
            self._writer = None


async def _run(threads: ThreadPoolExecutor, work: Callable[[], T]) -> T:
    return await asyncio.get_running_loop().run_in_executor(threads, work)
