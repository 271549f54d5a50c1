"""The list's model: ids in the order of the view, rows in a cache, further pages when the list asks for them.

The model knows no workspace: `QueueFeed` gives it pages and rows, and hears what it lacks through signals.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from itertools import islice

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
from ui.queue.picked import Picked
from ui.queue.words import spoken_row

Index = QModelIndex | QPersistentModelIndex
ROW_ROLE = Qt.ItemDataRole.UserRole
CACHED_ROWS = 4_000
_FEW_STEPS = 60
_LANDMARKS = 7
_MOST_DRIFT = 200


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
        self._places: dict[TicketId, int] = {}
        self._drift = 0
        self._rows: OrderedDict[TicketId, QueueRow] = OrderedDict()
        self._missing: dict[TicketId, None] = {}
        self._next: PageKey | None = None
        self._asked = False
        self.clock = clock
        self.picked = Picked(self)

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
        place = self._places.get(ticket)
        if place is None:
            return -1
        # Each step since the places were written down has moved a row by one at most.
        return self._ids.index(ticket, max(place - self._drift, 0), place + self._drift + 1)

    def known(self, ticket: TicketId) -> QueueRow | None:
        """The cached data of a ticket."""
        return self._rows.get(ticket)

    # -- what changes it -------------------------------------------------------------------------------------------

    def show(self, page: QueuePage) -> None:
        """Begin anew with a first page."""
        self.beginResetModel()
        self._rows.clear()
        self._keep(page.rows)
        self._ids = [row.id for row in page.rows]
        self._write_places()
        self._next, self._asked = page.next, False
        self.endResetModel()
        self._drop_picked()

    def append(self, page: QueuePage) -> None:
        """Add the next page. Tickets that are already there keep their place."""
        self._keep(page.rows)
        new = [row.id for row in page.rows if self.row_of(row.id) < 0]
        if new:
            first = len(self._ids)
            self.beginInsertRows(QModelIndex(), first, first + len(new) - 1)
            self._ids.extend(new)
            self._places.update(zip(new, range(first, first + len(new)), strict=True))
            self.endInsertRows()
        self._next, self._asked = page.next, False

    def merge(self, rows: Sequence[QueueRow], next_page: PageKey | None) -> None:
        """Become these rows by the fewest steps, so that selection and scroll position stay where they are."""
        self._become(rows, len(self._ids))
        self._next, self._asked = next_page, False

    def merge_head(self, rows: Sequence[QueueRow]) -> None:
        """The same for the beginning of a list that reaches further: what follows these rows stays.

        Where the beginning ends is read from where its last rows were before; those that came from afar are left out,
        as the longest rising run of places shows.
        """
        known = (self.row_of(row.id) for row in reversed(rows))
        places = [*islice((place for place in known if place >= 0), _LANDMARKS)]
        rising: list[int] = []
        for place in reversed(places):
            at = bisect_left(rising, place)
            rising[at : at + 1] = [place]
        self._become(rows, rising[-1] + 1 if rising else 0)

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
        if row is None:
            return "Loading"
        return ("Selected. " if row.id in self.picked else "") + spoken_row(row, self.clock())

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

    def _become(self, rows: Sequence[QueueRow], head: int) -> None:
        """Let the first `head` rows be these."""
        changed = [row.id for row in rows if self._rows.get(row.id, row) != row]
        self._keep(rows)
        wanted = [row.id for row in rows]
        if wanted != self._ids[:head]:
            self._step_to(wanted, head)
        self._tell_changed(changed)

    def _tell_changed(self, tickets: Iterable[TicketId]) -> None:
        for ticket in tickets:
            row = self.row_of(ticket)
            if row >= 0:
                index = self.index(row, 0)
                self.dataChanged.emit(index, index)

    def _step_to(self, wanted: list[TicketId], head: int) -> None:
        stay = set(wanted)
        gone = [row for row, ticket in enumerate(self._ids[:head]) if ticket not in stay]
        new = sum(ticket not in self._places for ticket in wanted)
        if len(gone) + new > _FEW_STEPS:
            self.beginResetModel()
            self._ids = [*wanted, *(ticket for ticket in self._ids[head:] if ticket not in stay)]
            self._write_places()
            self.endResetModel()
            self._drop_picked()
            return
        left = [self._ids[row] for row in gone]
        for row in reversed(gone):
            self.beginRemoveRows(QModelIndex(), row, row)
            del self._places[self._ids.pop(row)]
            self._step()
            self.endRemoveRows()
        self.picked.drop(left)
        for place, ticket in enumerate(wanted):
            if place >= len(self._ids) or self._ids[place] != ticket:
                self._put(ticket, place)

    def _put(self, ticket: TicketId, place: int) -> None:
        """Move a ticket up to its place, or insert it there."""
        row = self.row_of(ticket)
        if row < 0:
            self.beginInsertRows(QModelIndex(), place, place)
        else:
            self.beginMoveRows(QModelIndex(), row, row, QModelIndex(), place)
            del self._ids[row]
        self._ids.insert(place, ticket)
        self._places[ticket] = place
        self._step()
        if row < 0:
            self.endInsertRows()
        else:
            self.endMoveRows()

    def _step(self) -> None:
        self._drift += 1
        if self._drift > _MOST_DRIFT:
            self._write_places()

    def _drop_picked(self) -> None:
        if len(self.picked):
            self.picked.drop([ticket for ticket in self.picked.tickets() if ticket not in self._places])

    def _write_places(self) -> None:
        self._places = {ticket: row for row, ticket in enumerate(self._ids)}
        self._drift = 0
