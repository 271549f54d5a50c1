"""Opening, sharing and closing a workspace."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from copilot.config.settings import DemoDeskSettings, RequestTrackerSettings, Settings, save_settings
from copilot.desks.demo import DemoDesk
from copilot.domain import DeskHealth, DeskId, TicketId, View
from copilot.errors import SettingsError, StoreError, UserError
from copilot.events import BriefReady, DeskChanged, Event, Failed, ThreadChanged
from copilot.workspace import Workspace, checkup
from tests.workspace.conftest import happened


async def test_what_was_there_is_there_again(workspace: Workspace) -> None:
    counts = await workspace.counts()
    assert counts[View.ALL] > 300
    again = await Workspace.open(workspace.folder)
    assert await again.counts() == counts
    await again.aclose()


async def test_only_one_process_feeds_a_workspace(workspace: Workspace) -> None:
    await workspace.start()
    other = await Workspace.open(workspace.folder)
    told: list[object] = []
    other.events.subscribe(told.append)
    await other.sync_once()
    await other.aclose()
    assert [event.what for event in told if isinstance(event, Failed)] == ["workspace"]


async def test_briefs_are_made_ahead_and_again_when_a_message_arrives(
    workspace: Workspace, desk: DemoDesk, ticket: TicketId
) -> None:
    await workspace.start()
    ready = asyncio.create_task(happened(workspace, lambda e: e == BriefReady(ticket)))
    await asyncio.sleep(0)
    await workspace.prepare([ticket])
    await ready
    first = await workspace.brief(ticket)
    assert first is not None

    changed = asyncio.create_task(happened(workspace, lambda e: e == ThreadChanged(ticket)))
    again = asyncio.create_task(happened(workspace, lambda e: e == BriefReady(ticket)))
    await asyncio.sleep(0)
    remote = (await workspace.conversation(ticket)).ticket.remote_id
    await desk.act_as_requester(remote, "It still does not work, and I need this today.")
    await workspace.sync_now()
    await changed
    await again
    second = await workspace.brief(ticket)
    assert second is not None
    assert second.thread_version != first.thread_version
    assert second.urgency.level >= first.urgency.level


async def test_opening_a_ticket_marks_it_read(workspace: Workspace) -> None:
    row = next(row for row in (await workspace.queue(View.ALL)).rows if row.unread)
    await workspace.opened(row.id)
    (now,) = await workspace.rows([row.id])
    assert not now.unread


async def test_an_attachment_comes_from_the_desk(workspace: Workspace) -> None:
    for row in (await workspace.queue(View.ALL, limit=100)).rows:
        for message in (await workspace.conversation(row.id)).messages:
            for attachment in message.attachments:
                content = await workspace.attachment(row.id, attachment.remote_id)
                assert len(content) == attachment.size_bytes
                return
    pytest.fail("the demo desk has attachments")


async def test_preferences_are_kept(workspace: Workspace) -> None:
    await workspace.prefer(theme="dark")
    again = await Workspace.open(workspace.folder)
    assert again.preferences.theme == "dark"
    await again.aclose()


async def test_a_desk_without_its_secret_asks_to_sign_in(tmp_path: Path) -> None:
    desk = RequestTrackerSettings(id="rt", name="RT", url="http://127.0.0.1:9", queues=("Support",))
    save_settings(tmp_path, Settings(desks=(desk,)))
    workspace = await Workspace.open(tmp_path)
    (info,) = workspace.desks()
    assert info.health is DeskHealth.NEEDS_SIGN_IN
    assert "keyring" in info.problem
    with pytest.raises(UserError, match="not signed in"):
        await workspace.people(DeskId("rt"))
    await workspace.aclose()


async def test_a_removed_desk_takes_its_tickets_along(workspace: Workspace) -> None:
    await workspace.connecting.remove(DeskId("demo"))
    assert workspace.desks() == ()
    assert (await workspace.counts())[View.ALL] == 0


async def test_damaged_files_are_named(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text("desks = 3")
    with pytest.raises(SettingsError):
        await Workspace.open(tmp_path)
    save_settings(tmp_path, Settings(desks=(DemoDeskSettings(lively=False),)))
    (tmp_path / "sidedesk.sqlite3").write_text("this is no database " * 100)
    with pytest.raises(StoreError):
        await Workspace.open(tmp_path)
    checks = {check.name: check for check in await checkup(tmp_path)}
    assert checks["Settings"].fine
    assert not checks["Store"].fine
    assert checks["Store"].advice


async def test_a_desk_that_goes_away_and_comes_back(workspace: Workspace) -> None:
    desk = workspace._connections.desk(DeskId("demo"))
    assert isinstance(desk, DemoDesk)

    def turned(health: DeskHealth) -> asyncio.Task[Event]:
        wanted = happened(workspace, lambda e: isinstance(e, DeskChanged) and e.health is health)
        return asyncio.create_task(wanted)

    desk.behaviour.offline = True
    offline = turned(DeskHealth.OFFLINE)
    await asyncio.sleep(0)
    await workspace.start()
    await offline
    assert "switched off" in workspace.desks()[0].problem

    online = turned(DeskHealth.ONLINE)
    await asyncio.sleep(0)
    desk.behaviour.offline = False
    await workspace.sync_now()
    await online
    assert (workspace.desks()[0].health, workspace.desks()[0].problem) == (DeskHealth.ONLINE, "")
