"""Plants one false detail in a true sentence: another number, name or link, or a "not" put in or taken out.

The same sentence and sources always give the same plant. Every second number and name is taken from the sources
themselves, where it stands in another place: that is how careless writing goes wrong.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence

NUMBER = re.compile(r"(?<![\w.,/-])\d+(?:[.,:]\d+)*(?![\w/])")
NAME = re.compile(r"(?<=[a-z,] )[A-Z][A-Za-z]{2,}(?: [A-Z][A-Za-z]{2,}){0,3}")
LINK = re.compile(
    r"https?://[^\s)\]>\"']+|\b[\w-]+(?:\.[\w-]+)*\.(?:com|org|gov|net|io)\b(?:/[^\s)\]>\"']*)?"
)
_NEGATION = re.compile(
    r"\b(can)not\b|\b(do|does|did|is|are|was|were|has|have|would|should|could)n['’]t\b|(?<= )not "
)
_DENIES = re.compile(
    r"\b(?:no|not|none|never|neither|nor|nothing|without|unless|cannot)\b|n['’]t\b", re.IGNORECASE
)
_NOT_ONLY = re.compile(r"\bnot only\b", re.IGNORECASE)
_VERB = re.compile(r"\b(?:is|are|was|were|can|will|must|should|may|could|would|does|do)\b(?! not\b)")


def planted(sentence: str, sources: Sequence[str], elsewhere: Sequence[str]) -> Mapping[str, str]:
    """The sentence with one detail changed, by the kind of detail; kinds it has none of are left out.

    `elsewhere` are other texts of the same field, for names that the sources do not know.
    """
    found: dict[str, str] = {}
    for kind, change in _CHANGES.items():
        changed = change(sentence, "\n".join(sources), "\n".join(elsewhere))
        if changed is not None and changed != sentence:
            found[kind] = changed
    return found


def _number(sentence: str, source: str, _elsewhere: str) -> str | None:
    numbers = list(NUMBER.finditer(sentence))
    if not numbers:
        return None
    old = numbers[_draw(sentence, len(numbers))]
    others = sorted({number for number in NUMBER.findall(source) if number not in sentence})
    if others and _draw(sentence + "where", 2):
        return _put(sentence, old, others[_draw(sentence + "which", len(others))])
    digits = [
        str((int(digit) + 1 + _draw(sentence + digit, 8)) % 10) if digit.isdigit() else digit
        for digit in old[0]
    ]
    new = "".join(digits)
    return None if new in source else _put(sentence, old, new)


def _name(sentence: str, source: str, elsewhere: str) -> str | None:
    names = list(NAME.finditer(sentence))
    if not names:
        return None
    old = names[_draw(sentence, len(names))]
    near = sorted({name for name in NAME.findall(source) if name not in sentence and name not in old[0]})
    far = sorted({name for name in NAME.findall(elsewhere) if name not in source and name not in sentence})
    others = near if near and _draw(sentence + "where", 2) else far
    return _put(sentence, old, others[_draw(sentence + "which", len(others))]) if others else None


def _negated(sentence: str, _source: str, _elsewhere: str) -> str | None:
    """Takes the only "not" out, or puts one into a sentence that denies nothing: two may say the same as none."""
    if len(_DENIES.findall(sentence)) > 1 or _NOT_ONLY.search(sentence):
        return None
    cue = _NEGATION.search(sentence)
    if cue is not None:
        return _put(sentence, cue, cue[1] or cue[2] or "")
    verb = None if _DENIES.search(sentence) else _VERB.search(sentence)
    return None if verb is None else _put(sentence, verb, f"{verb[0]} not")


def _link(sentence: str, _source: str, _elsewhere: str) -> str | None:
    link = LINK.search(sentence)
    if link is None:
        return None
    address = link[0]
    if "/" in address.split("://")[-1].rstrip("/") and _draw(sentence, 2):
        return _put(
            sentence,
            link,
            f"{address.rstrip('/').rsplit('/', 1)[0]}/{('start', 'account', 'pay')[_draw(address, 3)]}",
        )
    return _put(
        sentence,
        link,
        re.sub(r"\.(\w+)(?=/|$)", lambda end: ".co" if end[1] != "co" else ".org", address, count=1),
    )


def _put(sentence: str, old: re.Match[str], new: str) -> str:
    return sentence[: old.start()] + new + sentence[old.end() :]


def _draw(key: str, count: int) -> int:
    """A number below `count` that depends on the key alone."""
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:4]) % count


_CHANGES: Mapping[str, Callable[[str, str, str], str | None]] = {
    "number": _number,
    "name": _name,
    "negation": _negated,
    "link": _link,
}
