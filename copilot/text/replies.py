"""Finds quoted history and forwarded heads in a plain-text mail, line by line, in linear time.

The header lines of mail programs in many languages come from mail-parser-reply's tables, applied to a window of at most
three lines. (Its own parser joins the whole mail into one regular expression, which is quadratic on hostile input and
takes a Markdown list for a signature.)
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from copilot.domain import HiddenKind

Marks = list[HiddenKind | None]

MAX_HEADER_CHARS = 400
_WINDOW = 3

_WROTE_WORD = (
    r"wrote|sent|said|schrieb|a [eé]crit|escribi[oó]|escreveu|ha scritto|napsal(?:\(a\))?|napisał(?:\(a\))?|nadesłał"
    r"|написал(?:\(а\)|а)?|пишет|skrev|schreef|geschreven|님이 작성|写道|kirjoitti|yazdı"
)
_WROTE_AT_END = re.compile(rf"(?:{_WROTE_WORD})[^\n]{{0,80}}?\s?(?:[:：]|-{{3,}})\s*$", re.IGNORECASE)
_WHEN_OR_WHO = re.compile(
    r"\d{1,2}[:.h]\d{2}|\b\d{4}\b|\d{1,2}[./-]\d{1,2}|\d{4}年|@|-{4,}|\d{1,2}[. ] ?[^\W\d]{3,9}"
)
_LEAD = re.compile(
    r"^[\s>*_-]*(?:on|am|le|el|il|em|op|den|dne|dnia|vào|pada|på)\s|^[\s>*-]*\d|^[\s>]*-{2,}|^[^\n]{0,120}@[^\n]{0,120}",
    re.IGNORECASE,
)
_SHARED_LINE = re.compile(
    r"(?<=\S)\s*(-{2,}\s*)?(On (?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,? |\d{1,2}[ /.-])[^\n]{4,200}\bwrote:)\s*$",
    re.IGNORECASE,
)

_ORIGINAL = re.compile(
    r"^[\s>]*[-_=]{2,}\s*(?:original(?: |-)?(?:message|appointment|nachricht)|ursprüngliche (?:nachricht|e-?mail)"
    r"|mensaje original|message d'origine|messaggio originale|mensagem original|oorspronkelijk bericht"
    r"|oprindelig meddelelse|originalmeddelande|исходное сообщение|wiadomość oryginalna)\s*[-_=]{2,}\s*$",
    re.IGNORECASE,
)
_FORWARDED = re.compile(
    r"^[\s>]*(?:-{2,}\s*)?(?:begin )?(?:forwarded message|weitergeleitete nachricht|anfang der weitergeleiteten e-?mail"
    r"|message transféré|message réexpédié|début du message (?:réexpédié|transféré)|mensaje reenviado"
    r"|inicio del mensaje reenviado|doorgestuurd bericht|begin doorgestuurd bericht|vidarebefordrat meddelande"
    r"|messaggio inoltrato|mensagem encaminhada|пересылаемое сообщение|przekazana wiadomość)"
    r"(?: from [^\n]{1,80})?\s*(?::|-{2,})\s*$",
    re.IGNORECASE,
)
_FIELD_NAMES = {
    "from": "from|von|de|da|van|från|fra|od|от|от кого|发件人|보낸 ?사람|差出人",
    "date": "date|sent|datum|gesendet|envoyé|enviado(?: el)?|fecha|data|inviato|verzonden|skickat|sendt|dato|wysłano"
    "|odesláno|дата|отправлено|发送时间|보낸 ?날짜|日時",
    "to": "to|an|à|a|para|aan|till|til|do|komu|кому|收件人|받는 ?사람|宛先|cc|kopie|kopia|kopi|bcc|dw",
    "subject": "subject|betreff|objet|asunto|oggetto|assunto|onderwerp|ämne|emne|temat|předmět|тема|主题|제목|件名",
}
_FIELD = re.compile(
    r"^[\s>*]{0,20}(?:"
    + "|".join(f"(?P<{k}>{v})" for k, v in _FIELD_NAMES.items())
    + r")\s?[:：]\*?(?P<value>.*)$",
    re.IGNORECASE,
)
_RULE = re.compile(r"^\s*[_-]{20,}\s*$")
_STRAY = re.compile(r"^\s*\(?\S+\)? ?>?\s*$")


@dataclass(frozen=True, slots=True)
class _Header:
    """`end` is the line after the header; `forwarded` says that the text under it was passed on for reading."""

    end: int
    forwarded: bool


def split_shared_lines(text: str) -> list[str]:
    """The lines of a text; where a reply shares its line with the head of the quote, the two are parted."""
    lines: list[str] = []
    for line in text.split("\n"):
        found = (
            _SHARED_LINE.search(line)
            if len(line) <= MAX_HEADER_CHARS and line.rstrip().endswith(":")
            else None
        )
        if found is None or line.lstrip().startswith(">"):
            lines.append(line)
        else:
            lines += [line[: found.start()].rstrip(), line[found.start() :].strip()]
    return lines


def mark_history(lines: list[str]) -> Marks:
    """For each line: QUOTE (history), FORWARD (the head of a forwarded mail) or None (written this time)."""
    marks: Marks = [None] * len(lines)
    at = 0
    fenced = False
    while at < len(lines):
        fenced ^= lines[at].startswith("```")
        header = None if fenced else _header_at(lines, at)  # code shown to us is no history
        if header is None:
            at += 1
            continue
        at = _mark_under(lines, marks, at, header)
    _mark_headed_tail(lines, marks)
    return marks


def _mark_under(lines: list[str], marks: Marks, at: int, header: _Header) -> int:
    if header.forwarded:
        marks[at : header.end] = [HiddenKind.FORWARD] * (header.end - at)
        return header.end
    first = _next_text(lines, header.end)
    if first < len(lines) and not _is_quoted(lines[first]):
        marks[at:] = [HiddenKind.QUOTE] * (len(lines) - at)
        return len(lines)
    end = _quote_end(lines, first)
    if _answers_inline(lines, end):
        end = header.end  # the answers need the questions above them
    marks[at:end] = [HiddenKind.QUOTE] * (end - at)
    return max(end, header.end)


def _mark_headed_tail(lines: list[str], marks: Marks) -> None:
    """A quoted block that ends the mail and opens with a mail's head is history too."""
    end = len(lines)
    start = end
    while start > 0 and (not lines[start - 1].strip() or _is_quoted(lines[start - 1])):
        start -= 1
    start = _next_text(lines, start)
    if start >= end or marks[start] is not None:
        return
    inside = [line.lstrip("> \t") for line in lines[start : start + 6]]
    headed = any(_wrote_window(inside, i) for i in range(min(3, len(inside))))
    if headed or _field_block(inside, 0) is not None:
        marks[start:end] = [HiddenKind.QUOTE] * (end - start)


