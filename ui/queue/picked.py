"""Which tickets of the list are selected, to decide on all of them at once."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QObject, Signal

from copilot.domain import TicketId


class Picked(QObject):
    """The selected tickets, in the order they were selected."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tickets: dict[TicketId, None] = {}

    def __len__(self) -> int:
        return len(self._tickets)

    def __contains__(self, ticket: object) -> bool:
        return ticket in self._tickets

    def tickets(self) -> tuple[TicketId, ...]:
        """All of them."""
        return tuple(self._tickets)

    def become(self, tickets: Iterable[TicketId]) -> None:
        """Select these and no others."""
        wanted = dict.fromkeys(tickets)
        if wanted.keys() != self._tickets.keys():
            self._tickets = wanted
            self.changed.emit()

    def toggle(self, ticket: TicketId) -> None:
        """Select a ticket, or no longer."""
        if ticket in self._tickets:
            del self._tickets[ticket]
        else:
            self._tickets[ticket] = None
        self.changed.emit()

    def drop(self, tickets: Iterable[TicketId]) -> None:
        """These have left the list: nothing is decided on what the rep cannot see."""
        gone = [ticket for ticket in tickets if ticket in self._tickets]
        for ticket in gone:
            del self._tickets[ticket]
        if gone:
            self.changed.emit()
