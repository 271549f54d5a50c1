"""What replies were made of: the articles, macros and answers that a draft cited when a rep accepted or edited it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from copilot.domain import ArticleId, SourceKind, TicketId
from copilot.store.codec import from_ms
from copilot.store.database import Database

TAKEN_QUERY = """
SELECT suggestion.ticket, decision.at, suggestion.payload
FROM decision CROSS JOIN suggestion ON suggestion.id = decision.suggestion
WHERE decision.kind IN ('accepted', 'edited')
AND NOT EXISTS (
    SELECT 1 FROM decision AS later
    WHERE later.suggestion = decision.suggestion AND later.seq > decision.seq AND later.kind = 'undone'
)
ORDER BY decision.seq DESC LIMIT ?
"""
MOST_READ = 20_000


@dataclass(frozen=True, slots=True)
class Use:
    """An article that went into a reply."""

    article: ArticleId
    kind: SourceKind
    title: str
    ticket: TicketId
    at: datetime


class UseTable:
    """Reads the decisions."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def newest(self, limit: int = MOST_READ) -> tuple[Use, ...]:
        """The uses in the last `limit` replies, newest first; of one reply, each article once."""

        def work(db: sqlite3.Connection) -> tuple[Use, ...]:
            return tuple(use for row in db.execute(TAKEN_QUERY, (limit,)) for use in _uses(row))

        return await self._database.read(work)


def _uses(row: tuple[int, int, str]) -> Iterator[Use]:
    ticket, at, payload = row
    cited: dict[str, dict[str, Any]] = {}
    for sentence in json.loads(payload)["content"].get("sentences", ()):
        for citation in sentence["citations"]:
            if citation.get("article"):
                cited.setdefault(citation["article"], citation)
    for name, citation in cited.items():
        yield Use(
            ArticleId(name), SourceKind(citation["kind"]), citation["title"], TicketId(ticket), from_ms(at)
        )
