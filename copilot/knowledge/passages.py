"""Cuts an article into passages: pieces small enough to be one thought, with the headings above them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from copilot.domain import Article
from copilot.store.passage import Passage

PASSAGE_WORDS = 120
"""A passage ends with the paragraph that would make it longer than this: about half of what the model reads at once."""
_LONGEST_WORDS = 220
_HEADING = re.compile(r"^[ \t]{0,3}(#{1,6})[ \t]+(.*?)[ \t#]*$")
_PARAGRAPH = re.compile(r"\S[^\n]*(?:\n[^\S\n]*\S[^\n]*)*")


def cut_passages(article: Article) -> tuple[Passage, ...]:
    """The passages of an article's text, in order; they do not overlap and leave only headings and blank lines out."""
    return tuple(_passage(article, *piece) for piece in _pieces(article.text))


def _passage(article: Article, start: int, end: int, heading: str) -> Passage:
    return Passage(article=article.id, start=start, end=end, heading=heading, text=article.text[start:end])


def _pieces(text: str) -> Iterator[tuple[int, int, str]]:
    """Spans of paragraphs under one heading, joined up to the wanted length."""
    above: list[tuple[int, str]] = []
    start = end = words = 0
    for block_start, block_end in _blocks(text):
        heading = _HEADING.match(text[block_start:block_end])
        length = len(text[block_start:block_end].split())
        if words and (heading or words + length > PASSAGE_WORDS):
            yield start, end, _path(above)
            words = 0
        if heading:
            level = len(heading[1])
            above = [one for one in above if one[0] < level] + [(level, heading[2])]
            continue
        if not words:
            start = block_start
        end, words = block_end, words + length
    if words:
        yield start, end, _path(above)


def _path(above: list[tuple[int, str]]) -> str:
    return " > ".join(title for _, title in above)


def _blocks(text: str) -> Iterator[tuple[int, int]]:
    """Heading lines, paragraphs, and the lines of paragraphs that are too long to stay one piece."""
    for paragraph in _PARAGRAPH.finditer(text):
        at = paragraph.start()
        lines = paragraph.group().split("\n")
        whole = len(paragraph.group().split()) <= _LONGEST_WORDS and not any(map(_HEADING.match, lines))
        if whole:
            yield paragraph.span()
            continue
        for line in lines:
            if line.strip():
                yield from _cut_long(text, at, at + len(line))
            at += len(line) + 1


def _cut_long(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A line, or where it is too long, runs of its words."""
    words = list(re.finditer(r"\S+", text[start:end]))
    for first in range(0, len(words), _LONGEST_WORDS):
        run = words[first : first + _LONGEST_WORDS]
        yield start + run[0].start(), start + run[-1].end()
