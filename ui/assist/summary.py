"""The summary: a few lines, each of which leads to the message it was taken from."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from copilot.domain import Citation, SourceKind, SummaryLine, TicketId
from ui.assist.cards import reach
from ui.assist.words import PART_WORDS, due_words, is_overdue
from ui.conversation.words import ROLE_WORDS
from ui.theme.tokens import Space, Text
from ui.widgets.card import Card
from ui.widgets.labels import ElidedLabel, Label
from ui.widgets.layout import column, row
from ui.widgets.pointable import Pointable

_LEFT = 84
"""Room for a name of some twelve letters; a longer one is whole in its tip."""


class SummaryRow(Pointable):
    """One line with its heading."""

    def __init__(self) -> None:
        super().__init__()
        self.line: SummaryLine | None = None
        self._part = Label("", Text.CAPTION, "accent")
        self._who = ElidedLabel("", Text.CAPTION, "muted")
        self._text = Label("", Text.BODY, wrap=True)
        self._due = Label("", Text.CAPTION, "muted", wrap=True)
        left = QWidget()
        left.setLayout(column(self._part, self._who, None, spacing=1))
        left.setFixedWidth(_LEFT)
        words = column(self._text, self._due, None, spacing=1)
        line = row(left, words, margins=(Space.S, 5, Space.S, 5), spacing=Space.S)
        line.setStretchFactor(words, 1)
        self.setLayout(line)

    def show_line(self, line: SummaryLine, now: datetime) -> None:
        """Show a line."""
        self.line = line
        part, role, due = PART_WORDS[line.part], ROLE_WORDS[line.role], due_words(line, now)
        self._part.setText(part)
        self._who.setText(line.name or role)
        self._text.setText(line.text)
        self._due.setText(due)
        self._due.set_tone("bad" if is_overdue(line, now) else "muted")
        self._due.setVisible(bool(due))
        self.setAccessibleName(", ".join(said for said in (part, line.name, role, line.text, due) if said))
        self.setAccessibleDescription("Shows the message this was taken from")


class SummaryCard(Card):
    """Lines in their fixed order."""

    cited = Signal(object)
    """A line is pointed at: a `Citation` of its message, or None."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        super().__init__("Summary", "list")
        self._clock = clock
        self._ticket = TicketId(0)
        self._rows: list[SummaryRow] = []
        self._list: QVBoxLayout = column(spacing=0)
        self._empty = Label("Nothing to sum up yet.", Text.BODY, "muted", wrap=True)
        self.add(self._empty, self._list)
        reach(self, Space.S)

    def show_lines(self, ticket: TicketId, lines: tuple[SummaryLine, ...]) -> None:
        """Show the lines of a brief; rows are used again."""
        now = self._clock()
        while len(self._rows) < len(lines):
            self._rows.append(self._new_row())
        for number, shown in enumerate(self._rows):
            shown.setVisible(number < len(lines))
            if number < len(lines):
                shown.show_line(lines[number], now)
        self._ticket = ticket
        self._empty.setVisible(not lines)

    def rows(self) -> list[SummaryRow]:
        """The rows that show."""
        return [shown for shown in self._rows if shown.isVisibleTo(self)]

    def _new_row(self) -> SummaryRow:
        made = SummaryRow()
        made.pointed.connect(lambda: self._point(made))
        made.chosen.connect(lambda: self._point(made))
        made.left.connect(lambda: self.cited.emit(None))
        self._list.addWidget(made)
        return made

    def _point(self, shown: SummaryRow) -> None:
        if shown.line is not None:
            self.cited.emit(cited_line(self._ticket, shown.line))


def cited_line(ticket: TicketId, line: SummaryLine) -> Citation:
    """A citation of the message behind a line; its words are looked for there."""
    return Citation(
        kind=SourceKind.MESSAGE,
        title="In this thread",
        quote=line.text,
        start=0,
        end=0,
        ticket=ticket,
        message=line.message,
    )
