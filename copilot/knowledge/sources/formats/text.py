"""Markdown and plain text, in whatever encoding they come."""

from __future__ import annotations

import codecs
import re

from copilot.knowledge.sources.formats.parsed import Parsed, UnreadableError

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SNIFFED_BYTES = 200_000
_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?\n)(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_NAMED = re.compile(r"^title[ \t]*:[ \t]*(.+?)[ \t]*$", re.MULTILINE | re.IGNORECASE)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_FIRST_HEADING = re.compile(r"\A\s*#[ \t]+(.+?)[ \t]*#*[ \t]*(?:\n|\Z)")
_UNDERLINED = re.compile(r"\A\s*(\S[^\n]{0,150})\n={3,}[ \t]*(?:\n|\Z)")
_LONGEST_TITLE = 150


def decode(content: bytes, declared: str = "") -> str:
    """Bytes as text: by their byte-order mark, as UTF-8, as declared, else by a guess. Raises `UnreadableError`."""
    for mark, encoding in _BOMS:
        if content.startswith(mark):
            return content.decode(encoding, "replace")
    if b"\x00" in content[:_SNIFFED_BYTES]:
        raise UnreadableError("This is no text file: it holds binary data.")
    for encoding in ("utf-8", declared):
        try:
            if encoding:
                return content.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    return content.decode(_guess(content), "replace")


def parse_markdown(content: bytes) -> Parsed:
    """A Markdown file; its title stands in the front matter or in its first heading."""
    text = _with_newlines(decode(content))
    front = _FRONT_MATTER.match(text)
    named = _NAMED.search(front[1]) if front else None
    body = _COMMENT.sub("", text[front.end() :] if front else text)
    first = _FIRST_HEADING.match(body) or _UNDERLINED.match(body)
    if named:
        title = named[1].strip("\"'")
        same = first is not None and first[1].strip() == title
    else:
        title, same = (first[1].strip() if first else ""), first is not None
    return Parsed(title=title, text=body[first.end() if first and same else 0 :].strip())


def parse_text(content: bytes) -> Parsed:
    """Plain text; a short first line that stands alone is its title."""
    text = _with_newlines(decode(content)).strip()
    first, _, rest = text.partition("\n")
    alone = (
        rest.startswith("\n")
        and len(first) <= _LONGEST_TITLE
        and not first.rstrip().endswith((".", ",", ";"))
    )
    return Parsed(title=first.strip() if alone else "", text=rest.strip() if alone else text)


def _guess(content: bytes) -> str:
    from charset_normalizer import from_bytes

    best = from_bytes(content[:_SNIFFED_BYTES]).best()
    return best.encoding if best is not None else "cp1252"


def _with_newlines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
