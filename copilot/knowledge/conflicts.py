"""Articles that say the same, and articles that contradict each other, each pair with its evidence.

Nearness is measured between passages by their sentence vectors. Two articles duplicate each other when most passages of
the shorter one have a near twin in the other. They contradict each other when near passages hold sentences that say the
same but for a number with the same unit, or but for a negation. A reader decides: these are signs, not verdicts.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from copilot.domain import ArticleId
from copilot.store.words import STOP_WORDS
from copilot.text.sentences import SentenceKind, split_sentences
from copilot.text.terms import stem, words_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from copilot.knowledge.clusters import Tick

    Vectors = NDArray[np.float32]

TWIN = 0.85
"""The cosine from which two passages say the same."""
LONE_TWIN = 0.9
"""The same where only one passage has a twin: one alone is more often alike by chance."""
MOSTLY = 0.6
"""The share of the shorter article that must have twins."""
ABOUT_THE_SAME = 0.65
"""The cosine from which the sentences of two passages are compared."""
SAME_BUT_NUMBER = 0.6
SAME_BUT_NEGATION = 0.7
"""The share of telling words that two sentences must have in common (Jaccard)."""
LEAST_WORDS = 4
MOST_EVIDENCE = 3
MOST_NEAR = 20_000
"""Pairs of passages that are compared sentence by sentence, the nearest ones."""
_BLOCK = 512

_NUMBER = re.compile(r"(?<![\w.])\d+(?:[.,:]\d+)*(?![\w])")
_NEGATION = re.compile(
    r"(?<!\w)(?:not|never|no|none|cannot|without|unable|neither|nor|\w+n['’]t|can['’]?t|impossible|unsupported)(?!\w)",
    re.IGNORECASE,
)
_COUNTED = re.compile(r"(?<![\w.])(\d+(?:[.,]\d+)?)\s*(%|[^\W\d_]{2,})")
_AFTER = re.compile(r"([^\W\d_]{3,})\s*[:=#]?\s+(\d+(?:[.,]\d+)?)(?![\w.])")
_MONEY = re.compile(r"([€$£])\s?(\d+(?:[.,]\d+)?)")


class Conflict(StrEnum):
    """What is wrong with a pair."""

    DUPLICATE = "duplicate"
    CONTRADICTION = "contradiction"


@dataclass(frozen=True, slots=True)
class Piece:
    """A passage of an article, with the article's title."""

    article: ArticleId
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the two say beside each other, and what differs, in words."""

    one: str
    other: str
    difference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticlePair:
    """Two articles that should be looked at together. `likeness` is the cosine of their nearest passages."""

    kind: Conflict
    one: ArticleId
    other: ArticleId
    likeness: float
    evidence: tuple[Evidence, ...]


def pairs_in(pieces: Sequence[Piece], vectors: Vectors, tick: Tick | None = None) -> tuple[ArticlePair, ...]:
    """Contradictions first, then duplicates, each the likest first. Quadratic in the passages, and blocks."""
    near = _near(pieces, vectors, tick)
    sizes = Counter(piece.article for piece in pieces)
    read = _Reading(pieces)
    found: list[ArticlePair] = []
    for (one, other), alike in near.items():
        pairs = _contradiction(one, other, alike, read), _duplicate(one, other, alike, pieces, sizes)
        found += [pair for pair in pairs if pair is not None]
        if tick is not None:
            tick(len(pieces), len(pieces))
    return tuple(sorted(found, key=lambda pair: (pair.kind, -pair.likeness, pair.one, pair.other)))


def difference_between(one: str, other: str) -> str:
    """What differs between two sentences that else say the same, in words; empty where nothing of the kind does."""
    return _difference(_Claim.of(one), _Claim.of(other), ())


_Alike = list[tuple[int, int, float]]


def _near(
    pieces: Sequence[Piece], vectors: Vectors, tick: Tick | None
) -> Mapping[tuple[ArticleId, ArticleId], _Alike]:
    """Places of near passages by the two articles they belong to, the nearest first."""
    import numpy as np

    owner = np.unique([piece.article for piece in pieces], return_inverse=True)[1]
    found: list[NDArray[np.float64]] = []
    for begin in range(0, len(pieces), _BLOCK):
        cosines = vectors[begin : begin + _BLOCK] @ vectors[begin:].T
        rows, columns = np.nonzero(cosines >= ABOUT_THE_SAME)
        ones, others = rows + begin, columns + begin
        wanted = (others > ones) & (owner[ones] != owner[others])
        block = np.stack([ones, others, cosines[rows, columns].astype(np.float64)])[:, wanted]
        found.append(_nearest(np.concatenate([*found[-1:], block], axis=1)))
        if tick is not None:
            tick(min(begin + _BLOCK, len(pieces)), len(pieces))
    near: dict[tuple[ArticleId, ArticleId], _Alike] = defaultdict(list)
    for first, second, cosine in found[-1].T if found else ():
        one, other = sorted((int(first), int(second)), key=lambda place: pieces[place].article)
        near[pieces[one].article, pieces[other].article].append((one, other, float(cosine)))
    return near


def _nearest(pairs: NDArray[np.float64]) -> NDArray[np.float64]:
    """So many pairs as a person could ever look at, by falling cosine."""
    import numpy as np

    return pairs[:, np.argsort(-pairs[2], kind="stable")[:MOST_NEAR]]


def _duplicate(
    one: ArticleId, other: ArticleId, alike: _Alike, pieces: Sequence[Piece], sizes: Mapping[ArticleId, int]
) -> ArticlePair | None:
    twins = [pair for pair in alike if pair[2] >= TWIN]
    if not twins:
        return None
    best = twins[:MOST_EVIDENCE]
    matched = min(len({mine for mine, _, _ in twins}), len({theirs for _, theirs, _ in twins}))
    if matched < MOSTLY * min(sizes[one], sizes[other]) or (matched == 1 and best[0][2] < LONE_TWIN):
        return None
    return ArticlePair(
        kind=Conflict.DUPLICATE,
        one=one,
        other=other,
        likeness=round(best[0][2], 3),
        evidence=tuple(
            Evidence(pieces[mine].text, pieces[theirs].text, f"{cosine:.0%} alike")
            for mine, theirs, cosine in best
        ),
    )


def _contradiction(one: ArticleId, other: ArticleId, alike: _Alike, read: _Reading) -> ArticlePair | None:
    found: dict[tuple[str, str], Evidence] = {}
    for mine, theirs, _ in alike:
        for evidence in read.differences(mine, theirs):
            found.setdefault((evidence.one, evidence.other), evidence)
    if not found:
        return None
    return ArticlePair(
        kind=Conflict.CONTRADICTION,
        one=one,
        other=other,
        likeness=round(alike[0][2], 3),
        evidence=tuple(found.values())[:MOST_EVIDENCE],
    )


@dataclass(frozen=True, slots=True)
class _Claim:
    """A sentence as it is compared."""

    text: str
    plain: str
    telling: frozenset[str]
    quantities: Mapping[str, frozenset[str]]
    negated: bool

    @classmethod
    def of(cls, sentence: str) -> _Claim:
        return cls(
            text=sentence,
            plain=" ".join(word.casefold() for word in words_of(sentence)),
            telling=_telling(sentence),
            quantities=_quantities(sentence),
            negated=bool(_NEGATION.search(sentence)),
        )


class _Reading:
    """The passages' sentences, each read once."""

    def __init__(self, pieces: Sequence[Piece]) -> None:
        self._pieces = pieces
        self._known: dict[int, tuple[_Claim, ...]] = {}

    def differences(self, mine: int, theirs: int) -> Iterator[Evidence]:
        """Sentences that contradict each other; what both passages say word for word is no difference.

        Nor is a number that stands in an article's own title: two articles on two versions each speak of theirs.
        """
        ours, others = self._claims(mine), self._claims(theirs)
        same = {claim.plain for claim in ours} & {claim.plain for claim in others}
        own = frozenset(_NUMBER.findall(f"{self._pieces[mine].title} {self._pieces[theirs].title}"))
        for first in ours:
            for second in others:
                if first.plain in same or second.plain in same:
                    continue
                if difference := _difference(first, second, own):
                    yield Evidence(first.text, second.text, difference)

    def _claims(self, place: int) -> tuple[_Claim, ...]:
        if place not in self._known:
            skipped = {SentenceKind.CODE, SentenceKind.HEADING}
            sentences = split_sentences(self._pieces[place].text)
            claims = (_Claim.of(one.text) for one in sentences if one.kind not in skipped)
            self._known[place] = tuple(claim for claim in claims if len(claim.telling) >= LEAST_WORDS)
        return self._known[place]


