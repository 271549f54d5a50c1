"""Whether a sentence stands on the spans it cites: the embedded check, deliberately strict on what may be checked.

Words may be rearranged, but one place of the source must hold most of them: a sentence pieced together from all over it
is seldom true. Numbers, names and links must stand there, among the words they are said of, and a "not" may neither
come nor go. Vectors are left out: on MTRAG's judged replies the cosine of the nearest sentence ranks worse than these
shares, adds under 0.01 to them, and costs milliseconds for each sentence of each source.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from copilot.assist.details import Detail, Reading, read_sentence, read_source, terms_in
from copilot.assist.speech import instructs, is_courtesy
from copilot.domain import Support

ENOUGH = 0.6
"""The least score of a sentence that counts as supported."""
_ABSENT = 0.35
"""What is left of a score where a detail stands nowhere in the source, or a negation differs."""
_MISPLACED = 0.45
"""What is left where a detail stands in the source, but among other words."""
_FITS = 0.67
"""The share of the words beside a detail that must stand around it in the source too."""
_BETTER = 0.15
"""By so much another number of the same unit has to fit better for this one to be a mix-up."""
_READ_SPANS = 4
"""Of many spans only so many are read closely."""
_READ_PLACES = 3
_TOLD = 0.6
"""A sentence of the source that holds less of the words is not the one that was retold."""

_Kind = Callable[[Reading], tuple[Detail, ...]]


def check_sentence(sentence: str, spans: Sequence[str]) -> Support:
    """What a sentence stands on: COURTESY needs nothing, SUPPORTED is borne by `spans`, the rest is UNSUPPORTED."""
    if is_courtesy(sentence) and not read_sentence(sentence).has_facts and not instructs(sentence):
        return Support.COURTESY
    return Support.SUPPORTED if support_score(sentence, spans) >= ENOUGH else Support.UNSUPPORTED


def support_score(sentence: str, spans: Sequence[str]) -> float:
    """From 0 to 1: the share of telling words that the best place of the spans holds, times how its details stand.

    A sentence that stands there word for word has 1.
    """
    if not sentence.strip() or not any(span.strip() for span in spans):
        return 0.0
    if _stands_in(sentence, spans):
        return 1.0
    read = read_sentence(sentence)
    source = [reading for span in _nearest(read, spans) for reading in read_source(span)]
    places = _places(read, source)
    share = places[0][0] if places else 0.0
    if not read.terms:  # nothing but links and numbers, or small words
        share = 1.0 if read.has_facts else 0.0
    return share * _details_stand(read, source) * _negations_agree(read, places)


def _stands_in(sentence: str, spans: Sequence[str]) -> bool:
    """Whether a span holds the sentence word for word, and not as the beginning of a longer link or number."""
    said = re.escape(" ".join(sentence.split())).replace("\\ ", r"\s+")
    whole = re.compile(rf"(?<!\w){said}(?![\w/]|\.\w)")
    return any(whole.search(span) for span in spans)


def _nearest(read: Reading, spans: Sequence[str]) -> Sequence[str]:
    """The spans that share most with a sentence: only these are worth reading closely."""
    if len(spans) <= _READ_SPANS:
        return spans
    wanted = read.held
    return sorted(spans, key=lambda span: -len(wanted & terms_in(span)))[:_READ_SPANS]


def _places(read: Reading, source: Sequence[Reading]) -> list[tuple[float, tuple[Reading, ...]]]:
    """The places of the source nearest to a sentence, each of two sentences that follow each other, nearest first."""
    wanted = read.terms
    found = []
    for number, first in enumerate(source):
        place = (first, *source[number + 1 : number + 2])
        held = first.held.union(*(other.held for other in place[1:]))
        found.append((sum(term in held for term in wanted) / (len(wanted) or 1), place))
    return sorted(found, key=lambda one: -one[0])[:_READ_PLACES]


def _details_stand(read: Reading, source: Sequence[Reading]) -> float:
    """1 where every number, link and name stands in the source among the same words; less where one does not."""
    words = frozenset(word for reading in source for word in reading.words)
    kinds: tuple[_Kind, ...] = (lambda one: one.numbers, lambda one: one.links)
    stands = [
        _fit(detail, [other for reading in source for other in kind(reading)])
        for kind in kinds
        for detail in kind(read)
    ]
    for name in read.names:
        others = [other for reading in source for other in _mentions(name.value, reading)]
        stands.append(_fit(name, others) if name.value in words else _ABSENT)
    return min(stands, default=1.0)


def _mentions(name: str, reading: Reading) -> list[Detail]:
    """Where a sentence holds a name, also at its beginning, where a capital tells nothing."""
    found = [other for other in reading.names if other.value == name]
    if found or name not in reading.words:
        return found
    return [Detail(name, frozenset(reading.terms), reading.held)]


def _fit(detail: Detail, others: Sequence[Detail]) -> float:
    same = [other for other in others if other.value == detail.value and _same_unit(detail, other)]
    if not same:
        return _ABSENT
    if not detail.beside:
        return 1.0
    share = max(_beside(detail, other) for other in same)
    if detail.unit and any(
        _beside(detail, other) > share + _BETTER for other in others if other.unit == detail.unit
    ):
        return _MISPLACED
    return _MISPLACED + (1 - _MISPLACED) * min(1.0, share / _FITS)


def _beside(detail: Detail, other: Detail) -> float:
    """How much of the words beside a detail stand around another."""
    return len(detail.beside & other.around) / len(detail.beside)


def _same_unit(one: Detail, other: Detail) -> bool:
    return one.unit == other.unit or not (one.unit and other.unit)


def _negations_agree(read: Reading, places: Sequence[tuple[float, tuple[Reading, ...]]]) -> float:
    """1 where what the sentence negates is negated in the source, and the other way round."""
    theirs = [scope for _, place in places for reading in place for scope in reading.negations]
    for scope in read.negations:
        if scope and not any(_about_the_same(scope, other) for other in theirs):
            return _ABSENT
    said = read.held
    nearest = places[0][1] if places else ()
    for reading in nearest:
        if len(said & reading.held) < _TOLD * len(said):
            continue
        for scope in reading.negations:
            told = len(scope & said) >= max(1, 0.6 * len(scope))
            if told and not any(_about_the_same(scope, own) for own in read.negations):
                return _ABSENT
    return 1.0


def _about_the_same(one: frozenset[str], other: frozenset[str]) -> bool:
    return len(one & other) >= max(1, 0.5 * min(len(one), len(other)))
