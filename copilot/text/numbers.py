"""Order, account and customer numbers in a text, as (start, end): by the team's patterns, and those known before."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

_SHORTEST = 3
"""Shorter literals would hide parts of words and every other digit."""


def number_spans(text: str, patterns: Iterable[str]) -> Iterator[tuple[int, int]]:
    """What the patterns match, or their group named `number`. Case is ignored."""
    for pattern in patterns:
        compiled = re.compile(pattern, re.IGNORECASE)
        group = "number" if "number" in compiled.groupindex else 0
        for match in compiled.finditer(text):
            if match.end(group) > match.start(group):
                yield match.span(group)


def literal_spans(text: str, literals: Iterable[str]) -> Iterator[tuple[int, int]]:
    """Wherever one of these stands as a whole, whatever its case."""
    wanted = sorted(
        {one.strip() for one in literals if len(one.strip()) >= _SHORTEST}, key=lambda one: (-len(one), one)
    )
    if not wanted:
        return
    for match in re.finditer(rf"(?<!\w)(?:{'|'.join(map(re.escape, wanted))})(?!\w)", text, re.IGNORECASE):
        yield match.span()
