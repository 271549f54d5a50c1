"""The list's model: ids in the order of the view, rows in a cache, further pages when the list asks for them.

The model knows no workspace: `QueueFeed` gives it pages and rows, and hears what it lacks through signals.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    QTimer,
    Signal,
)

from copilot.domain import PageKey, QueuePage, QueueRow, TicketId
from ui.queue.words import spoken_row

Index = QModelIndex | QPersistentModelIndex
ROW_ROLE = Qt.ItemDataRole.UserRole
CACHED_ROWS = 4_000
_FEW_STEPS = 60


def now_utc() -> datetime:
    """The clock of the screen."""
    return datetime.now(UTC)


class QueueModel(QAbstractTableModel):
    """One column; `ROW_ROLE` is a `QueueRow`, or None for a row whose data must come first."""

    more_wanted = Signal()
    """The end of what is loaded came into view, and there is more."""
    rows_wanted = Signal(object)
    """Rows are to be painted whose data the cache has let go: a tuple of ids."""

    def __init__(self, parent: QObject | None = None, *, clock: Callable[[], datetime] = now_utc) -> None:
        super().__init__(parent)
        self._ids: list[TicketId] = []
        self._places: dict[TicketId, int] | None = {}
        self._rows: OrderedDict[TicketId, QueueRow] = OrderedDict()
        self._missing: dict[TicketId, None] = {}
        self._next: PageKey | None = None
        self._asked = False
        self.clock = clock

    # -- what it holds ---------------------------------------------------------------------------------------------

    def ids(self) -> Sequence[TicketId]:
        """The loaded ids, in order; do not alter."""
        return self._ids

    def next_page(self) -> PageKey | None:
        """Where the next page begins; None when all is loaded."""
        return self._next

    def ticket_at(self, row: int) -> TicketId | None:
        """The ticket in a row."""
        return self._ids[row] if 0 <= row < len(self._ids) else None

    def row_of(self, ticket: TicketId) -> int:
        """The row of a ticket, -1 when it is not loaded."""
        if self._places is None:
            self._places = {ticket: row for row, ticket in enumerate(self._ids)}
        return self._places.get(ticket, -1)

    def known(self, ticket: TicketId) -> QueueRow | None:
        """The cached data of a ticket."""
        return self._rows.get(ticket)

    # -- what changes it -------------------------------------------------------------------------------------------

    def show(self, page: QueuePage) -> None:
        """Begin anew with a first page."""
        self.beginResetModel()
        self._rows.clear()
        self._keep(page.rows)
        self._set_ids([row.id for row in page.rows])
        self._next, self._asked = page.next, False
        self.endResetModel()

    def append(self, page: QueuePage) -> None:
        """Add the next page. Tickets that are already there keep their place."""
        self._keep(page.rows)
        new = [row.id for row in page.rows if self.row_of(row.id) < 0]
        if new:
            first = len(self._ids)
            self.beginInsertRows(QModelIndex(), first, first + len(new) - 1)
            self._set_ids([*self._ids, *new])
            self.endInsertRows()
        self._next, self._asked = page.next, False

    def merge(self, rows: Sequence[QueueRow], next_page: PageKey | None) -> None:
        """Become these rows by the fewest steps, so that selection and scroll position stay where they are."""
        self._become([row.id for row in rows], rows)
        self._next, self._asked = next_page, False

    def merge_head(self, rows: Sequence[QueueRow]) -> None:
        """The same for the beginning of a list that reaches further: what follows these rows stays."""
        head = [row.id for row in rows]
        last = max((self.row_of(ticket) for ticket in head), default=-1)
        stay = set(head)
        tail = [ticket for ticket in self._ids[last + 1 :] if ticket not in stay]
        self._become([*head, *tail], rows)

    def update_rows(self, rows: Iterable[QueueRow]) -> None:
        """New data for tickets; those that are not in the list are ignored."""
        mine = [row for row in rows if self.row_of(row.id) >= 0]
        changed = [row.id for row in mine if self._rows.get(row.id) != row]
        self._keep(mine)
        for row in mine:
            self._missing.pop(row.id, None)
        self._tell_changed(changed)

    def ask_failed(self) -> None:
        """What was asked for did not come: ask again when it is wanted again."""
        self._asked = False
        self._missing.clear()

    # -- Qt's side -------------------------------------------------------------------------------------------------

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  Qt's own signature
        return 0 if parent.isValid() else len(self._ids)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  Qt's own signature
        return 0 if parent.isValid() else 1

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or role not in {
            ROW_ROLE,
            Qt.ItemDataRole.AccessibleTextRole,
            Qt.ItemDataRole.DisplayRole,
        }:
            return None
        row = self._row(self._ids[index.row()])
        if role == ROW_ROLE:
            return row
        return spoken_row(row, self.clock()) if row is not None else "Loading"

    def canFetchMore(self, parent: Index) -> bool:
        return not parent.isValid() and self._next is not None and not self._asked

    def fetchMore(self, parent: Index) -> None:
        if self.canFetchMore(parent):
            self._asked = True
            self.more_wanted.emit()

    # -- inside ----------------------------------------------------------------------------------------------------

    def _row(self, ticket: TicketId) -> QueueRow | None:
        row = self._rows.get(ticket)
        if row is not None:
            self._rows.move_to_end(ticket)
        elif ticket not in self._missing:
            self._missing[ticket] = None
            if len(self._missing) == 1:
                # One request for all rows of this paint, sent when the paint is over.
                QTimer.singleShot(0, self, self._ask_for_missing)
        return row

    def _ask_for_missing(self) -> None:
        if self._missing:
            self.rows_wanted.emit(tuple(self._missing))

    def _keep(self, rows: Iterable[QueueRow]) -> None:
        for row in rows:
            self._rows[row.id] = row
            self._rows.move_to_end(row.id)
        while len(self._rows) > CACHED_ROWS:
            self._rows.popitem(last=False)

    def _become(self, wanted: list[TicketId], rows: Sequence[QueueRow]) -> None:
        changed = [row.id for row in rows if self._rows.get(row.id, row) != row]
        self._keep(rows)
        if wanted != self._ids:
            self._step_to(wanted)
        self._tell_changed(changed)

    def _set_ids(self, ids: list[TicketId]) -> None:
        self._ids, self._places = ids, None

    def _tell_changed(self, tickets: Iterable[TicketId]) -> None:
        for ticket in tickets:
            row = self.row_of(ticket)
            if row >= 0:
                index = self.index(row, 0)
                self.dataChanged.emit(index, index)

    def _step_to(self, wanted: list[TicketId]) -> None:
        stay = set(wanted)
        gone = [row for row, ticket in enumerate(self._ids) if ticket not in stay]
        here = set(self._ids)
        new = sum(ticket not in here for ticket in wanted)
        if len(gone) + new > _FEW_STEPS:
            self.beginResetModel()
            self._set_ids(wanted)
            self.endResetModel()
            return
        for row in reversed(gone):
            self.beginRemoveRows(QModelIndex(), row, row)
            self._set_ids(self._ids[:row] + self._ids[row + 1 :])
            self.endRemoveRows()
        for place, ticket in enumerate(wanted):
            if place >= len(self._ids) or self._ids[place] != ticket:
                self._put(ticket, place)

    def _put(self, ticket: TicketId, place: int) -> None:
        """Move a ticket up to its place, or insert it there."""
        row = self.row_of(ticket)
        if row < 0:
            self.beginInsertRows(QModelIndex(), place, place)
            self._set_ids([*self._ids[:place], ticket, *self._ids[place:]])
            self.endInsertRows()
            return
        self.beginMoveRows(QModelIndex(), row, row, QModelIndex(), place)
        without = self._ids[:row] + self._ids[row + 1 :]
        self._set_ids([*without[:place], ticket, *without[place:]])
        self.endMoveRows()
