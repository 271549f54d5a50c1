"""Full-text search over subject, requester and messages: one FTS5 row per ticket, external content.

Words are found whole or from their beginning. Scripts without spaces (Chinese, Japanese) would need a second, trigram
index.
"""

from __future__ import annotations

import json
import sqlite3

from copilot.domain import (
    Citation,
    QueuePage,
    RemoteId,
    SimilarTicket,
    SourceKind,
    Status,
    Ticket,
    TicketId,
)
from copilot.store.codec import storable
from copilot.store.database import Database
from copilot.store.views import read_rows
from copilot.store.words import all_words, any_of, quoted, rarest, rows_with, terms_of

CANDIDATES = 1_000
"""A query that more tickets match ranks the newest of them: BM25 over every ticket would take seconds at 450,000."""
COMMON = 2_000
"""A term in more tickets than this tells little; `similar` leaves it out where there are some rarer ones."""
ENOUGH = 3
"""With fewer rare terms than this the common ones are asked for too, in the newest tickets only."""
WINDOW = 5_000
TERMS_IN_WINDOW = 12

NEWEST_QUERY = "SELECT rowid FROM ticket_fts WHERE ticket_fts MATCH ? ORDER BY rowid DESC LIMIT ?"
RANKED_QUERY = "SELECT rowid FROM ticket_fts WHERE ticket_fts MATCH ? AND rowid >= ? ORDER BY rank LIMIT ?"
KEPT_QUERY = """
SELECT wanted.value FROM json_each(?) AS wanted CROSS JOIN ticket ON ticket.id = wanted.value
WHERE ticket.deleted = 0
"""
# Names of requesters do not make tickets alike: the middle column weighs nothing.
SIMILAR_QUERY = """
SELECT rowid, -bm25(ticket_fts, 2.0, 0.0, 1.0) AS score FROM ticket_fts
WHERE ticket_fts MATCH ? AND rowid >= ? ORDER BY score DESC LIMIT ?
"""
HEADERS_QUERY = """
SELECT ticket.id, ticket.subject, ticket.status, ticket.url, ticket.accepted_solution
FROM json_each(?) AS wanted CROSS JOIN ticket ON ticket.id = wanted.value
WHERE ticket.deleted = 0 AND ticket.done >= ?
"""
OF_PERSON_QUERY = """
SELECT ticket_fts.rowid FROM ticket_fts
CROSS JOIN ticket ON ticket.id = ticket_fts.rowid
CROSS JOIN person ON person.id = ticket.requester
WHERE ticket_fts MATCH ? AND ticket.deleted = 0 AND person.remote_id = ? AND ticket.id <> ?
ORDER BY ticket_fts.rowid DESC LIMIT ?
"""
ACCEPTED_QUERY = "SELECT remote_id, coalesce(clean, text) FROM message WHERE ticket = ? AND remote_id = ?"
LAST_ANSWER_QUERY = """
SELECT message.remote_id, coalesce(message.clean, message.text)
FROM message CROSS JOIN person ON person.id = message.author
WHERE message.ticket = ? AND message.kind = 'public' AND person.role = 'rep'
ORDER BY message.created DESC, message.id DESC LIMIT 1
"""


