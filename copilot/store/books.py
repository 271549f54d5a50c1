"""What is written down for good: briefs, suggestions, decisions, the rep's unsent words, and the audit."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

from copilot.domain import (
    Brief,
    Decision,
    DecisionId,
    DecisionKind,
    SavedReply,
    Suggestion,
    SuggestionId,
    TicketId,
)
from copilot.store.assessed import read_brief, show_in_queue
from copilot.store.changed import Changed
from copilot.store.clock import Clock
from copilot.store.codec import fields_to_json, from_ms, new_id, storable, to_ms
from copilot.store.database import Database
from copilot.store.payloads import brief_from_json, brief_to_json, suggestion_from_json, suggestion_to_json
from copilot.store.saved_replies import keep_reply, read_reply, read_versions
from copilot.store.ticket_rows import read_row

SUMMARISED_QUERY = """
SELECT brief.seq, brief.payload, suggestion.payload
FROM brief CROSS JOIN suggestion ON suggestion.id = brief.suggestion
WHERE brief.ticket = ? AND coalesce(brief.payload ->> 'summary_by', 'embedded') <> 'embedded'
"""
LACKING_QUERY = """
SELECT wanted.value
FROM json_each(?) AS wanted CROSS JOIN ticket ON ticket.id = wanted.value
WHERE NOT EXISTS (
    SELECT 1 FROM brief WHERE brief.ticket = ticket.id AND brief.thread_version = ticket.thread_version
)
"""
DECISIONS_QUERY = """
SELECT decision.seq, decision.id, decision.suggestion, decision.kind, decision.at, decision.seconds,
    decision.reason, decision.text
FROM suggestion CROSS JOIN decision ON decision.suggestion = suggestion.id
WHERE suggestion.ticket = ?
"""


class Books:
    """Append-only rows that metrics and review will read."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def put_brief(self, brief: Brief) -> Changed:
        """Keep a brief with its suggestion; mood, urgency and "draft ready" show in the queue from now on."""
        now = self._clock()
        return await self._database.write(lambda db: _put_brief(db, brief, now))

    async def brief(self, ticket: TicketId) -> Brief | None:
        """The brief for the thread as it is now, with what reps corrected; None when there is none or it is stale."""
        return await self._database.read(lambda db: read_brief(db, ticket))

    async def summarised(self, ticket: TicketId) -> Brief | None:
        """The newest brief whose summary a language model wrote, for whichever version of the thread."""

        def work(db: sqlite3.Connection) -> Brief | None:
            found = db.execute(SUMMARISED_QUERY, (ticket,)).fetchall()
            return brief_from_json(*max(found)[1:]) if found else None

        return await self._database.read(work)

    async def lacking_brief(self, tickets: Sequence[TicketId]) -> tuple[TicketId, ...]:
        """Those of `tickets` that have no current brief, in the same order."""
        wanted = json.dumps(list(tickets))

        def work(db: sqlite3.Connection) -> tuple[TicketId, ...]:
            lacking = {ticket for (ticket,) in db.execute(LACKING_QUERY, (wanted,))}
            return tuple(ticket for ticket in tickets if ticket in lacking)

        return await self._database.read(work)

    async def suggestion(self, suggestion: SuggestionId) -> Suggestion:
        """One suggestion. Raises `KeyError`."""

        def work(db: sqlite3.Connection) -> Suggestion:
            found = db.execute("SELECT payload FROM suggestion WHERE id = ?", (suggestion,)).fetchone()
            if found is None:
                raise KeyError(suggestion)
            return suggestion_from_json(found[0])

        return await self._database.read(work)

    async def decide(self, decision: Decision) -> Changed:
        """Append a decision. Raises `KeyError` when its suggestion was never kept."""
        return await self._database.write(lambda db: _decide(db, decision), durable=True)

    async def decisions(self, ticket: TicketId) -> tuple[Decision, ...]:
        """All decisions on a ticket's suggestions, oldest first."""

        def work(db: sqlite3.Connection) -> tuple[Decision, ...]:
            rows = db.execute(DECISIONS_QUERY, (ticket,)).fetchall()
            return tuple(_decision(row) for row in sorted(rows))

        return await self._database.read(work)

    async def save_reply(self, reply: SavedReply) -> None:
        """Keep what the rep typed; an empty text forgets it, earlier versions stay for recovery."""
        now = self._clock()
        await self._database.write(lambda db: keep_reply(db, reply, now))

    async def saved_reply(self, ticket: TicketId) -> SavedReply | None:
        """What the rep had typed and not sent: of a reply and a note, the one typed last."""
        return await self._database.read(lambda db: read_reply(db, ticket))

    async def reply_versions(self, ticket: TicketId, *, note: bool = False) -> tuple[SavedReply, ...]:
        """Earlier versions of what the rep typed, newest first, the last fifty: for recovery."""
        return await self._database.read(lambda db: read_versions(db, ticket, note=note))

    async def audit(self, what: str, ticket: TicketId | None, detail: Mapping[str, str]) -> None:
        """Append an audit line. `detail` holds ids and names of settings, never customer text."""
        row = (new_id(), self._clock(), storable(what), ticket, fields_to_json(detail))

        def work(db: sqlite3.Connection) -> None:
            db.execute("INSERT INTO audit (id, at, what, ticket, detail) VALUES (?, ?, ?, ?, ?)", row)

        await self._database.write(work)


def _put_brief(db: sqlite3.Connection, brief: Brief, now: int) -> Changed:
    row = read_row(db, brief.ticket)
    _keep_suggestion(db, brief.suggestion)
    db.execute(
        "INSERT INTO brief (id, ticket, thread_version, made, suggestion, payload) VALUES (?, ?, ?, ?, ?, ?)",
        (
            brief.id,
            brief.ticket,
            brief.thread_version,
            to_ms(brief.made),
            brief.suggestion.id,
            brief_to_json(brief),
        ),
    )
    if brief.thread_version != row["thread_version"]:
        return Changed()
    return show_in_queue(db, brief.ticket, now)


def _keep_suggestion(db: sqlite3.Connection, suggestion: Suggestion) -> None:
    # A brief that is made anew may offer the same suggestion again.
    db.execute(
        "INSERT INTO suggestion (id, ticket, thread_version, made, kind, model, cost, payload) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING",
        (
            suggestion.id,
            suggestion.ticket,
            suggestion.thread_version,
            to_ms(suggestion.made),
            type(suggestion.content).__name__,
            suggestion.model,
            str(suggestion.cost),
            suggestion_to_json(suggestion),
        ),
    )


def _decide(db: sqlite3.Connection, decision: Decision) -> Changed:
    found = db.execute("SELECT ticket FROM suggestion WHERE id = ?", (decision.suggestion,)).fetchone()
    if found is None:
        raise KeyError(decision.suggestion)
    db.execute(
        "INSERT INTO decision (id, suggestion, kind, at, seconds, reason, text) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            decision.id,
            decision.suggestion,
            decision.kind.value,
            to_ms(decision.at),
            decision.seconds,
            storable(decision.reason),
            storable(decision.text),
        ),
    )
    return Changed(tickets=frozenset({TicketId(found[0])}))


def _decision(row: tuple[Any, ...]) -> Decision:
    _, decision, suggestion, kind, at, seconds, reason, text = row
    return Decision(
        id=DecisionId(decision),
        suggestion=SuggestionId(suggestion),
        kind=DecisionKind(kind),
        at=from_ms(at),
        seconds=seconds,
        reason=reason,
        text=text,
    )
