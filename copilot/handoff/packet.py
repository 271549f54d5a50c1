"""What the next person gets with a handoff, so that nobody has to ask the requester again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from copilot.domain import (
    Audience,
    Brief,
    Conversation,
    Message,
    MessageKind,
    Packet,
    Role,
    Sentiment,
    SummaryLine,
    SummaryPart,
)
from copilot.handoff.history import handoffs
from copilot.text.facts import described, facts_in

MAX_MOOD_WORDS = 3

_PARTS = {
    SummaryPart.REQUEST: "Wanted",
    SummaryPart.SAID: "Said",
    SummaryPart.STATE: "Where it stands",
    SummaryPart.OPEN_QUESTION: "Open questions",
    SummaryPart.PROMISE: "Promised",
}
_ROLES = {Role.REQUESTER: "requester", Role.REP: "rep", Role.AI_AGENT: "AI agent", Role.SYSTEM: "system"}


def make_packet(conversation: Conversation, brief: Brief, reason: str) -> Packet:
    """The packet for a handoff with its internal note in Markdown. The rep may edit the text before it goes out."""
    tried = tuple(_tried(brief.summary))
    told = described(facts_in([conversation.ticket.subject, *(m.clean for m in _own(conversation.messages))]))
    links = tuple(_links(conversation, brief))
    sections = [
        f"**Handoff:** {reason.strip()}" if reason.strip() else "**Handoff**",
        *(_section(title, _lines(brief.summary, part)) for part, title in _PARTS.items()),
        _section("Tried already", tried),
        _section("Handed on before by", _handed_on(conversation)),
        _section("Do not ask again", told),
        _section("Mood and urgency", _mood(brief)),
        _section("Articles and links", links),
    ]
    return Packet(
        ticket=conversation.ticket.id,
        summary=brief.summary,
        tried=tried,
        do_not_ask=told,
        sentiment=brief.sentiment,
        links=links,
        reason=reason.strip(),
        text="\n\n".join(section for section in sections if section),
    )


def _handed_on(conversation: Conversation) -> list[str]:
    return [f"{one.by.name}, {one.at:%-d %B %Y}" for one in handoffs(conversation)]


def _own(messages: Sequence[Message]) -> list[Message]:
    return [m for m in messages if m.author.role is Role.REQUESTER and m.kind is MessageKind.PUBLIC]


def _tried(summary: Iterable[SummaryLine]) -> Iterable[str]:
    for line in summary:
        if line.part is SummaryPart.TRIED:
            yield f"{line.text} ({_ROLES[line.role]})"


def _lines(summary: Iterable[SummaryLine], part: SummaryPart) -> list[str]:
    found: list[str] = []
    for line in summary:
        if line.part is not part:
            continue
        due = f" — due {line.due:%A, %-d %B %Y}" if line.due is not None else ""
        found.append(f"{line.text}{'' if part is SummaryPart.REQUEST else f' ({_ROLES[line.role]})'}{due}")
    return found


def _mood(brief: Brief) -> list[str]:
    mood = _mood_in_words(brief.sentiment)
    level = ("can wait", "soon", "today", "now")[brief.urgency.level]
    return [mood, f"Urgency: {level}", *brief.urgency.reasons]


def _mood_in_words(sentiment: Sentiment) -> str:
    if sentiment.score <= -0.45:
        word = "angry or very unhappy"
    elif sentiment.score <= -0.15:
        word = "unhappy"
    elif sentiment.score >= 0.3:
        word = "content"
    else:
        word = "neutral"
    quoted = ", ".join(f"“{w}”" for w in sentiment.words[:MAX_MOOD_WORDS])
    return f"Mood: {word}{f' ({quoted})' if quoted else ''}"


def _links(conversation: Conversation, brief: Brief) -> Iterable[str]:
    if conversation.ticket.url:
        yield conversation.ticket.url
    for hit in brief.articles:
        internal = " (internal)" if hit.audience is Audience.INTERNAL else ""
        if hit.url:
            yield f"[{_bare(hit.title)}]({hit.url}){internal}"


def _bare(title: str) -> str:
    return title.replace("[", "(").replace("]", ")")


def _section(title: str, lines: Sequence[str]) -> str:
    if not lines:
        return ""
    return "\n".join([f"**{title}**", *(f"- {_one_line(line)}" for line in lines)])


def _one_line(text: str) -> str:
    """Text of a customer inside a list item: on one line, and no heading, quote or list of its own."""
    return " ".join(text.split()).lstrip("#>*+- ")
