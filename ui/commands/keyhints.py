"""The strip that appears after the first key of a sequence and says what the next one does."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from ui.actions import Actions
from ui.commands.keys import Keys
from ui.theme.tokens import Space, Text
from ui.widgets.buttons import Button
from ui.widgets.labels import Label
from ui.widgets.layout import row

_LEADS = {"g": "Go to", "d": "Dismiss because"}
_SHORT = {
    "draft.dismiss.wrong": "It is wrong",
    "draft.dismiss.incomplete": "It is incomplete",
    "draft.dismiss.tone": "The tone is wrong",
    "draft.dismiss.not_needed": "It is not needed",
}


class KeyHints(QFrame):
    """Floats over the bottom of the window while a sequence waits for its next key."""

    def __init__(self, keys: Keys, actions: Actions, parent: QWidget) -> None:
        super().__init__(parent)
        self._keys, self._actions = keys, actions
        self.setProperty("surface", "sheet")
        self.setAccessibleName("What the next key does")
        self._lead = Label("", Text.STRONG)
        self._choices: QHBoxLayout = row(spacing=Space.S)
        self.setLayout(
            row(self._lead, self._choices, margins=(Space.L, Space.S, Space.M, Space.S), spacing=Space.M)
        )
        self.hide()
        keys.prefix_changed.connect(self._on_prefix_changed)

    def _on_prefix_changed(self, prefix: str) -> None:
        self._clear()
        if not prefix:
            self.hide()
            return
        self._lead.setText(_LEADS.get(prefix, prefix))
        for rest, action in self._keys.continuations(prefix):
            button = Button(_SHORT.get(action.id, action.name), kind="quiet", key=rest, small=True)
            button.clicked.connect(lambda _=False, name=action.id: self._choose(name))
            self._choices.addWidget(button)
        cancel = Button("Cancel", kind="quiet", key="Esc", small=True)
        cancel.clicked.connect(lambda: self._keys.begin(""))
        self._choices.addWidget(cancel)
        self.adjustSize()
        self._place()
        self.show()
        self.raise_()

    def _choose(self, name: str) -> None:
        self._keys.begin("")
        self._actions.trigger(name)

    def _place(self) -> None:
        parent = self.parentWidget()
        if parent is not None:
            self.move((parent.width() - self.width()) // 2, parent.height() - self.height() - Space.XL)

    def _clear(self) -> None:
        while (item := self._choices.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
