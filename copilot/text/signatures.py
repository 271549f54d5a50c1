"""Finds signatures and disclaimers at the end of what a person wrote, from the last line upwards.

Closing words and phone footers in many languages come from mail-parser-reply's tables; which lines may belong to a
signature (few words, contact data, the author's own name) is decided here, so that a list or a last short sentence
stays.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from copilot.domain import HiddenKind
from copilot.text.replies import Marks

MAX_SIGNATURE_LINES = 12
MAX_CLOSER_LINES = 14
MAX_NAME_WORDS = 4
MAX_LINE_CHARS = 120

_DELIMITER = re.compile(r"^(?:--|—|– ?–)\s*$")
_HYPHEN_NAME = re.compile(r"^[-/~]\s?[^\W\d_][\w.'’]*(?:\s[^\W\d_][\w.'’]*){0,2}$")
_CONTACT = re.compile(
    r"@|https?://|www\.|\+?\d[\d\s().-]{6,}\d|\b(?:tel|phone|fax|mobile|cell|mob|email|e-mail|ext|dir|office)\b\.?:?",
    re.IGNORECASE,
)
_CLOSERS = (
    r"(?:(?:with )?(?:best|kind|warm|kindest|warmest|many)\s)?(?:regards|wishes|greetings)"
    r"|(?:all the )?best(?: wishes)?|cheers|sincerely(?: yours)?|yours(?: sincerely| faithfully| truly)?|respectfully"
    r"|(?:many |best )?thanks(?: again| so much| a lot| very much)?(?: and (?:best|kind)? ?regards)?"
    r"|thank you(?: again| so much| very much)?|thanx|thx|with thanks|take care|ciao|love"
    r"|mfg|lg|vg|(?:mit )?freundlichen? grü(?:ß|ss)en?|(?:viele|liebe|beste) grü(?:ß|ss)e"
    r"|(?:bien )?cordialement|bonne journée|merci(?: d'avance)?|saludos(?: cordiales)?|un saludo|gracias"
    r"|cordiali saluti|distinti saluti|grazie|atenciosamente|obrigad[oa]|met vriendelijke groet(?:en)?|groeten"
    r"|med vänlig(?:a)? hälsning(?:ar)?|mvh|pozdrawiam|z poważaniem|с уважением|спасибо"
)
_CLOSER = re.compile(rf"^(?:{_CLOSERS})\s?[,.!\-–—]*$", re.IGNORECASE)
_FIRM_CLOSER = re.compile(
    r"regards|sincerely|yours|greetings|grü|cordialement|saludo|saluti|groet|hälsning|pozdraw|уважением|atenciosamente"
    r"|\bm(?:fg|vh)\b|hilsen|hilsner|poważaniem|powazaniem",
    re.IGNORECASE,
)
_DISCLAIMER = re.compile(
    r"(?:this|the (?:information|contents?)[^.\n]{0,60}) ?(?:e-?mail|message|communication|transmission)?"
    r"[^.\n]{0,90}\b(?:intended (?:only |solely )?for|confidential|privileged)\b"
    r"|^(?:confidentiality|privileged|disclaimer|legal notice|important notice)\b[^\n]{0,40}[:\-]"
    r"|consider the environment before printing|if you (?:have )?received? (?:this|it)[^.\n]{0,60} in error"
    r"|^caution: ?(?:this|external)|diese e-?mail (?:enthält|ist)[^\n]{0,60}vertraulich|"
    r"ce (?:message|courriel)[^\n]{0,80}confidentiel|este (?:mensaje|correo)[^\n]{0,80}confidencial"
    r"|dit bericht[^\n]{0,80}(?:vertrouwelijk|bestemd)",
    re.IGNORECASE | re.MULTILINE,
)
_OPENING_WARNING = re.compile(
    r"^[\s*\[]{0,8}(?:caution|warning|external(?: e-?mail| sender)?)\b[^\n]{0,40}"
    r"(?:e-?mail|originated|external|outside)",
    re.IGNORECASE,
)


def mark_closings(lines: list[str], marks: Marks, author: str) -> None:
    """Mark signatures and disclaimers in the parts of `lines` that `marks` leaves visible."""
    _mark_opening_warning(lines, marks)
    end = len(lines)
    while end > 0:
        if marks[end - 1] is not None:
            end -= 1
            continue
        start = end
        while start > 0 and marks[start - 1] is None:
            start -= 1
        _mark_tail(lines, marks, (start, end), author)
        end = start


def _mark_opening_warning(lines: list[str], marks: Marks) -> None:
    first = next((i for i, line in enumerate(lines[:10]) if line.strip()), None)
    if first is None or marks[first] is not None or not _OPENING_WARNING.match(lines[first][:400]):
        return
    for index in range(first, len(lines)):
        if not lines[index].strip():
            break
        marks[index] = marks[index] or HiddenKind.DISCLAIMER


def _mark_tail(lines: list[str], marks: Marks, span: tuple[int, int], author: str) -> None:
    start, end = span
    while end > start:
        while end > start and not lines[end - 1].strip():
            end -= 1
        found = _tail_at(lines, start, end, author)
        if found is None:
            return
        cut, kind = found
        marks[cut:end] = [kind] * (end - cut)
        end = cut


def _tail_at(lines: list[str], start: int, end: int, author: str) -> tuple[int, HiddenKind] | None:
    if end <= start:
        return None
    near = max(start, end - MAX_SIGNATURE_LINES)
    for index in range(end - 1, near - 1, -1):
        if _DELIMITER.match(lines[index]):
            return index, HiddenKind.SIGNATURE
    paragraph = _paragraph_start(lines, start, end)
    if _DISCLAIMER.search("\n".join(lines[paragraph:end])[:1500]):
        return paragraph, HiddenKind.DISCLAIMER
    last = lines[end - 1].strip()
    if len(last) > MAX_LINE_CHARS:
        return None
    alone = end - 1 == start or not lines[end - 2].strip()
    if alone and len(last.split()) <= 8 and any(pattern.match(last) for pattern in _device_footers()):
        return end - 1, HiddenKind.SIGNATURE
    cut = _closing_block(lines, start, end, author)
    return (cut, HiddenKind.SIGNATURE) if cut is not None else None


def _paragraph_start(lines: list[str], start: int, end: int) -> int:
    at = end
    while at > start and lines[at - 1].strip() and end - at < 30:
        at -= 1
    return at


def _closing_block(lines: list[str], start: int, end: int, author: str) -> int | None:
    """Where "Kind regards, / name / contact data" begins, or a lone name of the author."""
    own: int | None = None
    for index in range(end - 1, max(start, end - MAX_CLOSER_LINES) - 1, -1):
        line = lines[index].strip()
        if not line:
            continue
        if not _fits_signature(line) and not _is_closer(line):
            break
        after = next((text.strip() for text in lines[index + 1 : end] if text.strip()), "")
        if _is_closer(line) and (_is_name(after) or (not after and _FIRM_CLOSER.search(line))):
            return index
        if _is_author(line, author):
            own = index
    if own is None and _is_hyphen_name(lines, start, end):
        return end - 1
    return own


@lru_cache(maxsize=4096)
def _is_closer(line: str) -> bool:
    return len(line) <= 60 and (bool(_CLOSER.match(line)) or any(p.match(line) for p in _known_closers()))


def _is_name(line: str) -> bool:
    words = line.strip(" -,.*_/").split()
    return (
        0 < len(words) <= MAX_NAME_WORDS
        and all(w[0].isupper() or not w[0].isalpha() for w in words)
        and (not line.endswith(("?", ":")) and not any(c.isdigit() for c in words[0]))
    )


def _is_author(line: str, author: str) -> bool:
    """Whether a short line is nothing but the author's own name, perhaps after a word of thanks."""
    own = {word.casefold() for word in re.findall(r"[^\W\d_]{2,}", author)}
    head, comma, tail = line.partition(",")
    if comma and _is_closer(head):
        line = tail
    words = [word for word in re.findall(r"[^\W_]+", line) if len(word) > 1]  # an initial may stand between
    if not words or len(words) > MAX_NAME_WORDS or line.rstrip().endswith(("?", ":")):
        return False
    mine = sum(word.casefold() in own for word in words)
    return mine == len(words) or (mine > 0 and len(words) <= 3 and all(word.istitle() for word in words))


