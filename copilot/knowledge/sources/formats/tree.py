"""An HTML tree as Markdown: headings, paragraphs, lists, tables, code and links; nothing that only decorates.

Written for search and for reading in a side pane, so it keeps structure and drops layout. trafilatura writes Markdown
too, but of what it takes for the main text only; a file that somebody put into a folder is wanted whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_MAX_DEPTH = 80
"""Deeper than this, only the words are kept: no person nests so deep."""
_DROPPED = frozenset(
    {
        "script",
        "style",
        "head",
        "template",
        "noscript",
        "iframe",
        "object",
        "embed",
        "svg",
        "math",
        "form",
        "button",
    }
    | {"input", "select", "textarea", "audio", "video", "canvas", "map", "link", "meta"}
)
_FRAME = frozenset({"nav", "header", "footer", "aside"})
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_INLINE = frozenset(
    {
        "a",
        "abbr",
        "b",
        "bdi",
        "bdo",
        "br",
        "cite",
        "code",
        "del",
        "dfn",
        "em",
        "font",
        "i",
        "img",
        "ins",
        "kbd",
        "label",
    }
    | {"mark", "q", "s", "samp", "small", "span", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr"}
)
_MARKS = {"b": "**", "strong": "**", "i": "*", "em": "*", "code": "`", "kbd": "`", "samp": "`", "tt": "`"}
_SPACE = re.compile(r"[ \t\r\n\f\xa0]+")
_BLANK_LINES = re.compile(r"\n{3,}")
_BREAK = "\x00"


def tree_to_markdown(root: HtmlElement, *, framed: bool = False) -> str:
    """The Markdown of a tree. `framed` leaves out navigation, page heads and feet that stand outside the main text."""
    text = "\n\n".join(
        block for block in _blocks(root, 0, _FRAME if framed else frozenset()) if block.strip()
    )
    return _BLANK_LINES.sub("\n\n", text).strip()


def _blocks(element: HtmlElement, depth: int, without: frozenset[str]) -> Iterator[str]:
    """The blocks inside an element; runs of inline content between them are paragraphs."""
    run: list[str] = [element.text or ""]
    for child in element:
        tag = child.tag if isinstance(child.tag, str) else ""
        if tag in _INLINE and not _holds_blocks(child):
            run.append(_inline(child, depth))
        elif tag and tag not in _DROPPED and tag not in without:
            yield _paragraph(run)
            run = []
            yield from _block(child, tag, depth + 1, without)
        run.append(child.tail or "")
    yield _paragraph(run)


def _block(element: HtmlElement, tag: str, depth: int, without: frozenset[str]) -> Iterator[str]:
    if depth > _MAX_DEPTH:
        yield _paragraph(element.itertext())
    elif tag in _HEADINGS:
        title = _paragraph(_inline_parts(element, depth)).replace("\n", " ")
        yield f"{'#' * _HEADINGS[tag]} {title}" if title else ""
    elif tag == "pre":
        yield _fenced(element)
    elif tag in {"ul", "ol"}:
        yield "\n".join(_items(element, tag, depth, without))
    elif tag == "table":
        yield from _table(element, depth, without)
    elif tag == "blockquote":
        quoted = "\n\n".join(block for block in _blocks(element, depth, without) if block)
        yield "\n".join(f"> {line}".rstrip() for line in quoted.split("\n")) if quoted else ""
    elif tag in {"dt", "summary"}:
        term = _paragraph(_inline_parts(element, depth))
        yield f"**{term.strip('*')}**" if term else ""
    else:
        yield from _blocks(element, depth, without)


def _items(element: HtmlElement, tag: str, depth: int, without: frozenset[str]) -> Iterator[str]:
    number = 0
    for child in element:
        if not isinstance(child.tag, str) or child.tag in _DROPPED:
            continue
        number += 1
        mark = f"{number}. " if tag == "ol" else "- "
        blocks = [block for block in _blocks(child, depth, without) if block]
        if child.tag in {"ul", "ol"}:  # a list right inside a list, as old editors write it
            blocks = ["\n".join(_items(child, child.tag, depth, without))] if depth < _MAX_DEPTH else blocks
        lines = "\n".join(blocks).split("\n")
        if any(line.strip() for line in lines):
            indent = " " * len(mark)
            yield mark + "\n".join([lines[0], *(indent + line if line else "" for line in lines[1:])])


def _table(element: HtmlElement, depth: int, without: frozenset[str]) -> Iterator[str]:
    """A table as Markdown where it is one of data; one that lays out a page, or nests, as its cells one by one."""
    rows = [[cell for cell in row if cell.tag in {"td", "th"}] for row in element.iter("tr")]
    rows = [row for row in rows if row]
    wide = max((len(row) for row in rows), default=0)
    nested = next((inner for inner in element.iter("table") if inner is not element), None)
    if nested is not None or wide < 2 or len(rows) < 2:
        yield from _blocks_of_cells(element, depth, without)
        return
    lines = [_row((_cell(cell, depth) for cell in row), wide) for row in rows]
    yield "\n".join([lines[0], _row(["---"] * wide, wide), *lines[1:]])


def _blocks_of_cells(element: HtmlElement, depth: int, without: frozenset[str]) -> Iterator[str]:
    for part in element:
        if isinstance(part.tag, str):
            yield from _blocks(part, depth, without)


def _row(cells: Iterable[str], wide: int) -> str:
    found = list(cells)
    return "| " + " | ".join(found + [""] * (wide - len(found))) + " |"


def _cell(cell: HtmlElement, depth: int) -> str:
    blocks = [block for block in _blocks(cell, depth, frozenset()) if block]
    return " ".join(" ".join(blocks).split()).replace("|", "\\|")


def _fenced(element: HtmlElement) -> str:
    code = "".join(element.itertext()).strip("\n")
    return f"```\n{code}\n```" if code.strip() else ""


def _inline_parts(element: HtmlElement, depth: int) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if isinstance(child.tag, str) and child.tag not in _DROPPED:
            yield _inline(child, depth + 1)
        yield child.tail or ""


def _inline(element: HtmlElement, depth: int) -> str:
    tag = str(element.tag)
    if tag == "br":
        return _BREAK
    if tag == "img":
        return str(element.get("alt") or "")
    if depth > _MAX_DEPTH:
        return "".join(element.itertext())
    inner = "".join(_inline_parts(element, depth))
    words = inner.strip()
    if not words:
        return inner
    if tag == "a":
        return inner.replace(words, _link(element, words), 1)
    mark = _MARKS.get(tag, "")
    return inner.replace(words, f"{mark}{words}{mark}", 1) if mark and mark not in words else inner


def _link(element: HtmlElement, words: str) -> str:
    href = (element.get("href") or "").strip()
    if not href.lower().startswith(("http://", "https://", "mailto:")) or any(c in words for c in "[]\n"):
        return words
    return f"[{words}]({href.replace(' ', '%20').replace(')', '%29')})"


def _paragraph(parts: Iterable[str]) -> str:
    text = _SPACE.sub(" ", "".join(parts))
    return "\n".join(line.strip() for line in text.split(_BREAK)).strip()


def _holds_blocks(element: HtmlElement) -> bool:
    return any(isinstance(inner.tag, str) and inner.tag not in _INLINE for inner in element.iterdescendants())
