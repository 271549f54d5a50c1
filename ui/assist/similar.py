"""Earlier tickets like this one, with the answer that solved them."""

from __future__ import annotations

from PySide6.QtCore import Signal

from copilot.domain import SimilarTicket, TicketId
from ui.assist.cards import reach
from ui.assist.expandable import Expandable, Strength
from ui.assist.words import strength_words
from ui.conversation.words import STATUS_WORDS
from ui.theme.tokens import Space, Text
from ui.widgets.buttons import Button
from ui.widgets.card import Card
from ui.widgets.labels import Label
from ui.widgets.layout import column, row
from ui.widgets.pill import Pill

_SHOWN = 3


class SimilarRow(Expandable):
    """One earlier ticket."""

    open_asked = Signal(object)
    """Show this `TicketId`."""

    def __init__(self) -> None:
        self._ticket = TicketId(0)
        self._status = Pill()
        self._strength = Strength()
        self._answer = Label("", Text.SMALL, wrap=True)
        self.open_button = Button("Open ticket", "arrow-up-right", small=True)
        inside = column(self._answer, row(self.open_button, None), spacing=Space.S)
        super().__init__("history", (self._status, self._strength), inside)
        self.open_button.clicked.connect(lambda: self.open_asked.emit(self._ticket))

    def answer(self) -> str:
        """The answer it shows."""
        return self._answer.text()

    def show_ticket(self, similar: SimilarTicket) -> None:
        """Show a ticket."""
        self._ticket = similar.ticket
        self.close_row()
        word, tone = STATUS_WORDS[similar.status]
        strength = strength_words(similar.score)
        self._status.set(word, tone)
        self._strength.show_score(similar.score, strength)
        quote = similar.answer.quote.strip() if similar.answer else ""
        self._answer.setText(f"“{quote}”" if quote else "It holds no answer that was marked as the solution.")
        self._answer.set_tone("" if quote else "muted")
        self.set_title(similar.subject, f"{similar.subject}, {word}, {strength}")


class SimilarCard(Card):
    """Three tickets at most; not there when there are none."""

    open_asked = Signal(object)

    def __init__(self) -> None:
        super().__init__("Similar tickets", "layers")
        self.rows = [SimilarRow() for _ in range(_SHOWN)]
        self.body.setSpacing(0)
        reach(self, Space.S)
        self.add(*self.rows)
        for similar in self.rows:
            similar.open_asked.connect(self.open_asked)

    def show_tickets(self, similar: tuple[SimilarTicket, ...]) -> None:
        """Show what was found."""
        self.setVisible(bool(similar))
        for number, shown in enumerate(self.rows):
            shown.setVisible(number < len(similar))
            if number < len(similar):
                shown.show_ticket(similar[number])
