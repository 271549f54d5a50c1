"""Telephone numbers in a text, as (start, end), by the numbering plans of phonenumbers and by the words beside them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

_CANDIDATE = re.compile(
    r"(?<![\w.,:/@#$€£%+-])(?:\+ ?)?\(?\d(?:[ ./-]{0,2}[()]?[ ]?\d){5,17}(?![\w%@]|[-/:.,]\d)"
)
_DATE = re.compile(r"(?:19|20)\d\d[-./]\d{1,2}[-./]\d{1,2}\b|\d{1,2}[-./]\d{1,2}[-./](?:19|20)?\d\d\b")
_VERSION = re.compile(r"\d{1,3}(?:\.\d{1,5}){1,4}")
_STRONG_BEFORE = re.compile(
    r"(?:\b(?:(?:tele)?phone|tel|mobile|cell|fax|whats ?app|sms|landline|hotline|handy|telefon\w*|t[ée]l[ée]phone"
    r"|portable|m[óo]vil|tel[ée]fono|ring|dial)\b|\b(?:call|reach|text|phone|ring) (?:me|us|him|her|them)\b|☎|📞)"
    r"[^\d\n]{0,25}\n?[^\d\n]{0,5}$",
    re.IGNORECASE,
)
_WEAK_BEFORE = re.compile(
    r"\b(?:call\w*|text|messages?|contact|reach|my (?:new |own |contact )?number)\b[^\d\n]{0,30}$",
    re.IGNORECASE,
)
_AFTER = re.compile(r"[ \t]{0,3}\(?(?:office|fax|mobile|cell|home|work|phone|tel|direct)\b", re.IGNORECASE)
_TRUNK = re.compile(r"(?:\(0\d{1,4}\)|0\d{1,4})(?:[ ./-]\d{2,4}){2,4}")
"""A trunk prefix and three groups or more: hardly any other number is written so, in whatever country."""
_REACH = 60
_FEWEST, _MOST = 6, 15
"""Digits: ITU-T E.164 allows 15; shorter than six are extensions and short codes, which name nobody."""


def phone_spans(text: str, regions: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Numbers with a country code, or valid in one of `regions`, or beside a word for telephone.

    A national number without a telephone word counts only if it is written in groups: ten plain digits are more often
    an order than a telephone.
    """
    for match in _CANDIDATE.finditer(text):
        start, end = match.span()
        written = match.group()
        count = sum(character.isdigit() for character in written)
        if not _FEWEST <= count <= _MOST or written.count("(") != written.count(")"):
            continue
        if _is_phone(written, _cue(text, start, end), regions):
            yield start, end


def _is_phone(written: str, cue: int, regions: Sequence[str]) -> bool:
    grouped = any(not character.isdigit() for character in written.lstrip("+"))
    if cue == 2:
        return True
    if _DATE.match(written) or _VERSION.fullmatch(written):
        return False
    if cue == 1 and grouped:
        return True
    if written.startswith("+") or _TRUNK.fullmatch(written):
        return True
    if written.startswith("00"):
        return _is_valid("+" + written.lstrip("0 "), None)
    return grouped and any(_is_valid(written, region) for region in regions)


def _cue(text: str, start: int, end: int) -> int:
    """2 where words say that this is a telephone, 1 where they may, else 0."""
    before = text[max(0, start - _REACH) : start]
    if _STRONG_BEFORE.search(before) or _AFTER.match(text, end):
        return 2
    return 1 if _WEAK_BEFORE.search(before) else 0


def _is_valid(written: str, region: str | None) -> bool:
    import phonenumbers

    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(written, region))
    except phonenumbers.NumberParseException:
        return False
