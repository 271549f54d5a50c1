"""What a requester has already told of their situation: version, system, provider, account type, error.

So that nobody asks again, and so that a missing one can be named.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class FactKind(StrEnum):
    """The kinds of facts that support most often asks for."""

    VERSION = "version"
    SYSTEM = "system"
    PROVIDER = "provider"
    PROTOCOL = "protocol"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact in the writer's own words."""

    kind: FactKind
    text: str


def _any_of(*phrases: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w.])(?:{'|'.join(phrases)})(?!\w)", re.IGNORECASE)


_PATTERNS = {
    FactKind.VERSION: _any_of(
        r"(?:(?:version|release|build|ver|v)\.? ?)?\d{1,4}(?:\.\d{1,5}){1,4}(?:[. ]?esr)?(?! ?(?:[gmk]b|%|[ap]m)\b)",
        r"(?:version|release|build|update|v)\.? ?(?:of |to )?\d{1,4}(?: ?esr)?(?![.\d])",
        r"(?-i:[A-Z][a-z]{4,}[a-z]*(?<!Windows)) v?\d{2,3}(?:esr)?(?![.,:\d]| ?\w{0,2}\d)",
    ),
    FactKind.SYSTEM: _any_of(
        r"windows ?(?:xp|vista|7|8(?:\.1)?|10|11)(?: (?:home|pro))?|win ?(?:7|8|10|11)|w(?:10|11)",
        r"mac ?os(?: ?x)?(?: ?\d{1,2}(?:\.\d{1,2}){0,2})?|os ?x|sonoma|sequoia|ventura|monterey|tahoe",
        r"(?:linux )?(?:ubuntu|mint|fedora|debian|manjaro|arch)(?: ?\d{2}(?:\.\d{2})?)?|linux|chrome ?os",
        r"android(?: ?\d{1,2})?|i(?:os|pados)(?: ?\d{1,2})?",
    ),
    FactKind.PROVIDER: _any_of(
        r"g-?mail|google workspace|outlook\.com|hotmail|office ?365|microsoft 365|exchange|yahoo|aol|icloud|gmx",
        r"web\.de|t-online|bt(?:internet)?|comcast|xfinity|at&t|att\.net|spectrum|charter|verizon|cox|zoho",
        r"proton(?:mail)?|fastmail|orange\.fr|free\.fr|libero|virgin(?:media)?|talktalk|ionos|strato|godaddy|yandex",
    ),
    FactKind.PROTOCOL: _any_of(r"imap|pop ?3|(?-i:POP)|caldav|carddav"),
    FactKind.ERROR: _any_of(
        r"(?:error|message|says?|saying|reads?|reading|states?|displays?)[^\n\"“”]{0,30}"
        r"[\"“](?P<quoted>[^\"”\n]{8,160})[\"”]",
        r"error(?: code)?:? ?(?:0x[0-9a-f]+|\d{3,5})",
    ),
}
_NAMES = {
    FactKind.VERSION: "Version",
    FactKind.SYSTEM: "System",
    FactKind.PROVIDER: "Provider",
    FactKind.PROTOCOL: "Account type",
    FactKind.ERROR: "Error",
}
MAX_READ_CHARS = 20_000
MAX_OF_A_KIND = 3


def facts_in(texts: Iterable[str]) -> tuple[Fact, ...]:
    """The facts told in `texts`, each wording once, at most three of a kind, in the order of `FactKind`."""
    found: dict[FactKind, dict[str, Fact]] = {kind: {} for kind in FactKind}
    for text in texts:
        read = text[:MAX_READ_CHARS]
        without_systems = _PATTERNS[FactKind.SYSTEM].sub(
            " ", read
        )  # in "macOS 14.6" 14.6 is no version of ours
        for kind, pattern in _PATTERNS.items():
            for match in pattern.finditer(without_systems if kind is FactKind.VERSION else read):
                words = " ".join((match.groupdict().get("quoted") or match.group()).split())
                if len(found[kind]) < MAX_OF_A_KIND:
                    found[kind].setdefault(words.casefold(), Fact(kind, words))
    return tuple(fact for kind in FactKind for fact in found[kind].values())


def described(facts: Iterable[Fact]) -> tuple[str, ...]:
    """Facts as lines for a reader: "Version: 128.3"."""
    kinds: dict[FactKind, list[str]] = {}
    for fact in facts:
        kinds.setdefault(fact.kind, []).append(fact.text)
    return tuple(f"{_NAMES[kind]}: {', '.join(words)}" for kind, words in kinds.items())
