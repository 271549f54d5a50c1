"""A list one filters by typing and picks from with the arrow keys: the palette's and the choosers' body."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from ui.theme.fonts import font
from ui.theme.icons import icon, paint_icon
from ui.theme.theme import theme
from ui.theme.tokens import Radius, Size, Space, Text
from ui.widgets.avatar import paint_avatar
from ui.widgets.direction import Mirror, mirror, paint_words
from ui.widgets.fuzzy import match
from ui.widgets.keycap import key_width, paint_key
from ui.widgets.layout import column

Index = QModelIndex | QPersistentModelIndex
_ROW = 38
_SHOWN_ROWS = 9
CHOICE_ROLE = Qt.ItemDataRole.UserRole


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One thing to pick: `value` is what the chooser answers, `person` is a name to draw an avatar of."""

    value: object
    title: str
    detail: str = ""
    icon: str = ""
    person: str = ""
    key: str = ""
    enabled: bool = True

    @property
    def spoken(self) -> str:
        """The row as a screen reader says it."""
        parts = [
            self.title,
            self.detail,
            f"key {self.key}" if self.key else "",
            "" if self.enabled else "unavailable",
        ]
        return ", ".join(part for part in parts if part)


class Choices(QAbstractListModel):
    """The choices that match, best first; with nothing typed, in their own order."""

    def __init__(self, choices: Sequence[Choice], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._all = tuple(choices)
        self._shown = self._all

    def show(self, choices: Sequence[Choice]) -> None:
        """Offer these instead, in this order: somebody else has found them."""
        self.beginResetModel()
        self._all = self._shown = tuple(choices)
        self.endResetModel()

    def offer(self, choices: Sequence[Choice], typed: str) -> None:
        """Offer these instead, those of them that match."""
        self._all = tuple(choices)
        self.filter(typed)

    def filter(self, typed: str) -> None:
        """Show what matches."""
        self.beginResetModel()
        self._shown = matching(self._all, typed)
        self.endResetModel()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to pick from at all, yet."""
        return not self._all

    def choice(self, row: int) -> Choice:
        """The choice in a row."""
        return self._shown[row]

    def first_enabled(self) -> int:
        """The first row that can be picked; 0 when there is none."""
        return next((row for row, choice in enumerate(self._shown) if choice.enabled), 0)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  Qt's own signature
        return 0 if parent.isValid() else len(self._shown)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        choice = self._shown[index.row()]
        if role == CHOICE_ROLE:
            return choice
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            return choice.spoken
        return None


def matching(choices: Sequence[Choice], typed: str) -> tuple[Choice, ...]:
    """Those that match what was typed, best first; all of them where nothing was."""
    if not typed.strip():
        return tuple(choices)
    scored = []
    for place, choice in enumerate(choices):
        by_title = match(typed, choice.title)
        by_detail = match(typed, choice.detail) if len(typed) > 2 else None
        best = max((by_title[0] if by_title else -1.0), (by_detail[0] / 2 if by_detail else -1.0))
        if by_title or by_detail:
            scored.append((-best, not choice.enabled, place, choice))
    return tuple(entry[-1] for entry in sorted(scored, key=lambda entry: entry[:3]))


class ChoiceDelegate(QStyledItemDelegate):
    """Paints a `Choice` in one line: mark, title, detail, key."""

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(200, _ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        choice: Choice = index.data(CHOICE_ROLE)
        place = option.rect.adjusted(Space.S, 1, -Space.S, -1)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme().colour("selected"))
            painter.drawRoundedRect(place, Radius.S, Radius.S)
        placed = mirror(painter, place)
        left = self._paint_mark(painter, place, choice)
        right = place.right() - Space.S
        if choice.key:
            right -= key_width(choice.key)
            cap = QRect(right, place.top(), key_width(choice.key), place.height())
            paint_key(painter, placed(cap), choice.key)
            right -= Space.M
        room = QRect(left, place.top(), right - left, place.height())
        self._paint_words(painter, room, mirror(painter, place), choice)
        painter.restore()

    def _paint_mark(self, painter: QPainter, place: QRect, choice: Choice) -> int:
        left = place.left() + Space.S
        if choice.person:
            face = QRect(left, place.center().y() - 11, 24, 24)
            paint_avatar(painter, mirror(painter, place)(face), choice.person)
            return left + 24 + Space.S
        if choice.icon:
            sign = QRect(left + 4, place.center().y() - 7, 16, 16)
            paint_icon(painter, mirror(painter, place)(sign), choice.icon, "muted")
            return left + 24 + Space.S
        return left

    def _paint_words(self, painter: QPainter, room: QRect, placed: Mirror, choice: Choice) -> None:
        painter.setFont(font(Text.BODY, 500))
        painter.setPen(theme().colour("ink" if choice.enabled else "faint"))
        title = painter.fontMetrics().elidedText(choice.title, Qt.TextElideMode.ElideRight, room.width())
        paint_words(painter, placed(room), title)
        rest = room.adjusted(painter.fontMetrics().horizontalAdvance(title) + Space.M, 0, 0, 0)
        if choice.detail and rest.width() > 40:
            painter.setFont(font(Text.SMALL))
            painter.setPen(theme().colour("faint"))
            detail = painter.fontMetrics().elidedText(
                choice.detail, Qt.TextElideMode.ElideRight, rest.width()
            )
            paint_words(painter, placed(rest), detail)


class ChoiceList(QWidget):
    """The field and the list."""

    chosen = Signal(object)
    typed = Signal(str)
    """Enter was pressed on words that no choice matches."""

    def __init__(self, choices: Sequence[Choice], placeholder: str, name: str) -> None:
        super().__init__()
        self.field = QLineEdit()
        self.field.setPlaceholderText(placeholder)
        self.field.setAccessibleName(name)
        self.field.addAction(icon("search", "faint"), QLineEdit.ActionPosition.LeadingPosition).setText(
            "Search"
        )
        self.field.setFixedHeight(Size.CONTROL + 4)
        self.model = Choices(choices, self)
        self._picked_early = False
        self.view = QListView()
        self.view.setAccessibleName(name)
        self.view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.view.setUniformItemSizes(True)
        self.view.setMouseTracking(True)
        self.view.setItemDelegate(ChoiceDelegate(self.view))
        self.view.setModel(self.model)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._take_room(len(choices))
        self.view.clicked.connect(lambda index: self._choose(index.row()))
        self.view.entered.connect(self.view.setCurrentIndex)
        self.field.textChanged.connect(self._on_typed)
        self.field.installEventFilter(self)
        self.setFocusProxy(self.field)
        self.setLayout(column(self.field, self.view, spacing=Space.S))
        self._select(self.model.first_enabled())

    def offer(self, choices: Sequence[Choice]) -> None:
        """What there is to pick has come late: what was typed meanwhile holds, Enter after a name included."""
        picked, self._picked_early = self._picked_early, False
        self.model.offer(choices, self.field.text())
        self._take_room(len(choices))
        self._select(self.model.first_enabled())
        if picked and self.field.text().strip():
            self._choose(self.view.currentIndex().row())

    @property
    def picked_early(self) -> bool:
        """Whether Enter was pressed before there was anything to pick from."""
        return self._picked_early and bool(self.field.text().strip())

    def show_found(self, choices: Sequence[Choice]) -> None:
        """What a search of its own has found for what is typed; it is not filtered once more."""
        self.model.show(choices)
        self._select(self.model.first_enabled())

    def _take_room(self, rows: int) -> None:
        self.view.setFixedHeight(_ROW * min(_SHOWN_ROWS, max(rows, 3)) + 4)

    def current(self) -> Choice | None:
        """The selected choice."""
        row = self.view.currentIndex().row()
        return self.model.choice(row) if 0 <= row < self.model.rowCount() else None

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        match event.key():
            case Qt.Key.Key_Down:
                self._select(self.view.currentIndex().row() + 1)
            case Qt.Key.Key_Up:
                self._select(self.view.currentIndex().row() - 1)
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self._picked_early = self.model.is_empty
                if not self.model.rowCount() and self.field.text().strip():
                    self.typed.emit(self.field.text().strip())
                self._choose(self.view.currentIndex().row())
            case _:
                return False
        return True

    def _on_typed(self, typed: str) -> None:
        self.model.filter(typed)
        self._select(self.model.first_enabled())

    def _select(self, row: int) -> None:
        rows = self.model.rowCount()
        if rows:
            self.view.setCurrentIndex(self.model.index(row % rows, 0))

    def _choose(self, row: int) -> None:
        if 0 <= row < self.model.rowCount() and self.model.choice(row).enabled:
            self.chosen.emit(self.model.choice(row).value)
