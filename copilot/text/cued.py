"""Names and postal addresses in a text, as (start, end), by the words around them: what has no cue is not found."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

_PART = r"[^\W\d_a-z][\w'’-]{1,30}"
_NAME = rf"{_PART}(?:[ ](?:(?:van|von|de|der|den|da|di|la|le|al|bin)[ ]){{0,2}}(?:[^\W\d_a-z]\.?[ ])?{_PART}){{0,3}}"
_CUED_NAMES = (
    re.compile(
        rf"(?:(?i:\bmy (?:full )?name is|\bname(?: on the (?:account|card))?[ ]?:|\bthis is|\bich heiße|\bme llamo"
        rf"|\bje m['’]appelle))[ ]{{1,4}}(?:(?:Mr|Mrs|Ms|Miss|Dr|Prof)\.?[ ])?(?P<name>{_NAME})"
    ),
    re.compile(rf"\b(?:Mr|Mrs|Ms|Miss|Dr|Prof|Herr|Frau|Mme|Sr|Sra)\.?[ ](?P<name>{_NAME})"),
    re.compile(
        rf"^(?:Dear|Hi|Hello|Hey)[ ](?:(?:Mr|Mrs|Ms|Dr)\.?[ ])?(?P<name>{_NAME})(?=[ ]?[,!\n])", re.MULTILINE
    ),
    re.compile(
        rf"(?:\b(?i:i am|i['’]m)|\b(?i:name)\?|['’]s (?i:name)(?: is)?)[ ](?P<name>{_PART}[ ]{_PART})"
    ),
    re.compile(
        r"^(?i:(?:(?:kind|best|warm|many)[ ])?(?:regards|wishes|thanks|cheers|sincerely|greetings)|thank you"
        rf"|yours (?:truly|sincerely|faithfully))[,.!]?[ ]{{0,3}}\n{{1,2}}[ ]{{0,3}}-?[ ]?(?P<name>{_NAME})[ ]{{0,3}}$",
        re.MULTILINE,
    ),
)
_NO_NAME = re.compile(
    r"all|community|customer|every(?:body|one)|folks|friends?|guys|madam|not|sent|sir|support|team|that|the|there"
    r"|this|what",
    re.IGNORECASE,
)
_STREET_END = (
    r"(?:street|st|road|rd|avenue|ave|lane|ln|drive|dr|boulevard|blvd|court|ct|square|sq|terrace|parkway"
    r"|highway|hwy)"
)
_WORD = r"[^\W\d_a-z][\w'’.-]{0,30}"
_JOINED_STREET = (
    r"(?<!\w)[^\W\d_][\w-]{2,30}(?:straße|strasse|str\.|weg|gasse|allee|platz|gatan|vägen|vej|laan|straat)"
    r"[ ]\d{1,4}[a-z]?\b"
)
_AFTER_ADDRESS = (
    r"(?i:\b(?:postal |home |delivery |shipping |billing )?address:)[ \t]{0,8}"
    r"(?P<address>(?=[^\n]{0,120}\d)[^\n@]{6,120})"
)
_ADDRESSES = (
    re.compile(rf"(?<![\w.,-])\d{{1,5}}[A-Za-z]?[ ](?:{_WORD}[ ]){{1,4}}(?i:{_STREET_END})\b\.?"),
    re.compile(_JOINED_STREET),
    re.compile(
        r"\b(?:rue|avenue|boulevard|calle|avenida|via|piazza|rua)[ ](?:[\w'’.-]{1,30}[ ]){1,4}\d{1,5}\b",
        re.IGNORECASE,
    ),
    re.compile(r"\b(?:p\.?[ ]?o\.?[ ]box|postfach|apt\.?|suite)[ ]#?\d{1,6}\b", re.IGNORECASE),
    re.compile(r"\b(?:PSC|Unit)[ ]\d{3,5},?[ ]Box[ ]\d{3,5}\n?(?:[AFD]PO[ ](?:AA|AE|AP)[ ]\d{5})?"),
    re.compile(_AFTER_ADDRESS),
)


def is_nobody(word: str) -> bool:
    """Whether a word where a name could stand is that of a role, or of many: "Dear Support"."""
    return _NO_NAME.fullmatch(word.strip(",.!")) is not None


def known_name_spans(text: str, names: Iterable[str]) -> Iterator[tuple[int, int]]:
    """Whole names, and their parts of three letters and more, wherever they stand with a capital."""
    whole = {name.strip() for name in names if name.strip()}
    parts = {part for name in whole for part in name.split() if len(part) > 2 and part[0].isupper()}
    wanted = sorted(whole | parts, key=lambda name: (-len(name), name))
    if not wanted:
        return
    for match in re.finditer(rf"(?<!\w)(?:{'|'.join(map(re.escape, wanted))})(?!\w)", text):
        yield match.span()


def name_spans(text: str) -> Iterator[tuple[int, int]]:
    """Names after "my name is", a title, a greeting or a sign-off."""
    for pattern in _CUED_NAMES:
        for match in pattern.finditer(text):
            if not _NO_NAME.fullmatch(match["name"].split()[0]):
                yield match.span("name")


def address_spans(text: str) -> Iterator[tuple[int, int]]:
    """Street and number in the common forms of some languages, post-office boxes, and what follows "Address:"."""
    for pattern in _ADDRESSES:
        for match in pattern.finditer(text):
            yield match.span("address" if "address" in pattern.groupindex else 0)