def _fits_signature(line: str) -> bool:
    if len(line) > MAX_LINE_CHARS or line.endswith("?") or line.startswith((">", "* ", "- ", "1.")):
        return False
    return bool(_CONTACT.search(line)) or (len(line.split()) <= 7 and not line.endswith((".", "!", ":", ";")))


def _is_hyphen_name(lines: list[str], start: int, end: int) -> bool:
    """Whether the last line is "-Abhishek Kona" or "/John" and no list item."""
    line = lines[end - 1].strip()
    if end - start < 3 or not _HYPHEN_NAME.match(line) or not line[1:].strip()[0].isupper():
        return False
    before = lines[end - 2].strip()
    return not before and not any(
        text.lstrip().startswith(line[0]) for text in lines[max(start, end - 6) : end - 1]
    )


@cache
def _device_footers() -> tuple[re.Pattern[str], ...]:
    from mailparser_reply.constants import MAIL_LANGUAGES

    known = [table["sent_from"] for table in MAIL_LANGUAGES.values() if table.get("sent_from")]
    return tuple(
        re.compile(f"(?:{pattern})", re.IGNORECASE) for pattern in [*known, r"sent from (?:a|an|the) "]
    )


@cache
def _known_closers() -> tuple[re.Pattern[str], ...]:
    from mailparser_reply.constants import MAIL_LANGUAGES

    words = {word for table in MAIL_LANGUAGES.values() for word in table.get("signatures", ())}
    return tuple(re.compile(rf"(?:{word.rstrip(',')})\s?[,.!]*$", re.IGNORECASE) for word in sorted(words))
