"""Mood and urgency in a word, a shape and a tone: never by colour alone."""

from __future__ import annotations

from dataclasses import dataclass

from ui.theme.tokens import Tone


@dataclass(frozen=True, slots=True)
class Mark:
    """What a score looks like: the word is always said or shown, the icon has a shape of its own."""

    word: str
    icon: str
    tone: Tone


_MOODS = (
    (-0.5, Mark("Angry", "angry", Tone.BAD)),
    (-0.15, Mark("Unhappy", "frown", Tone.WARN)),
    (0.3, Mark("Neutral", "meh", Tone.NEUTRAL)),
    (1.01, Mark("Happy", "smile", Tone.GOOD)),
)
_URGENCIES = (
    Mark("Can wait", "clock", Tone.NEUTRAL),
    Mark("Soon", "clock", Tone.NEUTRAL),
    Mark("Today", "timer", Tone.WARN),
    Mark("Now", "flame", Tone.BAD),
)


def mood_mark(score: float) -> Mark:
    """The mark of a mood in [-1, 1]."""
    return next(mark for upper, mark in _MOODS if score < upper)


def urgency_mark(level: int) -> Mark:
    """The mark of an urgency from 0 (can wait) to 3 (now)."""
    return _URGENCIES[max(0, min(level, 3))]
