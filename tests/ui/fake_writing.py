"""A workspace's writing where no language model is connected."""

from __future__ import annotations

from copilot.domain import TicketId
from copilot.workspace.runs import Running
from copilot.workspace.writing import Writer


class NoWriting(Writer):
    """Nothing is ever being written. Tests of what models write use a real workspace with a scripted model."""

    def __init__(self) -> None:
        pass

    def running(self, ticket: TicketId) -> tuple[Running, ...]:
        return ()

    def cancel(self, ticket: TicketId) -> bool:
        return False
