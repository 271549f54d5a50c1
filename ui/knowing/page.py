"""What the pages have in common: which keys do something on them, and a line that tells how far long work is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QProgressBar, QWidget

from copilot.domain import InternalAnswer, TicketId
from ui.actions import Actions
from ui.theme.tokens import Space, Text
from ui.widgets.buttons import action_button
from ui.widgets.labels import Label
from ui.widgets.layout import column, row

Commands = dict[str, Callable[[], None]]
BAR_HEIGHT = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerWish:
    """Somebody wants to write an answer: from the best reply in `tickets`, else from nothing, or to change `answer`.

    `title` is the question it begins with where nobody has replied.
    """

    tickets: tuple[TicketId, ...] = ()
    title: str = ""
    answer: InternalAnswer | None = None


class Page(QWidget):
    """A page of the panel."""

    answer_asked = Signal(object)
    """Write an answer: the `AnswerWish`."""
    ticket_asked = Signal(object)
    """Show this `TicketId`."""
    offered = Signal()
    """Other commands can be given now than before."""

    def commands(self) -> Commands:
        """What can be done now, by the id of its action."""
        raise NotImplementedError

    def look(self) -> None:
        """Show what there is now; called whenever the page comes into sight."""
        raise NotImplementedError


class Progress(QWidget):
    """How far it is, and the key that stops it; takes no room while nothing is done."""

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self._words = Label("", Text.SMALL, "muted")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedHeight(BAR_HEIGHT)
        self._stop = action_button(actions, "knowing.stop", "Stop", small=True)
        words = column(self._words, self._bar, spacing=Space.XS)
        line = row(words, self._stop, spacing=Space.M)
        line.setStretch(0, 1)
        self.setLayout(line)
        self.hide()

    def begin(self, words: str) -> None:
        """Something begins whose length is not known yet."""
        self._say(words)
        self._bar.setRange(0, 0)
        self.show()

    def tell(self, words: str, done: int, total: int) -> None:
        """So much is done."""
        self._say(f"{words}: {done:,} of {total:,}")
        self._bar.setRange(0, max(total, 1))
        self._bar.setValue(done)

    def text(self) -> str:
        """What it says."""
        return self._words.text()

    def _say(self, words: str) -> None:
        self._words.setText(words)
        self._bar.setAccessibleName(words)
