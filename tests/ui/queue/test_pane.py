"""The queue's pane over a workspace: views, search, refresh in place, errors, and what it says when it is empty."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from copilot.domain import (
    DeskHealth,
    Message,
    PageKey,
    QueuePage,
    QueueRow,
    RemoteId,
    TicketId,
    View,
)
from copilot.errors import UnavailableError
from copilot.events import SyncProgress, TicketsChanged
from tests.ui.conftest import until
from tests.ui.fake_desk import DESK
from tests.ui.fake_workspace import FakeWorkspace
from ui.actions import Actions
from ui.bridge import Bridge
from ui.queue.model import ROW_ROLE
from ui.queue.pane import QueuePane


@pytest.fixture
def pane(qtbot: QtBot) -> QueuePane:
    made = QueuePane(Actions())
    qtbot.addWidget(made)
    made.resize(344, 800)
    made.show()
    return made


async def opened(pane: QueuePane, workspace: FakeWorkspace, view: View = View.MINE) -> None:
    pane.open(workspace, view)
    feed = pane.feed
    assert feed is not None
    bridge = Bridge(workspace.events, pane)
    bridge.tickets_changed.connect(feed.on_tickets_changed)
    await until(lambda: pane.model.rowCount() or "empty" in shown(pane))


def shown(pane: QueuePane) -> str:
    """What stands in the pane's body."""
    if pane.list.isVisible():
        return "list"
    return f"empty: {pane.nothing.title()}" if pane.nothing.isVisible() else "skeleton"


def subjects(pane: QueuePane) -> list[str]:
    rows: list[QueueRow] = [
        pane.model.data(pane.model.index(place, 0), ROW_ROLE)  # type: ignore[misc]
        for place in range(pane.model.rowCount())
    ]
    return [row.subject for row in rows]


def texts(pane: QueuePane) -> set[str]:
    return {label.text() for label in pane.findChildren(QLabel) if label.isVisible()}


async def test_rows_of_the_final_size_stand_there_until_the_first_page(
    pane: QueuePane, workspace: FakeWorkspace
) -> None:
    assert shown(pane) == "skeleton"
    await opened(pane, workspace)
    assert shown(pane) == "list"
    assert subjects(pane)[0] == "Refund still not on my card"
    assert pane.list.ticket == 1


async def test_the_next_tickets_are_prepared(pane: QueuePane, workspace: FakeWorkspace) -> None:
    await opened(pane, workspace)
    await until(lambda: workspace.calls.of("prepare"))
    (ahead,) = workspace.calls.of("prepare")[0]
    assert ahead[:3] == (1, 2, 3)
    pane.list.move_by(2)
    await until(lambda: len(workspace.calls.of("prepare")) > 1)
    assert workspace.calls.of("prepare")[-1][0][0] == 3


async def test_each_view_shows_its_own_and_its_count(pane: QueuePane, workspace: FakeWorkspace) -> None:
    counted: list[object] = []
    pane.counts_changed.connect(counted.append)
    await opened(pane, workspace)
    pane.show_view(View.ESCALATED)
    await until(lambda: subjects(pane) == ["Tent pole broke on the first night"])
    await until(lambda: "1 ticket" in texts(pane))
    assert "Escalated by AI" in texts(pane)
    assert counted


async def test_an_empty_view_says_what_to_do_next(pane: QueuePane, workspace: FakeWorkspace) -> None:
    await opened(pane, workspace, View.SNOOZED)
    assert shown(pane) == "empty: Nothing is snoozed"
    assert "Press z" in pane.nothing.advice()


async def test_search_as_you_type_asks_once_for_what_was_typed_fast(
    pane: QueuePane, workspace: FakeWorkspace
) -> None:
    await opened(pane, workspace)
    pane.start_search()
    QTest.keyClicks(pane.search, "refund")
    await until(lambda: subjects(pane) == ["Refund still not on my card"])
    assert workspace.calls.of("search") == [("refund",)]
    await until(lambda: "Search" in texts(pane))
    assert pane.leave_search()
    await until(lambda: len(subjects(pane)) > 3)
    assert "Mine" in texts(pane)


