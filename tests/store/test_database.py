"""What the machine can do to the file: other processes, a full disk, a crash, a thief with a hex editor."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from copilot.domain import RemoteId, TicketId, View
from copilot.errors import StoreError
from copilot.store import Store
from copilot.store.search import CANDIDATES
from tests.store.make import DESK, NOON, message, thread

ROOT = Path(__file__).parents[2]
_WRITER = """
import asyncio, sys
from pathlib import Path
from copilot.domain import SavedReply
from copilot.store import Store
from tests.store.make import DESK, message, thread

async def main():
    store = await Store.open(Path(sys.argv[1]))
    for number in range(int(sys.argv[2])):
        batch = [thread(message("m1", "okapi " * 50), ticket=f"T{number}-{place}") for place in range(40)]
        await store.tickets.put_threads(DESK, batch, cursor=str(number))
        print(number, flush=True)
    await store.aclose()

asyncio.run(main())
"""


def write_in_another_process(path: Path, batches: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", _WRITER, str(path), str(batches)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def set_pragma(store: Store, **pragmas: object) -> None:
    writer = store._database._writer
    assert writer is not None
    for name, value in pragmas.items():
        writer.execute(f"PRAGMA {name} = {value}").fetchall()


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is POSIX")
@pytest.mark.parametrize("lines", [1, 4, 9])
async def test_what_was_committed_survives_kill_9(path: Path, lines: int) -> None:
    with write_in_another_process(path, 10_000) as process:
        assert process.stdout is not None
        for _ in range(lines):
            acknowledged = int(process.stdout.readline())
        process.send_signal(signal.SIGKILL)
        rest = process.stdout.read().split()
    assert process.returncode == -signal.SIGKILL
    acknowledged = int(rest[-1]) if rest else acknowledged
    store = await Store.open(path)
    try:
        cursor = await store.tickets.cursor(DESK)
        assert cursor is not None
        whole = int(cursor) + 1
        assert whole >= acknowledged + 1
        assert (await store.tickets.counts())[View.ALL] == whole * 40
        assert await store.tickets.find(DESK, RemoteId(f"T{whole}-0")) is None
        assert len((await store.search.find("okapi", limit=10_000)).rows) == min(whole * 40, CANDIDATES)
    finally:
        await store.aclose()
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        db.execute("INSERT INTO ticket_fts (ticket_fts, rank) VALUES ('integrity-check', 1)")


async def test_two_processes_share_the_file(store: Store, path: Path) -> None:
    with write_in_another_process(path, 5) as process:
        mine = 0
        while process.poll() is None:
            await store.tickets.put_threads(DESK, [thread(ticket=f"mine-{mine}")])
            await store.tickets.page(View.ALL)
            mine += 1
    assert process.returncode == 0
    assert (await store.tickets.counts())[View.ALL] == 5 * 40 + mine
    assert mine


async def test_a_file_that_another_program_writes_can_be_read_and_says_why_not_written(
    store: Store, path: Path
) -> None:
    await store.tickets.put_threads(DESK, [thread()])
    set_pragma(store, busy_timeout=20)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert len((await store.tickets.page(View.ALL)).rows) == 1
        with pytest.raises(StoreError, match="Another program is writing") as told:
            await store.tickets.mark_read(TicketId(1))
        assert "Close other Sidedesk windows" in told.value.advice
    assert (await store.tickets.mark_read(TicketId(1))).tickets == {1}


async def test_a_locked_file_is_not_opened(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = await Store.open(path)
    await store.aclose()
    monkeypatch.setattr("copilot.store.connection.BUSY_MS", 20)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="Another program is writing"):
            await Store.open(path)
    store = await Store.open(path)
    await store.aclose()


async def test_a_full_disk_loses_nothing_that_was_there(store: Store) -> None:
    await store.tickets.put_threads(DESK, [thread()])
    before = await store.tickets.conversation(TicketId(1))
    set_pragma(store, max_page_count=1)
    big = [thread(message("m1", f"word{number} " * 2_000), ticket=f"B{number}") for number in range(50)]
    with pytest.raises(StoreError, match="disk is full") as told:
        await store.tickets.put_threads(DESK, big, cursor="big")
    assert "Make room" in told.value.advice
    assert await store.tickets.conversation(TicketId(1)) == before
    assert await store.tickets.cursor(DESK) is None
    set_pragma(store, max_page_count=1_000_000)
    assert len((await store.tickets.put_threads(DESK, big, cursor="big")).tickets) == 50
    assert await store.tickets.cursor(DESK) == "big"


async def test_a_file_that_became_read_only_says_so(store: Store) -> None:
    await store.tickets.put_threads(DESK, [thread()])
    set_pragma(store, query_only="ON")
    with pytest.raises(StoreError, match="cannot be opened for writing") as told:
        await store.tickets.mark_read(TicketId(1))
    assert "you may write" in told.value.advice


async def test_a_write_protected_file_is_not_opened(path: Path) -> None:
    store = await Store.open(path)
    await store.aclose()
    path.chmod(0o444)
    path.parent.chmod(0o555)
    try:
        if os.access(path, os.W_OK):
            pytest.skip("root may write everywhere")
        with pytest.raises(StoreError, match="cannot be opened for writing"):
            await Store.open(path)
    finally:
        path.parent.chmod(0o755)


async def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    for path in (tmp_path / "missing" / "workspace.sqlite3", tmp_path):
        with pytest.raises(StoreError, match="cannot be opened") as told:
            await Store.open(path)
        assert str(path.parent) in told.value.advice


async def test_a_damaged_file_says_what_to_do(path: Path) -> None:
    store = await Store.open(path)
    await store.tickets.put_threads(DESK, [thread(ticket=f"T{number}") for number in range(500)])
    await store.aclose()
    content = bytearray(path.read_bytes())
    content[4096 * 3 :] = b"\xa5" * (len(content) - 4096 * 3)
    path.write_bytes(content)
    with pytest.raises(StoreError, match="damaged") as told:  # noqa: PT012 - SQLite notices at opening or at reading
        store = await Store.open(path)
        try:
            await store.tickets.page(View.ALL)
        finally:
            await store.aclose()
    assert "backup" in told.value.advice


async def test_a_bug_is_not_dressed_up_as_the_disk(store: Store) -> None:
    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        await store._database.read(lambda db: db.execute("SELECT * FROM no_such"))


async def test_a_failed_write_leaves_no_transaction_open(store: Store) -> None:
    naive = thread(message("m1", created=NOON.replace(tzinfo=None)), ticket="T1")
    with pytest.raises(TypeError):
        await store.tickets.put_threads(DESK, [thread(ticket="T0"), naive])
    await store.tickets.put_threads(DESK, [thread(ticket="T2")])
    assert (await store.tickets.counts())[View.ALL] == 1


async def test_closing_finishes_what_was_begun(path: Path) -> None:
    store = await Store.open(path)
    writes = [
        asyncio.create_task(store.tickets.put_threads(DESK, [thread(ticket=f"T{number}")]))
        for number in range(20)
    ]
    await asyncio.sleep(0)
    await store.aclose()
    assert [len(changed.tickets) for changed in await asyncio.gather(*writes)] == [1] * 20
    with pytest.raises(RuntimeError):
        await store.tickets.counts()
    again = await Store.open(path)
    assert (await again.tickets.counts())[View.ALL] == 20
    await again.aclose()
    assert not path.with_name(path.name + "-wal").exists()


async def test_a_cancelled_write_is_whole_or_not_at_all(store: Store) -> None:
    threads = [thread(ticket=f"T{number}") for number in range(200)]
    task = asyncio.create_task(store.tickets.put_threads(DESK, threads, cursor="x"))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await store.tickets.put_threads(DESK, [thread(ticket="after")])
    stored = (await store.tickets.counts())[View.ALL]
    assert stored == (201 if await store.tickets.cursor(DESK) else 1)


async def test_a_read_sees_one_moment(store: Store) -> None:
    """The messages of a conversation are those that its header counts, whatever is written meanwhile."""
    messages = [message("m1")]

    async def write() -> None:
        for number in range(2, 40):
            messages.append(message(f"m{number}"))
            await store.tickets.put_threads(DESK, [thread(*messages)])

    await store.tickets.put_threads(DESK, [thread(*messages)])
    writing = asyncio.create_task(write())
    while not writing.done():
        conversation = await store.tickets.conversation(TicketId(1))
        assert len(conversation.messages) == conversation.ticket.message_count
    await writing


async def test_readers_cannot_write(store: Store) -> None:
    with pytest.raises(StoreError) as told:
        await store._database.read(lambda db: db.execute("DELETE FROM ticket"))
    assert isinstance(told.value.__cause__, sqlite3.OperationalError)


async def test_a_sqlite_that_is_too_old_is_named(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 31, 1))
    with pytest.raises(StoreError, match="SQLite") as told:
        await Store.open(path)
    assert "3.35" in told.value.advice
