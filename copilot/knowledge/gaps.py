"""Gaps in the team's knowledge: questions that found nothing or were escalated, put together by what they ask.

A gap is named by class-based TF-IDF (Grootendorst 2022, arXiv:2203.05794, section 3.3): the words that its questions
use more than those of the other gaps.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

from copilot.domain import TicketId
from copilot.store.words import STOP_WORDS
from copilot.text.terms import stem, words_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from copilot.knowledge.clusters import Tick

    Vectors = NDArray[np.float32]

ALIKE = 0.45
"""The average cosine from which questions belong together. Of 0.3 to 0.65, between the best for 350 questions of
sumo-thunderbird's development part by the article that answered them (0.42) and the best for banking77 (0.55)."""
NAME_TERMS = 3
COMMON = 0.4
"""A term of more gaps than this share says nothing of any, the product's name for one."""
_FEW_GAPS = 5
_SHORTEST_WORD = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Unanswered:
    """A question that the team's knowledge did not answer.

    `seconds` is the time reps spent on its suggestions and `cost` what models charged for them (US dollars), as far as
    rows tell. `escalated` and `found_nothing` say why it is here; both may hold.
    """

    ticket: TicketId
    subject: str
    text: str
    at: datetime
    escalated: bool = False
    found_nothing: bool = False
    reason: str = ""
    seconds: float = 0.0
    cost: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Questions that ask alike. `name` is what they speak of, `example` the subject nearest to the middle of them.

    `questions` stand nearest first. `seconds` and `cost` are their sums.
    """

    name: str
    example: str
    questions: tuple[Unanswered, ...]

    @property
    def tickets(self) -> tuple[TicketId, ...]:
        """Their tickets."""
        return tuple(question.ticket for question in self.questions)

    @property
    def count(self) -> int:
        """How many tickets there are."""
        return len(self.questions)

    @property
    def escalated(self) -> int:
        """How many of them were handed on."""
        return sum(question.escalated for question in self.questions)

    @property
    def seconds(self) -> float:
        """The time reps spent on their suggestions."""
        return sum(question.seconds for question in self.questions)

    @property
    def cost(self) -> Decimal:
        """What models charged for them, in US dollars."""
        return sum((question.cost for question in self.questions), Decimal(0))


def gaps_in(questions: Sequence[Unanswered], vectors: Vectors, tick: Tick | None = None) -> tuple[Gap, ...]:
    """The gaps, the one with the most tickets first. Imports numpy and blocks: call it off the event loop."""
    import numpy as np

    from copilot.knowledge.clusters import clusters_of

    if not questions:
        return ()
    groups = []
    for places in clusters_of(vectors, ALIKE, tick):
        middle = vectors[places].mean(axis=0)
        order = np.argsort(-(vectors[places] @ middle), kind="stable")
        groups.append([questions[places[int(place)]] for place in order])
    names = names_of([[f"{one.subject}. {one.text}" for one in group] for group in groups])
    found = [
        Gap(name=name or group[0].subject, example=group[0].subject, questions=tuple(group))
        for name, group in zip(names, groups, strict=True)
    ]
    return tuple(sorted(found, key=lambda gap: (-gap.count, -gap.seconds, gap.name)))


def names_of(groups: Sequence[Sequence[str]]) -> list[str]:
    """A name for each group of texts: the terms that tell it from the others, empty where it has no words."""
    counts = [Counter(term for text in texts for term in _terms(text)) for texts in groups]
    spread = [Counter(term for text in texts for term in set(_terms(text))) for texts in groups]
    total: Counter[str] = Counter()
    for count in counts:
        total.update(count)
    average = sum(total.values()) / max(len(groups), 1)
    spoken = Counter(term for count in counts for term in count)
    most = COMMON * len(groups) if len(groups) >= _FEW_GAPS else len(groups)
    rare = Counter({term: times for term, times in total.items() if spoken[term] <= most})
    return [
        _name(texts, count, often, rare, average)
        for texts, count, often in zip(groups, counts, spread, strict=True)
    ]


def _name(
    texts: Sequence[str], count: Counter[str], often: Counter[str], total: Counter[str], average: float
) -> str:
    """The best terms as somebody wrote them; a term of one text alone counts only where there is no other text."""
    size = max(sum(count.values()), 1)
    least = 2 if len(texts) > 1 else 1
    weights = {
        term: times / size * math.log(1 + average / total[term])
        for term, times in count.items()
        if often[term] >= least and term in total
    }
    chosen: list[str] = []
    for term in sorted(weights, key=lambda term: (-weights[term], term)):
        if not any(set(term.split()) & set(other.split()) for other in chosen):
            chosen.append(term)
        if len(chosen) == NAME_TERMS:
            break
    written = _as_written(texts)
    return ", ".join(written.get(term, term) for term in chosen)


def _terms(text: str) -> list[str]:
    """Stems of telling words, and pairs of them that stand side by side."""
    stems = [stem(word) if _tells(word) else "" for word in words_of(text)]
    pairs = [f"{first} {second}" for first, second in pairwise(stems) if first and second]
    return [one for one in stems if one] + pairs


def _tells(word: str) -> bool:
    if len(word) < _SHORTEST_WORD or not word[0].isalpha() or "'" in word or "’" in word:
        return False
    return word.casefold() not in STOP_WORDS


def _as_written(texts: Sequence[str]) -> dict[str, str]:
    """How each term is written most often."""
    forms: dict[str, Counter[str]] = {}
    for text in texts:
        words = [word.casefold() for word in words_of(text)]
        for word in words:
            forms.setdefault(stem(word), Counter())[word] += 1
        for first, second in pairwise(words):
            forms.setdefault(f"{stem(first)} {stem(second)}", Counter())[f"{first} {second}"] += 1
    return {term: counter.most_common(1)[0][0] for term, counter in forms.items()}
