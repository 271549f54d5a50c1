"""Rewrites any HTML into a small flat subset in one pass over its tree.

Kept: paragraphs, lists, emphasis, code, links to the web, and tables that hold no table. Everything else leaves its
text behind. Depth and length are bounded, so that whoever lays the result out is never at a sender's mercy.
"""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_URL = re.compile(r"https?://[^\s<>\"'`]{1,500}")
_UNSEEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d])", re.IGNORECASE)
_LINK = re.compile(r"^(?:https?://|mailto:)[^\s]{1,2000}$", re.IGNORECASE)

_DROPPED = frozenset(
    {
        "script",
        "style",
        "head",
        "template",
        "title",
        "noscript",
        "iframe",
        "object",
        "embed",
        "svg",
        "math",
        "form",
    }
    | {"input", "button", "select", "textarea", "audio", "video", "canvas", "map", "link", "meta", "base"}
)
_INLINE = frozenset({"b", "strong", "i", "em", "u", "s", "del", "code"})
_BLOCK = frozenset({"p", "div", "pre", "blockquote", "ul", "ol", "li"})
_TABLE = frozenset({"table", "thead", "tbody", "tr", "td", "th"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_BREAKING = (
    _BLOCK | _TABLE | _HEADINGS | {"section", "article", "header", "footer", "center", "dl", "dt", "dd"}
)
_QUOTE_CLASSES = frozenset(
    {"gmail_quote", "gmail_attr", "moz-cite-prefix", "yahoo_quoted", "protonmail_quote", "signature"}
    | {"gmail_signature", "moz-signature"}
)
_MAX_HREF_CHARS = 2000


def flatten(html: str, *, limit: int, depth: int, drop_quotes: bool = False) -> tuple[str, bool]:
    """The flat HTML, and whether text was left out because there was more than `limit` characters of it.

    `depth` is how many elements may stand inside one another. With `drop_quotes`, what is marked up as quoted history
    or as a signature is left out.
    """
    root = _parse(_CONTROL.sub(" ", html))
    if root is None:
        return "", False
    writer = _Writer(limit, depth, drop_quotes=drop_quotes)
    writer.walk(root)
    return writer.text(), writer.shortened


def _parse(html: str) -> HtmlElement | None:
    from lxml.etree import ParserError
    from lxml.html import HTMLParser, document_fromstring

    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        return document_fromstring(html.encode("utf-8", "replace"), parser=parser)
    except (ParserError, ValueError):
        return None


class _Writer:
    """Writes the elements of one tree, start tag by start tag."""

    def __init__(self, limit: int, depth: int, *, drop_quotes: bool) -> None:
        self.shortened = False
        self._left = limit
        self._depth = depth
        self._drop_quotes = drop_quotes
        self._out: list[str] = []
        self._open: list[str] = []

    def text(self) -> str:
        return "".join(self._out)

    def walk(self, root: HtmlElement) -> None:
        from lxml.etree import iterwalk

        tables = _flat_tables(root)
        walker = iterwalk(root, events=("start", "end"))
        closing: list[str] = []
        for event, element in walker:
            if event == "start":
                if self._is_dropped(element):
                    walker.skip_subtree()
                    closing.append("")
                    continue
                closing.append(self._start(element, tables))
                self._write(element.text)
            else:
                self._end(closing.pop())
                self._write(element.tail if element is not root else None)
            if self._left <= 0:
                break
        while self._open:
            self._end(self._open[-1])

    def _is_dropped(self, element: HtmlElement) -> bool:
        if not isinstance(element.tag, str) or element.tag in _DROPPED or element.get("hidden") is not None:
            return True
        if _UNSEEN.search(element.get("style") or ""):
            return True
        return self._drop_quotes and _is_quote(element)

    def _start(self, element: HtmlElement, tables: set[HtmlElement]) -> str:
        """Write what opens an element; the answer is what closes it again ("" for nothing)."""
        tag = "h4" if element.tag in _HEADINGS else str(element.tag)
        if tag in {"br", "hr"}:
            self._out.append(f"<{tag}>")
            return ""
        if tag == "img":
            self._write((element.get("alt") or "").strip())
            return ""
        if not self._is_kept(tag, element, tables):
            self._break(tag)
            return ""
        self._open.append(tag)
        self._out.append(f"<{tag}{_attributes(tag, element)}>")
        return tag

    def _is_kept(self, tag: str, element: HtmlElement, tables: set[HtmlElement]) -> bool:
        if len(self._open) >= self._depth:
            return False
        if tag == "a":
            return "a" not in self._open and bool(_LINK.match((element.get("href") or "").strip()))
        if tag == "table":
            return element in tables and len(self._open) + 4 < self._depth
        if tag in _TABLE:
            return "table" in self._open and next(element.iterancestors("table"), None) in tables
        return tag in _INLINE or tag in _BLOCK or tag == "h4"

    def _break(self, tag: str) -> None:
        if (
            tag in _BREAKING
            and self._out
            and not self._out[-1].startswith(("<br", "<p", "<div", "<li", "<td", "<th"))
        ):
            self._out.append("<br>")

    def _end(self, tag: str) -> None:
        if tag and self._open and self._open[-1] == tag:
            self._open.pop()
            self._out.append(f"</{tag}>")

    def _write(self, text: str | None) -> None:
        if not text or self._left <= 0:
            return
        if len(text) > self._left:
            self.shortened = True
            text = text[: self._left] + "…"
        self._left -= len(text)
        linked = "a" in self._open or "code" in self._open or "pre" in self._open
        self._out.append(escape(text) if linked else _with_links(text))


def _flat_tables(root: HtmlElement) -> set[HtmlElement]:
    """The tables worth keeping: not nested, holding none, and of more than one column and row."""
    tables = list(root.iter("table"))
    nested = {outer for table in tables for outer in table.iterancestors("table")}
    return {
        table
        for table in tables
        if table not in nested
        and next(table.iterancestors("table"), None) is None
        and sum(1 for _ in table.iter("tr")) > 1
        and any(sum(1 for _ in row.iter("td", "th")) > 1 for row in table.iter("tr"))
    }


def _is_quote(element: HtmlElement) -> bool:
    classes = frozenset((element.get("class") or "").lower().split())
    cited = element.tag == "blockquote" and (element.get("type") == "cite" or element.get("cite") is not None)
    return cited or bool(classes & _QUOTE_CLASSES)


def _attributes(tag: str, element: HtmlElement) -> str:
    if tag == "a":
        return f' href="{escape((element.get("href") or "").strip()[:_MAX_HREF_CHARS])}"'
    start = element.get("start") or ""
    if tag == "ol" and start.isascii() and start.isdigit() and len(start) < 6:
        return f' start="{start}"'
    return ""


def _with_links(text: str) -> str:
    """Escaped text in which bare web addresses can be clicked."""
    parts: list[str] = []
    at = 0
    for found in _URL.finditer(text):
        url = found.group().rstrip(".,;:!?)]}»”’*_")
        parts.append(escape(text[at : found.start()]))
        parts.append(f'<a href="{escape(url)}">{escape(url)}</a>')
        at = found.start() + len(url)
    parts.append(escape(text[at:]))
    return "".join(parts)
