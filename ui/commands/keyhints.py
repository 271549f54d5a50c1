"""The strip that appears after the first key of a sequence and says what the next one does."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QWidget

from ui.actions import Action, Actions
from ui.commands.keys import Keys
from ui.theme.tokens import Space, Text
from ui.widgets.buttons import Button
from ui.widgets.labels import Label
from ui.widgets.layout import column, row

_LEADS = {
    "draft.dismiss": "Dismiss because",
    "triage.mood": "Mood",
    "triage.urgency": "Urgency",
    "triage.intent": "Intent",
    "knowledge": "Knowledge",
    "view": "Go to",
    "queue": "Go to",
    "ticket": "Ticket",
}
"""What stands in front of actions whose ids begin so: those with one lead share a line."""
_SHORT = {
    "draft.dismiss.wrong": "It is wrong",
    "draft.dismiss.incomplete": "It is incomplete",
    "draft.dismiss.tone": "The tone is wrong",
    "draft.dismiss.not_needed": "It is not needed",
    "triage.mood.angry": "Angry",
    "triage.mood.unhappy": "Unhappy",
    "triage.mood.neutral": "Neutral",
    "triage.mood.happy": "Happy",
    "triage.urgency.wait": "Can wait",
    "triage.urgency.soon": "Soon",
    "triage.urgency.today": "Today",
    "triage.urgency.now": "Now",
    "triage.intent": "Choose or name it",
    "knowledge.gaps": "Gaps",
    "knowledge.review": "Last escalated",
    "knowledge.conflicts": "Conflicts",
}


class KeyHints(QFrame):
    """Floats over the bottom of the window while a sequence waits for its next key."""

    def __init__(self, keys: Keys, actions: Actions, parent: QWidget) -> None:
        super().__init__(parent)
        self._keys, self._actions = keys, actions
        self.setProperty("surface", "sheet")
        self.setAccessibleName("What the next key does")
        self._choices = QWidget()
        self._cancel = Button("Cancel", kind="quiet", key="Esc", small=True)
        self._cancel.clicked.connect(lambda: self._keys.begin(""))
        self._box = row(
            self._choices, self._cancel, margins=(Space.L, Space.S, Space.M, Space.S), spacing=Space.M
        )
        self._box.setAlignment(self._cancel, Qt.AlignmentFlag.AlignBottom)
        self.setLayout(self._box)
        self.hide()
        keys.prefix_changed.connect(self._on_prefix_changed)

    def _on_prefix_changed(self, prefix: str) -> None:
        if not prefix:
            self.hide()
            return
        old, self._choices = self._choices, self._choices_after(prefix)
        self._box.replaceWidget(old, self._choices)
        old.hide()
        old.deleteLater()
        self._choices.show()
        self._box.activate()
        self.adjustSize()
        self._place()
        self.show()
        self.raise_()

    def _choices_after(self, prefix: str) -> QWidget:
        lines: dict[str, list[Button]] = {}
        for rest, action in self._keys.continuations(prefix):
            lines.setdefault(_lead(action), []).append(self._button(rest, action))
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(Space.M)
        grid.setVerticalSpacing(Space.XS)
        for number, (lead, buttons) in enumerate(lines.items()):
            grid.addLayout(column(Label(lead, Text.STRONG)), number, 0)
            grid.addLayout(row(*buttons, None, spacing=Space.S), number, 1)
        made = QWidget(self)
        made.setLayout(grid)
        return made

    def _button(self, rest: str, action: Action) -> Button:
        button = Button(_SHORT.get(action.id, action.name), kind="quiet", key=rest, small=True)
        button.clicked.connect(lambda _=False, name=action.id: self._choose(name))
        return button

    def _choose(self, name: str) -> None:
        self._keys.begin("")
        self._actions.trigger(name)

    def _place(self) -> None:
        parent = self.parentWidget()
        if parent is not None:
            self.move((parent.width() - self.width()) // 2, parent.height() - self.height() - Space.XL)


def _lead(action: Action) -> str:
    """A rep's own sequences may lead to any action."""
    return next((lead for start, lead in _LEADS.items() if action.id.startswith(start)), "Or")
