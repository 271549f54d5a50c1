"""PDF files, by PDFium: its letters in reading order, lines joined to paragraphs, larger letters as headings."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from copilot.knowledge.sources.formats.parsed import Parsed, UnreadableError

_MAX_PAGES = 2_000
_WIDER = 1.25
"""A step this much larger than that from line to line begins a paragraph."""
_LARGER = 1.15
"""A line this much larger than the body is a heading."""
_LONGEST_HEADING = 120
_LEVELS = 3
_REPEATED = 3
_EDGE_LINES = 2
"""Running heads and feet are among so many lines at the top or the bottom of a page."""
_LEADERS = re.compile(r"(?:\.\s?){5,}\d*\s*$")
_BULLET = re.compile(r"^\s*(?:[•▪◦‣·●○■–-]|\(?\d{1,2}[.)])\s+")
_NUMBERS = re.compile(r"\d+")
_DULL_TITLE = re.compile(
    r"^(?:untitled|microsoft word|document\d*\b|.*\.(?:docx?|indd|tex|pdf)$)", re.IGNORECASE
)
_HYPHEN = "\ufffe"
"""What PDFium gives for a hyphen at the end of a line that only divides a word."""


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    size: float
    top: float
    bottom: float
    page: int


def parse_pdf(content: bytes) -> Parsed:
    """A PDF file. Raises `UnreadableError`."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        raise UnreadableError(_why(str(error))) from error
    try:
        pages = len(document)
        if pages > _MAX_PAGES:
            raise UnreadableError(f"The PDF has {pages} pages; up to {_MAX_PAGES} are read.")
        lines = _without_frames([line for page in range(pages) for line in _lines(document, page)])
        named = (document.get_metadata_value("Title") or "").strip()
    finally:
        document.close()
    if not lines:
        raise UnreadableError("The PDF holds no text, only pictures; run text recognition on it first.")
    blocks = list(_blocks(lines))
    title = named if named and not _DULL_TITLE.match(named) else _first_heading(blocks)
    if title and blocks[0] == f"# {title}":
        del blocks[0]
    return Parsed(title=title, text="\n\n".join(blocks))


def _why(problem: str) -> str:
    if "password" in problem.lower():
        return "The PDF is encrypted; save it without a password."
    if "security" in problem.lower():
        return "The PDF is protected in a way that cannot be read."
    return "The file is damaged, or no PDF."


def _lines(document: Any, number: int) -> Iterator[_Line]:
    """The lines of a page, each with the height of its letters."""
    from pypdfium2 import raw

    page = document[number]
    letters = page.get_textpage()
    try:
        gathered: list[str] = []
        first = 0
        count = letters.count_chars()
        for place in range(count + 1):
            letter = chr(raw.FPDFText_GetUnicode(letters.raw, place)) if place < count else "\n"
            if letter == "\n":
                if "".join(gathered).strip():
                    yield _line(letters, gathered, first, number)
                gathered, first = [], place + 1
            elif letter != "\r":
                gathered.append(letter)
    finally:
        letters.close()
        page.close()


def _line(letters: Any, gathered: Sequence[str], first: int, page: int) -> _Line:
    inked = [first + offset for offset, letter in enumerate(gathered) if not letter.isspace()]
    boxes = [
        letters.get_charbox(place, loose=True) for place in {inked[0], inked[len(inked) // 2], inked[-1]}
    ]
    heights = sorted(abs(top - bottom) for _, bottom, _, top in boxes)
    return _Line(
        text="".join(gathered).strip(),
        size=round(heights[len(heights) // 2], 1),
        top=max(top for *_, top in boxes),
        bottom=min(bottom for _, bottom, _, _ in boxes),
        page=page,
    )


def _without_frames(lines: Sequence[_Line]) -> list[_Line]:
    """Leaves out running heads and feet, page numbers, and lines of a table of contents."""
    of_page: dict[int, list[_Line]] = {}
    for line in lines:
        of_page.setdefault(line.page, []).append(line)
    small = _usual_size(lines) * _LARGER
    edges = {
        id(line)
        for page in of_page.values()
        for line in (*page[:_EDGE_LINES], *page[-_EDGE_LINES:])
        if line.size < small
    }
    seen = Counter(key for _, key in {(line.page, _frame_key(line)) for line in lines if id(line) in edges})
    repeated = {key for key, count in seen.items() if count >= _REPEATED}
    return [
        line
        for line in lines
        if not (id(line) in edges and (_frame_key(line) in repeated or line.text.isdigit()))
        and not _LEADERS.search(line.text)
    ]


def _frame_key(line: _Line) -> str:
    return _NUMBERS.sub("#", line.text)


def _blocks(lines: Sequence[_Line]) -> Iterator[str]:
    """Headings and paragraphs as Markdown."""
    levels = _heading_levels(lines, _usual_size(lines))
    pitch = _usual_pitch(lines)
    paragraph: list[_Line] = []
    for line in lines:
        if paragraph and _begins(paragraph[-1], line, levels, pitch):
            yield _joined(paragraph, levels)
            paragraph = []
        paragraph.append(line)
    yield _joined(paragraph, levels)


def _usual_size(lines: Sequence[_Line]) -> float:
    """The size of most letters."""
    letters: Counter[float] = Counter()
    for line in lines:
        letters[line.size] += len(line.text)
    return letters.most_common(1)[0][0] if lines else 0.0


def _usual_pitch(lines: Sequence[_Line]) -> float:
    """How far it is from a line to the next within a paragraph, in points: what is most frequent."""
    steps = Counter(
        round(before.bottom - line.bottom)
        for before, line in pairwise(lines)
        if before.page == line.page
        and before.size == line.size
        and before.bottom - line.bottom > line.size / 2
    )
    return float(steps.most_common(1)[0][0]) if steps else 14.0


def _heading_levels(lines: Sequence[_Line], usual: float) -> dict[float, int]:
    """The level of each size of letters that is larger than the body's."""
    larger = {
        line.size for line in lines if line.size >= usual * _LARGER and len(line.text) <= _LONGEST_HEADING
    }
    return {size: min(level, _LEVELS) for level, size in enumerate(sorted(larger, reverse=True), start=1)}


def _begins(before: _Line, line: _Line, levels: dict[float, int], pitch: float) -> bool:
    """Whether a line begins a new block after the line before it."""
    if levels.get(line.size) != levels.get(before.size) or _BULLET.match(line.text):
        return True
    if line.page != before.page:
        return before.text.endswith((".", "!", "?", ":")) or line.size in levels
    step = before.bottom - line.bottom
    return step < -line.size / 2 or step > _WIDER * pitch


def _joined(paragraph: Sequence[_Line], levels: dict[float, int]) -> str:
    text = ""
    for line in paragraph:
        words = " ".join(line.text.replace("\xa0", " ").replace(_HYPHEN, "\xad").split())
        text = text[:-1] + words if text.endswith("\xad") else f"{text} {words}"
    text = text.replace("\xad", "").strip()
    level = levels.get(paragraph[0].size)
    if level and len(text) <= _LONGEST_HEADING:
        return f"{'#' * level} {text}"
    bullet = _BULLET.match(text)
    return f"- {text[bullet.end() :]}" if bullet and not bullet[0].strip()[0].isalnum() else text


def _first_heading(blocks: Sequence[str]) -> str:
    return next((block.lstrip("# ") for block in blocks[:5] if block.startswith("#")), "")
