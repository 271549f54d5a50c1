"""Chooses the sentences of a source that answer a question, in their order, and fits them to be said to anybody."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from copilot.assist.sources import Source
from copilot.assist.speech import asks, instructs, is_courtesy
from copilot.domain import Person, SourceKind
from copilot.store.words import STOP_WORDS
from copilot.text.injection import signs_in
from copilot.text.sentences import Sentence, SentenceKind, split_sentences
from copilot.text.terms import stem, words_of

MAX_SENTENCES = 7
MAX_SENTENCE_CHARS = 420
MAX_PROSE = 2
SHARED_WORDS = 3
"""A part of an article is quoted where it shares at least so many telling words with the question."""
AROUND_CHARS = 900
"""How far past the passage that matched a list of steps is followed."""


def _anywhere(*phrases: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(phrases)})(?!\w)", re.IGNORECASE)


_POINTS_ELSEWHERE = _anywhere(
    r"(?:see|shown|as|in|like|the) (?:the )?(?:following |above |attached )?(?:pictures?|images?|figures?|video)",
    r"screen ?shots?|attached|see (?:below|above)|table of contents|learn more|related article|the (?:user|op)",
    r"(?:above|below|following) (?:question|answer|thread|post|table|section)|the (?:customer|original poster)",
    r"this (?:article|page|guide|section|question|thread|post|topic) (?:\w+ ){0,3}(?:describes|explains|shows|covers)",
    r"this (?:article|page|guide|section|question|thread|post|topic) (?:is|will|has)",
    r"you(?:['’]ll| will) (?:find|see) (?:it )?(?:below|above)",
)
_SOMEBODY = _anywhere(
    r"i|i['’](?:m|d|ve|ll)|me|my|mine|myself|we|we['’](?:re|ve|ll|d)|our|ours|helper\d",
    r"you (?:said|mentioned|wrote|posted|asked|reported|described|show(?:ed)?|have posted|appear|seem|probably)",
    r"you are using|your (?:picture|image|post|question|message|case|log|error|description|original|situation|last)",
    r"@\w+|(?:he|she|they) (?:said|wrote|is|was|are)|his|her",
)
_BRACKETED = re.compile(r"\[\w+\](?!\()|!\[")
_MAIL = re.compile(r"[\w.+-]+@[\w-]+\.\w")


@dataclass(frozen=True, slots=True)
class Step:
    """A sentence of a source that may be said, with its place there."""

    text: str
    start: int
    end: int
    marker: str
    is_item: bool


def choose_steps(source: Source, question: str, *, said_before: Collection[str] = ()) -> tuple[Step, ...]:
    """The sentences of `source` that answer `question` best; empty where none can be said to anybody as they are.

    `said_before` holds keys (see `telling_key`) of sentences the requester has read already.
    """
    if source.kind is SourceKind.MACRO:
        return tuple(step_of(s) for s in split_sentences(source.text))
    near = near_sentences(source)
    if source.kind is SourceKind.INTERNAL_ANSWER:  # short, approved, and meant to be said as it is
        chosen = [s for s in split_sentences(source.text) if _may_be_said(s, source)][:MAX_SENTENCES]
    elif source.kind is SourceKind.TICKET:
        chosen = [s for s in near if _may_be_said(s, source) and _instructs(s)][:MAX_SENTENCES]
    else:
        chosen = _list_in(near, source, question) or _best_prose(near, source, question)
    return tuple(step_of(s) for s in chosen if not repeats(s.text, said_before))


def near_sentences(source: Source) -> list[Sentence]:
    """The sentences of the matched part, and a list that begins there to its end."""
    reach = min(len(source.text), source.end + AROUND_CHARS)
    near: list[Sentence] = []
    for sentence in split_sentences(source.text[:reach]):
        if sentence.start < source.start:
            continue
        if sentence.start >= source.end and not (
            near and sentence.kind is SentenceKind.ITEM is near[-1].kind
        ):
            break
        near.append(sentence)
    return near


def _may_be_said(sentence: Sentence, source: Source) -> bool:
    text = sentence.text
    if (
        sentence.kind not in {SentenceKind.TEXT, SentenceKind.ITEM}
        or not 8 <= len(text) <= MAX_SENTENCE_CHARS
    ):
        return False
    if _POINTS_ELSEWHERE.search(text) or _BRACKETED.search(text) or is_courtesy(text) or signs_in(text):
        return False
    if source.kind is SourceKind.TICKET:
        return not (
            asks(text) or _SOMEBODY.search(text) or _MAIL.search(text) or _names_one(text, source.people)
        )
    return True


def _names_one(text: str, people: Sequence[Person]) -> bool:
    """Whether a sentence holds a name of somebody of the earlier ticket."""
    names = {part.casefold() for person in people for part in words_of(person.name) if len(part) > 2}
    return any(word.casefold().split("'")[0].split("’")[0] in names for word in words_of(text))


def _instructs(sentence: Sentence) -> bool:
    return instructs(sentence.text.lstrip("*_ "))


def _list_in(near: Sequence[Sentence], source: Source, question: str) -> list[Sentence]:
    """The first whole list of steps that has to do with the question, with the line that opens it."""
    at = 0
    while at < len(near):
        if near[at].kind is not SentenceKind.ITEM or not near[at].marker:
            at += 1
            continue
        end = at
        while end < len(near) and near[end].kind is SentenceKind.ITEM:
            end += 1
        steps = list(near[at:end])
        opens = at > 0 and near[at - 1].text.rstrip("*_").endswith(":") and _may_be_said(near[at - 1], source)
        whole = [near[at - 1], *steps] if opens else steps
        if _is_whole_list(steps, source) and _shared(whole, question) >= SHARED_WORDS:
            return whole
        at = end
    return []


def _is_whole_list(steps: Sequence[Sentence], source: Source) -> bool:
    """Whether nothing is missing from a list: every step can be said, numbers run from one, nothing is nested."""
    markers = [s.marker for s in steps if s.marker]
    numbers = [int(marker[:-1]) for marker in markers if marker[:-1].isdigit()]
    flat = numbers == list(range(1, len(markers) + 1)) or (not numbers and len(set(markers)) == 1)
    fits = len(markers) >= 2 and len(steps) <= MAX_SENTENCES
    return flat and fits and all(_may_be_said(s, source) for s in steps) and any(_instructs(s) for s in steps)


def _shared(sentences: Sequence[Sentence], question: str) -> int:
    told: frozenset[str] = frozenset().union(*(_telling(s.text) for s in sentences))
    return len(told & _telling(question))


def _best_prose(near: Sequence[Sentence], source: Source, question: str) -> list[Sentence]:
    """The few sentences outside lists that tell what to do and share most with the question."""
    fit = [s for s in near if s.kind is SentenceKind.TEXT and _may_be_said(s, source) and _instructs(s)]
    fit = [s for s in fit if not s.text.rstrip("*_").endswith(":")]
    weighed = sorted(((_shared([s], question), s) for s in fit), key=lambda pair: -pair[0])[:MAX_PROSE]
    return sorted((s for shared, s in weighed if shared >= SHARED_WORDS), key=lambda s: s.start)


def _telling(text: str) -> frozenset[str]:
    return frozenset(
        stem(word) for word in words_of(text) if len(word) > 2 and word.casefold() not in STOP_WORDS
    )


def telling_key(text: str) -> str:
    """A sentence's stems in one string, for comparing what was said."""
    return " ".join(sorted(_telling(text)))


def tells_what_to_do(sentence: Sentence, source: Source) -> bool:
    """Whether a sentence instructs, and may be said to anybody as it is."""
    return _may_be_said(sentence, source) and _instructs(sentence)


def repeats(text: str, said_before: Collection[str]) -> bool:
    """Whether most of a sentence was said already, by the keys of what was."""
    own = _telling(text)
    if len(own) < 3:
        return False
    return any(len(own & frozenset(key.split())) >= 0.75 * len(own) for key in said_before)


def step_of(sentence: Sentence) -> Step:
    """A sentence on one line, with its place in the source."""
    return Step(
        text=" ".join(sentence.text.split()),
        start=sentence.start,
        end=sentence.end,
        marker=sentence.marker,
        is_item=sentence.kind is SentenceKind.ITEM,
    )
