"""The queue's model: pages, rows that come later, and changes in the fewest steps."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from copilot.domain import Channel, DeskId, PageKey, QueuePage, QueueRow, Role, Status, TicketId
from ui.queue.model import CACHED_ROWS, ROW_ROLE, QueueModel

NOW = datetime(2026, 6, 26, 14, 30, tzinfo=UTC)


def a_row(number: int, subject: str = "") -> QueueRow:
    return QueueRow(
        id=TicketId(number),
        desk=DeskId("demo"),
        subject=subject or f"Subject {number}",
        requester=f"Requester {number}",
        preview="…",
        status=Status.OPEN,
        channel=Channel.EMAIL,
        last_activity=NOW,
        last_role=Role.REQUESTER,
    )


def a_page(numbers: list[int], key: str | None = None) -> QueuePage:
    return QueuePage(rows=tuple(map(a_row, numbers)), next=PageKey(key) if key else None)


def filled(numbers: list[int], key: str | None = None) -> tuple[QueueModel, QAbstractItemModelTester]:
    model = QueueModel(clock=lambda: NOW)
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.show(a_page(numbers, key))
    return model, tester


def test_pages_come_when_they_are_wanted(qtbot: QtBot) -> None:
    model = QueueModel()  # Qt's tester would fetch by itself
    model.show(a_page([1, 2, 3], "next"))
    asked: list[int] = []
    model.more_wanted.connect(lambda: asked.append(1))
    assert model.canFetchMore(QModelIndex())
    model.fetchMore(QModelIndex())
    model.fetchMore(QModelIndex())
    assert asked == [1]
    model.append(a_page([3, 4, 5]))
    assert list(model.ids()) == [1, 2, 3, 4, 5]
    assert not model.canFetchMore(QModelIndex())


def test_a_page_that_failed_can_be_asked_for_again(qtbot: QtBot) -> None:
    model = QueueModel()
    model.show(a_page([1], "next"))
    model.fetchMore(QModelIndex())
    assert not model.canFetchMore(QModelIndex())
    model.ask_failed()
    assert model.canFetchMore(QModelIndex())


def test_rows_let_go_by_the_cache_are_asked_for_once(qtbot: QtBot) -> None:
    numbers = list(range(1, CACHED_ROWS + 11))
    model, _tester = filled(numbers)
    wanted: list[tuple[TicketId, ...]] = []
    model.rows_wanted.connect(wanted.append)
    first, second = model.index(0, 0), model.index(1, 0)
    assert model.data(first, ROW_ROLE) is None
    assert model.data(second, ROW_ROLE) is None
    assert model.data(first, Qt.ItemDataRole.AccessibleTextRole) == "Loading"
    qtbot.waitUntil(lambda: bool(wanted))
    assert wanted == [(1, 2)]
    model.update_rows([a_row(1), a_row(2)])
    assert model.data(first, ROW_ROLE) == a_row(1)


def test_only_rows_that_changed_are_told(qtbot: QtBot) -> None:
    model, _tester = filled([1, 2, 3])
    told: list[int] = []
    model.dataChanged.connect(lambda top, _bottom: told.append(top.row()))
    model.update_rows([a_row(1), a_row(2, "Another"), a_row(99)])
    assert told == [1]


def test_the_tail_of_a_long_list_stays(qtbot: QtBot) -> None:
    model, _tester = filled(list(range(1, 11)), "next")
    model.merge_head([a_row(20), a_row(1), a_row(3), a_row(4)])
    assert list(model.ids()) == [20, 1, 3, 4, 5, 6, 7, 8, 9, 10]
    assert model.next_page() == "next"


def test_a_ticket_from_far_below_comes_up_and_nothing_between_is_lost(qtbot: QtBot) -> None:
    model, _tester = filled(list(range(1, 101)), "next")
    model.merge_head([a_row(80), *map(a_row, range(1, 10))])
    assert list(model.ids()) == [80, *range(1, 80), *range(81, 101)]
    assert model.row_of(TicketId(81)) == 80


@settings(max_examples=150, deadline=None)
@given(
    st.integers(0, 12),
    st.sets(st.integers(1, 30), max_size=5),
    st.sets(st.integers(31, 60), max_size=3),
    st.data(),
)
def test_what_is_read_again_is_right_and_the_rest_stays(
    new: int, gone: set[int], risen: set[int], data: st.DataObject
) -> None:
    model, tester = filled(list(range(1, 61)), "next")
    top = data.draw(st.permutations([*range(100, 100 + new), *risen]))
    now = [*top, *(number for number in range(1, 61) if number not in gone | risen)]
    for _ in range(2):
        model.merge_head([a_row(number) for number in now[:30]])
        # A ticket that left from further down than was read again cannot be told from one that was pushed there.
        read = max((number for number in now[:30] if number <= 30), default=0)
        unseen = {number for number in gone if number > read}
        assert [number for number in model.ids() if number not in unseen] == now
        assert set(model.ids()) <= {*now, *unseen}
        assert [model.row_of(ticket) for ticket in model.ids()] == list(range(model.rowCount()))
    del tester


def test_a_row_says_itself_in_a_sentence(qtbot: QtBot) -> None:
    model, _tester = filled([1])
    row = replace(a_row(1), unread=True, mood=-0.8, draft_ready=True, escalated=True)
    model.update_rows([row])
    said = str(model.data(model.index(0, 0), Qt.ItemDataRole.AccessibleTextRole))
    for words in ("Unread", "Requester 1: Subject 1", "E-mail", "Escalated", "angry", "Draft ready"):
        assert words in said


ids = st.lists(st.integers(1, 60), unique=True, max_size=40)


@settings(max_examples=150, deadline=None)
@given(before=ids, after=ids)
def test_any_list_becomes_any_other(before: list[int], after: list[int]) -> None:
    model, tester = filled(before)
    mirror = list(model.ids())
    model.rowsInserted.connect(
        lambda _p, first, last: mirror.__setitem__(slice(first, first), list(model.ids())[first : last + 1])
    )
    model.rowsRemoved.connect(lambda _p, first, last: mirror.__delitem__(slice(first, last + 1)))
    model.rowsMoved.connect(lambda _p, start, _e, _d, to: mirror.insert(to, mirror.pop(start)))
    model.modelReset.connect(lambda: mirror.__setitem__(slice(None), list(model.ids())))
    model.merge([a_row(number) for number in after], None)
    assert list(model.ids()) == after
    assert mirror == after
    assert all(model.row_of(TicketId(number)) == place for place, number in enumerate(after))
    del tester


def test_no_row_moves_when_nothing_changed(qtbot: QtBot) -> None:
    model, _tester = filled([1, 2, 3])
    told: list[str] = []
    model.rowsInserted.connect(lambda *_: told.append("inserted"))
    model.rowsMoved.connect(lambda *_: told.append("moved"))
    model.modelReset.connect(lambda: told.append("reset"))
    model.dataChanged.connect(lambda *_: told.append("changed"))
    model.merge([a_row(1), a_row(2), a_row(3)], None)
    assert told == []