class SearchIndex:
    """Finds tickets by words."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def find(self, text: str, *, limit: int = 200) -> QueuePage:
        """Tickets that hold every word of `text` (the last as a prefix), best first; a newer call interrupts an older.

        User input is quoted: no FTS5 syntax gets through. The interrupted call raises `asyncio.CancelledError`.
        Where more than `CANDIDATES` tickets match, the newest of them are ranked.
        """
        query = all_words(text)
        return await self._database.search(lambda db: _find(db, query, limit))

    async def of_requester(self, ticket: Ticket, *, limit: int = 10) -> tuple[TicketId, ...]:
        """Other tickets of the same requester on the same desk, newest first."""
        words = ticket.requester.email or ticket.requester.name
        if not words.strip():
            return ()
        query = f"requester : {quoted(words)}"

        def work(db: sqlite3.Connection) -> tuple[TicketId, ...]:
            wanted = (query, storable(ticket.requester.remote_id), ticket.id, limit)
            found = [TicketId(row) for (row,) in db.execute(OF_PERSON_QUERY, wanted)]
            return tuple(row.id for row in read_rows(db, found) if row.desk == ticket.desk)

        return await self._database.read(work)

    async def similar(
        self, text: str, *, exclude: TicketId, limit: int = 10, solved_only: bool = True
    ) -> tuple[SimilarTicket, ...]:
        """Tickets that share words with `text` (OR query, BM25), scores scaled to [0, 1], the best being 1.

        `answer` is the accepted solution, else the last public message of a rep in a done ticket.
        """
        terms = terms_of(text)
        return await self._database.read(
            lambda db: _similar(db, terms, exclude=exclude, limit=limit, solved_only=solved_only)
        )


def _find(db: sqlite3.Connection, query: str | None, limit: int) -> QueuePage:
    if query is None:
        return QueuePage(rows=())
    newest = db.execute(NEWEST_QUERY, (query, CANDIDATES)).fetchall()
    if not newest:
        return QueuePage(rows=())
    oldest = newest[-1][0] if len(newest) == CANDIDATES else 0
    ranked = [TicketId(ticket) for (ticket,) in db.execute(RANKED_QUERY, (query, oldest, limit))]
    kept = {ticket for (ticket,) in db.execute(KEPT_QUERY, (json.dumps(ranked),))}
    return QueuePage(rows=read_rows(db, [ticket for ticket in ranked if ticket in kept]))


def _similar(
    db: sqlite3.Connection, terms: list[str], *, exclude: TicketId, limit: int, solved_only: bool
) -> tuple[SimilarTicket, ...]:
    asked, oldest = _telling(db, terms)
    if not asked:
        return ()
    # Some of the best may be unsolved or deleted.
    found = db.execute(SIMILAR_QUERY, (f"{{subject body}} : ({any_of(asked)})", oldest, 10 * limit + 1))
    scores = {ticket: score for ticket, score in found if ticket != exclude and score > 0}
    best = max(scores.values(), default=1.0)
    headers = db.execute(HEADERS_QUERY, (json.dumps(list(scores)), int(solved_only))).fetchall()
    headers.sort(key=lambda header: scores[header[0]], reverse=True)
    return tuple(
        SimilarTicket(
            ticket=TicketId(ticket),
            subject=subject,
            status=Status(status),
            score=scores[ticket] / best,
            answer=answer_of(db, TicketId(ticket), Status(status), subject, url, accepted),
        )
        for ticket, subject, status, url, accepted in headers[:limit]
    )


def _telling(db: sqlite3.Connection, terms: list[str]) -> tuple[list[str], int]:
    """The terms to ask for, and the oldest ticket to look at."""
    rows = [rows_with(db, "ticket_fts", term, COMMON) for term in terms]
    rare = [term for term, count in zip(terms, rows, strict=True) if 0 < count < COMMON]
    if len(rare) >= ENOUGH or COMMON not in rows:
        return rarest(terms, [count if count < COMMON else 0 for count in rows]), 0
    oldest = max(0, db.execute("SELECT coalesce(max(id), 0) FROM ticket").fetchone()[0] - WINDOW)
    of_these = [rows_with(db, "ticket_fts", term, WINDOW, oldest=oldest) for term in terms]
    return rarest(terms, of_these)[:TERMS_IN_WINDOW], oldest


def answer_of(
    db: sqlite3.Connection, ticket: TicketId, status: Status, subject: str, url: str, accepted: str | None
) -> Citation | None:
    """What solved a ticket: the accepted message, else the last public one of a rep where the ticket is done."""
    found = db.execute(ACCEPTED_QUERY, (ticket, accepted)).fetchone() if accepted is not None else None
    if found is None and status.is_done:
        found = db.execute(LAST_ANSWER_QUERY, (ticket,)).fetchone()
    if found is None or not found[1]:
        return None
    message, text = found
    return Citation(
        kind=SourceKind.TICKET,
        title=subject,
        quote=text,
        start=0,
        end=len(text),
        ticket=ticket,
        message=RemoteId(message),
        url=url,
    )
