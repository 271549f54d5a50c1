"""Every sentence that a model wrote, checked against the texts it was given before anybody sees it.

The model's own citations are tried first and believed only when the text bears them out; a wrong one is mended where
another text bears the sentence. Addresses that no trustworthy text holds are taken out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from copilot.assist.grounding import check_sentence
from copilot.assist.speech import asks
from copilot.assist.writing.evidence import (
    Bearing,
    Evidence,
    Voice,
    allowed_links,
    bears_in,
    bears_in_english,
    commits,
)
from copilot.assist.writing.hygiene import plain, repeats
from copilot.assist.writing.links import links_in, without_links
from copilot.domain import Citation, DraftSentence, SourceKind, Support
from copilot.store.words import STOP_WORDS
from copilot.text.sentences import SentenceKind, split_sentences
from copilot.text.terms import stems_of, words_of

if TYPE_CHECKING:
    from copilot.assist.writing.material import Material

MAX_SPAN = 3
"""A citation covers at most so many sentences of its source."""
_SPANS_TRIED = 3
_OTHERS_TRIED = 4
"""How many texts that the model did not name are tried for a sentence that those it named do not bear."""
_PARAGRAPH = "\n\n"
_NAME = re.compile(r"(?<=[a-z,;:] )[A-Z][\w’'-]+")
_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
_POLITE = re.compile(
    r"\W{0,3}(?:hallo|guten (?:tag|morgen|abend)|sehr geehrte|liebe[rs]?|vielen dank|danke"
    r"|(?:mit )?freundliche[nr]? grüße|viele grüße|bonjour|bonsoir|cher|chère|merci|cordialement"
    r"|bien à vous|hola|buen[oa]s|estimad[oa]|gracias|(?:un )?saludos?|atentamente|ciao|buongiorno"
    r"|gentile|grazie|cordiali saluti|beste|geachte|bedankt|dank u|met vriendelijke groet|olá|prezad[oa]"
    r"|obrigad[oa]|atenciosamente|dzień dobry|dziękuj\w*|pozdrawiam|hej|tack|med vänliga hälsningar)"
    r"[^.!?\n]{0,70}[.!,]?$",
    re.IGNORECASE,
)
"""Greeting, thanks and farewell in languages whose politeness the embedded check does not know."""
_ITEM = re.compile(r"^(?:[-*+•]|\d{1,3}[.)])\s")


@dataclass(frozen=True, slots=True)
class Claimed:
    """A sentence as a model gave it: the numbers of its sources, and whether a paragraph begins with it."""

    text: str
    sources: tuple[str, ...]
    opens_paragraph: bool = False


@dataclass(frozen=True, slots=True)
class _Part:
    """One sentence of a source: its place there and its telling words."""

    start: int
    end: int
    stems: frozenset[str]


class Checker:
    """Checks sentences against one set of texts. Making one reads them all; keep it for as long as they hold.

    `names` are words that may stand with a capital though no text holds them (who writes, who is written to); `recited`
    are the instructions that the model was given.
    """

    def __init__(
        self,
        evidence: Sequence[Evidence],
        bears: Bearing = bears_in_english,
        *,
        names: Iterable[str] = (),
        recited: str = "",
    ) -> None:
        self._evidence = {one.number: one for one in evidence}
        self._parts = {one.number: _parts(one) for one in evidence}
        self._stems = {
            number: frozenset[str]().union(*(part.stems for part in parts))
            for number, parts in self._parts.items()
        }
        self._links = allowed_links(evidence)
        self._bears = bears
        self._recited = recited
        self._cleaned: dict[str, str] = {}
        known = {word.casefold() for one in evidence for word in words_of(one.text)}
        self._numbers = {number for one in evidence for number in _NUMBER.findall(one.text)}
        self._names = known | {word.casefold() for name in names for word in words_of(name)}

    def clean(self, text: str) -> str:
        """A sentence with what may never be shown taken out. For text that is still arriving, a frame at a time."""
        if text not in self._cleaned:
            self._cleaned[text] = without_links(plain(text), self._links)[0]
        return self._cleaned[text]

    def recites(self, claimed: Iterable[Claimed]) -> bool:
        """Whether the model repeats its instructions instead of writing."""
        return bool(self._recited) and any(repeats(one.text, self._recited) for one in claimed)

    def all(self, claimed: Iterable[Claimed]) -> tuple[DraftSentence, ...]:
        """Checked sentences in their order, with the white space between them. Empty ones are left out."""
        pieces = [piece for one in claimed for piece in _split(one)]
        checked = [
            (piece, sentence)
            for piece in pieces
            if (sentence := self.sentence(piece.text, piece.sources)) is not None
        ]
        return tuple(
            DraftSentence(
                text=sentence.text,
                support=sentence.support,
                citations=sentence.citations,
                separator=_separator(checked[place][0], checked[place + 1][0])
                if place + 1 < len(checked)
                else "",
            )
            for place, (_, sentence) in enumerate(checked)
        )

    def sentence(self, text: str, sources: Sequence[str] = ()) -> DraftSentence | None:
        """One checked sentence, or None where nothing is left of it. `sources` are the numbers named for it."""
        bare, lost = without_links(plain(text), self._links)
        if not re.search(r"\w", bare):
            return None
        if lost:
            return DraftSentence(text=bare, support=Support.UNSUPPORTED)
        claim = _ITEM.sub("", bare)
        if self._needs_no_source(claim):
            return DraftSentence(text=bare, support=Support.COURTESY)
        found = self._borne_by(claim, sources)
        if found is None:
            return DraftSentence(text=bare, support=Support.UNSUPPORTED)
        cited = tuple(citation for one, citation in found if one.voice is not Voice.REP)
        return DraftSentence(
            text=bare, support=Support.SUPPORTED if cited else Support.FROM_REP, citations=cited
        )

    def typed(self, text: str) -> DraftSentence:
        """A sentence that the rep has typed or changed: never altered, and theirs to say unless it holds a fact.

        A number, an address or a name that stands in no text is marked, whoever wrote it.
        """
        found = self.sentence(text)
        if found is not None and found.support is not Support.UNSUPPORTED:
            return DraftSentence(text=text, support=found.support, citations=found.citations)
        new = set(_NUMBER.findall(text)) - self._numbers or set(links_in(text)) - self._links
        known = not new and all(name.casefold() in self._names for name in _NAME.findall(text))
        return DraftSentence(text=text, support=Support.FROM_REP if known else Support.UNSUPPORTED)

    def _needs_no_source(self, claim: str) -> bool:
        """Politeness, and questions that tell nothing; but a number, an address or an unknown name tells something."""
        if commits(claim) or re.search(r"\d", claim) or links_in(claim):
            return False
        if _POLITE.match(claim) and not claim.endswith(","):
            return True  # not a greeting: its capitals are nouns, not names
        if any(name.casefold() not in self._names for name in _NAME.findall(claim)):
            return False
        return asks(claim) or bool(_POLITE.match(claim)) or check_sentence(claim, ()) is Support.COURTESY

    def _borne_by(self, claim: str, sources: Sequence[str]) -> list[tuple[Evidence, Citation]] | None:
        stems = _telling(claim)
        named = [
            self._evidence[number]
            for number in dict.fromkeys(map(_number, sources))
            if number in self._evidence
        ]
        fit = [one for one in named if self._bears(one, claim)]
        for one in fit:
            if citation := self._span(one, claim, stems):
                return [(one, citation)]
        if len(fit) > 1 and (together := self._together(fit, claim, stems)):
            return together
        for one in self._nearest(stems, claim, known=fit):
            if citation := self._span(one, claim, stems):
                return [(one, citation)]
        return None

    def _nearest(self, stems: frozenset[str], claim: str, known: Sequence[Evidence]) -> list[Evidence]:
        """Other texts that share most words with a claim; what the rep typed comes last: a source is worth more."""
        others = [one for one in self._evidence.values() if one not in known and self._bears(one, claim)]
        others.sort(key=lambda one: (one.voice is Voice.REP, -len(stems & self._stems[one.number])))
        rep = [one for one in others if one.voice is Voice.REP]
        return [*others[:_OTHERS_TRIED], *(one for one in rep if one not in others[:_OTHERS_TRIED])]

    def _span(self, one: Evidence, claim: str, stems: frozenset[str]) -> Citation | None:
        """The part of a text that bears a claim."""
        for start, end in self._spans(one, stems):
            if check_sentence(claim, [one.source.text[start:end]]) is Support.SUPPORTED:
                return one.source.cite(start, end)
        if one.source.url and claim.strip() and one.source.kind is SourceKind.ARTICLE:
            return self._pointer(one, claim)
        return None

    def _pointer(self, one: Evidence, claim: str) -> Citation | None:
        """A sentence that names an article and links it stands on its title and address."""
        if (
            not links_in(claim)
            or check_sentence(claim, [f"{one.source.title}\n{one.source.url}"]) is not Support.SUPPORTED
        ):
            return None
        return one.source.cite(one.source.start, one.source.end)

    def _together(
        self, fit: Sequence[Evidence], claim: str, stems: frozenset[str]
    ) -> list[tuple[Evidence, Citation]] | None:
        """A sentence put together from several texts stands on all of them."""
        found = [
            (one, one.source.cite(*self._spans(one, stems)[0])) for one in fit if self._spans(one, stems)
        ]
        quotes = [citation.quote for _, citation in found]
        return found if check_sentence(claim, quotes) is Support.SUPPORTED else None

    def _spans(self, one: Evidence, stems: frozenset[str]) -> list[tuple[int, int]]:
        """The runs of up to three sentences that share most words with a claim, the shortest of equals first."""
        parts = self._parts[one.number]
        ranked: list[tuple[float, int, int, int]] = []
        for at in range(len(parts)):
            held: frozenset[str] = frozenset()
            for length, part in enumerate(parts[at : at + MAX_SPAN]):
                held |= part.stems
                ranked.append((-len(stems & held), length, parts[at].start, part.end))
        ranked.sort()
        return [(start, end) for _, _, start, end in ranked[:_SPANS_TRIED]]


def checker_of(material: Material) -> Checker:
    """The checker for what is said to the requester of a ticket. Blocks while it reads everything."""
    return Checker(material.evidence, bears_in(material.language), names=material.names)


def _parts(one: Evidence) -> list[_Part]:
    return [
        _Part(one.start + s.start, one.start + s.end, _telling(s.text))
        for s in split_sentences(one.text)
        if s.end > s.start
    ]


def _telling(text: str) -> frozenset[str]:
    return frozenset(stems_of(" ".join(word for word in words_of(text) if word.casefold() not in STOP_WORDS)))


def _number(named: str) -> str:
    """A model writes "[S1]", "s1" or "Source S1" for S1."""
    found = re.search(r"\b([SMRABC])\s?-?(\d{1,4})\b", named.upper())
    return f"{found[1]}{int(found[2])}" if found else named


def _split(one: Claimed) -> list[Claimed]:
    """Each sentence by itself, where a model put several into one."""
    pieces = []
    for place, sentence in enumerate(split_sentences(one.text)):
        text = f"{sentence.marker} {sentence.text}" if sentence.marker else sentence.text
        opens = one.opens_paragraph if place == 0 else _breaks_before(one.text, sentence.start)
        if sentence.kind is not SentenceKind.CODE or plain(text):
            pieces.append(Claimed(text, one.sources, opens))
    return pieces


def _breaks_before(text: str, at: int) -> bool:
    before = text[:at]
    return before[len(before.rstrip()) :].count("\n") > 1


def _separator(one: Claimed, following: Claimed) -> str:
    if following.opens_paragraph:
        return _PARAGRAPH
    here, there = bool(_ITEM.match(one.text)), bool(_ITEM.match(following.text))
    if there:
        return "\n" if here else _PARAGRAPH
    greeting = one.text.rstrip().endswith(",") and len(one.text.split()) <= 5
    return _PARAGRAPH if here or greeting else " "
