"""The command palette: every action by its name, the recent ones first, each with its key."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame

from ui.actions import Action, Actions, Category, Where
from ui.theme.tokens import Space
from ui.widgets.choices import Choice, ChoiceList
from ui.widgets.layout import column
from ui.widgets.overlay import focus_first

_NOT_HERE = {"queue.open_here", "window.palette", "draft.dismiss", "triage.correct"}
_ELSEWHERE = {Where.KNOWING, Where.ANSWER}
"""What works in a panel alone, which the palette would take the place of."""
WIDTH = 560


def palette_choices(actions: Actions, recent: Sequence[str]) -> tuple[Choice, ...]:
    """The actions as choices: recent ones first, those that only move last; unavailable ones say why."""
    offered = [action for action in actions.all() if _belongs(action)]
    order = {name: place for place, name in enumerate(recent)}
    offered.sort(key=lambda action: (order.get(action.id, len(order)), action.category is Category.MOVE))
    return tuple(_choice(actions, action) for action in offered)


def _belongs(action: Action) -> bool:
    return action.id not in _NOT_HERE and action.where not in _ELSEWHERE


def _choice(actions: Actions, action: Action) -> Choice:
    reason = actions.reason(action.id)
    return Choice(
        value=action.id,
        title=action.name,
        detail=reason or action.hint or action.category.value,
        icon=action.icon,
        key=actions.key(action.id),
        enabled=actions.is_enabled(action.id),
    )


class Palette(QFrame):
    """The panel; `chosen` carries the action's id."""

    chosen = Signal(str)

    def __init__(self, actions: Actions, recent: Sequence[str]) -> None:
        super().__init__()
        self.setAccessibleName("Command palette")
        self.list = ChoiceList(palette_choices(actions, recent), "Type a command", "Commands")
        self.list.chosen.connect(lambda name: self.chosen.emit(str(name)))
        self.setLayout(column(self.list, margins=Space.M))
        self.setMinimumWidth(WIDTH)
        focus_first(self, self.list.field)