async def test_enter_opens_the_best_match_also_when_it_is_quicker_than_the_search(
    pane: QueuePane, workspace: FakeWorkspace
) -> None:
    await opened(pane, workspace)
    pane.list.go_to(1)
    pane.start_search()
    QTest.keyClicks(pane.search, "refund")
    QTest.keyClick(pane.search, Qt.Key.Key_Return)
    await until(lambda: pane.model.rowCount() and pane.list.ticket == pane.model.ticket_at(0))
    assert workspace.calls.of("search") == [("refund",)]
    assert pane.list.hasFocus()


async def test_a_search_without_result_says_so(pane: QueuePane, workspace: FakeWorkspace) -> None:
    await opened(pane, workspace)
    pane.search.setText("zeppelin")
    await until(lambda: shown(pane) == "empty: Nothing found for “zeppelin”")


class SlowSearch(FakeWorkspace):
    """Each search waits for its own permission."""

    def __init__(self) -> None:
        super().__init__()
        self.gates: dict[str, asyncio.Event] = {}

    async def search(self, text: str, *, limit: int = 200) -> QueuePage:
        await self.gates.setdefault(text, asyncio.Event()).wait()
        return await super().search(text, limit=limit)


async def test_an_older_search_never_replaces_a_newer_one(pane: QueuePane) -> None:
    workspace = SlowSearch()
    await opened(pane, workspace)
    pane.search.setText("refund")
    await until(lambda: "refund" in workspace.gates)
    pane.search.setText("tent")
    await until(lambda: "tent" in workspace.gates)
    workspace.gates["tent"].set()
    await until(lambda: subjects(pane) == ["Tent pole broke on the first night"])
    workspace.gates["refund"].set()
    await asyncio.sleep(0)
    assert subjects(pane) == ["Tent pole broke on the first night"]


async def test_a_change_moves_rows_and_the_rep_stays_on_the_ticket(
    pane: QueuePane, workspace: FakeWorkspace
) -> None:
    await opened(pane, workspace)
    pane.list.select_ticket(TicketId(6))
    moved: list[object] = []
    pane.ticket_changed.connect(moved.append)
    news = Message(
        remote_id=RemoteId("new"),
        author=workspace.cases[TicketId(7)].ticket.requester,
        created=workspace.now + timedelta(minutes=1),
        clean="I have one more question.",
    )
    workspace.arrive(TicketId(7), news)
    await until(lambda: subjects(pane)[0] == "Change of billing address")
    assert pane.list.ticket == 6
    assert pane.list.currentIndex().row() == pane.model.row_of(TicketId(6))
    assert moved == []


async def test_when_the_ticket_leaves_the_view_the_next_key_goes_on_from_there(
    pane: QueuePane, workspace: FakeWorkspace
) -> None:
    await opened(pane, workspace)
    before = list(pane.model.ids())
    pane.list.select_ticket(before[2])
    chosen: list[object] = []
    pane.ticket_changed.connect(chosen.append)
    workspace.change(before[2], assignee=None)
    await until(lambda: pane.model.row_of(before[2]) < 0)
    assert chosen == []
    assert pane.list.ticket == before[2]
    pane.list.move_by(1)
    assert chosen == [before[3]]


async def test_many_changes_are_read_once(pane: QueuePane, workspace: FakeWorkspace) -> None:
    await opened(pane, workspace)
    asked = len(workspace.calls.of("queue"))
    for number in range(1, 8):
        workspace.events.publish(TicketsChanged(frozenset({TicketId(number)})))
    workspace.change(TicketId(1), subject="Renamed")
    await until(lambda: subjects(pane)[0] == "Renamed")
    assert len(workspace.calls.of("queue")) == asked + 1


