"""The articles as rows of a table that sorts by any column."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from copilot.domain import Audience
from ui.knowing.words import KIND_WORDS, age_words, used_words

if TYPE_CHECKING:
    from copilot.workspace import ArticleState

Index = QModelIndex | QPersistentModelIndex
SORT_ROLE = Qt.ItemDataRole.UserRole
STATE_ROLE = Qt.ItemDataRole.UserRole + 1
HEADINGS = ("Article", "Kind", "Owner", "Changed", "Last used", "Uses")
TITLE, KIND, OWNER, CHANGED, USED, USES = range(len(HEADINGS))
_NEVER = datetime.min.replace(tzinfo=UTC)


class ArticleTable(QAbstractTableModel):
    """The rows; `SORT_ROLE` gives numbers where the words would sort wrongly."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._states: tuple[ArticleState, ...] = ()
        self._now = _NEVER

    def fill(self, states: tuple[ArticleState, ...], now: datetime) -> None:
        """Show these articles as they are now."""
        self.beginResetModel()
        self._states, self._now = states, now
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  Qt's own signature
        return 0 if parent.isValid() else len(self._states)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  Qt's own signature
        return 0 if parent.isValid() else len(HEADINGS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if role == Qt.ItemDataRole.DisplayRole and orientation is Qt.Orientation.Horizontal:
            return HEADINGS[section]
        if role == Qt.ItemDataRole.TextAlignmentRole and orientation is Qt.Orientation.Horizontal:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        state = self._states[index.row()]
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole}:
            return self._words(state, index.column()) if role == Qt.ItemDataRole.DisplayRole else None
        if role == SORT_ROLE:
            return _order(state, index.column())
        if role == STATE_ROLE:
            return state
        return None

    def _words(self, state: ArticleState, column: int) -> str:
        kind = KIND_WORDS[state.kind]
        internal = ", internal" if state.audience is Audience.INTERNAL and "Internal" not in kind else ""
        return (
            state.title,
            kind + internal,
            state.owner,
            age_words(state.updated, self._now),
            used_words(state, self._now),
            str(state.uses),
        )[column]


def _order(state: ArticleState, column: int) -> object:
    return (
        state.title.casefold(),
        state.kind.value,
        state.owner.casefold(),
        0.0 if state.updated is None else state.updated.timestamp(),
        0.0 if state.last_used is None else state.last_used.timestamp(),
        state.uses,
    )[column]
