"""Personal data in made-up sentences: dev.jsonl with `text` and `spans` of `type`, `start` and `end`.

What has a form counts only with its exact start and end. A name or an address counts when it overlaps one of its type,
and these two are reported as they are: only cues give them away. Nothing is learned.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from copilot.text.personal import PersonalKind, personal_spans
from tests.bench.quality.frame import Bench, Figure, QualitySet
from tests.bench.quality.parts import Record

_TYPES = {
    "EMAIL_ADDRESS": PersonalKind.MAIL,
    "CREDIT_CARD": PersonalKind.CARD,
    "IBAN_CODE": PersonalKind.IBAN,
    "PHONE_NUMBER": PersonalKind.PHONE,
    "IP_ADDRESS": PersonalKind.IP,
    "DOMAIN_NAME": PersonalKind.URL,
    "URL": PersonalKind.URL,
    "PERSON": PersonalKind.NAME,
    "STREET_ADDRESS": PersonalKind.ADDRESS,
}
_BY_FORM = (
    PersonalKind.MAIL,
    PersonalKind.CARD,
    PersonalKind.IBAN,
    PersonalKind.PHONE,
    PersonalKind.IP,
    PersonalKind.URL,
)
_PLAIN = {
    PersonalKind.MAIL: re.compile(r"\S+@\S+"),
    PersonalKind.CARD: re.compile(r"\d{13,19}"),
    PersonalKind.IBAN: re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}"),
    PersonalKind.PHONE: re.compile(r"\+?\d[\d ()-]{6,18}\d"),
    PersonalKind.IP: re.compile(r"\d+(?:\.\d+){3}"),
    PersonalKind.URL: re.compile(r"https?://\S+"),
    PersonalKind.NAME: re.compile(r"[A-Z][a-z]+ [A-Z][a-z]+"),
    PersonalKind.ADDRESS: re.compile(r"\d+ [A-Z]\w+ (?:Street|St|Road|Avenue|Ave)"),
}
"""The baseline: the pattern that one writes first."""
Span = tuple[PersonalKind, int, int]


def measure(bench: Bench) -> list[Figure]:
    """Recall and precision of each kind that the part holds."""
    parts = bench.parts()
    records = parts.dev if parts.heldout is None else parts.heldout
    how = f"nothing learned, {len(records)} texts"
    ours = _counted(records, _ours)
    plain = _counted(records, _by_plain_pattern)
    figures = []
    for kind in (*_BY_FORM, PersonalKind.NAME, PersonalKind.ADDRESS):
        recall, precision, marked = ours[kind]
        if not marked:
            bench.say(f"{kind}: none in this part")
            continue
        goals = (95.0, 90.0) if kind in _BY_FORM else (None, None)
        note = f"{how}, {marked} marked"
        figures.append(
            Figure(f"{kind} recall", recall, goals[0], {"plain pattern": plain[kind][0]}, note=note)
        )
        figures.append(Figure(f"{kind} precision", precision, goals[1], {"plain pattern": plain[kind][1]}))
    return figures


def _counted(
    records: Sequence[Record], find: Callable[[str], Iterable[Span]]
) -> dict[PersonalKind, tuple[float, float, int]]:
    """Recall, precision and the count of marked spans, by kind."""
    hit, marked, right, told = (dict.fromkeys(PersonalKind, 0) for _ in range(4))
    for record in records:
        gold = [(_TYPES[s["type"]], s["start"], s["end"]) for s in record["spans"] if s["type"] in _TYPES]
        found = list(find(record["text"]))
        for span in gold:
            marked[span[0]] += 1
            hit[span[0]] += any(_same(span, other) for other in found)
        for span in found:
            told[span[0]] += 1
            right[span[0]] += any(_same(span, other) for other in gold)
    return {
        kind: (100 * hit[kind] / max(1, marked[kind]), 100 * right[kind] / max(1, told[kind]), marked[kind])
        for kind in PersonalKind
    }


def _same(one: Span, other: Span) -> bool:
    if one[0] in _BY_FORM:
        return one == other
    return one[0] == other[0] and one[1] < other[2] and other[1] < one[2]


def _ours(text: str) -> list[Span]:
    return [(span.kind, span.start, span.end) for span in personal_spans(text)]


def _by_plain_pattern(text: str) -> list[Span]:
    return [(kind, *match.span()) for kind, pattern in _PLAIN.items() for match in pattern.finditer(text)]


SET = QualitySet(name="presidio-pii", folder="presidio-pii", measure=measure)
