"""The outbox's rows: entries never change, every step is appended, a small work list names what is not final."""

from __future__ import annotations

from collections.abc import Sequence

from copilot.domain import Message, OutboxEntry, OutboxId, OutboxState, RemoteId, Status, TicketId
from copilot.store.tickets import Changed


class OutboxTable:
    """Replies and other commands on their way to the desks."""

    async def add(self, entries: Sequence[OutboxEntry]) -> Changed:
        """Put entries of one batch on disk, and lay what they will change over the ticket at once."""
        raise NotImplementedError

    async def step(
        self,
        entry: OutboxId,
        state: OutboxState,
        *,
        problem: str = "",
        newer: Sequence[Message] = (),
        sent_as: RemoteId | None = None,
    ) -> Changed:
        """Append a step. CANCELLED takes the entry's changes off the ticket again (the desk's values return).

        A step from SENDING to SENDING without a `problem` is another try and counts as an attempt; with one it only says
        why we do not know yet. `sent_as`, once given, stays. Raises `ValueError` for a step out of a final state.
        """
        raise NotImplementedError

    async def claim(self, entry: OutboxId, *, lookalikes: Sequence[RemoteId] = ()) -> bool:
        """Move HELD or WAITING to SENDING in one transaction, an attempt more, and keep `lookalikes` with it.

        False if it is not there (undone meanwhile, or claimed by somebody else).
        """
        raise NotImplementedError

    async def cancel(self, entries: Sequence[OutboxId]) -> Changed:
        """Move all of them to CANCELLED in one transaction, or none.

        Raises `ValueError` when one of them is SENDING or final: that is how an undo that comes too late is noticed.
        """
        raise NotImplementedError

    async def reconsider(self, entry: OutboxId, *, seen: RemoteId | None, seen_status: Status | None) -> Changed:
        """Move BLOCKED, FAILED or WAITING to WAITING, with what the rep has read by now in place of what was read before.

        Raises `ValueError` from any other state.
        """
        raise NotImplementedError

    async def get(self, entry: OutboxId) -> OutboxEntry:
        """An entry as it stands. Raises `KeyError`."""
        raise NotImplementedError

    async def unfinished(self) -> tuple[OutboxEntry, ...]:
        """All entries that are not final, in the order they were added."""
        raise NotImplementedError

    async def of_ticket(self, ticket: TicketId) -> tuple[OutboxEntry, ...]:
        """All entries of a ticket, oldest first."""
        raise NotImplementedError
