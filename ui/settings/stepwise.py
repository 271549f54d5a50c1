"""Adding something in two steps: pick what kind it is, then fill in its form, which is tried before it is kept."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QWidget

from ui import aio
from ui.theme.tokens import Space, Text, Tone
from ui.widgets.buttons import Button
from ui.widgets.choices import Choice, ChoiceList
from ui.widgets.labels import Label
from ui.widgets.layout import column, row
from ui.widgets.notices import Strip, announce
from ui.widgets.overlay import focus_first, refit

WIDTH = 560


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """What the first step says: the panel's title, the hint in its field, and what a screen reader calls the list."""

    title: str
    hint: str
    list_name: str


class AddingPanel(QFrame):
    """A title, the choices, and in their place the form of what was chosen."""

    def __init__(self, asking: Asking, choices: Sequence[Choice] = ()) -> None:
        super().__init__()
        self.setAccessibleName(asking.title)
        self.setMinimumWidth(WIDTH)
        self.choices = ChoiceList(choices, asking.hint, asking.list_name)
        self._body = column(self.choices)
        head = row(Label(asking.title, Text.TITLE), None, Label("Esc closes", Text.SMALL, "faint"))
        self.setLayout(column(head, self._body, margins=Space.XL, spacing=Space.L))
        focus_first(self, self.choices.field)

    def offer(self, choices: Sequence[Choice]) -> None:
        """What there is to choose from has come."""
        self.choices.offer(choices)
        refit(self)

    def show_form(self, form: TriedForm, first: QWidget) -> None:
        """Go on to the second step, with the keyboard in `first`."""
        self.choices.hide()
        form.resized.connect(lambda: refit(self))
        self._body.addWidget(form)
        form.show()
        focus_first(self, first)
        first.setFocus()
        refit(self)

    def sizeHint(self) -> QSize:
        return super().sizeHint().expandedTo(QSize(WIDTH, 0))


class TriedForm(QWidget):
    """What every such form has: a line for the outcome, Enter for its button, and one thing at a time under way."""

    resized = Signal()

    def __init__(self, keep: Button, promise: str) -> None:
        super().__init__()
        self.keep = keep
        self.outcome = Strip(Tone.NEUTRAL, promise, icon_name="key-round")
        self._task: asyncio.Task[object] | None = None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.keep.isEnabled():
            self.keep.click()
            return
        super().keyPressEvent(event)

    def begin(self, coroutine: Coroutine[Any, Any, object], name: str) -> None:
        """Start something; what was under way before is given up."""
        if self._task is not None:
            self._task.cancel()
        self._task = aio.spawn(coroutine, name, self)

    def tell(self, tone: Tone, text: str) -> None:
        """Say how it goes."""
        self.outcome.set_tone(tone)
        self.outcome.say(text)
        announce(self.outcome, text)
        self.resized.emit()
