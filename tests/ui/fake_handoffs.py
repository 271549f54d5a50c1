"""Handing on, without anybody to hand to: destinations that take or refuse as a test says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count

from copilot.domain import (
    Assign,
    BatchId,
    Destination,
    DestinationId,
    Dispatch,
    DispatchId,
    OutboxState,
    TicketId,
)
from copilot.errors import UserError
from copilot.events import DispatchChanged, EventStream
from copilot.workspace.destinations import Destinations
from copilot.workspace.handoffs import Handoffs


class FakeDestinations(Destinations):
    """Addresses that begin with http:// are refused, as unsafe ones are."""

    def __init__(self, called: Callable[..., None], events: EventStream) -> None:
        self._called, self._tells = called, events
        self.known: dict[DestinationId, Destination] = {}
        self.sent: dict[DispatchId, Dispatch] = {}
        self._numbers = count(1)

    def list(self) -> tuple[Destination, ...]:
        return tuple(self.known.values())

    async def add(self, name: str, url: str) -> DestinationId:
        self._called("add_destination", name, url)
        if url.startswith("http://"):
            raise UserError("This destination would be written to without encryption.")
        made = DestinationId(name.casefold())
        self.known[made] = Destination(id=made, name=name, kind="Slack")
        return made

    async def remove(self, destination: DestinationId) -> None:
        del self.known[destination]

    async def test(self, destination: DestinationId) -> None:
        self._called("test_destination", destination)

    async def dispatches(self, ticket: TicketId) -> tuple[Dispatch, ...]:
        return tuple(one for one in self.sent.values() if one.ticket == ticket)

    async def retry(self, dispatch: DispatchId) -> None:
        self._called("retry", dispatch)
        self.move(dispatch, OutboxState.SENT)

    async def discard(self, dispatch: DispatchId) -> None:
        self.move(dispatch, OutboxState.CANCELLED)

    def put(self, ticket: TicketId, destination: DestinationId, packet: str) -> None:
        """An escalation went out."""
        made = DispatchId(f"dispatch-{next(self._numbers)}")
        self.sent[made] = Dispatch(
            id=made,
            ticket=ticket,
            destination=destination,
            title="Escalated",
            text=packet,
            created=datetime.now(UTC),
            state=OutboxState.WAITING,
        )
        self._tells.publish(DispatchChanged(made, ticket, OutboxState.WAITING))

    def move(self, dispatch: DispatchId, state: OutboxState, problem: str = "") -> None:
        """What became of one."""
        self.sent[dispatch] = replace(self.sent[dispatch], state=state, problem=problem)
        self._tells.publish(DispatchChanged(dispatch, self.sent[dispatch].ticket, state))


class FakeHandoffs(Handoffs):
    """Warns of circles to the group Billing."""

    def __init__(self, called: Callable[..., None]) -> None:
        self._called = called

    async def warning(self, ticket: TicketId, to: Assign) -> str:
        return "Billing has handed it on before." if to.group == "Billing" else ""

    async def back_to_ai_agent(self, ticket: TicketId) -> BatchId:
        self._called("back_to_ai_agent", ticket)
        return BatchId("batch-back")
