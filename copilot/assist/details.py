"""The details of a text that are right or wrong: numbers with their units, links, names, and what is negated.

Each with the words it stands among, so that a number of the source said of another thing can be told from the same
number said of the same thing.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from copilot.store.words import STOP_WORDS
from copilot.text.sentences import split_sentences
from copilot.text.terms import stem, words_of

BESIDE = 3
"""How many telling words on each side of a detail it is compared by."""
AROUND = 8
"""How many on each side it may stand among in the source: writing rearranges."""

_TOKEN = re.compile(
    r"(?P<link>(?:https?://|www\.|mailto:)[^\s<>()\[\]\"']+|[\w.+-]+@[\w-]+\.[\w.-]*\w"
    r"|\b[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|gov|edu|info|io|co|eu|uk|de|fr|app|dev|ai)\b(?:/[^\s<>()\[\]\"']*)?)"
    r"|(?P<number>\d+(?:[.,:]\d+)*)|(?P<word>[^\W\d_]+(?:['’][^\W\d_]+)*)|(?P<stop>[.!?;:\n•]+)",
    re.IGNORECASE,
)
_NUMBERS = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_NUMBER_WORDS = {
    word: str(value) for value, word in enumerate(_NUMBERS, start=2)
}  # "one" is a pronoun more often
_UNIT_WORDS = (
    *(
        "second",
        "minute",
        "hour",
        "day",
        "week",
        "month",
        "year",
        "percent",
        "dollar",
        "euro",
        "pound",
        "cent",
    ),
    *(
        "kb",
        "mb",
        "gb",
        "tb",
        "kilobyte",
        "megabyte",
        "gigabyte",
        "message",
        "folder",
        "account",
        "page",
        "item",
    ),
)
_UNITS = {stem(form): unit for unit in _UNIT_WORDS for form in (unit, f"{unit}s")} | {
    "hr": "hour",
    "min": "minute",
}
_NOT = frozenset(
    (
        "not",
        "no",
        "never",
        "none",
        "nothing",
        "neither",
        "nor",
        "without",
        "cannot",
        "unable",
        "unless",
        "cant",
        "dont",
    )
)
_NEUTRAL = re.compile(r"\bnot only\b|\bwhether or not\b|\bif not\b|\bno\. (?=\d)|\bno,", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Detail:
    """One detail: what it is in a form that can be compared, and the stems of the telling words around it.

    `beside` are the nearest few, `around` more of them. `unit` follows a number.
    """

    value: str
    beside: frozenset[str]
    around: frozenset[str]
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """A sentence as its details are compared.

    `terms` are its telling stems in order, `held` the same as a set, `words` all words; `negations` are what each
    "not" is said of.
    """

    text: str
    terms: tuple[str, ...]
    held: frozenset[str]
    words: frozenset[str]
    numbers: tuple[Detail, ...]
    links: tuple[Detail, ...]
    names: tuple[Detail, ...]
    negations: tuple[frozenset[str], ...]

    @property
    def has_facts(self) -> bool:
        """Whether it holds a number or a link."""
        return bool(self.numbers or self.links)


@dataclass(slots=True)
class _Token:
    text: str
    kind: str
    opens: bool
    term: str = ""
    negates: bool = False


class _Sentence:
    """The tokens of a sentence, and where its telling words stand among them."""

    def __init__(self, text: str) -> None:
        self.tokens = _tokens(_NEUTRAL.sub(" ", text))
        self.places = [at for at, token in enumerate(self.tokens) if token.term]
        self.terms = [self.tokens[at].term for at in self.places]

    def detail(self, at: int, value: str, unit: str = "") -> Detail:
        """The detail at a token, with the telling words on both sides."""
        first = bisect_left(self.places, at)
        after = first + (1 if self.tokens[at].term else 0)
        before, following = self.terms[max(0, first - AROUND) : first], self.terms[after : after + AROUND]
        return Detail(
            value, frozenset(before[-BESIDE:] + following[:BESIDE]), frozenset(before + following), unit
        )

    def number(self, at: int) -> Detail:
        """A number, with its unit where one follows."""
        following = self.tokens[at + 1].term if at + 1 < len(self.tokens) else ""
        return self.detail(at, self.tokens[at].text.replace(",", ""), _UNITS.get(following, ""))

    def names(self, text: str) -> Iterator[Detail]:
        """Words with a capital where grammar asks for none. The capitals of a headline tell nothing."""
        told = [self.tokens[at] for at in self.places]
        if text.rstrip("*_ \n").endswith(":") and all(token.text[0].isupper() for token in told):
            return
        for at, token in zip(self.places, told, strict=True):
            if token.text[0].isupper() and not token.opens:
                yield self.detail(at, token.text.casefold())

    def scope(self, at: int) -> frozenset[str]:
        """What a "not" is said of: the telling words after it in its clause, and the nearest before it."""
        after: list[str] = []
        for token in self.tokens[at + 1 : at + 9]:
            if token.kind == "stop":
                break
            after += [token.term] if token.term else []
        before = [token.term for token in self.tokens[max(0, at - 6) : at] if token.term]
        return frozenset(after[:3] + before[-2:])


@lru_cache(maxsize=4096)
def read_sentence(text: str) -> Reading:
    """One sentence."""
    read = _Sentence(text)
    places = enumerate(read.tokens)
    kinds: dict[str, list[int]] = {"number": [], "link": [], "negation": []}
    for at, token in places:
        if token.kind in kinds or token.negates:
            kinds["negation" if token.negates else token.kind].append(at)
    return Reading(
        text=text,
        terms=tuple(read.terms),
        held=frozenset(read.terms),
        words=frozenset(token.text.casefold() for token in read.tokens if token.kind == "word"),
        numbers=tuple(read.number(at) for at in kinds["number"]),
        links=tuple(read.detail(at, _bare(read.tokens[at].text)) for at in kinds["link"]),
        names=tuple(read.names(text)),
        negations=tuple(read.scope(at) for at in kinds["negation"]),
    )


@lru_cache(maxsize=256)
def read_source(text: str) -> tuple[Reading, ...]:
    """The sentences of a source, in order."""
    return tuple(read_sentence(sentence.text) for sentence in split_sentences(text))


@lru_cache(maxsize=1024)
def terms_in(text: str) -> frozenset[str]:
    """The stems of all words of a source: quicker than reading it."""
    return frozenset(map(_term, words_of(text)))


def _tokens(text: str) -> list[_Token]:
    tokens: list[_Token] = []
    opens = True
    for found in _TOKEN.finditer(text):
        kind = found.lastgroup or ""
        token = _Token(found[0], kind, opens)
        opens = kind == "stop" or (opens and kind == "number")
        if kind == "word":
            low = token.text.casefold()
            if low in _NUMBER_WORDS:
                token.text, token.kind = _NUMBER_WORDS[low], "number"
            elif low in _NOT or low.endswith(("n't", "n’t")):
                token.negates = True
            elif low not in STOP_WORDS and len(low) > 1:
                token.term = _term(low)
        tokens.append(token)
    return tokens


def _term(word: str) -> str:
    return stem(word.removesuffix("'s").removesuffix("’s"))


def _bare(link: str) -> str:
    low = link.casefold().rstrip("/.,;:!?")
    for start in ("https://", "http://", "mailto:", "www."):
        low = low.removeprefix(start)
    return low
