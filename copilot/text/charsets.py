"""Bytes to text when the declared character set is missing, unknown or wrong."""

from __future__ import annotations

import binascii
import codecs
import re
from email.errors import MessageError
from email.header import decode_header

_OTHER_NAMES = {
    "ansi": "cp1252",
    "cp-850": "cp850",
    "iso-8859-8-i": "iso-8859-8",
    "iso-8859-8-e": "iso-8859-8",
    "ks_c_5601-1987": "cp949",
    "unicode-1-1-utf-7": "utf-7",
    "x-gbk": "gbk",
    "x-mac-roman": "mac-roman",
    "x-sjis": "cp932",
    "x-unknown": "",
    "unknown-8bit": "",
    "gb2312": "gb18030",
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "us-ascii": "",
    "ascii": "",
}
"""What names mean in practice (WHATWG Encoding Standard, "Names and labels"); an empty one says nothing."""
_TEXT_CODECS_ONLY = frozenset({"base64", "bz2", "hex", "quopri", "rot13", "uu", "zlib", "punycode", "idna"})
MAX_HEAD_CHARS = 10_000
"""More of a head than this is not read: the library's time for encoded words grows with the square."""
_FOLD = re.compile(r"\r?\n[ \t]?")


def decoded(content: bytes, charset: str) -> str:
    """The text: in the declared set if every byte fits, else in UTF-8, else in Windows-1252 with gaps marked.

    Never raises. Sets of more than a byte a character ("shift_jis", "utf-16") are kept, with gaps, though a byte does
    not fit: in them the other two would make nothing but noise.
    """
    codec = _codec(charset)
    if content.startswith(codecs.BOM_UTF8):
        codec, content = "utf-8", content[len(codecs.BOM_UTF8) :]
    for name in filter(None, (codec, "utf-8")):
        try:
            return content.decode(name)
        except ValueError:
            continue
    wide = codec and not codec.startswith(("cp125", "iso8859", "koi8", "mac", "utf-8"))
    return content.decode(codec if wide else "cp1252", errors="replace")


def _codec(charset: str) -> str:
    """The codec's own name; empty for a set that nobody knows."""
    label = charset.strip().strip("\"'").casefold()
    try:
        name = codecs.lookup(_OTHER_NAMES.get(label, label) or "none").name
    except (LookupError, ValueError):
        return ""
    return "" if name in _TEXT_CODECS_ONLY else name


def header_text(raw: str) -> str:
    """A head's value for a reader: encoded words decoded (RFC 2047), raw bytes understood, folds taken out."""
    flat = _FOLD.sub(" ", raw[:MAX_HEAD_CHARS])
    try:
        pieces = decode_header(flat)
    except (MessageError, binascii.Error, ValueError):
        pieces = [(flat, None)]
    return " ".join("".join(_piece(text, charset) for text, charset in pieces).split())


def _piece(text: bytes | str, charset: str | None) -> str:
    if isinstance(text, str):
        return decoded(text.encode("utf-8", "surrogateescape"), charset or "")
    return decoded(text, charset or "")
