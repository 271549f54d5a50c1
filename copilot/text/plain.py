"""From HTML to plain text, by inscriptis over lxml, with quotes marked the way plain mail marks them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.html import HtmlElement

MAX_HTML_CHARS = 1_000_000
"""More than this of one body is not read: no person wrote it."""
MAX_QUOTE_DEPTH = 8
MAX_LINK_CHARS = 300
"""A longer address is a tracking link: its text says more."""

MAX_LINK_PARTS = 20
"""A link around more pieces than this is a whole section, not a label."""

_SIGNATURE_CLASSES = frozenset({"signature", "gmail_signature", "moz-signature"})
_BLANK_RUN = re.compile(r"\n{3,}")
_TAG = re.compile(r"<[^<>]*>")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


@dataclass(frozen=True, slots=True)
class FlatText:
    """An HTML body as text: quoted blocks start with ``> ``, signatures that were marked up as such stand apart."""

    text: str
    signatures: tuple[str, ...] = ()


def html_to_text(html: str) -> FlatText:
    """The text a reader would see. Never raises; never empty where the HTML holds any text at all."""
    source = _CONTROL.sub(" ", html[:MAX_HTML_CHARS])
    root = _parse(source)
    if root is None:
        return FlatText(without_tags(source))
    signatures = _take_signatures(root)
    _mark_quotes(root)
    _write_links(root)
    text = _render(root)
    if not text and not signatures:
        return FlatText(without_tags(source))
    return FlatText(text, signatures)


def _parse(source: str) -> HtmlElement | None:
    from lxml.etree import ParserError
    from lxml.html import HTMLParser, document_fromstring

    try:
        root = document_fromstring(source.encode("utf-8", "replace"), parser=HTMLParser(encoding="utf-8"))
    except (ParserError, ValueError):
        return None
    for element in list(root.iter("script", "style", "template", "head")):
        element.drop_tree()
    return root


def _render(root: HtmlElement) -> str:
    from inscriptis.html_engine import Inscriptis
    from inscriptis.model.config import ParserConfig

    text = Inscriptis(root, ParserConfig()).get_text()
    lines = (line.rstrip() for line in text.replace("\xa0", " ").split("\n"))
    return _BLANK_RUN.sub("\n\n", "\n".join(lines)).strip()


def without_tags(source: str) -> str:
    """All text of an HTML source, also what a reader does not see. Crude, for when nothing else is left."""
    return _BLANK_RUN.sub("\n\n", unescape(_TAG.sub(" ", source))).strip()


def _take_signatures(root: HtmlElement) -> tuple[str, ...]:
    """Take signature blocks of the writer (not those inside a quote) out of the tree."""
    taken: list[str] = []
    for element in list(root.iter("div", "p", "span", "pre", "table")):
        classes = frozenset((element.get("class") or "").lower().split())
        if not classes & _SIGNATURE_CLASSES or any(a.tag == "blockquote" for a in element.iterancestors()):
            continue
        if root not in element.iterancestors():
            continue
        text = "\n".join(part.strip() for part in element.itertext() if part.strip())
        element.drop_tree()
        if text:
            taken.append(text)
    return tuple(taken)


def _mark_quotes(root: HtmlElement) -> None:
    """Replace each block quote by its text with ``> `` before every line, innermost first."""
    from lxml.html import Element

    quotes = list(root.iter("blockquote"))
    for quote in quotes:
        if sum(1 for a in quote.iterancestors("blockquote")) >= MAX_QUOTE_DEPTH:
            quote.drop_tag()
    for quote in reversed(list(root.iter("blockquote"))):
        text = _render(quote)
        tail = quote.tail
        block = Element("pre")
        block.text = "\n".join(f"> {line}".rstrip() for line in text.split("\n"))
        block.tail = tail
        parent = quote.getparent()
        if parent is not None:
            parent.replace(quote, block)


def _write_links(root: HtmlElement) -> None:
    """Write the address of a link after its text, as Markdown does, where the text does not say it already."""
    for link in root.iter("a"):
        href = (link.get("href") or "").strip()
        label = "".join(islice(link.itertext(), MAX_LINK_PARTS)).strip()
        if (
            len(link) > MAX_LINK_PARTS
            or not href.startswith(("http://", "https://"))
            or len(href) > MAX_LINK_CHARS
        ):
            continue
        if not label or href.rstrip("/") in label or label in href or any(c in label for c in "[]\n"):
            continue
        for child in list(link):
            link.remove(child)
        link.text = f"[{label}]({href})"
