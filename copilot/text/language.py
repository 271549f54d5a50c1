"""Which language a message is written in, by eld (Apache-2.0, pure Python, no network)."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

_NOISE = re.compile(r"https?://\S+|\S+@\S+|`[^`\n]{0,200}`|\d+")
_LETTERS_WANTED = 12
"""Below this many letters a guess is noise ("Hello" reads as Finnish)."""
_SAMPLE_CHARS = 2000


@cache
def _detector() -> Any:
    from eld import LanguageDetector  # half a second of tables, so only when a message is first read

    return LanguageDetector()


def detect_language(text: str) -> str:
    """The ISO 639-1 code of the language, or an empty string when the text is too short or too mixed to say."""
    sample = _NOISE.sub(" ", text[:_SAMPLE_CHARS])
    letters = sum(c.isalpha() for c in sample)
    dense = any(ord(c) > 0x2E7F for c in sample)  # CJK says more with fewer letters
    if letters < (4 if dense else _LETTERS_WANTED):
        return ""
    found = _detector().detect(sample)
    return str(found.language or "") if found.is_reliable() else ""
