"""The list itself: a one-column table, because that is the view of Qt's that stays fast at a million rows."""

from __future__ import annotations

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPersistentModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from copilot.domain import TicketId
from ui.queue.delegate import COMFORTABLE, COMPACT, Density, RowDelegate, paint_skeleton_row
from ui.queue.model import QueueModel
from ui.queue.picked import Picked
from ui.theme.tokens import Space

Index = QModelIndex | QPersistentModelIndex
_AGES_MS = 30_000


class QueueList(QTableView):
    """Shows a `QueueModel`; the current row is the ticket the rep is on, and stays on it when the list changes."""

    ticket_changed = Signal(object)
    """The rep moved to another ticket: its id, None when there is none."""

    def __init__(self, model: QueueModel) -> None:
        super().__init__()
        self._queue = model
        self._ticket: TicketId | None = None
        self._gap = 0
        self._losing_rows = False
        self._range_from: TicketId | None = None
        self._beside_range: tuple[TicketId, ...] = ()
        self._delegate = RowDelegate(self)
        self.setProperty("keyScope", "queue")
        self.setAccessibleName("Tickets")
        self.setItemDelegate(self._delegate)
        self.setShowGrid(False)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.horizontalHeader().hide()
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.set_density(COMFORTABLE)
        # After the measures: a change of theirs visits each row.
        self.setModel(model)
        model.modelReset.connect(self._on_reset)
        model.rowsInserted.connect(self._keep_place)
        model.rowsRemoved.connect(self._keep_place)
        model.rowsMoved.connect(self._keep_place)
        model.picked.changed.connect(self.viewport().update)
        self._ages = QTimer(self, interval=_AGES_MS)
        self._ages.timeout.connect(self.viewport().update)
        self._ages.start()

    @property
    def ticket(self) -> TicketId | None:
        """The ticket the rep is on."""
        return self._ticket

    @property
    def picked(self) -> Picked:
        """The tickets that are selected to be decided on together."""
        return self._queue.picked

    @property
    def density(self) -> Density:
        """The measures of the rows."""
        return self._delegate.density

    def set_density(self, density: Density) -> None:
        """Rows of another height."""
        self._delegate.density = density
        self.verticalHeader().setMinimumSectionSize(density.height)
        self.verticalHeader().setDefaultSectionSize(density.height)
        self.verticalScrollBar().setSingleStep(density.height // 2)
        self.viewport().update()

    def set_compact(self, compact: bool) -> None:
        """Two lines a row instead of three."""
        self.set_density(COMPACT if compact else COMFORTABLE)

    def move_by(self, steps: int) -> None:
        """Move the selection. When the rep's ticket has left the list, go on from where it was."""
        rows = self._queue.rowCount()
        if not rows:
            return
        here = self._queue.row_of(self._ticket) if self._ticket is not None else -1
        if here < 0:
            here = self._gap - 1 if steps > 0 else self._gap
        self.go_to(max(0, min(here + steps, rows - 1)))

    def go_to(self, row: int) -> None:
        """Select a row and bring it into view."""
        index = self._queue.index(row, 0)
        if index.isValid():
            self.setCurrentIndex(index)
            self.scrollTo(index)

    def select_ticket(self, ticket: TicketId) -> bool:
        """Select a ticket if it is in the list; answers whether it is."""
        row = self._queue.row_of(ticket)
        if row >= 0:
            self.go_to(row)
        return row >= 0

    # -- selecting many --------------------------------------------------------------------------------------------

    def pick(self) -> None:
        """Select the rep's ticket, or no longer."""
        if self._ticket is not None and self._queue.row_of(self._ticket) >= 0:
            self._range_from = None
            self.picked.toggle(self._ticket)

    def pick_by(self, steps: int) -> None:
        """Move on and select all from where this began; moving back lets go again."""
        self._begin_range()
        self.move_by(steps)
        self._pick_range()

    def pick_all(self) -> None:
        """Select every ticket that is loaded."""
        self._range_from = None
        self.picked.become(self._queue.ids())

    def unpick(self) -> bool:
        """Select none; answers whether any was."""
        self._range_from = None
        had = bool(len(self.picked))
        self.picked.become(())
        return had

    def _begin_range(self) -> None:
        if self._range_from is None or self._queue.row_of(self._range_from) < 0:
            self._range_from, self._beside_range = self._ticket, self.picked.tickets()

    def _pick_range(self) -> None:
        if self._range_from is None or self._ticket is None:
            return
        ends = sorted((self._queue.row_of(self._range_from), self._queue.row_of(self._ticket)))
        if ends[0] >= 0:
            self.picked.become((*self._beside_range, *self._queue.ids()[ends[0] : ends[1] + 1]))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        modifiers = event.modifiers()
        if index.isValid() and modifiers & Qt.KeyboardModifier.ShiftModifier:
            self._begin_range()
            self.go_to(index.row())
            self._pick_range()
        elif index.isValid() and modifiers & Qt.KeyboardModifier.ControlModifier:
            if not len(self.picked):
                self.pick()
            self.go_to(index.row())
            self.pick()
        else:
            self._range_from = None
            super().mousePressEvent(event)

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        if self._losing_rows or not current.isValid():
            return
        ticket = self._queue.ticket_at(current.row())
        if ticket is not None and ticket != self._ticket:
            self._ticket = ticket
            self.ticket_changed.emit(ticket)

    def rowsAboutToBeRemoved(self, parent: Index, start: int, end: int) -> None:
        # Qt moves the current row to a neighbour here; the rep did not ask for another ticket.
        here = self._queue.row_of(self._ticket) if self._ticket is not None else -1
        if start <= here <= end:
            self._gap = start
        self._losing_rows = True
        super().rowsAboutToBeRemoved(parent, start, end)
        self._losing_rows = False

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.horizontalHeader().setDefaultSectionSize(self.viewport().width())

    def _on_reset(self) -> None:
        self._gap = 0
        self._keep_place()

    def _keep_place(self) -> None:
        """Stay on the same ticket, wherever it is now; on none when it left the list."""
        row = self._queue.row_of(self._ticket) if self._ticket is not None else -1
        if row < 0:
            self.selectionModel().clear()
            return
        index = self._queue.index(row, 0)
        if self.currentIndex() != index:
            flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
            self.selectionModel().setCurrentIndex(index, flags)


class SkeletonRows(QWidget):
    """Rows of the final size while the first page is on its way."""

    def __init__(self, density: Density = COMFORTABLE) -> None:
        super().__init__()
        self.density = density
        self.setAccessibleName("Loading tickets")

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        height = self.density.height
        for number in range(self.height() // height + 1):
            card = self.rect().adjusted(Space.S, 0, -Space.S, 0)
            card.setTop(number * height + 1)
            card.setHeight(height - 2)
            paint_skeleton_row(painter, card, self.density)
