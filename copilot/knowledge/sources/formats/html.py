"""HTML files, whole; and the parts of an HTML tree that other forms share."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from copilot.knowledge.sources.formats.parsed import Parsed, UnreadableError
from copilot.knowledge.sources.formats.text import decode
from copilot.knowledge.sources.formats.tree import tree_to_markdown

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_HEAD_BYTES = 4096


def parse_html(content: bytes) -> Parsed:
    """An HTML file: its `main` or `article` where it has one, else all but what frames it."""
    root = html_tree(content)
    title = title_of(root)
    return Parsed(title=title, text=body_markdown(root, title))


def html_tree(content: bytes, declared: str = "") -> HtmlElement:
    """The tree of an HTML document. Raises `UnreadableError` when there is nothing in it."""
    from lxml.etree import ParserError
    from lxml.html import HTMLParser, document_fromstring

    found = _CHARSET.search(content[:_HEAD_BYTES])
    if not content.startswith((b"\xff\xfe", b"\xfe\xff")):  # UTF-16 says so; elsewhere a zero byte is dirt
        content = content.replace(b"\x00", b" ")
    text = decode(content, declared or (found[1].decode("ascii") if found else ""))
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        return document_fromstring(_CONTROL.sub(" ", text).encode("utf-8", "replace"), parser=parser)
    except (ParserError, ValueError) as error:
        raise UnreadableError("The file is empty.") from error


def title_of(root: HtmlElement) -> str:
    """The title of a document: its only first heading, else the name in its head without the site's name."""
    heads = [_words(head) for head in root.iter("h1")]
    named = _words(next(root.iter("title"), None))
    if len(heads) == 1 and heads[0]:
        return heads[0]
    whole, _, site = re.sub(r"\s+[|–—·»-]\s+", " | ", named).rpartition(" | ")
    return whole if whole and site else named


def body_markdown(root: HtmlElement, title: str) -> str:
    """The Markdown of a document's body, without a first heading that says the title again."""
    mains = [element for element in root.iter("main", "article") if _words(element)]
    text = tree_to_markdown(mains[0] if mains else root, framed=not mains)
    first = f"# {title}"
    return text[len(first) :].lstrip() if title and text.startswith(first + "\n") else text


def _words(element: HtmlElement | None) -> str:
    return "" if element is None else " ".join("".join(element.itertext()).split())
