"""Between reps and the AI agent: noticing circles, and giving a ticket back."""

from __future__ import annotations

from copilot.desks.base import SharedDesk
from copilot.domain import Assign, BatchId, OutboxState, Person, Role, TicketId
from copilot.errors import UserError
from copilot.store import Store
from copilot.workspace.decisions import Decisions
from copilot.workspace.desks import Connections


class Handoffs:
    """Who else is on a ticket, and what is to be known before it is handed on."""

    def __init__(self, store: Store, decisions: Decisions, connections: Connections) -> None:
        self._store = store
        self._decisions = decisions
        self._connections = connections

    async def colleagues_here(self, ticket: TicketId) -> tuple[Person, ...]:
        """The other reps who have the ticket open now; empty where the desk does not tell. Raises a `DeskError`."""
        header = await self._store.tickets.get(ticket)
        desk = self._connections.desk(header.desk)
        if not (desk.capabilities.viewers and isinstance(desk, SharedDesk)):
            return ()
        me = await self._connections.me(header.desk)
        there = await desk.viewers(header.remote_id)
        return tuple(person for person in there if person.remote_id != me.remote_id)

    async def warning(self, ticket: TicketId, to: Assign) -> str:
        """Why handing the ticket on like this would go in a circle, in words; empty when it would not."""
        from copilot.handoff.history import warning

        entries = await self._store.outbox.of_ticket(ticket)
        given = [e.command for e in entries if isinstance(e.command, Assign) and e.state is OutboxState.SENT]
        return warning(await self._store.tickets.conversation(ticket), to, given)

    async def back_to_ai_agent(self, ticket: TicketId) -> BatchId:
        """Give the ticket back to the AI agent that had it. Raises `UserError` when none has written on it."""
        return await self._decisions.assign(ticket, await self._agent_of(ticket), None)

    async def _agent_of(self, ticket: TicketId) -> Person:
        messages = (await self._store.tickets.conversation(ticket)).messages
        agents = [message.author for message in messages if message.author.role is Role.AI_AGENT]
        if not agents:
            raise UserError(
                "No AI agent has answered on this ticket.", "Give it to a person or a group instead."
            )
        return agents[-1]
