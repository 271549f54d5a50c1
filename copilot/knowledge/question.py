"""What a requester asks, as the index is asked: the subject, the sentences that say something, and runs of them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from copilot.text.sentences import SentenceKind, split_sentences

_PART_SENTENCES = 3
_PARTS = 6
_WHOLE_WORDS = 400
_NOISE = re.compile(
    r"^\W*(?:(?:hi|hello|hey|dear|good (?:morning|afternoon|evening|day))\b.{0,40}"
    r"|(?:(?:many |with )?thanks?|thank you|thx|cheers|regards|(?:best|kind) regards|sincerely)\b.{0,60}"
    r"|(?:please )?(?:help|any (?:ideas?|help|suggestions?))\b.{0,40}|i hope .{0,60})$",
    re.IGNORECASE,
)
_LINK = re.compile(r"!?\[([^\]\n]*)\]\([^)\s]*\)|https?://\S+")


@dataclass(frozen=True, slots=True)
class Question:
    """One question. `whole` is subject and sentences; `parts` are overlapping runs of three sentences."""

    subject: str
    whole: str
    parts: tuple[str, ...]


def question_of(subject: str, text: str) -> Question:
    """The question in a ticket's subject and a requester's message, without greetings, thanks, links and logs."""
    sentences = [
        " ".join(_LINK.sub(r"\1", sentence.text).split())
        for sentence in split_sentences(text)
        if sentence.kind not in {SentenceKind.CODE, SentenceKind.QUOTE}
    ]
    told = [sentence for sentence in sentences if len(sentence) > 1 and not _NOISE.match(sentence)]
    words = " ".join([*([f"{subject}."] if subject else []), *told]).split()[:_WHOLE_WORDS]
    whole = " ".join(words) or subject
    return Question(subject=subject or whole, whole=whole, parts=_parts(told) or (whole,))


def _parts(sentences: list[str]) -> tuple[str, ...]:
    """Runs of sentences, evenly chosen where there are too many."""
    last = max(1, len(sentences) - _PART_SENTENCES + 1)
    runs = [" ".join(sentences[begin : begin + _PART_SENTENCES]) for begin in range(last) if sentences]
    if len(runs) <= _PARTS:
        return tuple(runs)
    return tuple(runs[round(place * (len(runs) - 1) / (_PARTS - 1))] for place in range(_PARTS))
