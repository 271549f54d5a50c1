"""Mood, urgency and intent of a ticket as they are shown: what the brief says, with the reps' corrections laid over."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from copilot.domain import (
    Brief,
    Correction,
    CorrectionId,
    Intent,
    RemoteId,
    Sentiment,
    TicketId,
    TriageKind,
    Urgency,
)
from copilot.store.changed import Changed
from copilot.store.codec import from_ms, texts_from_json
from copilot.store.overlay import desk_row_of, settle
from copilot.store.payloads import brief_from_json
from copilot.store.threads import has_draft
from copilot.store.ticket_rows import read_row, update_row

BRIEF_QUERY = """
SELECT brief.payload, suggestion.payload
FROM ticket
CROSS JOIN brief ON brief.ticket = ticket.id AND brief.thread_version = ticket.thread_version
CROSS JOIN suggestion ON suggestion.id = brief.suggestion
WHERE ticket.id = ? ORDER BY brief.seq DESC LIMIT 1
"""
CORRECTIONS_OF_QUERY = """
SELECT id, ticket, at, kind, value, told, causes, message, takes_back FROM correction WHERE ticket = ? ORDER BY seq
"""
LAST_ASKED_QUERY = """
SELECT message.remote_id
FROM message CROSS JOIN person ON person.id = message.author
WHERE message.ticket = ? AND message.kind = 'public' AND person.role = 'requester'
ORDER BY message.created DESC, message.id DESC LIMIT 1
"""
BY_A_REP = "Set by a rep."


def read_brief(db: sqlite3.Connection, ticket: TicketId) -> Brief | None:
    """The brief for the thread as it is now, corrected; None when there is none or it is stale."""
    found = db.execute(BRIEF_QUERY, (ticket,)).fetchone()
    return None if found is None else corrected(brief_from_json(*found), standing_of(db, ticket))


def show_in_queue(db: sqlite3.Connection, ticket: TicketId, now: int) -> Changed:
    """Put mood, urgency and "draft ready" of the current brief into the ticket's row; `now` in ms."""
    row = read_row(db, ticket)
    brief = read_brief(db, ticket)
    if brief is None:
        return Changed()
    new = desk_row_of(row) | {
        "mood": brief.sentiment.score,
        "urgency": brief.urgency.level,
        "draft_ready": has_draft(db, ticket, brief.thread_version),
    }
    changed = update_row(db, row, settle(db, new, now))
    return Changed(tickets=frozenset({ticket} if changed else ()))


def standing_of(db: sqlite3.Connection, ticket: TicketId) -> Mapping[TriageKind, Correction]:
    """The newest correction of each kind that holds."""
    rows = db.execute(CORRECTIONS_OF_QUERY, (ticket,)).fetchall()
    if not rows:
        return {}
    gone = {row[-1] for row in rows if row[-1] is not None}
    asked = db.execute(LAST_ASKED_QUERY, (ticket,)).fetchone()
    last = None if asked is None else asked[0]
    made = (correction_of(row[:-1]) for row in rows if row[-1] is None and row[0] not in gone)
    return {one.kind: one for one in made if one.kind is TriageKind.INTENT or one.message == last}


def corrected(brief: Brief, standing: Mapping[TriageKind, Correction]) -> Brief:
    """The brief as the rep has set it right."""
    if not standing:
        return brief
    mood, level, intent = (
        standing.get(kind) for kind in (TriageKind.SENTIMENT, TriageKind.URGENCY, TriageKind.INTENT)
    )
    return replace(
        brief,
        sentiment=brief.sentiment if mood is None else Sentiment(score=float(mood.value), confidence=1.0),
        urgency=brief.urgency
        if level is None
        else Urgency(level=int(level.value), confidence=1.0, reasons=(BY_A_REP,)),
        intent=brief.intent
        if intent is None
        else Intent(
            name=intent.value or None,
            confidence=1.0,
            closest=() if brief.intent is None else brief.intent.closest,
        ),
        corrected=tuple(kind for kind in TriageKind if kind in standing),
    )


def correction_of(row: tuple[Any, ...]) -> Correction:
    """One row without the column that takes another back."""
    name, ticket, at, kind, value, told, causes, message = row
    return Correction(
        id=CorrectionId(name),
        ticket=TicketId(ticket),
        kind=TriageKind(kind),
        value=value,
        told=told,
        at=from_ms(at),
        causes=texts_from_json(causes),
        message=None if message is None else RemoteId(message),
    )
