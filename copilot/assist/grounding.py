"""Whether a sentence stands on the spans it cites: the embedded check, deliberately strict on what may be checked.

Words may be rearranged; numbers, names, links and a "not" may not change.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from copilot.assist.speech import asks, instructs, is_courtesy
from copilot.domain import Support
from copilot.store.words import STOP_WORDS
from copilot.text.sentences import split_sentences
from copilot.text.terms import stem, stems_of, words_of

ENOUGH = 0.7
"""The share of a sentence's telling words that its spans must hold."""

_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
_LINK = re.compile(r"(?:https?://|www\.|mailto:)[^\s<>()\[\]\"']+|[\w.+-]+@[\w-]+\.[\w.]+", re.IGNORECASE)
_NAME = re.compile(r"(?<![.!?…:\n>•\-]\s)(?<!^)(?<![“\"'*_(\[])\b[A-Z][\w’'-]+")
_NEGATION = re.compile(
    r"\b(?:not|no|never|none|nothing|neither|nor|without|cannot|can['’]?t|don['’]?t|doesn['’]?t|didn['’]?t|won['’]?t"
    r"|isn['’]?t|aren['’]?t|wasn['’]?t|weren['’]?t|shouldn['’]?t|couldn['’]?t|wouldn['’]?t|hasn['’]?t|haven['’]?t|unable)\b",
    re.IGNORECASE,
)


def check_sentence(sentence: str, spans: Sequence[str]) -> Support:
    """What a sentence stands on: COURTESY needs nothing, SUPPORTED is borne by `spans`, the rest is UNSUPPORTED."""
    if is_courtesy(sentence) and not _facts(sentence) and not instructs(sentence):
        return Support.COURTESY
    return Support.SUPPORTED if support_score(sentence, spans) >= ENOUGH else Support.UNSUPPORTED


def support_score(sentence: str, spans: Sequence[str]) -> float:
    """From 0 to 1: the share of telling words that the spans hold; 0 where a number, name, link or negation differs."""
    source = "\n".join(spans)
    if not source.strip() or not _facts(sentence) <= _facts_anywhere(source):
        return 0.0
    if not _names(sentence) <= {word.casefold() for word in words_of(source)}:
        return 0.0
    nearest = _nearest(sentence, spans)
    if _negations(sentence) != _negations(nearest) and not asks(sentence):
        return 0.0
    telling = _telling(sentence)
    if not telling:  # nothing but links and numbers, which are there, or small words
        return 1.0 if _facts(sentence) or sentence.strip() in source else 0.0
    held = frozenset(stems_of(source))
    return sum(term in held for term in telling) / len(telling)


def _telling(text: str) -> list[str]:
    bare = _LINK.sub(" ", text)
    return [stem(word) for word in words_of(bare) if word.casefold() not in STOP_WORDS and len(word) > 1]


def _facts(text: str) -> frozenset[str]:
    """Numbers and links: things that are right or wrong."""
    links = frozenset(link.rstrip("/.,;:").casefold() for link in _LINK.findall(text))
    return links | frozenset(_NUMBER.findall(_LINK.sub(" ", text)))


def _facts_anywhere(source: str) -> frozenset[str]:
    return _facts(source) | frozenset(_NUMBER.findall(source))


def _names(sentence: str) -> frozenset[str]:
    """Words with a capital where grammar asks for none."""
    return frozenset(word.casefold() for name in _NAME.findall(sentence) for word in words_of(name))


def _negations(text: str) -> int:
    return len(_NEGATION.findall(text))


def _nearest(sentence: str, spans: Sequence[str]) -> str:
    """The sentences of the spans that the sentence was most likely made of: as many as it is long."""
    wanted = frozenset(_telling(sentence))
    told = [piece.text for span in spans for piece in split_sentences(span)]
    for span in spans:
        if sentence.strip() in span:
            return sentence
    return max(told, key=lambda text: _likeness(wanted, frozenset(_telling(text))), default="")


def _likeness(wanted: frozenset[str], other: frozenset[str]) -> float:
    return len(wanted & other) / (len(wanted | other) or 1)
