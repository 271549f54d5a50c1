"""Payment cards and bank accounts in a text, as (start, end), told from other numbers by their checksums."""

from __future__ import annotations

import re
from collections.abc import Iterator

_CARD = re.compile(r"(?<![\w.+-])\d(?:[ -]?\d){11,18}(?![\w-]|[ .,]\d)")
_ISSUED = re.compile(
    r"4(?:\d{12}|\d{15}|\d{18})|3[47]\d{13}|5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}"
    r"|6(?:011|4[4-9]\d|5\d\d)\d{12,15}|3(?:0[0-5]|09|[689]\d)\d{11}|35(?:2[89]|[3-8]\d)\d{12,15}|(?:1800|2131)\d{11}"
    r"|62\d{14,17}|(?:5018|5020|5038|5893|6304|6759|676[1-3])\d{8,15}"
)
"""Lengths and first digits by issuer, after ISO/IEC 7812 as listed on Wikipedia, "Payment card number"."""
_CARD_BEFORE = re.compile(
    r"\b(?:cards?|cc|visa|master ?card|amex|maestro|diners|discover|karte\w*|carte)\b", re.IGNORECASE
)
_CUE_REACH = 40

_IBAN = re.compile(r"(?<![\w])[A-Z]{2}\d\d(?:[ -]?[A-Z0-9]){11,30}", re.IGNORECASE)
_COUNTRIES_BY_LENGTH = {
    15: "NO",
    16: "BE",
    18: "DK FI FK FO GL NL SD",
    19: "MK SI",
    20: "AT BA EE KZ LT LU MN XK",
    21: "CH HR LI LV",
    22: "BG BH CR DE GB GE IE ME RS VA",
    23: "AE GI IL IQ OM SO TL",
    24: "AD CZ ES MD PK RO SA SE SK TN VG",
    25: "LY PT ST",
    26: "IS TR",
    27: "BI DJ FR GR IT MC MR SM",
    28: "AL AZ BY CY DO GT HU LB NI PL SV",
    29: "BR EG PS QA UA",
    30: "JO KW MU YE",
    31: "MT SC",
    32: "LC",
    33: "RU",
}
"""Characters of an IBAN: SWIFT's IBAN Registry."""
_IBAN_LENGTHS = {
    country: length for length, countries in _COUNTRIES_BY_LENGTH.items() for country in countries.split()
}


def card_spans(text: str) -> Iterator[tuple[int, int]]:
    """Numbers of 12 to 19 digits that pass Luhn's check and are of a known issuer, or stand after a word for a card."""
    for match in _CARD.finditer(text):
        digits = re.sub(r"\D", "", match.group())
        if not passes_luhn(digits) or len(set(digits)) == 1:
            continue
        before = text[max(0, match.start() - _CUE_REACH) : match.start()]
        if _ISSUED.fullmatch(digits) or _CARD_BEFORE.search(before):
            yield match.span()


def passes_luhn(digits: str) -> bool:
    """Whether the last digit is the check digit of the others (ISO/IEC 7812-1, annex B)."""
    total = 0
    for place, digit in enumerate(map(int, reversed(digits))):
        doubled = digit * 2 if place % 2 else digit
        total += doubled - 9 if doubled > 9 else doubled
    return total % 10 == 0


def iban_spans(text: str) -> Iterator[tuple[int, int]]:
    """International bank account numbers, together or in groups, with their country's length and a right check."""
    for match in _IBAN.finditer(text):
        length = _IBAN_LENGTHS.get(match.group()[:2].upper())
        if length is None:
            continue
        end = _end_of(match.group(), length)
        follows = text[match.start() + end : match.start() + end + 1] if end else ""
        if end and not follows.isalnum() and passes_mod_97(match.group()[:end]):
            yield match.start(), match.start() + end


def _end_of(candidate: str, length: int) -> int:
    """Where its `length`-th letter or digit ends; 0 where it has fewer."""
    seen = 0
    for place, character in enumerate(candidate, 1):
        seen += character.isalnum()
        if seen == length:
            return place
    return 0


def passes_mod_97(iban: str) -> bool:
    """Whether the two check digits are right (ISO 13616, ISO/IEC 7064 MOD 97-10)."""
    plain = re.sub(r"[ -]", "", iban)
    return int("".join(str(int(character, 36)) for character in plain[4:] + plain[:4])) % 97 == 1
