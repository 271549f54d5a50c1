"""Addresses in what a model wrote: found in every disguise a reader would follow, out unless a source has them.

Stricter than `text.network`, which looks for personal data: here a false alarm costs a word, a miss sends a customer to
a stranger's page.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

_ENDINGS = (
    "com|net|org|io|ai|app|dev|info|biz|xyz|top|site|online|shop|store|club|live|link|click|cloud|tech|page|pro|mobi"
    "|name|edu|gov|int|me|tv|cc|ws|ly|gg|to|eu|uk|us|ca|de|fr|es|it|nl|be|at|ch|pl|se|no|dk|fi|ru|ua|cn|jp|kr|in|au|nz"
    "|br|mx|ar|za|tr|gr|pt|cz|ro|hu|ie|tk|ml|ga|cf|gq|su|ir|sg|hk|tw|th|vn|id|ph|my|ae|il|onion|zip|mov|support|help"
)
"""Endings of names that stand without a scheme. Not all there are: "prefs.js" and "setup.py" are no addresses."""
_DOT = r"(?:\.|\s?[\[({]\s?(?:\.|dot|punkt|point)\s?[\])}]\s?|\s(?:dot)\s)"
_NAME = r"[^\W_](?:[\w-]{0,61}[^\W_])?"
_FOUND = re.compile(
    rf"""
      \b[a-z][a-z0-9+.-]{{1,20}}\s?:\s?//[^\s<>"“”]*          # any scheme, also hxxp and one with a blank
    | \b(?:javascript|vbscript|data|file|mailto|tel|sms|callto):[^\s<>"“”]+
    | \bwww\d?{_DOT}[^\s<>"“”]+
    | [\w.+%-]{{1,64}}\s?(?:@|[\[(]\s?(?:at|@)\s?[\])])\s?(?:{_NAME}{_DOT}){{1,6}}[^\W\d_]{{2,24}}
    | (?<![\w@.-])(?:{_NAME}{_DOT}){{1,6}}(?:{_ENDINGS})(?![\w-])(?:[:/?\#][^\s<>"“”]*)?
    | (?<![\w@.-])\d{{1,3}}(?:\.\d{{1,3}}){{3}}[:/][^\s<>"“”]*
    | //{_NAME}(?:\.{_NAME})+[^\s<>"“”]*
    """,
    re.IGNORECASE | re.VERBOSE,
)
_LABELLED = re.compile(
    r"!?\[(?P<label>[^\]\n]{0,300})\]\s?\(\s*<?(?P<target>[^()\s>]*(?:\([^()\s]*\)[^()\s>]*)?)>?[^)\n]*\)"
)
_ENDS_WITH = ".,;:!?'’\"”*_|`)]}>"
_WIDE = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)}
"""Full-width letters and signs, which browsers read as the narrow ones; one sign each, so places stay the same."""
_EMPTY = re.compile(r"<\s*>|\(\s*\)|\[\s*\]|\{\s*\}")
_ROUNDS = 6


def links_in(text: str) -> tuple[str, ...]:
    """Every address in a text, each in the form that `alike` compares."""
    return tuple(alike(text[start:end]) for start, end in _spans(text))


def alike(link: str) -> str:
    """An address without what makes no difference: scheme, capitals, `www.`, punctuation after it, its last slash."""
    plain = re.sub(r"\s", "", link.translate(_WIDE)).casefold()
    plain = re.sub(r"[\[({](?:\.|dot|punkt|point)[\])}]", ".", plain)
    plain = re.sub(r"^(?:https?:|mailto:|tel:)?(?://)?(?:www\.)?", "", plain)
    return plain.rstrip(_ENDS_WITH + "/")


def without_links(text: str, allowed: Collection[str]) -> tuple[str, bool]:
    """The text with every address taken out that is not among `allowed` (see `alike`), and whether any was.

    A labelled link keeps its label. What is left is read again, since pieces that come together may make an address.
    """
    kept = text
    for _ in range(_ROUNDS):
        changed = _unlabelled(kept, allowed)
        bad = [span for span in _spans(changed) if alike(changed[slice(*span)]) not in allowed]
        if not bad and changed == kept:
            return (kept, kept != text) if kept == text else (_tidied(kept), True)
        kept = _cut(changed, bad)
    return "", True


def _unlabelled(text: str, allowed: Collection[str]) -> str:
    def plain(found: re.Match[str]) -> str:
        target = found["target"]
        good = alike(target) in allowed and re.match(r"(?:https?://|mailto:)", target, re.IGNORECASE)
        return found.group() if good and not found.group().startswith("!") else found["label"]

    return _LABELLED.sub(plain, text)


def _spans(text: str) -> Iterable[tuple[int, int]]:
    for found in _FOUND.finditer(text.translate(_WIDE)):
        start, end = found.span()
        while end > start and text[end - 1] in _ENDS_WITH:
            end -= 1
        if end > start:
            yield start, end


def _cut(text: str, spans: Iterable[tuple[int, int]]) -> str:
    pieces, at = [], 0
    for start, end in spans:
        pieces.append(text[at:start])
        at = end
    return "".join([*pieces, text[at:]])


def _tidied(text: str) -> str:
    """Without the empty brackets and double blanks that a link leaves behind."""
    bare = _EMPTY.sub("", text)
    return re.sub(r"[ \t]+([.,;:!?])", r"\1", re.sub(r"[ \t]{2,}", " ", bare)).strip(" \t")
