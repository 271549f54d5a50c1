"""Sentences of a message or an article, each with its place in the text.

Made for what support people write: hard-wrapped mails, chats without full stops, Markdown lists and code, addresses,
version numbers ("128.3") and abbreviations ("e.g.").
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class SentenceKind(StrEnum):
    """What a sentence stands in."""

    TEXT = "text"
    ITEM = "item"
    HEADING = "heading"
    QUOTE = "quote"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class Sentence:
    """`text` is the source's [start, end); `marker` is the list marker before it ("1.", "-"), if it opens an item."""

    text: str
    start: int
    end: int
    kind: SentenceKind = SentenceKind.TEXT
    marker: str = ""


WRAP_CHARS = 50
"""A line at least this long that ends without a full stop is a wrapped line; a shorter one ended on purpose."""
MAX_SENTENCE_CHARS = 2000
"""Text without any full stop is cut here, so that one sentence never is a whole log file."""

_FENCE = re.compile(r"^[ \t]{0,3}(?:```|~~~)")
_HEADING = re.compile(r"^[ \t]{0,3}#{1,6}[ \t]+")
_ITEM = re.compile(r"^[ \t]{0,12}(?P<marker>[-*+•–]|\d{1,3}[.)])[ \t]+(?=\S)")
_QUOTE = re.compile(r"^[ \t]{0,3}>")
_RULE = re.compile(r"^[ \t]*(?:[-_*=][ \t]*){3,}$")
_END = re.compile(r"(?<![.!?…])[.!?…]++[\"'”’»)\]*_]{0,3}(?=\s)|[。！？]+[」』”]?")
_ABBREVIATION = re.compile(
    r"(?:^|[\s(\[\"'])(?:e\.?g|i\.?e|etc|vs|mr|mrs|ms|dr|prof|st|no|nr|approx|incl|excl|esp|ver|vers|v|fig|tel|ext|min"
    r"|max|resp|cf|ca|al|inc|ltd|corp|co|dept|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|a\.m|p\.m|z\.b|d\.h|bzw|ggf"
    r"|usw|[a-z])\.$",
    re.IGNORECASE,
)


def split_sentences(text: str) -> tuple[Sentence, ...]:
    """All sentences of a text, in order. They do not overlap; what lies between them is white space and Markdown."""
    return tuple(found for block in _blocks(text) for found in _sentences(text, block))


@dataclass(slots=True)
class _Block:
    start: int
    end: int
    kind: SentenceKind
    marker: str = ""


def _blocks(text: str) -> Iterator[_Block]:
    """Paragraphs, list items, headings, quotes and code, as spans."""
    open_block: _Block | None = None
    fenced: _Block | None = None
    for start, end in _lines(text):
        line = text[start:end]
        if fenced is not None or _FENCE.match(line):
            if open_block is not None:
                yield open_block
                open_block = None
            closes = fenced is not None and bool(_FENCE.match(line))
            fenced = fenced or _Block(start, end, SentenceKind.CODE)
            fenced.end = end
            if closes:
                yield fenced
                fenced = None
            continue
        begun = _begins(line, start, end)
        if begun is None and open_block is not None and line.strip() and not _RULE.match(line):
            open_block.end = end
            continue
        if open_block is not None:
            yield open_block
        blank = not line.strip() or bool(_RULE.match(line))
        open_block = begun or (None if blank else _Block(start, end, SentenceKind.TEXT))
        if open_block is not None and open_block.kind in {SentenceKind.HEADING, SentenceKind.QUOTE}:
            yield open_block
            open_block = None
    for block in (open_block, fenced):
        if block is not None:
            yield block


def _lines(text: str) -> Iterator[tuple[int, int]]:
    at = 0
    while at < len(text):
        end = text.find("\n", at)
        if end < 0:
            end = len(text)
        yield at, end
        at = end + 1


def _begins(line: str, start: int, end: int) -> _Block | None:
    """The block that this line opens by its own mark, if any."""
    if _QUOTE.match(line):
        return _Block(start, end, SentenceKind.QUOTE)
    if heading := _HEADING.match(line):
        return _Block(start + heading.end(), end, SentenceKind.HEADING)
    if not _RULE.match(line) and (item := _ITEM.match(line)):
        return _Block(start + item.end(), end, SentenceKind.ITEM, item["marker"])
    return None


def _sentences(text: str, block: _Block) -> Iterator[Sentence]:
    if block.kind in {SentenceKind.CODE, SentenceKind.QUOTE, SentenceKind.HEADING}:
        span = _trimmed(text, block.start, block.end)
        if span is not None:
            yield Sentence(text[span[0] : span[1]], *span, block.kind)
        return
    marker = block.marker
    at = block.start
    for end in [*_ends(text, block), block.end]:
        for start, stop in _chunks(at, end):
            span = _trimmed(text, start, stop)
            if span is not None:
                yield Sentence(text[span[0] : span[1]], *span, block.kind, marker)
                marker = ""
        at = end


def _chunks(start: int, end: int) -> Iterator[tuple[int, int]]:
    for at in range(start, end, MAX_SENTENCE_CHARS):
        yield at, min(at + MAX_SENTENCE_CHARS, end)


def _ends(text: str, block: _Block) -> Iterator[int]:
    """Where sentences end inside a block: after a full stop that is one, and at lines that end on purpose."""
    stops = (
        found.end() for found in _END.finditer(text, block.start, block.end) if _is_stop(text, block, found)
    )
    breaks = (at for at in _line_breaks(text, block))
    yield from sorted({*stops, *breaks})


def _is_stop(text: str, block: _Block, found: re.Match[str]) -> bool:
    if found.group() != ".":
        return True
    before = text[max(block.start, found.end() - 12) : found.end()]
    if _ABBREVIATION.search(before):
        return False
    after = text[found.end() : found.end() + 40].lstrip()
    counted = before[-2:-1].isdigit() and after[:1].islower()  # "step 2. of the guide"
    return not counted


def _line_breaks(text: str, block: _Block) -> Iterator[int]:
    at = text.find("\n", block.start, block.end)
    line_start = block.start
    while at >= 0:
        line = text[line_start:at].rstrip()
        following = text[at + 1 : at + 20].lstrip()
        if len(line) < WRAP_CHARS and not line.endswith((",", ";")) and not following[:1].islower():
            yield at
        line_start = at + 1
        at = text.find("\n", at + 1, block.end)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int] | None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return (start, end) if end > start else None
