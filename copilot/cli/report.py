"""Tickets and briefs as lines of plain text."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime

from copilot.domain import Abstention, Brief, Draft, Intent, QueueRow, Sentiment, SummaryPart, Support, Ticket

WIDTH = 100
PART_NAMES = {
    SummaryPart.REQUEST: "Wants",
    SummaryPart.TRIED: "Tried",
    SummaryPart.SAID: "Said",
    SummaryPart.STATE: "Now",
    SummaryPart.OPEN_QUESTION: "Open",
    SummaryPart.PROMISE: "Promise",
    SummaryPart.MOOD: "Mood",
}
SUPPORT_MARKS = {
    Support.SUPPORTED: "+",
    Support.FROM_REP: "=",
    Support.COURTESY: " ",
    Support.UNSUPPORTED: "?",
}
URGENCY_NAMES = ("can wait", "soon", "today", "now")


def queue_lines(rows: Sequence[QueueRow]) -> list[str]:
    """One line a ticket: number, age, status, requester, subject, marks."""
    return [
        f"{row.id:>6}  {age(row.last_activity):>4}  {row.status:<8} {_cut(row.requester, 18):<18}  "
        f"{_cut(row.subject, 52):<52} {_marks(row)}".rstrip()
        for row in rows
    ]


def brief_lines(ticket: Ticket, brief: Brief) -> Iterator[str]:
    """The whole brief of a ticket."""
    yield f"{ticket.subject}  (ticket {ticket.id}, {ticket.status}, {ticket.channel})"
    yield f"from {ticket.requester.name}, {age(ticket.updated)} ago"
    if ticket.escalation is not None:
        yield f"escalated by {ticket.escalation.by}: {ticket.escalation.reason}"
    yield from (f"! {warning}" for warning in brief.warnings)
    yield ""
    yield from _wrapped((f"{PART_NAMES[line.part]:<8}", line.text) for line in brief.summary)
    yield f"Mood     {mood_word(brief.sentiment)} ({brief.sentiment.score:+.2f}){_because(brief.sentiment.words)}"
    yield f"Urgency  {URGENCY_NAMES[brief.urgency.level]}{_because(brief.urgency.reasons)}"
    if brief.intent is not None:
        yield f"Intent   {_intent(brief.intent)}"
    if brief.articles:
        yield ""
        yield "Articles"
        yield from (f"  {hit.score:4.0%}  {hit.title}  {hit.url}".rstrip() for hit in brief.articles)
    if brief.similar:
        yield ""
        yield "Similar tickets"
        yield from (f"  {similar.subject} ({similar.status})" for similar in brief.similar)
    yield ""
    match brief.suggestion.content:
        case Draft() as draft:
            yield from _draft_lines(draft)
        case Abstention(reason=reason, missing=missing):
            yield "No draft: " + reason
            yield from (f"  missing: {item}" for item in missing)


def _intent(intent: Intent) -> str:
    name = "none of the team's" if intent.name is None else intent.name
    return f"{name} ({intent.confidence:.0%}){_because(intent.words if intent.name else ())}"


def mood_word(sentiment: Sentiment) -> str:
    """The requester's mood in one word."""
    if sentiment.score <= -0.5:
        return "upset"
    if sentiment.score <= -0.15:
        return "unhappy"
    return "content" if sentiment.score >= 0.3 else "calm"


def age(moment: datetime) -> str:
    """How long ago, in the largest unit that fits: 5m, 3h, 2d."""
    seconds = max(0, int((datetime.now(UTC) - moment).total_seconds()))
    for unit, size in (("d", 86_400), ("h", 3_600), ("m", 60)):
        if seconds >= size:
            return f"{seconds // size}{unit}"
    return "now"


def _draft_lines(draft: Draft) -> Iterator[str]:
    yield f"Draft (confidence {draft.confidence:.0%}; + has a source, ? has none)"
    sources: dict[str, int] = {}
    for sentence in draft.sentences:
        numbers = [sources.setdefault(cited.title, len(sources) + 1) for cited in sentence.citations]
        marks = "".join(f"[{number}]" for number in dict.fromkeys(numbers))
        yield from textwrap.wrap(
            f"{sentence.text} {marks}".rstrip(),
            WIDTH,
            initial_indent=f"  {SUPPORT_MARKS[sentence.support]} ",
            subsequent_indent="    ",
        )
    yield from (f"  [{number}] {title}" for title, number in sources.items())


def _wrapped(pairs: Iterable[tuple[str, str]]) -> Iterator[str]:
    for label, text in pairs:
        yield from textwrap.wrap(text, WIDTH, initial_indent=f"{label} ", subsequent_indent=" " * 9)


def _because(words: Sequence[str]) -> str:
    return f": {', '.join(words)}" if words else ""


def _marks(row: QueueRow) -> str:
    marks = (
        ("AI escalated", row.escalated),
        ("urgent", (row.urgency or 0) >= 2),
        ("draft ready", row.draft_ready),
        ("unsent", row.has_unsent),
    )
    return ", ".join(name for name, holds in marks if holds)


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"
