"""What reps corrected in the triage of tickets."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from copilot.domain import Correction, CorrectionId, Sentiment, TicketId, TriageKind, Urgency
from copilot.store.assessed import CORRECTIONS_OF_QUERY, correction_of, show_in_queue, standing_of
from copilot.store.changed import Changed
from copilot.store.clock import Clock
from copilot.store.codec import new_id, optional_text, storable, texts_to_json, to_ms
from copilot.store.database import Database

NEWEST_QUERY = """
SELECT id, ticket, at, kind, value, told, causes, message FROM correction AS made
WHERE kind = ? AND takes_back IS NULL
AND NOT EXISTS (
    SELECT 1 FROM correction AS later WHERE later.ticket = made.ticket AND later.seq > made.seq
    AND (later.takes_back = made.id OR (later.kind = made.kind AND later.takes_back IS NULL))
)
ORDER BY seq DESC LIMIT ?
"""
# A decision says that the rep has seen the brief and let its triage stand.
AGREED_QUERY = """
SELECT max(made.seq), brief.payload
FROM (SELECT seq, suggestion, kind FROM decision ORDER BY seq DESC LIMIT ?) AS made
CROSS JOIN suggestion ON suggestion.id = made.suggestion
CROSS JOIN brief ON brief.ticket = suggestion.ticket AND brief.thread_version = suggestion.thread_version
WHERE made.kind <> 'undone'
AND NOT EXISTS (SELECT 1 FROM correction WHERE correction.ticket = brief.ticket AND correction.kind = ?)
GROUP BY brief.ticket
"""


@dataclass(frozen=True, slots=True)
class Agreed:
    """What a brief said that a rep decided on without correcting it."""

    sentiment: Sentiment
    urgency: Urgency


class CorrectionTable:
    """Appends corrections, and reads what stands of them."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def put(self, correction: Correction) -> Changed:
        """Append a correction; the ticket's row and brief show it from now on. Raises `KeyError` for no ticket."""
        now = self._clock()

        def work(db: sqlite3.Connection) -> Changed:
            _append(db, correction, takes_back=None)
            return show_in_queue(db, correction.ticket, now)

        return await self._database.write(work, durable=True)

    async def take_back(self, correction: CorrectionId) -> Changed:
        """Append that a correction does not hold. Raises `KeyError` when it was never made."""
        now = self._clock()

        def work(db: sqlite3.Connection) -> Changed:
            found = db.execute(
                "SELECT id, ticket, at, kind, value, told, causes, message FROM correction WHERE id = ?",
                (correction,),
            ).fetchone()
            if found is None:
                raise KeyError(correction)
            _append(db, correction_of(found), takes_back=correction)
            return show_in_queue(db, TicketId(found[1]), now)

        return await self._database.write(work, durable=True)

    async def standing(self, ticket: TicketId) -> Mapping[TriageKind, Correction]:
        """What holds for a ticket now: the newest of each kind that was not taken back."""
        return await self._database.read(lambda db: standing_of(db, ticket))

    async def history(self, ticket: TicketId) -> tuple[Correction, ...]:
        """All corrections of a ticket that were not taken back, oldest first."""

        def work(db: sqlite3.Connection) -> tuple[Correction, ...]:
            rows = db.execute(CORRECTIONS_OF_QUERY, (ticket,)).fetchall()
            gone = {row[-1] for row in rows if row[-1] is not None}
            return tuple(correction_of(row[:-1]) for row in rows if row[-1] is None and row[0] not in gone)

        return await self._database.read(work)

    async def newest(self, kind: TriageKind, limit: int) -> tuple[Correction, ...]:
        """The last word on each ticket, newest first: what can be learned from."""

        def work(db: sqlite3.Connection) -> tuple[Correction, ...]:
            return tuple(correction_of(row) for row in db.execute(NEWEST_QUERY, (kind.value, limit)))

        return await self._database.read(work)

    async def agreed(self, kind: TriageKind, limit: int) -> tuple[Agreed, ...]:
        """What briefs said that reps decided on and never corrected in this kind, by the last `limit` decisions.

        Each ticket once.
        """

        def work(db: sqlite3.Connection) -> tuple[Agreed, ...]:
            rows = db.execute(AGREED_QUERY, (limit, kind.value))
            return tuple(_agreed(json.loads(payload)) for _, payload in rows)

        return await self._database.read(work)


def _append(db: sqlite3.Connection, correction: Correction, *, takes_back: CorrectionId | None) -> None:
    if db.execute("SELECT 1 FROM ticket WHERE id = ?", (correction.ticket,)).fetchone() is None:
        raise KeyError(correction.ticket)
    db.execute(
        "INSERT INTO correction (id, ticket, at, kind, value, told, causes, message, takes_back) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            correction.id if takes_back is None else new_id(),
            correction.ticket,
            to_ms(correction.at),
            correction.kind.value,
            storable(correction.value),
            storable(correction.told),
            texts_to_json(correction.causes),
            optional_text(correction.message),
            takes_back,
        ),
    )


def _agreed(payload: dict[str, Any]) -> Agreed:
    mood, urgency = payload["sentiment"], payload["urgency"]
    return Agreed(
        Sentiment(
            score=mood["score"],
            confidence=mood["confidence"],
            words=tuple(mood["words"]),
            shift=mood.get("shift", 0.0),
        ),
        Urgency(
            level=urgency["level"],
            confidence=urgency["confidence"],
            reasons=tuple(urgency["reasons"]),
            shift=urgency.get("shift", 0),
        ),
    )
