"""What a notification says: one ticket by name, many of a kind by number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from copilot.domain import Attention, QueueRow, View
from ui.queue.words import span

VIEW_OF: Mapping[Attention, View] = {
    Attention.ASSIGNED: View.MINE,
    Attention.REPLIED: View.MINE,
    Attention.BREACHING: View.AT_RISK,
    Attention.ESCALATED: View.ESCALATED,
}
"""Where several of a kind are found."""
_ONE = {
    Attention.ASSIGNED: "Assigned to you",
    Attention.REPLIED: "A reply on your ticket",
    Attention.BREACHING: "About to be late",
    Attention.ESCALATED: "Escalated by the AI agent",
}
_MANY = {
    Attention.ASSIGNED: "tickets assigned to you",
    Attention.REPLIED: "replies on your tickets",
    Attention.BREACHING: "of your tickets are about to be late",
    Attention.ESCALATED: "tickets escalated by the AI agent",
}
_NAMED = 3


def message(kind: Attention, rows: Sequence[QueueRow], now: datetime, *, names: bool) -> tuple[str, str]:
    """Title and text. Without `names` neither says who or about what: others may see the screen."""
    if len(rows) > 1:
        who = ", ".join(row.requester for row in rows[:_NAMED])
        more = f" and {len(rows) - _NAMED} more" if len(rows) > _NAMED else ""
        return f"{len(rows)} {_MANY[kind]}", who + more if names else ""
    (row,) = rows
    title = _ONE[kind]
    if kind is Attention.BREACHING and row.due is not None:
        title = f"Due in {span(max(int((row.due - now).total_seconds() // 60), 0))}"
    return title, f"{row.requester}: {row.subject}" if names else ""