async def test_a_failed_page_is_told_in_place_and_can_be_tried_again(
    pane: QueuePane, workspace: FakeWorkspace
) -> None:
    workspace.fail_next("queue", UnavailableError("The database is locked.", "Close the other program."))
    pane.open(workspace)
    await until(lambda: "The database is locked. Close the other program." in texts(pane))
    pane.reload()
    await until(lambda: shown(pane) == "list")
    assert "The database is locked. Close the other program." not in texts(pane)


class Endless(FakeWorkspace):
    """Ten thousand tickets behind keyset pages."""

    async def queue(self, view: View, *, after: PageKey | None = None, limit: int = 200) -> QueuePage:
        self.calls("queue", view, after)
        start = int(after or 0)
        (pattern,) = await super().rows((TicketId(1),))
        rows = tuple(
            replace(pattern, id=TicketId(start + n), subject=f"Number {start + n}") for n in range(limit)
        )
        return QueuePage(rows=rows, next=PageKey(str(start + limit)) if start < 10_000 else None)

    async def rows(self, tickets: Sequence[TicketId]) -> tuple[QueueRow, ...]:
        pattern = (await super().rows((TicketId(1),)))[0]
        return tuple(replace(pattern, id=ticket, subject=f"Number {ticket}") for ticket in tickets)


async def test_scrolling_reads_page_after_page_and_a_refresh_keeps_the_place(pane: QueuePane) -> None:
    workspace = Endless()
    await opened(pane, workspace)
    assert pane.model.rowCount() == 200
    for pages in range(2, 9):
        pane.list.scrollToBottom()
        await until(lambda pages=pages: pane.model.rowCount() == pages * 200)  # type: ignore[misc]
    place = pane.list.verticalScrollBar().value()
    refreshed: list[int] = []
    assert pane.feed is not None
    pane.feed.refreshed.connect(lambda: refreshed.append(1))
    workspace.events.publish(TicketsChanged(frozenset({TicketId(3)})))
    await until(lambda: refreshed)
    assert pane.model.rowCount() == 1600
    assert pane.list.verticalScrollBar().value() == place


async def test_a_click_opens_and_the_row_can_be_read_aloud(pane: QueuePane, workspace: FakeWorkspace) -> None:
    await opened(pane, workspace)
    height = pane.list.density.height
    QTest.mouseClick(
        pane.list.viewport(),
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
        QPoint(60, height + 20),
    )
    assert pane.list.ticket == 2
    said = pane.model.data(pane.model.index(1, 0), Qt.ItemDataRole.AccessibleTextRole)
    assert "Omar Haddad: Charged twice" in str(said)


async def test_compact_rows_are_lower(pane: QueuePane, workspace: FakeWorkspace) -> None:
    await opened(pane, workspace)
    before = pane.list.rowHeight(0)
    pane.set_compact(True)
    assert pane.list.rowHeight(0) < before
    assert pane.list.rowHeight(pane.model.rowCount() - 1) == pane.list.rowHeight(0)


async def test_the_state_of_the_desks_is_said_below(pane: QueuePane, workspace: FakeWorkspace) -> None:
    pane.status.show_desks(workspace)
    assert "Up to date" in pane.status.text()
    workspace.set_health(DeskHealth.OFFLINE, "no answer for a minute")
    pane.status.show_desks(workspace)
    assert "Offline, Demo desk: no answer for a minute" in pane.status.text()
    pane.status.show_progress(SyncProgress(DESK, 120, 450))
    assert pane.status.text() == "Syncing, 120 of 450 tickets"


async def test_while_tickets_are_on_their_way_an_empty_list_is_not_called_empty(pane: QueuePane) -> None:
    workspace = FakeWorkspace(empty=True)
    pane.set_filling(True)
    pane.open(workspace)
    await until(lambda: pane.feed is not None and pane.feed.is_current)
    assert shown(pane) == "skeleton"
    pane.set_filling(False)
    assert shown(pane) == "empty: No ticket is waiting for you"
