"""Full-text search over subject, requester and messages: one FTS5 row per ticket, external content."""

from __future__ import annotations

from copilot.domain import QueuePage, SimilarTicket, TicketId


class SearchIndex:
    """Finds tickets by words."""

    async def find(self, text: str, *, limit: int = 200) -> QueuePage:
        """Tickets that hold every word of `text` (the last as a prefix), best first; a newer call interrupts an older.

        User input is quoted: no FTS5 syntax gets through. The interrupted call raises `asyncio.CancelledError`.
        """
        raise NotImplementedError

    async def similar(
        self, text: str, *, exclude: TicketId, limit: int = 10, solved_only: bool = True
    ) -> tuple[SimilarTicket, ...]:
        """Tickets that share words with `text` (OR query, BM25), scores scaled to [0, 1].

        `answer` is the accepted solution, else the last public message of a rep in a done ticket.
        """
        raise NotImplementedError
