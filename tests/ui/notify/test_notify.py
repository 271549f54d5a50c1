"""Notifications: grouped, silent while the rep looks, told in the window where there is no tray."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from configparser import ConfigParser
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication

from copilot.domain import Attention, DeskId, RemoteId, TicketId, View
from copilot.events import AttentionWanted
from copilot.workspace import NotificationSettings
from tests.ui.conftest import until
from tests.ui.fake_desk import DESK
from tests.ui.fake_workspace import FakeWorkspace
from ui.furnish import Furniture
from ui.notify.instance import FirstInstance, address, hand_over
from ui.notify.links import TicketLink, link_to, parse_link
from ui.notify.tray import Tray, counted
from ui.notify.words import message
from ui.settings.notifications import NotificationsPage
from ui.window import Window

MAYA, OMAR = TicketId(1), TicketId(2)


@pytest.fixture
async def furniture(workspace: FakeWorkspace) -> AsyncIterator[Furniture]:
    window = Window()
    window.resize(1200, 800)
    made = Furniture(window, workspace)
    made.begin(View.MINE)
    await until(window.queue.model.rowCount)
    yield made
    window.hide()
    await made.put_away()
    window.put_away()


def toasts(furniture: Furniture) -> list[str]:
    return [toast.text() for toast in furniture.window.toasts.shown()]


class TestTelling:
    async def test_without_a_tray_the_window_says_it_grouped_by_kind(
        self, furniture: Furniture, workspace: FakeWorkspace
    ) -> None:
        for kind, ticket in (
            (Attention.REPLIED, MAYA), (Attention.REPLIED, OMAR), (Attention.ASSIGNED, OMAR),
            (Attention.REPLIED, MAYA),
        ):  # fmt: skip
            workspace.events.publish(AttentionWanted(kind, ticket))
        furniture.notifier.tell()
        await until(lambda: len(toasts(furniture)) == 2)
        assert toasts(furniture)[0].startswith("2 replies on your tickets. ")
        assert toasts(furniture)[1].startswith("Assigned to you. ")

    async def test_by_the_tray_where_there_is_one_and_a_click_opens_the_ticket(
        self, furniture: Furniture, workspace: FakeWorkspace, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        told: list[tuple[str, str]] = []

        def tell(_tray: Tray, title: str, text: str) -> bool:
            told.append((title, text))
            return True

        monkeypatch.setattr(Tray, "tell", tell)
        workspace.events.publish(AttentionWanted(Attention.REPLIED, OMAR))
        furniture.notifier.tell()
        await until(lambda: told)
        assert toasts(furniture) == []
        furniture.tray.message_clicked.emit()
        await until(lambda: furniture.conversation.ticket == OMAR)
        assert furniture.window.isVisible()

    async def test_names_stay_off_the_screen_when_the_rep_wants_so(
        self, furniture: Furniture, workspace: FakeWorkspace
    ) -> None:
        await workspace.prefer(notifications=NotificationSettings(names=False))
        workspace.events.publish(AttentionWanted(Attention.ASSIGNED, MAYA))
        furniture.notifier.tell()
        await until(lambda: toasts(furniture) == ["Assigned to you"])

    async def test_the_words_of_one_and_of_many(self, workspace: FakeWorkspace) -> None:
        rows = await workspace.rows((MAYA, OMAR, TicketId(3), TicketId(4)))
        title, text = message(Attention.REPLIED, rows, workspace.now, names=True)
        assert title == "4 replies on your tickets"
        assert text.endswith("and 1 more")
        workspace.change(MAYA, due=workspace.now + timedelta(minutes=12))
        (row,) = await workspace.rows((MAYA,))
        assert message(Attention.BREACHING, (row,), workspace.now, names=False) == ("Due in 12m", "")

    def test_a_count_is_drawn(self) -> None:
        assert len({bytes(counted(count).toImage().constBits()) for count in (0, 3, 42)}) == 3
        assert counted(99).toImage() == counted(4_000).toImage()

    async def test_closing_puts_into_the_tray_only_where_there_is_one_and_when_wanted(
        self, furniture: Furniture, workspace: FakeWorkspace, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        asked: list[int] = []
        furniture.window.close_asked.connect(lambda: asked.append(1))
        furniture.window.show()
        await workspace.prefer(notifications=NotificationSettings(keep_in_tray=True))
        furniture.window.close()
        assert asked == [1]
        monkeypatch.setattr(Tray, "is_there", True)
        furniture.window.close()
        assert asked == [1]
        assert not furniture.window.isVisible()
        furniture.tray.opened.emit()
        assert furniture.window.isVisible()


class TestSettings:
    async def test_switches_hold_at_once(self, furniture: Furniture, workspace: FakeWorkspace) -> None:
        page = NotificationsPage(workspace, furniture.window)
        page.boxes["replied"].click()
        await until(lambda: not workspace.preferences.notifications.replied)
        page.start.set(22)
        await until(lambda: workspace.preferences.notifications.quiet_from == 22)
        assert not workspace.preferences.notifications.replied
        page.deleteLater()


class TestLinks:
    @given(st.text(min_size=1, max_size=40), st.text(min_size=1, max_size=40))
    def test_a_link_names_the_ticket_it_was_made_of(self, desk: str, ticket: str) -> None:
        made = link_to(DeskId(desk), RemoteId(ticket))
        assert parse_link(made) == TicketLink(DeskId(desk), RemoteId(ticket))

    @given(st.text(max_size=80))
    def test_whatever_else_is_no_link(self, text: str) -> None:
        assert parse_link(text) is None
        assert parse_link(f"https://ticket/{text}") is None

    def test_a_number_names_a_ticket_of_this_workspace(self) -> None:
        assert parse_link("sidedesk://ticket/12") == TicketLink(DeskId(""), RemoteId(""), TicketId(12))
        for bad in (
            "sidedesk://ticket/",
            "sidedesk://other/1",
            "sidedesk://ticket/-1",
            "sidedesk://ticket/a",
        ):
            assert parse_link(bad) is None

    async def test_a_link_is_copied_and_opens_its_ticket(
        self, furniture: Furniture, workspace: FakeWorkspace
    ) -> None:
        furniture.show_ticket(OMAR)
        furniture.window.actions_.trigger("ticket.copy_link")
        remote = workspace.cases[OMAR].ticket.remote_id
        await until(lambda: QGuiApplication.clipboard().text() == link_to(DESK, remote))
        furniture.links.open(link_to(DESK, workspace.cases[MAYA].ticket.remote_id))
        await until(lambda: furniture.conversation.ticket == MAYA)
        assert furniture.window.isVisible()

    async def test_a_link_to_nothing_says_so(self, furniture: Furniture) -> None:
        furniture.links.open("sidedesk://ticket/elsewhere/7")
        await until(lambda: any("names no ticket" in text for text in toasts(furniture)))

    def test_the_desktop_entry_takes_our_links(self) -> None:
        entry = ConfigParser(interpolation=None)
        entry.read(Path(__file__).parents[3] / "packaging" / "sidedesk.desktop")
        assert entry["Desktop Entry"]["MimeType"] == "x-scheme-handler/sidedesk;"
        assert entry["Desktop Entry"]["Exec"].endswith("%u")


class TestOneInstance:
    @pytest.fixture
    def at(self, tmp_path: Path) -> str:
        return str(tmp_path / "instance")

    @pytest.fixture
    def owner(self) -> Iterator[QObject]:
        made = QObject()
        yield made
        made.deleteLater()

    def test_alone_there_is_nobody_to_hand_over_to(self, at: str) -> None:
        assert not hand_over(at, "sidedesk://ticket/1")

    async def test_the_first_hears_the_link_of_the_second(self, at: str, owner: QObject) -> None:
        first = FirstInstance(at, owner)
        heard: list[str] = []
        first.asked.connect(heard.append)
        assert await _second(at, "sidedesk://ticket/demo/7") == 0
        assert heard == ["sidedesk://ticket/demo/7"]
        first.close()
        assert not hand_over(at)

    async def test_what_a_crash_left_is_taken_over(self, at: str, owner: QObject) -> None:
        Path(at).write_bytes(b"")
        assert not hand_over(at)
        first = FirstInstance(at, owner)
        assert first.is_listening
        first.close()

    async def test_of_two_that_start_together_the_first_stays_the_one(self, at: str, owner: QObject) -> None:
        first = FirstInstance(at, owner)
        heard: list[str] = []
        first.asked.connect(heard.append)
        late = FirstInstance(at, owner)
        assert not late.is_listening
        assert await _second(at, "") == 0
        assert heard == [""]
        first.close()

    def test_every_workspace_has_an_address_of_its_own(self, tmp_path: Path) -> None:
        assert len({address(None), address(tmp_path), address(tmp_path / "b")}) == 3


async def _second(at: str, link: str) -> int:
    """A second process that hands over; its exit code."""
    import asyncio
    import sys

    code = (
        "import sys; from PySide6.QtCore import QCoreApplication; from ui.notify.instance import hand_over; "
        "app = QCoreApplication([]); sys.exit(not hand_over(*sys.argv[1:]))"
    )
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", code, at, link)
    return await process.wait()
