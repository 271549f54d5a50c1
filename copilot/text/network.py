"""Mail addresses, web addresses and IP addresses in a text, as (start, end)."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator

_MAIL = re.compile(
    r"(?<![\w.%+-])[\w][\w.!#$%&'*+/=?^`{|}~-]{0,63}@(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.){1,6}[^\W\d_]{2,24}(?![\w-])"
)
_HOST = r"(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.){1,6}[a-z]{2,24}"
_URL = re.compile(
    r"(?<![\w@])(?:(?:https?|s?ftp)://(?=\w|\[)[^\s<>\"“”]{1,2000}"
    rf"|www\.[^\W_][^\s<>\"“”]{{2,2000}}|(?<![.@-]){_HOST}/[^\s<>\"“”]{{1,2000}})",
    re.IGNORECASE,
)
_IP4 = re.compile(r"(?<![\w.-])\d{1,3}(?:\.\d{1,3}){3}(?![\w-]|\.\d)")
_IP6 = re.compile(
    r"(?<![\w:.])(?=[0-9a-f:]{0,39}\d)(?:[0-9a-f]{1,4}|:):[0-9a-f:]{1,37}(?:%\w{1,15})?(?![\w:])",
    re.IGNORECASE,
)
_VERSION_BEFORE = re.compile(r"(?:version|release|build|driver|firmware|\bver?)[.: ]{0,3}$", re.IGNORECASE)
_AFTER_URL = ".,;:!?'’*_|`"
_PAIRS = {")": "(", "]": "[", "}": "{"}


def mail_spans(text: str) -> Iterator[tuple[int, int]]:
    """Mail addresses with a domain of at least two labels."""
    for match in _MAIL.finditer(text):
        yield match.span()


def url_spans(text: str) -> Iterator[tuple[int, int]]:
    """Addresses with a scheme, with www., or with a path; a bare domain ("outlook.com") is nobody's own.

    Punctuation after the address and a bracket that was opened before it are left out.
    """
    for match in _URL.finditer(text):
        start, end = match.span()
        end = _end_of_url(text, start, end)
        if end > start:
            yield start, end


def _end_of_url(text: str, start: int, end: int) -> int:
    while end > start:
        last = text[end - 1]
        opener = _PAIRS.get(last)
        unopened = opener is not None and text.count(opener, start, end) < text.count(last, start, end)
        if last not in _AFTER_URL and not unopened:
            return end
        end -= 1
    return end


def ip_spans(text: str) -> Iterator[tuple[int, int]]:
    """IPv4 and IPv6 addresses; four numbers after a word like "version" are none."""
    for match in _IP4.finditer(text):
        before = text[max(0, match.start() - 20) : match.start()]
        if _is_ip(match.group()) and not _VERSION_BEFORE.search(before):
            yield match.span()
    for match in _IP6.finditer(text):
        candidate = match.group().rstrip(":") if not match.group().endswith("::") else match.group()
        if _is_ip(candidate):
            yield match.start(), match.start() + len(candidate)


def _is_ip(candidate: str) -> bool:
    try:
        ipaddress.ip_address(candidate)
    except ValueError:
        return False
    return True
