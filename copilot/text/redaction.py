"""Texts with placeholders where their personal data stood, and back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from copilot.text.cued import is_nobody
from copilot.text.personal import (
    DEFAULT_REGIONS,
    NOTHING_KNOWN,
    Known,
    PersonalKind,
    PersonalSpan,
    personal_spans,
)


@dataclass(frozen=True, slots=True)
class Redacted:
    """`text` holds placeholders like `[mail 1]`; `spans` say where the data stood in the text it was made from.

    `values` leads from each placeholder to what it stands for, so it is as personal as the first text. The same value
    has the same placeholder everywhere.
    """

    text: str
    spans: tuple[PersonalSpan, ...]
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class RedactedTexts:
    """Several texts redacted together: a value has one placeholder in all of them.

    `counts` says how many pieces of each kind were hidden.
    """

    texts: tuple[str, ...]
    values: Mapping[str, str]
    counts: Mapping[PersonalKind, int]


def redact(text: str, *, regions: Sequence[str] = DEFAULT_REGIONS, names: Iterable[str] = ()) -> Redacted:
    """The text without the personal data that `personal_spans` finds."""
    spans = personal_spans(text, regions=regions, names=names)
    numbering = _Numbering((text,))
    return Redacted(numbering.replace(text, spans), spans, numbering.values)


def redact_all(
    texts: Sequence[str], *, regions: Sequence[str] = DEFAULT_REGIONS, known: Known = NOTHING_KNOWN
) -> RedactedTexts:
    """Texts that belong together, without the personal data that `personal_spans` finds and `known` names.

    Who is named as a person once ("my name is …", "Dear …") is hidden wherever the name stands.
    """
    numbering = _Numbering(texts)
    found = [personal_spans(text, regions=regions, known=known) for text in texts]
    if met := _names_met(texts, found, known):
        everybody = replace(known, names=(*known.names, *met))
        found = [personal_spans(text, regions=regions, known=everybody) for text in texts]
    replaced = tuple(numbering.replace(text, spans) for text, spans in zip(texts, found, strict=True))
    counts = dict.fromkeys(PersonalKind, 0)
    for spans in found:
        for span in spans:
            counts[span.kind] += 1
    return RedactedTexts(replaced, numbering.values, {kind: count for kind, count in counts.items() if count})


def _names_met(
    texts: Sequence[str], found: Sequence[Sequence[PersonalSpan]], known: Known
) -> tuple[str, ...]:
    """Names that were found by the words around them; not those that hold the name of a role."""
    met = {
        text[span.start : span.end]
        for text, spans in zip(texts, found, strict=True)
        for span in spans
        if span.kind is PersonalKind.NAME
    }
    return tuple(sorted(name for name in met - set(known.names) if not any(map(is_nobody, name.split()))))


def restore(text: str, values: Mapping[str, str]) -> str:
    """The text with each placeholder replaced by its value, also after it was shortened or written anew.

    `restore(redacted.text, redacted.values)` is the text that was redacted, to the letter. A model's `[Mail 1]` and
    `[mail_1]` count as `[mail 1]`.
    """
    return _PLACEHOLDER.sub(lambda match: values.get(_canonical(match), match.group()), text)


def placeholders_in(text: str) -> frozenset[str]:
    """The placeholders that stand in a text, in the form in which they are given out."""
    return frozenset(_canonical(match) for match in _PLACEHOLDER.finditer(text))


def without_cut_placeholder(text: str) -> str:
    """The text without a placeholder at its end that has only begun: for what is shown while it still comes in."""
    return _BEGUN.sub("", text)


_KINDS = "|".join(PersonalKind)
_PLACEHOLDER = re.compile(rf"\[({_KINDS})[ _]?([0-9]{{1,9}})\]", re.IGNORECASE)
_BEGUN = re.compile(r"\[[A-Za-z]{0,8}(?:[ _][0-9]{0,9})?\Z")


def _canonical(match: re.Match[str]) -> str:
    return f"[{match[1].lower()} {int(match[2])}]"


class _Numbering:
    """Gives each value its placeholder. What already looks like one in `texts` is never given out.

    Else it would come back as somebody's data.
    """

    def __init__(self, texts: Iterable[str]) -> None:
        self.values: dict[str, str] = {}
        self._taken = {_canonical(match) for text in texts for match in _PLACEHOLDER.finditer(text)}
        self._given: dict[tuple[PersonalKind, str], str] = {}
        self._counts = dict.fromkeys(PersonalKind, 0)

    def replace(self, text: str, spans: Iterable[PersonalSpan]) -> str:
        pieces: list[str] = []
        at = 0
        for span in spans:
            pieces += (text[at : span.start], self._placeholder(span.kind, text[span.start : span.end]))
            at = span.end
        pieces.append(text[at:])
        return "".join(pieces)

    def _placeholder(self, kind: PersonalKind, value: str) -> str:
        if (kind, value) not in self._given:
            self._given[kind, value] = placeholder = self._next_free(kind)
            self.values[placeholder] = value
        return self._given[kind, value]

    def _next_free(self, kind: PersonalKind) -> str:
        while True:
            self._counts[kind] += 1
            placeholder = f"[{kind} {self._counts[kind]}]"
            if placeholder not in self._taken:
                return placeholder
