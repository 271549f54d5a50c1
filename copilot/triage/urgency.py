"""How soon somebody must act, by explicit rules, each with its reason in words that a rep can check.

No open set of urgency labelled by people exists; the rules follow the guideline of tests/data/urgency. What a team's
reps correct is learned on top, in `habits`. Levels: 0 can wait, 1 soon, 2 today, 3 now.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from copilot.domain import Conversation, Message, MessageKind, Priority, Role, Ticket, Urgency
from copilot.text.injection import signs_in
from copilot.text.sentences import SentenceKind, split_sentences
from copilot.triage.alarms import ACRONYMS, ALARMS, CALM, CAPITALS, SOLVED
from copilot.triage.troubles import (
    AGAIN,
    ASKING,
    BEGINNING,
    ELSEWHERE,
    HAPPY_END,
    STILL,
    STOPPED,
    THANKS,
    TROUBLE,
    WISH,
)

MAX_READ_MESSAGES = 8
"""Older words of the requester are history."""
MAX_REASONS = 5
WAITING_LONG = timedelta(hours=24)
WAITING_VERY_LONG = timedelta(days=3)
DUE_SOON = timedelta(hours=4)
MAX_THANKS_WORDS = 25
TROUBLED = "Something does not work"
_STOPPING = frozenset({rule.says for rule in STOPPED} | {"Cannot work", "Fears data is lost"})


def judge_urgency(conversation: Conversation, now: datetime) -> Urgency:
    """The urgency of a ticket at the moment `now`, with its reasons, strongest first."""
    ticket = conversation.ticket
    public = [m for m in conversation.messages if m.kind is MessageKind.PUBLIC]
    spoken = [m for m in public if m.author.role is Role.REQUESTER][-MAX_READ_MESSAGES:]
    if ticket.status.is_done:
        return Urgency(level=0, confidence=0.9, reasons=("The ticket is solved.",))
    if spoken and public[-1] is spoken[-1] and is_settled(spoken[-1]):
        return Urgency(level=0, confidence=0.7, reasons=("The requester says that it is solved.",))
    if spoken and public[-1] is spoken[-1] and len(public) > 1 and (said := _happy_end(spoken[-1])):
        return Urgency(level=0, confidence=0.6, reasons=(said,))
    words = [*_from_words(ticket.subject, spoken), *_from_work(ticket.subject, spoken)]
    found = sorted([*words, *_from_ticket(ticket, now), *_from_waiting(public, now)], key=lambda r: -r[0])
    if spoken and (calm := CALM.search(spoken[-1].clean)):
        return Urgency(level=0, confidence=0.7, reasons=(f"Says it can wait: “{calm.group()}”",))
    if not found:
        return Urgency(level=0, confidence=0.5)
    strong = {_family(reason) for level, reason in found if level >= 2}
    pressing = sum(not reason.startswith(TROUBLED) for _, reason in found)
    level = min(3, found[0][0] + (len(strong) >= 2 or (len(strong) == 1 and pressing >= 3)))
    confidence = min(0.9, 0.5 + 0.1 * len(found))
    return Urgency(
        level=level, confidence=confidence, reasons=tuple(reason for _, reason in found[:MAX_REASONS])
    )


def _family(reason: str) -> str:
    """Reasons that say the same in other words count as one."""
    says = reason.split(":", maxsplit=1)[0]
    return "stopped" if says in _STOPPING else says


def _happy_end(message: Message) -> str:
    """That the requester's answer to ours closes it, in words; empty when it does not."""
    text = _own_words(message.clean)
    if HAPPY_END.search(text) and not STILL.search(text):
        return "The requester says that it works now."
    open_still = "?" in text or AGAIN.search(text) or TROUBLE.search(text)
    if THANKS.search(text) and not open_still and len(text.split()) <= MAX_THANKS_WORDS:
        return "The requester says thanks and asks nothing."
    return ""


