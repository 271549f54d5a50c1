"""A model's output is as untrusted as a customer's mail: what of it may be shown at all."""

from __future__ import annotations

import re

from copilot.text.terms import words_of

MAX_CHARS = 1_200
"""More than this is no sentence."""
_TAG = re.compile(r"<(?:/?[a-zA-Z][^<>]{0,500}|!--.{0,500}?--)>", re.DOTALL)
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e007f]"
)
"""Control signs, marks of direction and letters without width: they hide a link or a sentence from the reader."""
_LEAK_WORDS = 9


def plain(text: str) -> str:
    """The text as a reader would see it: no tags, nothing invisible, not endless."""
    return _TAG.sub("", _UNSEEN.sub("", text))[:MAX_CHARS].strip()


def repeats(text: str, instructions: str) -> bool:
    """Whether so many words in a row are the prompt's own that it must be reciting it."""
    spoken = tuple(word.casefold() for word in words_of(text))
    own = " ".join(word.casefold() for word in words_of(instructions))
    runs = (" ".join(spoken[at : at + _LEAK_WORDS]) for at in range(len(spoken) - _LEAK_WORDS + 1))
    return any(f" {run} " in f" {own} " for run in runs)
