"""Which sentences of a draft still stand untouched in what the rep is writing.

Nothing is tracked while typing: each time the text is compared with the draft, so an undo brings a mark back, and a
sentence that was moved keeps its own. A sentence counts as untouched only where it is a sentence of its own: with
"Do not" before it, it says something else.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from copilot.domain import DraftSentence, Support

_END_MARKS = ".!?…:;)”\"'"
_MARKDOWN_MARKS = "*_~`"
_SENTENCE_BREAK = re.compile(r"(?<=[.!?…])\s+|\n+")


@dataclass(frozen=True, slots=True)
class Mark:
    """A sentence of the draft, untouched at code points [start, end); `number` is its place in the draft."""

    start: int
    end: int
    number: int


@dataclass(frozen=True, slots=True)
class Tally:
    """How many sentences a text has, and what they stand on; `own` are those the rep wrote or changed."""

    sourced: int = 0
    courtesy: int = 0
    unsupported: int = 0
    own: int = 0

    @property
    def total(self) -> int:
        """All sentences."""
        return self.sourced + self.courtesy + self.unsupported + self.own


def find_marks(text: str, sentences: Sequence[DraftSentence]) -> tuple[Mark, ...]:
    """The untouched sentences, in the order of the text."""
    taken: list[Mark] = []
    position = 0
    missing: list[int] = []
    for number in range(len(sentences)):
        found = _find(text, sentences, number, position, taken)
        if found is None:
            missing.append(number)
            continue
        taken.append(found)
        position = found.end
    for number in missing:
        moved = _find(text, sentences, number, 0, taken)
        if moved is not None:
            taken.append(moved)
    return tuple(sorted(taken, key=lambda mark: mark.start))


def tally(text: str, sentences: Sequence[DraftSentence], marks: Sequence[Mark]) -> Tally:
    """Count the sentences of a text by what they stand on."""
    supports = [sentences[mark.number].support for mark in marks]
    return Tally(
        sourced=supports.count(Support.SUPPORTED),
        courtesy=supports.count(Support.COURTESY),
        unsupported=supports.count(Support.UNSUPPORTED),
        own=supports.count(Support.FROM_REP) + _own_sentences(text, marks),
    )


def tally_line(count: Tally) -> str:
    """The small line under the editor, e.g. "5 sentences, 4 with sources, 1 yours"."""
    parts = [
        f"{count.total} sentence{'' if count.total == 1 else 's'}",
        f"{count.sourced} with sources" if count.sourced != 1 else "1 with a source",
    ]
    if count.unsupported:
        parts.append(f"{count.unsupported} without a source")
    if count.own:
        parts.append(f"{count.own} yours")
    return ", ".join(parts)


def _find(
    text: str, sentences: Sequence[DraftSentence], number: int, position: int, taken: Sequence[Mark]
) -> Mark | None:
    wanted = sentences[number].text
    if not wanted.strip():
        return None
    start = text.find(wanted, position)
    while start >= 0:
        mark = Mark(start, start + len(wanted), number)
        free = all(mark.end <= other.start or other.end <= mark.start for other in taken)
        if free and _begins_here(text, mark, sentences) and _ends_here(text, mark, sentences):
            return mark
        start = text.find(wanted, start + 1)
    return None


def _begins_here(text: str, mark: Mark, sentences: Sequence[DraftSentence]) -> bool:
    before = text[: mark.start]
    stripped = before.rstrip(" \t")
    if not stripped or stripped.endswith("\n"):
        return True
    if mark.number > 0:
        previous = sentences[mark.number - 1]
        if before.endswith(previous.text + previous.separator):
            return True
    words = stripped.rstrip(_MARKDOWN_MARKS)
    return stripped != before and words[-1:] in set(_END_MARKS)


def _ends_here(text: str, mark: Mark, sentences: Sequence[DraftSentence]) -> bool:
    after = text[mark.end :]
    if not after.strip(" \t") or after.lstrip(" \t").startswith("\n"):
        return True
    sentence = sentences[mark.number]
    if mark.number + 1 < len(sentences) and after.startswith(
        sentence.separator + sentences[mark.number + 1].text
    ):
        return True
    return after[0].isspace() and sentence.text.rstrip()[-1] in _END_MARKS


def _own_sentences(text: str, marks: Sequence[Mark]) -> int:
    count, position = 0, 0
    for mark in (*marks, Mark(len(text), len(text), -1)):
        gap = _SENTENCE_BREAK.split(text[position : mark.start])
        count += sum(any(letter.isalnum() for letter in part) for part in gap)
        position = mark.end
    return count
