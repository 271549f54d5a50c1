"""How much each sentence of a thread tells of it: a few countable signs under learned weights.

Which sentences people take up when they sum up a thread of mails depends little on cue words and much on where a
sentence stands and how much of the thread's common words it holds. No vectors: they added less than a point in trials,
and would cost a brief a tenth of a second.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from copilot.assist.said import Said
from copilot.assist.speech import is_courtesy, wishes
from copilot.store.words import STOP_WORDS
from copilot.text.terms import stem, words_of

BIAS = "bias"
Signs = Mapping[str, float]
Terms = frozenset[str]

_LINK = re.compile(r"https?://|\w@\w", re.IGNORECASE)
_LEANS_BACK = re.compile(r"(?:but|and|so|then|also|this|that|it|he|she|they)\b", re.IGNORECASE)
_OPINION = re.compile(
    r"\b(?:think|believe|suggest|propose|agree|disagree|should|wonder|question|problem|issue|need)\b",
    re.IGNORECASE,
)
_SHORT_WORDS, _LONG_WORDS = 6, 40

WEIGHTS: Signs = {
    "bias": 0.4860,
    "words": -0.0523,
    "short": -0.0336,
    "long": -0.0868,
    "telling share": -0.0659,
    "courtesy": -0.1734,
    "wish": 0.0357,
    "opinion": 0.0299,
    "link": -0.0819,
    "digits": -0.4570,
    "marks": -0.5097,
    "leans back": 0.0684,
    "capital": 0.0487,
    "early": 0.2401,
    "first": -0.0827,
    "last": 0.0621,
    "sentences": -0.0239,
    "opening message": -0.0459,
    "newest message": 0.0975,
    "late message": -0.1138,
    "early in the newest": -0.1263,
    "like the thread": 0.2856,
    "like its message": -0.0642,
    "words of the subject": 0.0524,
    "common words": 0.0289,
}
"""Ridge regression of what a sentence shares with a person's summary, on the 265 threads of convosumm-email's
development part. `tests.bench.quality.sets.convosumm` fits them, and measures on threads they were not fitted to."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """A sentence with its telling words and what it is worth; only comparable within one thread."""

    said: Said
    terms: Terms
    worth: float


def weighed(subject: str, said: Sequence[Said], weights: Signs = WEIGHTS) -> list[Weighed]:
    """Each sentence of a thread with its worth, in order."""
    rows = signs_of(subject, said)
    return [
        Weighed(one, frozenset(telling(one.text)), sum(weights[name] * value for name, value in row.items()))
        for one, row in zip(said, rows, strict=True)
    ]


def telling(text: str) -> list[str]:
    """The stems of the words that say what a text is about."""
    return [
        stem(word)
        for word in words_of(text)
        if len(word) > 2 and word.casefold() not in STOP_WORDS and not word.isdigit()
    ]


def signs_of(subject: str, said: Sequence[Said]) -> list[Signs]:
    """The signs of each sentence: what the weights are multiplied with."""
    bags = [Counter(telling(one.text)) for one in said]
    whole: Counter[str] = Counter()
    by_message: dict[str, Counter[str]] = {}
    numbers: dict[str, list[int]] = {}
    for number, (one, bag) in enumerate(zip(said, bags, strict=True)):
        whole.update(bag)
        by_message.setdefault(one.message.remote_id, Counter()).update(bag)
        numbers.setdefault(one.message.remote_id, []).append(number)
    order = {message: place for place, message in enumerate(by_message)}
    size, sizes = _length(whole), {message: _length(bag) for message, bag in by_message.items()}
    topic = frozenset(telling(subject))
    rows: list[Signs] = []
    for number, (one, bag) in enumerate(zip(said, bags, strict=True)):
        message = one.message.remote_id
        place = number - numbers[message][0]
        rows.append(
            _of_words(one.text, bag)
            | _of_place(place, len(numbers[message]), order[message], len(order))
            | {
                "like the thread": _cosine(bag, whole, size),
                "like its message": _cosine(bag, by_message[message], sizes[message]),
                "words of the subject": float(min(len(topic & bag.keys()), 3)),
                "common words": sum(math.log(whole[term]) for term in bag) / (len(bag) or 1),
            }
        )
    return rows


def _of_words(text: str, bag: Counter[str]) -> dict[str, float]:
    words = len(text.split())
    return {
        BIAS: 1.0,
        "words": math.log1p(words),
        "short": float(words < _SHORT_WORDS),
        "long": float(words > _LONG_WORDS),
        "telling share": len(bag) / (words or 1),
        "courtesy": float(is_courtesy(text)),
        "wish": float(wishes(text)),
        "opinion": float(bool(_OPINION.search(text))),
        "link": float(bool(_LINK.search(text))),
        "digits": sum(letter.isdigit() for letter in text) / (len(text) or 1),
        "marks": sum(not (letter.isalnum() or letter.isspace()) for letter in text) / (len(text) or 1),
        "leans back": float(bool(_LEANS_BACK.match(text))),
        "capital": float(text[:1].isupper()),
    }


def _of_place(place: int, count: int, message: int, messages: int) -> dict[str, float]:
    early = 1 / (1 + place)
    return {
        "early": early,
        "first": float(place == 0),
        "last": float(place == count - 1),
        "sentences": math.log1p(count),
        "opening message": float(message == 0),
        "newest message": float(message == messages - 1),
        "late message": message / max(messages - 1, 1),
        "early in the newest": early * (message == messages - 1),
    }


def _length(bag: Counter[str]) -> float:
    return math.sqrt(sum(count * count for count in bag.values())) or 1.0


def _cosine(bag: Counter[str], whole: Counter[str], size: float) -> float:
    return sum(count * whole[term] for term, count in bag.items()) / (_length(bag) * size)