def _header_at(lines: list[str], at: int) -> _Header | None:
    line = lines[at]
    if len(line) > MAX_HEADER_CHARS or not line.strip() or _is_quoted(line):
        return None
    if _FORWARDED.match(line):
        first = _next_text(lines, at + 1)
        return _Header(_field_block(lines, first) or at + 1, forwarded=True)
    if _ORIGINAL.match(line):
        return _Header(_field_block(lines, _next_text(lines, at + 1)) or at + 1, forwarded=False)
    block = _field_block(lines, _next_text(lines, at + 1) if _RULE.match(line) else at)
    if block is not None:
        return _Header(block, forwarded=not any(text.strip() for text in lines[:at]))
    wrote = _wrote_window(lines, at)
    return _Header(at + wrote, forwarded=False) if wrote else None


def _wrote_window(lines: list[str], at: int) -> int:
    """How many lines from `at` make "On … somebody wrote:", 0 for none."""
    if not _LEAD.match(lines[at][:MAX_HEADER_CHARS]):
        return 0
    window = ""
    for count in range(1, min(_WINDOW, len(lines) - at) + 1):
        line = lines[at + count - 1]
        if not line.strip() or len(window) + len(line) > MAX_HEADER_CHARS:
            return 0
        window = f"{window} {line.strip()}".strip()
        if _WROTE_AT_END.search(window) and _WHEN_OR_WHO.search(window):
            return count
        if window[-1] not in ":：" or not _WHEN_OR_WHO.search(window):
            continue
        if any(pattern.match(window) for pattern in _known_headers()):
            return count
    return 0


@cache
def _known_headers() -> tuple[re.Pattern[str], ...]:
    from mailparser_reply.constants import MAIL_LANGUAGES

    found = (table.get("wrote_header") for table in MAIL_LANGUAGES.values())
    return tuple(re.compile(pattern, re.IGNORECASE) for pattern in found if pattern)


def _field_block(lines: list[str], at: int) -> int | None:
    """The line after a block such as "From: … Sent: … To: … Subject: …" that begins at `at`."""
    seen: set[str] = set()
    addressed = False
    end = at
    for index in range(at, min(at + 14, len(lines))):
        found = _FIELD.match(lines[index][:MAX_HEADER_CHARS])
        if found is not None:
            seen.add(_field_of(found))
            addressed = addressed or "@" in found["value"]
            end = index + 1
        elif index == at or not lines[index].strip() or index - end >= 2:
            break
    enough = "from" in seen and len(seen) >= 2 and (addressed or {"date", "subject"} & seen)
    return end if enough and (addressed or len(seen) >= 3) else None


def _field_of(found: re.Match[str]) -> str:
    return next(name for name in _FIELD_NAMES if found[name] is not None)


def _is_quoted(line: str) -> bool:
    return line.lstrip().startswith(">")


def _next_text(lines: list[str], at: int) -> int:
    while at < len(lines) and not lines[at].strip():
        at += 1
    return at


def _quote_end(lines: list[str], at: int) -> int:
    """The line after the quoted block at `at`, over blank lines and a stray wrapped address inside it."""
    while at < len(lines):
        line = lines[at]
        wrapped = (
            at + 1 < len(lines)
            and len(line) <= MAX_HEADER_CHARS
            and _is_quoted(lines[at - 1])
            and _is_quoted(lines[at + 1])
            and _STRAY.match(line)
        )
        if line.strip() and not _is_quoted(line) and not wrapped:
            break
        at += 1
    return at


def _answers_inline(lines: list[str], at: int) -> bool:
    """Whether, from `at`, another quoted block follows an answer: question and answer in turns."""
    return any(_is_quoted(lines[index]) for index in range(at, len(lines)))
