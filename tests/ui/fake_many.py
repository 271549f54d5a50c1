"""Decisions on many tickets, carried out one by one on the fake workspace."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from copilot.domain import Assign, BatchId, Customer, DeskId, PastTicket, RemoteId, Status, TicketId
from copilot.workspace.customers import Customers
from copilot.workspace.many import Many

if TYPE_CHECKING:
    from tests.ui.fake_workspace import FakeWorkspace

BATCH = BatchId("many")


class FakeMany(Many):
    """Says what was asked for; changes the tickets at once."""

    def __init__(self, workspace: FakeWorkspace) -> None:
        self._workspace = workspace

    async def assign(self, tickets: Sequence[TicketId], to: Mapping[DeskId, Assign]) -> BatchId:
        self._workspace.calls("many.assign", tuple(tickets), dict(to))
        return BATCH

    async def set_status(self, tickets: Sequence[TicketId], status: Status) -> BatchId:
        self._workspace.calls("many.set_status", tuple(tickets), status)
        for ticket in tickets:
            self._workspace.change(ticket, status=status)
        return BATCH

    async def change_tags(
        self, tickets: Sequence[TicketId], *, add: Sequence[str] = (), remove: Sequence[str] = ()
    ) -> BatchId:
        self._workspace.calls("many.change_tags", tuple(tickets), tuple(add), tuple(remove))
        return BATCH

    async def escalate(
        self, tickets: Sequence[TicketId], to: Mapping[DeskId, Assign], *, reason: str = ""
    ) -> BatchId:
        self._workspace.calls("many.escalate", tuple(tickets), dict(to))
        return BATCH

    async def snooze(self, tickets: Sequence[TicketId], until: datetime | None) -> BatchId:
        self._workspace.calls("many.snooze", tuple(tickets), until)
        return BATCH

    async def tags_of(self, tickets: Sequence[TicketId]) -> Mapping[str, int]:
        return {"refund": 1}


class FakeCustomers(Customers):
    """Every requester has their one ticket, and those that a test gives them in `past`."""

    def __init__(self, workspace: FakeWorkspace) -> None:
        self._workspace = workspace

    async def of_ticket(self, ticket: TicketId) -> Customer:
        asked = self._workspace.cases[ticket].ticket
        this = PastTicket(
            id=ticket, desk=asked.desk, subject=asked.subject, status=asked.status, channel=asked.channel,
            created=asked.created, rating=asked.rating,
        )  # fmt: skip
        tickets = (this, *self._workspace.past.get(ticket, ()))
        return Customer(
            person=asked.requester,
            tickets=tickets,
            total=len(tickets),
            waiting=sum(not past.status.is_done for past in tickets),
            since=min(past.created for past in tickets),
        )

    async def find(self, desk: DeskId, ticket: RemoteId) -> TicketId | None:
        cases = self._workspace.cases.values()
        found = (case.ticket for case in cases if case.ticket.remote_id == ticket)
        return next((ticket.id for ticket in found if ticket.desk == desk), None)
