"""A text with placeholders where its personal data stood, and back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from copilot.text.personal import DEFAULT_REGIONS, PersonalKind, PersonalSpan, personal_spans


@dataclass(frozen=True, slots=True)
class Redacted:
    """`text` holds placeholders like `[mail 1]`; `spans` say where the data stood in the text it was made from.

    `values` leads from each placeholder to what it stands for, so it is as personal as the first text. The same value
    has the same placeholder everywhere.
    """

    text: str
    spans: tuple[PersonalSpan, ...]
    values: Mapping[str, str]


def redact(text: str, *, regions: Sequence[str] = DEFAULT_REGIONS, names: Iterable[str] = ()) -> Redacted:
    """The text without the personal data that `personal_spans` finds."""
    spans = personal_spans(text, regions=regions, names=names)
    names_of: dict[tuple[PersonalKind, str], str] = {}
    counts = dict.fromkeys(PersonalKind, 0)
    pieces: list[str] = []
    at = 0
    written = _placeholders_in(text)
    for span in spans:
        key = span.kind, text[span.start : span.end]
        if key not in names_of:
            counts[span.kind] = _next_free(span.kind, counts[span.kind], written)
            names_of[key] = _placeholder(span.kind, counts[span.kind])
        pieces += (text[at : span.start], names_of[key])
        at = span.end
    pieces.append(text[at:])
    return Redacted("".join(pieces), spans, {name: value for (_, value), name in names_of.items()})


def restore(text: str, values: Mapping[str, str]) -> str:
    """The text with each placeholder replaced by its value, also after it was shortened or written anew.

    `restore(redacted.text, redacted.values)` is the text that was redacted, to the letter.
    """
    return _PLACEHOLDER.sub(lambda match: values.get(match.group(), match.group()), text)


_PLACEHOLDER = re.compile(rf"\[(?:{'|'.join(PersonalKind)}) [0-9]{{1,9}}\]")


def _placeholder(kind: PersonalKind, number: int) -> str:
    return f"[{kind} {number}]"


def _placeholders_in(text: str) -> frozenset[str]:
    """What already looks like one of ours: never given out, or it would come back as somebody's data."""
    return frozenset(_PLACEHOLDER.findall(text))


def _next_free(kind: PersonalKind, last: int, written: frozenset[str]) -> int:
    number = last + 1
    while _placeholder(kind, number) in written:
        number += 1
    return number
