"""The few sentences that several sources agree on: what most helpers say to a question is most likely right.

Each word counts as much as the sources that hold it are likely to answer; a sentence is worth its words. On the solved
threads of sumo-thunderbird such sentences are nearer to the accepted answer than the steps of the likeliest source, the
beginning of the best article, or the most similar ticket's answer.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from copilot.assist.salience import telling
from copilot.assist.sources import Source
from copilot.assist.steps import Step, near_sentences, repeats, step_of, tells_what_to_do
from copilot.domain import SourceKind

MOST = 3
LEAST_TERMS = 3
_HEARD = 0.1
"""What a source's words count however unlikely it is."""
_LENGTH = 0.7
"""The power of a sentence's length that its worth is divided by: 1 prefers the shortest, 0 the longest."""
_REPEATED = 0.6


@dataclass(frozen=True, slots=True)
class Chosen:
    """A sentence and the source it is taken from."""

    source: Source
    step: Step


def agreed(sources: Sequence[Source], *, said_before: Collection[str] = ()) -> tuple[Chosen, ...]:
    """The sentences to say, those of one source together and in its order; the source of the best one first."""
    weights: defaultdict[str, float] = defaultdict(float)
    for source in sources:
        for term in frozenset(telling(_part(source))):
            weights[term] += _HEARD + source.chance
    ranked = sorted(
        (
            (_worth(terms, weights) + one.source.chance, terms, one)
            for one, terms in _candidates(sources, said_before)
        ),
        key=lambda found: -found[0],
    )
    chosen: list[Chosen] = []
    told: set[str] = set()
    for _, terms, one in ranked:
        if len(terms & told) <= _REPEATED * len(terms) and len(chosen) < MOST:
            chosen.append(one)
            told |= terms
    order = [one.source for one in chosen]
    return tuple(sorted(chosen, key=lambda one: (order.index(one.source), one.step.start)))


def _worth(terms: frozenset[str], weights: Mapping[str, float]) -> float:
    return sum(weights[term] for term in terms) / float(len(terms) ** _LENGTH)


def _candidates(
    sources: Sequence[Source], said_before: Collection[str]
) -> Iterator[tuple[Chosen, frozenset[str]]]:
    """Sentences that may be said to anybody, by themselves: a list's numbers would be torn from the list."""
    for source in sources:
        for sentence in near_sentences(source):
            terms = frozenset(telling(sentence.text))
            by_itself = not sentence.text.rstrip("*_").endswith(":") and " | " not in sentence.text
            if (
                len(terms) >= LEAST_TERMS
                and by_itself
                and tells_what_to_do(sentence, source)
                and not repeats(sentence.text, said_before)
            ):
                yield Chosen(source, replace(step_of(sentence), marker="", is_item=False)), terms


def _part(source: Source) -> str:
    if source.kind is SourceKind.TICKET:
        return source.text
    return f"{source.title} {source.text[source.start : source.end]}"
