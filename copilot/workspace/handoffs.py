"""Between reps and the AI agent: noticing circles, and giving a ticket back."""

from __future__ import annotations

from copilot.domain import Assign, BatchId, OutboxState, Person, Role, TicketId
from copilot.errors import UserError
from copilot.store import Store
from copilot.workspace.decisions import Decisions


class Handoffs:
    """What is to be known before a ticket is handed on."""

    def __init__(self, store: Store, decisions: Decisions) -> None:
        self._store = store
        self._decisions = decisions

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
