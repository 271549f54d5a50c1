"""What the messages of a thread say, sentence by sentence, in their writers' own words."""

from __future__ import annotations

import re
from dataclasses import dataclass

from copilot.assist.speech import without_greeting
from copilot.domain import Message, Role
from copilot.text.injection import signs_in
from copilot.text.sentences import SentenceKind, split_sentences

READ_SENTENCES = 60
"""Of a longer message the first this many: what follows is a log."""
_EMOTICON = re.compile(r"^(?:[:;]-?[)(DPp]\s*)+")


@dataclass(frozen=True, slots=True)
class Said:
    """One sentence of one message; `place` counts sentences in the message."""

    text: str
    message: Message
    place: int

    @property
    def by_requester(self) -> bool:
        """Whether the requester said it."""
        return self.message.author.role is Role.REQUESTER


def sentences_of(message: Message) -> tuple[Said, ...]:
    """What a message says in its writer's own words: no quotes, no code, no greeting, no words meant for an AI."""
    kept: list[Said] = []
    opened = ""
    for place, sentence in enumerate(split_sentences(message.clean)[:READ_SENTENCES]):
        if sentence.kind in {SentenceKind.QUOTE, SentenceKind.CODE, SentenceKind.HEADING}:
            continue
        text = opened + without_greeting(_EMOTICON.sub("", " ".join(sentence.text.split())))
        opened = f"{text} " if text.endswith(":") else ""  # "Try this:" says nothing without what follows
        if len(text) > 1 and not opened and not signs_in(text):
            kept.append(Said(text, message, place))
    return (*kept, Said(opened.strip(), message, READ_SENTENCES)) if opened else tuple(kept)
