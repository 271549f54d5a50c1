"""Gaps, articles and answers in words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from copilot.domain import SourceKind
from ui.theme.tokens import Tone

if TYPE_CHECKING:
    from copilot.workspace import ArticleState, Gap, Replayed

_LEAST_SECONDS = 30
_DAY, _MONTH, _YEAR = 1, 30.44, 365.25
KIND_WORDS = {
    SourceKind.ARTICLE: "Article",
    SourceKind.INTERNAL_ANSWER: "Internal answer",
    SourceKind.MACRO: "Macro",
    SourceKind.TICKET: "Ticket",
    SourceKind.MESSAGE: "Message",
}
_HIDDEN_WORDS = {
    "mail": ("e-mail address", "e-mail addresses"),
    "iban": ("bank account", "bank accounts"),
    "ip": ("network address", "network addresses"),
    "url": ("private link", "private links"),
    "address": ("address", "addresses"),
}


def counted(number: int, one: str, many: str = "") -> str:
    """A number with its noun."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def took_words(gap: Gap) -> str:
    """How many were handed on, and what it took; empty where nothing did."""
    parts = [f"{gap.escalated} escalated"] if gap.escalated else []
    return ", ".join([*parts, *_cost_parts(gap.seconds, gap.cost)])


def cost_words(gap: Gap) -> str:
    """What it took so far, in a sentence."""
    parts = _cost_parts(gap.seconds, gap.cost)
    return (
        f"It took {' and '.join(parts)} so far." if parts else "No time was spent on suggestions for it yet."
    )


def _cost_parts(seconds: float, cost: Decimal) -> list[str]:
    parts = [f"{seconds / 60:.0f} min"] if seconds >= _LEAST_SECONDS else []
    return parts + ([f"{cost:.2f} US$"] if cost else [])


def hidden_words(removed: Mapping[str, int]) -> str:
    """What personal data was taken out; empty when there was none."""
    parts = [counted(number, *_HIDDEN_WORDS.get(kind, (kind,))) for kind, number in removed.items() if number]
    return ", ".join(parts)


def age_words(then: datetime | None, now: datetime) -> str:
    """How long ago, in the largest unit that fits."""
    if then is None:
        return "unknown"
    days = (now - then).total_seconds() / 86_400
    if days < _DAY:
        return "today"
    for unit, size in (("year", _YEAR), ("month", _MONTH), ("day", _DAY)):
        if days >= size:
            return f"{counted(int(days // size), unit)} ago"
    return "today"


def used_words(state: ArticleState, now: datetime) -> str:
    """When an article was last cited in a reply that was sent."""
    return "never" if state.last_used is None else age_words(state.last_used, now)


def replayed_words(found: tuple[Replayed, ...]) -> str:
    """What an answer would have done, in a sentence."""
    answered = sum(one.answered for one in found)
    offered = sum(one.found and not one.answered for one in found)
    if not found:
        return "No past ticket asks anything like it."
    also = f" and been offered in {offered} more" if offered else ""
    return f"It would have answered {counted(answered, 'past ticket')}{also}, of the {len(found)} nearest."


def replayed_badge(one: Replayed) -> tuple[str, Tone]:
    """What it would have done for one ticket."""
    if one.answered:
        return ("Answered", Tone.GOOD)
    return ("Offered", Tone.INFO) if one.found else ("Not found", Tone.NEUTRAL)