def is_settled(message: Message) -> bool:
    """Whether a requester says that the problem is gone, and asks nothing else."""
    solved = message.author.role is Role.REQUESTER and bool(SOLVED.search(message.clean))
    return solved and "?" not in message.clean


def _from_words(subject: str, spoken: Sequence[Message]) -> Iterator[tuple[int, str]]:
    """What the requester says: every rule at most once, the newest words first."""
    texts = [*(_own_words(message.clean) for message in reversed(spoken)), subject]
    for rule in ALARMS:
        hit = next((hit for text in texts if (hit := rule.pattern.search(text))), None)
        if hit is not None:
            yield rule.level, f"{rule.says}: “{_phrase(hit)}”"
    shouted = [word for word in CAPITALS.findall(texts[0]) if word not in ACRONYMS]
    if len(shouted) >= 2 or "!!" in texts[0]:
        what = " ".join(shouted[:3]) if len(shouted) >= 2 else "!!"
        yield 1, f"Writes loudly: “{what}”"


def _from_work(subject: str, spoken: Sequence[Message]) -> Iterator[tuple[int, str]]:
    """What has stopped for the requester: their main work, or one part of it."""
    if not spoken:
        return
    newest, first = _own_words(spoken[-1].clean), _own_words(spoken[0].clean)
    texts = (newest, subject, first)
    hits = [(rule, hit) for rule in STOPPED for text in texts if (hit := rule.pattern.search(text))]
    aside = any(ELSEWHERE.search(text) or BEGINNING.search(text) for text in texts)
    if hits and not aside:
        rule, hit = hits[0]
        yield rule.level, f"{rule.says}: “{_phrase(hit)}”"
        return
    if not hits and _asks_how(subject, first):
        return
    found = hits[0][1] if hits else next((hit for text in texts if (hit := TROUBLE.search(text))), None)
    if found is not None:
        yield 1, f"{TROUBLED}: “{_phrase(found)}”"


def _asks_how(subject: str, first: str) -> bool:
    return bool(ASKING.match(subject) or WISH.search(subject) or WISH.search(first))


def _own_words(text: str) -> str:
    """What the writer says to us: no quotes, no code, and no words meant for an AI."""
    spoken = (s.text for s in split_sentences(text) if s.kind not in {SentenceKind.QUOTE, SentenceKind.CODE})
    return "\n".join(sentence for sentence in spoken if not signs_in(sentence))


def _phrase(hit: re.Match[str]) -> str:
    return " ".join(hit.group().split())


def _from_ticket(ticket: Ticket, now: datetime) -> Iterator[tuple[int, str]]:
    if ticket.escalation is not None:
        yield 1, f"Handed on by {ticket.escalation.by}: {ticket.escalation.reason}".rstrip(": ")
    if ticket.priority is Priority.URGENT:
        yield 2, "The desk's priority is urgent."
    if ticket.priority is Priority.HIGH:
        yield 1, "The desk's priority is high."
    if ticket.due is not None and ticket.due <= now:
        yield 3, f"Was due on {ticket.due:%-d %B at %H:%M} UTC."
    elif ticket.due is not None and ticket.due <= now + DUE_SOON:
        yield 2, f"Is due at {ticket.due:%H:%M} UTC."


def _from_waiting(public: Sequence[Message], now: datetime) -> Iterator[tuple[int, str]]:
    if not public or public[-1].author.role is not Role.REQUESTER:
        return
    unanswered = 0
    for message in reversed(public):
        if message.author.role is not Role.REQUESTER:
            break
        unanswered += 1
    waiting = now - public[-unanswered].created
    if unanswered >= 2:
        yield 1, f"Wrote {unanswered} times without an answer."
    if waiting >= WAITING_VERY_LONG:
        yield 2, f"Has waited {waiting.days} days for an answer."
    elif waiting >= WAITING_LONG:
        yield 1, f"Has waited {int(waiting / timedelta(hours=1))} hours for an answer."
