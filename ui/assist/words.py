"""What the copilot says: parts of a summary, confidence, strength, origin and cost, in words."""

from __future__ import annotations

from datetime import datetime

from copilot.domain import (
    Audience,
    Citation,
    DecisionKind,
    MoodPoint,
    Sentiment,
    SourceKind,
    Suggestion,
    SummaryLine,
    SummaryPart,
)
from ui.conversation.words import short_date
from ui.theme.tokens import Tone
from ui.widgets.mood import mood_mark

PART_WORDS: dict[SummaryPart, str] = {
    SummaryPart.REQUEST: "Wants",
    SummaryPart.TRIED: "Tried",
    SummaryPart.SAID: "Said",
    SummaryPart.STATE: "Stands",
    SummaryPart.OPEN_QUESTION: "Open",
    SummaryPart.PROMISE: "Promised",
    SummaryPart.MOOD: "Mood",
}
SOURCE_WORDS: dict[SourceKind, tuple[str, str]] = {
    SourceKind.ARTICLE: ("Article", "file-text"),
    SourceKind.INTERNAL_ANSWER: ("Internal answer", "lock"),
    SourceKind.MACRO: ("Macro", "zap"),
    SourceKind.TICKET: ("Earlier ticket", "history"),
    SourceKind.MESSAGE: ("In this thread", "message-square"),
}
"""A word and an icon for each kind of source."""
VERDICT_WORDS: dict[DecisionKind, tuple[str, Tone]] = {
    DecisionKind.ACCEPTED: ("Sent as it was", Tone.GOOD),
    DecisionKind.EDITED: ("Sent with changes", Tone.GOOD),
    DecisionKind.DISMISSED: ("Dismissed", Tone.NEUTRAL),
    DecisionKind.ESCALATED: ("Escalated", Tone.INFO),
}
_LEVELS = ((0.8, "Sure"), (0.6, "Fairly sure"), (0.0, "Unsure"))
_STRENGTHS = ((0.8, "Strong match"), (0.5, "Good match"), (0.0, "Weak match"))
_EMBEDDED = "embedded"
_STEADY = 0.15


def confidence_words(confidence: float) -> str:
    """How sure, in words and per cent."""
    word = next(word for least, word in _LEVELS if confidence >= least)
    return f"{word}, {confidence:.0%}"


def strength_words(score: float) -> str:
    """How well something matches."""
    return next(word for least, word in _STRENGTHS if score >= least)


def due_words(line: SummaryLine, now: datetime) -> str:
    """When a promise is due; empty for other lines."""
    if line.due is None:
        return ""
    return f"Due {short_date(line.due)}" + (", overdue" if line.due < now else "")


def is_overdue(line: SummaryLine, now: datetime) -> bool:
    """Whether a promise was not kept in time."""
    return line.due is not None and line.due < now


def origin_words(suggestion: Suggestion) -> str:
    """Which model made it, at what cost, and whether anything left this computer."""
    if suggestion.model == _EMBEDDED:
        return "Embedded engine, no cost, nothing left this computer."
    cost = f"cost {suggestion.cost.normalize():f} US$" if suggestion.cost else "no cost"
    rule = f" Chosen because {suggestion.rule}." if suggestion.rule else ""
    return f"{suggestion.model}, {cost}.{rule}"


def mood_words(sentiment: Sentiment) -> str:
    """The mood as a word and a number."""
    return f"{mood_mark(sentiment.score).word} {sentiment.score:+.2f}".replace("-", "\N{MINUS SIGN}")


def course_words(points: tuple[MoodPoint, ...]) -> str:
    """The course of the mood in a sentence, for those who do not see the line."""
    if len(points) < 2:
        return "One message so far"
    first, last = points[0].score, points[-1].score
    change = last - first
    trend = "steady" if abs(change) < _STEADY else "falling" if change < 0 else "rising"
    return f"Mood over {len(points)} messages: {trend}, from {first:+.1f} to {last:+.1f}"


def source_words(citation: Citation) -> str:
    """A source as a screen reader says it."""
    word = SOURCE_WORDS[citation.kind][0]
    internal = ", internal" if citation.audience == Audience.INTERNAL else ""
    return f"{word}{internal}: {citation.title}: {citation.quote}"
