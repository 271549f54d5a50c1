"""What a write altered, so that views refresh only that."""

from __future__ import annotations

from dataclasses import dataclass

from copilot.domain import TicketId


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """What a write altered: tickets whose header or place in a view changed, and those whose messages did."""

    tickets: frozenset[TicketId] = frozenset()
    threads: frozenset[TicketId] = frozenset()
