"""What a text's mood is read from beside its vector: runs of words and letters, and VADER's lexicon."""

from __future__ import annotations

import math
import re
import zlib
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from vader import SentimentIntensityAnalyzer

COLUMNS = 1 << 16
"""Runs of words and letters are hashed into so many columns."""
_MAX_LETTERS = 1000
"""Longer texts are cut here, which bounds the time a message takes."""
_LETTER_RUNS = (3, 4, 5)
_FACTOR, _SHIFT = np.uint64(0x9E3779B97F4A7C15), np.uint64(40)
"""Fibonacci hashing (Knuth, The Art of Computer Programming, 6.4): the odd number nearest to 2**64 over the golden
ratio spreads keys over the upper bits."""
_NEGATED_WORDS = 3
"""How far a negation reaches, unless punctuation ends it before."""
_MAX_SENTENCES = 30
_NEUTRAL = 0.05
"""VADER's own bar: a compound score nearer to 0 says nothing."""

_TOKEN = re.compile(
    r"[:;=8xX][-'o^]?[)(\]\[dDpP/\\|*]+(?!\w)|<3|https?://\S+|@\w+|\w+(?:['’]\w+)*|[!?]+|\.{2,}|[^\w\s]"
)
_NEGATION = re.compile(
    r"(?:no|not|never|none|nothing|neither|nor|without|hardly|cannot|cant|dont|wont|\w+n't)\Z"
)
_END = re.compile(r"(?:[.,;:!?()]+|but)\Z")
_SENTENCE_END = re.compile(r"[.!?]\s+|\n")


def signs(text: str) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """The columns of a text's runs of words and letters, and how often each occurs (1 + its logarithm)."""
    tokens = _tokens(text[:_MAX_LETTERS])
    words = [zlib.crc32(run.encode("utf-8", "replace")) for run in _runs(tokens)]
    places = np.concatenate([np.array(words, dtype=np.uint64), *_letter_runs(f" {' '.join(tokens)} ")])
    columns, counts = np.unique(places.astype(np.int64) % COLUMNS, return_counts=True)
    return columns, (1 + np.log(counts)).astype(np.float32)


def valences(text: str) -> NDArray[np.float32]:
    """What VADER makes of the text as a whole and of its sentences, and some signs it does not know."""
    text = text[:_MAX_LETTERS]
    whole = _analyzer().polarity_scores(text)
    compound = float(whole["compound"])
    course = [_compound(s) for s in _SENTENCE_END.split(text) if s.strip()][:_MAX_SENTENCES] or [0.0]
    lexicon = _analyzer().lexicon
    known = [float(lexicon[token]) / 2 for token in _tokens(text) if token in lexicon]
    glad, sad = sum(v for v in known if v > 0), -sum(v for v in known if v < 0)
    words = text.split()
    shouted = sum(1 for word in words if len(word) > 2 and word.isupper())
    return np.array(
        [
            *(compound, max(compound, 0.0), max(-compound, 0.0), float(abs(compound) < _NEUTRAL)),
            *(float(whole[share]) for share in ("pos", "neg", "neu")),
            *(max(course), min(course), course[0], course[-1], sum(course) / len(course)),
            *(math.log1p(glad), math.log1p(sad), float(glad == 0), float(sad == 0)),
            *(math.log1p(count) for count in (text.count("!"), text.count("?"), shouted, len(words))),
            float("http" in text),
        ],
        dtype=np.float32,
    )


def _compound(text: str) -> float:
    return float(_analyzer().polarity_scores(text)["compound"])


def _tokens(text: str) -> list[str]:
    return [_plain(token) for token in _TOKEN.findall(text)]


def _plain(token: str) -> str:
    if token.startswith("http"):
        return "URL"
    if token[0] == "@" and len(token) > 1:
        return "@"
    if token[0] in "!?":
        return token[:2]
    return token.replace("’", "'").lower() if token[0].isalnum() else token


def _runs(tokens: Sequence[str]) -> Iterator[str]:
    yield from _negated(tokens)
    framed = ["<", *tokens, ">"]
    for pair in pairwise(framed):
        yield " ".join(pair)
    for triple in zip(framed, framed[1:], framed[2:], strict=False):
        yield " ".join(triple)


def _letter_runs(text: str) -> Iterator[NDArray[np.uint64]]:
    """A hash of every run of letters, all at once: sums of the letters times powers of an odd number, then mixed."""
    letters = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.uint64)
    for length in _LETTER_RUNS:
        sums = np.full(max(len(letters) - length + 1, 0), length, dtype=np.uint64)
        for place in range(length):
            sums = sums * _FACTOR + letters[place : place + len(sums)]
        yield (sums * _FACTOR) >> _SHIFT


def _negated(tokens: Sequence[str]) -> Iterator[str]:
    """The words, those in reach of a negation marked: "not good" is not "good"."""
    left = 0
    for token in tokens:
        if _END.match(token):
            left = 0
        yield f"-{token}" if left > 0 and token[0].isalnum() else token
        left = _NEGATED_WORDS if _NEGATION.match(token) else left - 1


@cache
def _analyzer() -> SentimentIntensityAnalyzer:
    from vader import SentimentIntensityAnalyzer

    return SentimentIntensityAnalyzer()
