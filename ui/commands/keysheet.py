"""The `?` overlay: every key, by what it is for."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QVBoxLayout, QWidget

from ui.actions import Action, Actions, Category, Where
from ui.theme.tokens import Space, Text
from ui.widgets.keycap import KeyCap
from ui.widgets.labels import Label
from ui.widgets.layout import column, row
from ui.widgets.overlay import focus_first

_COLUMNS = (
    (Category.MOVE, Category.DRAFT, Category.WRITE, Category.VIEWS),
    (Category.TICKET, Category.TRIAGE, Category.WINDOW),
    (Category.KNOWING, Category.PAGES),
)
_WHERE = {
    Where.QUEUE: "in the list",
    Where.EDITOR: "in the editor",
}


class KeySheet(QFrame):
    """The panel."""

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self.setAccessibleName("Keys")
        groups = row(*(self._column(actions, categories) for categories in _COLUMNS), spacing=Space.XL * 2)
        head = row(
            Label("Keys", Text.DISPLAY),
            None,
            Label("Single letters rest while you type", Text.SMALL, "muted"),
        )
        body = QWidget()
        body.setLayout(groups)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(body)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setAccessibleName("All keys")
        scroll.setMinimumHeight(240)
        self._wanted = body.sizeHint()
        self.setLayout(column(head, scroll, margins=Space.XL, spacing=Space.L))
        focus_first(self, scroll)

    def sizeHint(self) -> QSize:
        frame = QSize(2 * Space.XL + Space.L, 2 * Space.XL + Space.L + 32)
        return self._wanted + frame

    def _column(self, actions: Actions, categories: tuple[Category, ...]) -> QVBoxLayout:
        groups = [self._group(actions, category) for category in categories]
        return column(*groups, None, spacing=Space.XL)

    def _group(self, actions: Actions, category: Category) -> QVBoxLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(Space.L)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 1)
        shown = [action for action in actions.all() if action.category is category and action.keys]
        for place, action in enumerate(shown):
            caps = row(*_caps(action), None, spacing=Space.XS)
            grid.addLayout(caps, place, 0)
            grid.addWidget(_name(action), place, 1)
        return column(Label(category.value, Text.CAPTION, "faint"), grid, spacing=Space.S)


def _caps(action: Action) -> list[QWidget]:
    caps: list[QWidget] = []
    for key in action.keys:
        if caps:
            caps.append(Label("or", Text.CAPTION, "faint"))
        caps.append(KeyCap(key))
    return caps


def _name(action: Action) -> Label:
    where = _WHERE.get(action.where)
    return Label(f"{action.name} {where}" if where else action.name, Text.SMALL)
