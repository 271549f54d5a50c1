"""Begins an internal answer from the best reply that a person gave, without what was meant for one requester alone."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from copilot.assist.speech import asks, instructs, is_courtesy, tells_outcome, without_greeting
from copilot.domain import Conversation, Message, MessageKind, Role, StartedAnswer, Status
from copilot.text.personal import PersonalKind
from copilot.text.redaction import Redacted, redact
from copilot.text.sentences import SentenceKind, split_sentences

LEAST_WORDS = 8
"""A shorter reply explains nothing."""
_ACCEPTED, _LAST_OF_SOLVED, _A_STEP, _MOST_STEPS = 3.0, 1.5, 0.4, 5
_LONG_WORDS, _TOO_LONG, _ASKING_BACK = 350, 1.0, 2.0
_FURTHER = 0.3
"""What each ticket that is less telling than the one before costs its replies."""
_PLAIN_ADDRESS = re.compile(r"https?://[\w.-]+(?:/[\w./%~-]*)?(?:#[\w.-]*)?")
_EMPTY_LINES = re.compile(r"\n{3,}")


def start_answer(conversations: Sequence[Conversation]) -> StartedAnswer | None:
    """From the best reply in these tickets, the most telling ticket first; None where no person has answered any."""
    candidates = [
        (_worth(talk, message) - _FURTHER * place, -place, talk, message)
        for place, talk in enumerate(conversations)
        for message in talk.messages
        if _answers(message)
    ]
    if not candidates:
        return None
    _, _, talk, message = max(candidates, key=lambda one: one[:2])
    names = _names_in(talk)
    text = _redacted(_kept(message), names)
    title = _redacted(talk.ticket.subject, names)
    return StartedAnswer(
        title=title.text,
        text=text.text,
        ticket=talk.ticket.id,
        message=message.remote_id,
        removed=dict(Counter(str(_kind_of(name)) for name in [*text.values, *title.values])),
    )


def as_asked(conversation: Conversation) -> Conversation:
    """The ticket as it came in: the requester's words before anybody answered, and nothing decided yet."""
    opening: list[Message] = []
    for message in conversation.messages:
        if message.author.role is Role.REQUESTER and message.kind is MessageKind.PUBLIC:
            opening.append(message)
        elif opening and message.kind is MessageKind.PUBLIC:
            break
    ticket = replace(conversation.ticket, status=Status.OPEN, accepted_solution=None)
    return Conversation(ticket=ticket, messages=tuple(opening))


def _answers(message: Message) -> bool:
    by_a_rep = message.author.role is Role.REP and message.kind is MessageKind.PUBLIC
    return by_a_rep and len(_kept(message).split()) >= LEAST_WORDS


def _worth(talk: Conversation, message: Message) -> float:
    """What solved the ticket, and tells what to do, at a length that will be read."""
    ours = [m for m in talk.messages if m.author.role is Role.REP and m.kind is MessageKind.PUBLIC]
    worth = _ACCEPTED if message.remote_id == talk.ticket.accepted_solution else 0.0
    worth += _LAST_OF_SOLVED if talk.ticket.status.is_done and ours and message is ours[-1] else 0.0
    sentences = [sentence.text for sentence in split_sentences(message.clean)]
    worth += _A_STEP * min(sum(map(instructs, sentences)), _MOST_STEPS)
    worth -= _ASKING_BACK if 2 * sum(map(asks, sentences)) >= len(sentences) else 0.0
    return worth - (_TOO_LONG if len(message.clean.split()) > _LONG_WORDS else 0.0)


def _kept(message: Message) -> str:
    """The reply without quotes, greeting, courtesy and what it tells of this one requester."""
    text = message.clean
    pieces: list[str] = []
    at = 0
    for sentence in split_sentences(text):
        if sentence.kind is SentenceKind.CODE:
            continue
        own = without_greeting(sentence.text)
        gone = (
            sentence.kind is SentenceKind.QUOTE or is_courtesy(sentence.text) or tells_outcome(sentence.text)
        )
        if gone or own != sentence.text:
            pieces += (text[at : sentence.start], "" if gone else own)
            at = sentence.end
    pieces.append(text[at:])
    lines = (
        "" if line.strip() in {">", "-", "*"} else line.rstrip() for line in "".join(pieces).splitlines()
    )
    return _EMPTY_LINES.sub("\n\n", "\n".join(lines)).strip()


def _names_in(talk: Conversation) -> tuple[str, ...]:
    """The people of the thread, whole and by their first names."""
    people = {talk.ticket.requester.name, *(message.author.name for message in talk.messages)}
    return tuple(
        sorted({part for name in people for part in (name, name.partition(" ")[0]) if len(part) > 1})
    )


def _redacted(text: str, names: Sequence[str]) -> Redacted:
    """Without personal data; addresses of plain pages stay, for they are what such an answer is about."""
    redacted = redact(text, names=names)
    plain = {
        name: value
        for name, value in redacted.values.items()
        if _kind_of(name) is PersonalKind.URL and _PLAIN_ADDRESS.fullmatch(value)
    }
    shown = redacted.text
    for name, value in plain.items():
        shown = shown.replace(name, value)
    left = {name: value for name, value in redacted.values.items() if name not in plain}
    return replace(redacted, text=shown, values=left)


def _kind_of(placeholder: str) -> PersonalKind:
    return PersonalKind(placeholder.strip("[]").split()[0])