def _difference(one: _Claim, other: _Claim, apart_from: Collection[str]) -> str:
    if min(len(one.telling), len(other.telling)) < LEAST_WORDS:
        return ""
    counted = one.quantities.keys() & other.quantities.keys()
    if not counted and one.negated == other.negated:
        return ""
    shared = len(one.telling & other.telling) / len(one.telling | other.telling)
    if shared >= SAME_BUT_NUMBER and (numbers := _other_numbers(one, other, apart_from)):
        return numbers
    if shared >= SAME_BUT_NEGATION and one.negated != other.negated:
        return "one of them says that it is not so"
    return ""


def _telling(sentence: str) -> frozenset[str]:
    words = (word for word in words_of(sentence) if not _NUMBER.fullmatch(word) and len(word) > 1)
    return frozenset(
        stem(word) for word in words if word.casefold() not in STOP_WORDS and not _NEGATION.fullmatch(word)
    )


def _other_numbers(one: _Claim, other: _Claim, apart_from: Collection[str]) -> str:
    """Two numbers with the same unit where the sentences share none with it."""
    for unit in sorted(one.quantities.keys() & other.quantities.keys()):
        mine, theirs = one.quantities[unit], other.quantities[unit]
        if not mine & theirs and not (mine | theirs) & set(apart_from):
            written = next((word for word in words_of(one.text) if stem(word) == unit), unit)
            return f"{written}: {_listed(mine)} or {_listed(theirs)}"
    return ""


def _quantities(sentence: str) -> Mapping[str, frozenset[str]]:
    """Numbers by what they count: the word after them, else the word before, or the currency."""
    found: dict[str, set[str]] = defaultdict(set)
    for sign, number in _MONEY.findall(sentence):
        found[sign].add(_value(number))
    for number, unit in _COUNTED.findall(sentence):
        if unit.casefold() not in STOP_WORDS:
            found[stem(unit)].add(_value(number))
    for word, number in _AFTER.findall(sentence):
        if word.casefold() not in STOP_WORDS:
            found[stem(word)].add(_value(number))
    return {unit: frozenset(numbers) for unit, numbers in found.items()}


def _value(number: str) -> str:
    return number.replace(",", ".").rstrip("0").rstrip(".") if "." in number or "," in number else number


def _listed(numbers: Iterable[str]) -> str:
    return " and ".join(sorted(numbers))
