"""A real workspace over a real store and the demo desk, quiet (nobody writes by themselves)."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from copilot.config.settings import DemoDeskSettings, Preferences, Settings, save_settings
from copilot.desks.demo import DemoDesk, open_demo_desk
from copilot.domain import RemoteId, TicketId, View
from copilot.events import Event
from copilot.workspace import Workspace
from tests.knowledge.fake_embedder import WordEmbedder

PATIENCE_SECONDS = 20.0


@pytest.fixture
def hold_seconds() -> float:
    """The undo period; long, so that nothing leaves until a test says so."""
    return 300.0


@pytest.fixture
async def workspace(synced_folder: Path, tmp_path: Path, hold_seconds: float) -> AsyncIterator[Workspace]:
    """An open workspace with the demo desk's tickets in its store; nothing runs in the background."""
    folder = tmp_path / "workspace"
    shutil.copytree(synced_folder, folder)
    settings = Settings(
        preferences=Preferences(hold_seconds=hold_seconds), desks=(DemoDeskSettings(lively=False),)
    )
    save_settings(folder, settings)
    workspace = await Workspace.open(folder, embedder=WordEmbedder())
    yield workspace
    await workspace.aclose()


@pytest.fixture
async def desk(workspace: Workspace) -> AsyncIterator[DemoDesk]:
    """The same demo desk through a connection of its own, to see what arrived and to act as others."""
    desk = await open_demo_desk(workspace.folder / "demo-desk.sqlite3", lively=False)
    yield desk
    await desk.aclose()


@pytest.fixture
async def ticket(workspace: Workspace) -> TicketId:
    """A ticket of the rep's own that waits for an answer."""
    rows = (await workspace.queue(View.MINE)).rows
    return rows[0].id


async def newest(workspace: Workspace, ticket: TicketId) -> RemoteId:
    """What is last on the screen of a ticket."""
    return (await workspace.conversation(ticket)).messages[-1].remote_id


async def happened(workspace: Workspace, wanted: Callable[[Event], bool]) -> Event:
    """Wait for an event that has not come yet."""
    arrived: asyncio.Future[Event] = asyncio.get_running_loop().create_future()

    def listen(event: Event) -> None:
        if wanted(event) and not arrived.done():
            arrived.set_result(event)

    unsubscribe = workspace.events.subscribe(listen)
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            return await arrived
    finally:
        unsubscribe()
