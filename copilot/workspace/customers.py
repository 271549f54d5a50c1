"""Who is asking: their tickets on every desk, and how they liked the help."""

from __future__ import annotations

from copilot.domain import Customer, DeskId, RemoteId, TicketId
from copilot.store import Store

SHOWN = 60
"""How many of a customer's tickets are read; the counts are of all."""


class Customers:
    """The requesters of this workspace's tickets."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def of_ticket(self, ticket: TicketId) -> Customer:
        """Who asked this, with their tickets newest first, this one among them. Raises `KeyError`."""
        return await self._store.customers.of_ticket(ticket, limit=SHOWN)

    async def find(self, desk: DeskId, ticket: RemoteId) -> TicketId | None:
        """A ticket by its global name, as links carry it; None when it is not in this workspace."""
        return await self._store.tickets.find(desk, ticket)
