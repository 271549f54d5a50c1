"""A list of things in two lines each, with a badge: gaps, tickets, answers. Painted, so length costs nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from ui.theme.fonts import font
from ui.theme.theme import theme
from ui.theme.tokens import Radius, Space, Text, Tone
from ui.widgets.pill import HEIGHT, paint_pill, pill_width

Index = QModelIndex | QPersistentModelIndex
ENTRY_ROLE = Qt.ItemDataRole.UserRole
_ROW = 54


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the list; `value` is what it stands for."""

    value: object
    title: str
    detail: str = ""
    badge: str = ""
    tone: Tone = Tone.NEUTRAL

    @property
    def spoken(self) -> str:
        """The entry as a screen reader says it."""
        return ", ".join(part for part in (self.title, self.badge, self.detail) if part)


class Entries(QAbstractListModel):
    """The entries."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._entries: tuple[Entry, ...] = ()

    def fill(self, entries: Sequence[Entry]) -> None:
        """Show these instead."""
        self.beginResetModel()
        self._entries = tuple(entries)
        self.endResetModel()

    def entry(self, place: int) -> Entry | None:
        """The entry in a row."""
        return self._entries[place] if 0 <= place < len(self._entries) else None

    def place_of(self, value: object) -> int:
        """The row of a value; -1 when it is not there."""
        return next((place for place, entry in enumerate(self._entries) if entry.value == value), -1)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  Qt's own signature
        return 0 if parent.isValid() else len(self._entries)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        entry = self.entry(index.row()) if index.isValid() else None
        if entry is None:
            return None
        if role == ENTRY_ROLE:
            return entry
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            return entry.spoken
        return None


class _EntryDelegate(QStyledItemDelegate):
    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(160, _ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        entry: Entry = index.data(ENTRY_ROLE)
        place = option.rect.adjusted(1, 1, -1, -1)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme().colour("selected"))
            painter.drawRoundedRect(place, Radius.M, Radius.M)
            if option.state & QStyle.StateFlag.State_HasFocus:
                painter.setBrush(theme().colour("accent_fill"))
                painter.drawRoundedRect(
                    QRect(place.left(), place.top() + 10, 3, place.height() - 20), 1.5, 1.5
                )
        room = place.adjusted(Space.M, 7, -Space.M, -7)
        self._paint_words(painter, room, entry)
        painter.restore()

    def _paint_words(self, painter: QPainter, room: QRect, entry: Entry) -> None:
        upper = QRect(room.left(), room.top(), room.width(), room.height() // 2)
        lower = upper.translated(0, upper.height())
        if entry.badge:
            width = pill_width(entry.badge)
            pill = QRect(room.right() - width, room.center().y() - HEIGHT // 2, width, HEIGHT)
            paint_pill(painter, pill, entry.badge, entry.tone)
            upper.setRight(pill.left() - Space.S)
            lower.setRight(pill.left() - Space.S)
        for line, text, step, weight, ink in (
            (upper, entry.title, Text.BODY, 500, "ink"),
            (lower, entry.detail, Text.SMALL, 0, "muted"),
        ):
            painter.setFont(font(step, weight) if weight else font(step))
            painter.setPen(theme().colour(ink))
            shown = painter.fontMetrics().elidedText(
                " ".join(text.split()), Qt.TextElideMode.ElideRight, line.width()
            )
            painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, shown)


class EntryList(QListView):
    """The list; the arrow keys step, Enter chooses."""

    current_changed = Signal(object)
    """Another entry is the current one: its value, or None."""
    chosen = Signal(object)

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setUniformItemSizes(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setItemDelegate(_EntryDelegate(self))
        self.entries = Entries(self)
        self.setModel(self.entries)
        self.selectionModel().currentChanged.connect(lambda *_: self.current_changed.emit(self.value))
        self.doubleClicked.connect(lambda *_: self.chosen.emit(self.value))

    @property
    def value(self) -> object:
        """What the current entry stands for; None when there is none."""
        entry = self.entries.entry(self.currentIndex().row())
        return None if entry is None else entry.value

    def show_entries(self, entries: Sequence[Entry], current: object = None) -> None:
        """Show these; `current`, else the entry that was current, else the first one is current then."""
        wanted = self.value if current is None else current
        before = max(self.currentIndex().row(), 0)
        self.entries.fill(entries)
        place = self.entries.place_of(wanted)
        self._go_to(place if place >= 0 else min(before, len(entries) - 1))
        if not entries:
            self.current_changed.emit(None)

    def step(self, steps: int) -> None:
        """Make another entry the current one."""
        rows = self.entries.rowCount()
        if rows:
            self._go_to(min(max(self.currentIndex().row() + steps, 0), rows - 1))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.value is not None:
            self.chosen.emit(self.value)
            return
        super().keyPressEvent(event)

    def _go_to(self, place: int) -> None:
        if place >= 0:
            self.setCurrentIndex(self.entries.index(place, 0))
