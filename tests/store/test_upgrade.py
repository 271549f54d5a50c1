from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from copilot.domain import ArticleId, OutboxState, RemoteId, Status, TicketId, View
from copilot.errors import StoreError
from copilot.store import Store, upgrade
from copilot.store.migrations import migrations
from copilot.store.upgrade import APPLICATION_ID, BACKUPS_KEPT, SCHEMA_VERSION, backups
from tests.store.conftest import SetClock
from tests.store.make import DESK, NOON, thread
from tests.store.make_stored import STORED

OLDER = sorted(STORED.glob("v*.sqlite3"), key=lambda path: int(path.stem[1:]))


def rows(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table of ours, in the columns the file had."""
    with closing(sqlite3.connect(path)) as db:
        tables = [
            name
            for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
            if "_fts" not in name and not name.startswith(("sqlite_", "_sqlite"))
        ]
        return {table: db.execute(f"SELECT * FROM {table}").fetchall() for table in tables}


def user_version(path: Path) -> int:
    with closing(sqlite3.connect(path)) as db:
        return int(db.execute("PRAGMA user_version").fetchone()[0])


def check_indexes(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
        for table in ("ticket_fts", "passage_fts"):
            db.execute(f"INSERT INTO {table} ({table}, rank) VALUES ('integrity-check', 1)")


def test_there_is_a_stored_file_of_every_older_version() -> None:
    assert [path.stem for path in OLDER] == [f"v{version}" for version in range(1, SCHEMA_VERSION)]


def test_the_version_is_the_number_of_migrations() -> None:
    from sqlite_utils import Database

    with closing(Database(memory=True)) as empty:
        names = [migration.name for migration in migrations.pending(empty)]
    assert len(names) == SCHEMA_VERSION
    assert [name[:5] for name in names] == [f"m{number:03}_" for number in range(1, SCHEMA_VERSION + 1)]


@pytest.mark.parametrize("stored", OLDER, ids=lambda stored: stored.stem)
async def test_an_older_file_keeps_every_row(stored: Path, path: Path) -> None:
    shutil.copy(stored, path)
    before = rows(path)
    store = await Store.open(path)
    await store.aclose()
    after = rows(path)
    assert sum(map(len, before.values())) > 20
    for table, expected in before.items():
        assert [row[: len(expected[0])] for row in after[table]] == expected, table
    assert user_version(path) == SCHEMA_VERSION
    check_indexes(path)
    (backup,) = backups(path)
    assert rows(backup) == before


async def test_an_older_file_works_as_a_new_one(path: Path, clock: SetClock) -> None:
    shutil.copy(STORED / "v1.sqlite3", path)
    store = await Store.open(path, clock=clock)
    try:
        conversation = await store.tickets.conversation(TicketId(1))
        assert [message.clean for message in conversation.messages] == ["My calendar", "Sign in again."]
        assert conversation.messages[1].hidden[0].text == "> My calendar"
        assert conversation.messages[0].attachments[0].name == "log.txt"
        assert [entry.state for entry in conversation.outbox] == [OutboxState.BLOCKED]
        brief = await store.books.brief(TicketId(1))
        assert brief is not None
        assert brief.suggestion.id == "s1"
        assert [decision.text for decision in await store.books.decisions(TicketId(1))] == [
            "Please sign in again."
        ]
        saved = await store.books.saved_reply(TicketId(1))
        assert saved is not None
        assert saved.text == "Dear Amara"
        assert [reply.text for reply in await store.books.reply_versions(TicketId(1))] == ["Dear Amara"]
        assert [row.id for row in (await store.search.find("größe")).rows] == [2]
        assert (await store.knowledge.passages("filter"))[0].article.id == ArticleId("kb-1")
        assert (await store.tickets.counts())[View.MINE] == 1
        assert (await store.tickets.counts())[View.AT_RISK] == 0
        assert (await store.tickets.wake(NOON + timedelta(hours=7))).tickets == {1}
        assert (await store.tickets.counts())[View.AT_RISK] == 1
        await store.tickets.put_threads(DESK, [thread(status=Status.SOLVED)])
        assert await store.tickets.find(DESK, RemoteId("T1")) == 1
    finally:
        await store.aclose()
    check_indexes(path)


async def test_a_new_file_needs_no_backup(path: Path) -> None:
    store = await Store.open(path)
    await store.aclose()
    store = await Store.open(path)
    await store.aclose()
    assert backups(path) == []
    assert user_version(path) == SCHEMA_VERSION


async def test_only_the_last_backups_are_kept(path: Path) -> None:
    for _ in range(BACKUPS_KEPT + 2):
        path.unlink(missing_ok=True)
        shutil.copy(STORED / "v1.sqlite3", path)
        store = await Store.open(path)
        await store.aclose()
    kept = backups(path)
    assert len(kept) == BACKUPS_KEPT
    assert all(backup.name.startswith("workspace.sqlite3.v1-") for backup in kept)
    assert {each.name for each in path.parent.iterdir()} == {path.name, *(backup.name for backup in kept)}


async def test_a_migration_that_fails_leaves_the_file_as_it_was(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(database: Any) -> None:
        database.conn.execute("DROP TABLE audit")
        raise RuntimeError("half way")

    shutil.copy(STORED / "v1.sqlite3", path)
    before = rows(path)
    monkeypatch.setattr(migrations._migrations[-1], "fn", fails)
    with pytest.raises(RuntimeError, match="half way"):
        await Store.open(path)
    assert rows(path) == before
    assert user_version(path) == 1
    monkeypatch.undo()
    store = await Store.open(path)
    await store.aclose()
    assert user_version(path) == SCHEMA_VERSION


async def test_a_newer_file_is_refused_untouched(path: Path) -> None:
    shutil.copy(STORED / "v1.sqlite3", path)
    with closing(sqlite3.connect(path)) as db:
        db.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    content = path.read_bytes()
    with pytest.raises(StoreError, match="newer Sidedesk") as refused:
        await Store.open(path)
    assert refused.value.advice
    assert path.read_bytes() == content
    assert backups(path) == []


async def test_a_database_of_another_program_is_refused_untouched(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE places (url TEXT)")
    content = path.read_bytes()
    with pytest.raises(StoreError, match="another program"):
        await Store.open(path)
    assert path.read_bytes() == content
    assert not path.with_name(path.name + "-wal").exists()


async def test_what_is_no_database_is_refused_untouched(path: Path) -> None:
    path.write_text("Dear diary, " * 200)
    with pytest.raises(StoreError, match="not a Sidedesk database"):
        await Store.open(path)
    assert path.read_text() == "Dear diary, " * 200


async def test_another_process_may_have_upgraded_meanwhile(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy(STORED / "v1.sqlite3", path)
    genuine = upgrade._back_up

    def slow_back_up(connection: sqlite3.Connection, of: Path, version: int) -> None:
        genuine(connection, of, version)
        monkeypatch.setattr(upgrade, "_back_up", genuine)
        with closing(sqlite3.connect(of, isolation_level=None)) as other:
            upgrade.upgrade(other, of)

    monkeypatch.setattr(upgrade, "_back_up", slow_back_up)
    store = await Store.open(path)
    await store.aclose()
    check_indexes(path)
    assert user_version(path) == SCHEMA_VERSION


async def test_an_up_to_date_file_is_opened_without_the_migration_library(path: Path) -> None:
    store = await Store.open(path)
    await store.aclose()
    program = (
        "import asyncio, sys\n"
        "from pathlib import Path\n"
        "from copilot.store import Store\n"
        "async def main():\n"
        "    store = await Store.open(Path(sys.argv[1]))\n"
        "    await store.tickets.counts()\n"
        "    await store.aclose()\n"
        "asyncio.run(main())\n"
        "print(sorted({'sqlite_utils', 'pydantic'} & set(sys.modules)))\n"
    )
    ran = subprocess.run([sys.executable, "-c", program, path], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


def test_our_files_say_that_they_are_ours() -> None:
    for stored in OLDER:
        with closing(sqlite3.connect(stored)) as db:
            assert db.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID
