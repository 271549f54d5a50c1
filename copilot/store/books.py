"""What is written down for good: briefs, suggestions, decisions, the rep's unsent words, and the audit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from copilot.domain import Brief, Decision, SavedReply, Suggestion, SuggestionId, TicketId
from copilot.store.tickets import Changed


class Books:
    """Append-only rows that metrics and review will read."""

    async def put_brief(self, brief: Brief) -> Changed:
        """Keep a brief with its suggestion; mood, urgency and "draft ready" show in the queue from now on."""
        raise NotImplementedError

    async def brief(self, ticket: TicketId) -> Brief | None:
        """The brief for the thread as it is now, or None when there is none or it is stale."""
        raise NotImplementedError

    async def lacking_brief(self, tickets: Sequence[TicketId]) -> tuple[TicketId, ...]:
        """Those of `tickets` that have no current brief, in the same order."""
        raise NotImplementedError

    async def suggestion(self, suggestion: SuggestionId) -> Suggestion:
        """One suggestion. Raises `KeyError`."""
        raise NotImplementedError

    async def decide(self, decision: Decision) -> Changed:
        """Append a decision."""
        raise NotImplementedError

    async def decisions(self, ticket: TicketId) -> tuple[Decision, ...]:
        """All decisions on a ticket's suggestions, oldest first."""
        raise NotImplementedError

    async def save_reply(self, reply: SavedReply) -> None:
        """Keep what the rep typed; an empty text forgets it, earlier versions stay for recovery."""
        raise NotImplementedError

    async def saved_reply(self, ticket: TicketId) -> SavedReply | None:
        """What the rep had typed and not sent."""
        raise NotImplementedError

    async def audit(self, what: str, ticket: TicketId | None, detail: Mapping[str, str]) -> None:
        """Append an audit line. `detail` holds ids and names of settings, never customer text."""
        raise NotImplementedError
