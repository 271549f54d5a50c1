"""The numbered texts that a model may take its sentences from, and what each of them can bear.

A customer's word bears what is said back to them ("you wrote that …"), never a promise, a deed, an order or an address:
else a mail that says "you owe me 500 dollars" would be the source of "we will refund 500 dollars". An answer that was
given to another customer bears steps, never what was promised or done for that one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from copilot.assist.sources import Source
from copilot.assist.speech import instructs, promises
from copilot.assist.writing.links import links_in
from copilot.domain import Audience, Conversation, Message, MessageKind, Role, SourceKind

AROUND_CHARS = 400
SOURCE_CHARS = 2_000
"""How much of an article goes along: the passage that matched and what stands around it."""
THREAD_CHANCE = 0.5
"""A message of the thread says what is so in this case, seldom how to solve it."""

_SERVED = (
    "refund|credit|reimburse|compensate|ship|dispatch|send|sent|cancel|process|issue|approve|escalate|forward|replace"
    "|reset|unlock|upgrade|activate|deactivate|waive|extend|grant|schedule|order|return|pay|paid|charge|remove|delete"
    "|restore|transfer|fix|resolve|correct|update|change|open|close|raise|confirm|verify|check|review"
)
_DEED = re.compile(
    rf"(?<!\w)(?:(?:i|we|our \w+|the team)(?:['’]ve| have| has|['’]d| had)?(?: just| already| now| also)* "
    rf"|(?:has|have|had|was|were|is|are|been|being|be|get|gets)(?: now| already| just| been| being| fully)* )"
    rf"(?:{_SERVED})(?:l?led|p?ped|t?ted|e?d|ied|ing)?(?!\w)",
    re.IGNORECASE,
)
_COMMITMENT = re.compile(
    r"(?<!\w)(?:you(?:['’]ll| will| shall| are going to) (?:get|receive|have|be)"
    r"|you(?:['’]re| are) (?:entitled|eligible|owed)|(?:free of charge|at no (?:extra )?cost|on us|guarantee\w*)"
    r"|(?:refund|credit|voucher|discount|compensation|replacement)s? (?:of|is|are|was|will|has|have|for|within))(?!\w)",
    re.IGNORECASE,
)


class Voice(StrEnum):
    """Who stands behind a text."""

    TEAM = "team"
    """Articles, macros, internal answers, what our reps wrote in this thread, results of actions."""
    EARLIER = "earlier"
    """What our reps wrote to another customer."""
    OUTSIDE = "outside"
    """The requester, and an AI agent, whose word nobody has checked."""
    REP = "rep"
    """What the rep has just typed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """`source.text[start:end]` under the number that the model names it by: "S1" for knowledge, "M1" for a message."""

    number: str
    label: str
    voice: Voice
    source: Source
    start: int
    end: int

    @property
    def text(self) -> str:
        """What the model was shown of the source."""
        return self.source.text[self.start : self.end]


Bearing = Callable[[Evidence, str], bool]
"""Whether a sentence of this kind may stand on such a text at all; whether it does is checked elsewhere."""


def bears_to_rep(_one: Evidence, _sentence: str) -> bool:
    """Told to the rep alone, everything may stand on everything: nothing is promised to anybody by it."""
    return True


def bears_in_english(one: Evidence, sentence: str) -> bool:
    """Said to a requester in English, by the rule at the head of this file."""
    if one.voice in {Voice.TEAM, Voice.REP}:
        return True
    if commits(sentence):
        return False
    return one.voice is Voice.EARLIER or not instructs(sentence)


def bears_elsewhere(one: Evidence, _sentence: str) -> bool:
    """Said to a requester in another language: the cues that tell an order or a promise are English."""
    return one.voice in {Voice.TEAM, Voice.REP}


def bears_in(language: str) -> Bearing:
    """The rule for what is said to a requester in a language (ISO 639-1; empty where unknown)."""
    return bears_in_english if language in {"", "en"} else bears_elsewhere


def commits(sentence: str) -> bool:
    """Promises something, says that it was done, or that somebody has a right to it."""
    return promises(sentence) or bool(_DEED.search(sentence) or _COMMITMENT.search(sentence))


def allowed_links(evidence: Sequence[Evidence]) -> frozenset[str]:
    """The addresses that may stand in a reply; never one that only the requester or an AI agent wrote.

    Of what was written to another customer no mail address.
    """
    found: set[str] = set()
    for one in evidence:
        if one.voice is Voice.OUTSIDE:
            continue
        links = links_in(one.source.text)
        found.update(link for link in links if one.voice is not Voice.EARLIER or "@" not in link)
        if (
            one.source.url
            and one.source.kind is SourceKind.ARTICLE
            and one.source.audience is Audience.PUBLIC
        ):
            found.update(links_in(one.source.url))
    return frozenset(found)


def message_evidence(conversation: Conversation, prefix: str = "M") -> tuple[Evidence, ...]:
    """Everything people wrote in a thread, oldest first. A number stays the same when messages are added."""
    said = [m for m in conversation.messages if m.author.role is not Role.SYSTEM and m.clean.strip()]
    return tuple(_of_message(conversation, m, f"{prefix}{number}") for number, m in enumerate(said, 1))


def _of_message(conversation: Conversation, message: Message, number: str) -> Evidence:
    note = message.kind is MessageKind.NOTE
    outside = message.author.role in {Role.REQUESTER, Role.AI_AGENT}
    source = Source(
        kind=SourceKind.MESSAGE,
        title=conversation.ticket.subject,
        text=message.clean,
        start=0,
        end=len(message.clean),
        chance=THREAD_CHANCE,
        audience=Audience.INTERNAL if note else Audience.PUBLIC,
        ticket=conversation.ticket.id,
        message=message.remote_id,
        language=message.language,
    )
    return Evidence(
        number=number,
        label=f"{number}: {_WRITERS[message.author.role]}{', internal note' if note else ''}, "
        f"{message.created:%A %Y-%m-%d %H:%M} UTC",
        voice=Voice.OUTSIDE if outside else Voice.TEAM,
        source=source,
        start=0,
        end=len(message.clean),
    )


_WRITERS = {
    Role.REQUESTER: "the customer",
    Role.REP: "our team",
    Role.AI_AGENT: "our AI agent",
    Role.SYSTEM: "the system",
}
_LABELS = {
    SourceKind.ARTICLE: "article",
    SourceKind.INTERNAL_ANSWER: "internal answer",
    SourceKind.MACRO: "standard reply of our team",
    SourceKind.TICKET: "earlier ticket, answer to another customer",
    SourceKind.MESSAGE: "message",
}


def knowledge_evidence(sources: Sequence[Source], first: int = 1) -> tuple[Evidence, ...]:
    """Knowledge, best first, each cut to what matched and what stands around it. Numbers begin with `first`."""
    return tuple(_of_source(source, number) for number, source in enumerate(sources, first))


def _of_source(source: Source, number: int) -> Evidence:
    start = 0 if len(source.text) <= SOURCE_CHARS else _line_start(source.text, source.start - AROUND_CHARS)
    end = min(len(source.text), start + SOURCE_CHARS)
    return Evidence(
        number=f"S{number}",
        label=f"S{number}: {_LABELS[source.kind]}",
        voice=Voice.EARLIER if source.kind is SourceKind.TICKET else Voice.TEAM,
        source=source,
        start=start,
        end=end,
    )


def _line_start(text: str, at: int) -> int:
    """The beginning of the line that holds a place, so that no citation begins inside a word."""
    return text.rfind("\n", 0, max(0, at)) + 1


def rep_evidence(texts: Sequence[str], conversation: Conversation) -> tuple[Evidence, ...]:
    """What the rep has typed: no source to cite, but theirs to say."""
    return tuple(
        Evidence(
            number=f"R{number}",
            label=f"R{number}: the rep",
            voice=Voice.REP,
            source=Source(
                kind=SourceKind.MESSAGE,
                title=conversation.ticket.subject,
                text=text,
                start=0,
                end=len(text),
                chance=1.0,
                ticket=conversation.ticket.id,
            ),
            start=0,
            end=len(text),
        )
        for number, text in enumerate(texts, 1)
        if text.strip()
    )
