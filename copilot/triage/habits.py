"""What reps correct of mood and urgency, learned: how much each reason is worth to this team.

For every correction, and for every ticket that a rep decided on without correcting it, there is a lesson: the
reasons that spoke for what was told, and by how much it was wrong (nothing, where it was let stand). Ridge regression
(Hoerl and Kennard 1970) shares the error among the reasons. The ridge makes it slow to believe: a reason that was
always corrected by one level is worth a third of a level after one correction, a half after two and three fifths after
three; a level moves when more than a half has come together, so at the third. Tickets that were let stand pull it back.
It never moves a ticket by more than one level, and never lowers what speaks of danger or a security incident.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from copilot.domain import Sentiment, Urgency

RIDGE = 2.0
"""As if each reason had been right on two tickets before the first lesson."""
MAX_LEVELS = 1
MAX_MOOD = 0.5
MOST_CAUSES = 300
NOTHING_SAID = ""
"""The reason of a ticket without any."""
ALARMING = 3
OF_THE_TEAM = "Your team's corrections"
_FIGURES = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Lesson:
    """What had spoken for a value, and what the rep said minus what was told."""

    causes: tuple[str, ...]
    change: float


@dataclass(frozen=True, slots=True)
class Habits:
    """What each reason is worth more (or less) to this team than the rules say."""

    worth: Mapping[str, float]
    lessons: int = 0

    def shift(self, causes: Sequence[str]) -> float:
        """How much to add where these reasons spoke."""
        return sum(self.worth.get(cause, 0.0) for cause in set(causes) or {NOTHING_SAID})


def learned(lessons: Sequence[Lesson]) -> Habits:
    """The worth of the reasons. Imports numpy and takes milliseconds: call it off the event loop."""
    if not any(lesson.change for lesson in lessons):
        return Habits({}, len(lessons))
    import numpy as np

    rows = [set(lesson.causes) or {NOTHING_SAID} for lesson in lessons]
    counts: dict[str, int] = {}
    for row in rows:
        for cause in row:
            counts[cause] = counts.get(cause, 0) + 1
    causes = sorted(counts, key=lambda cause: -counts[cause])[:MOST_CAUSES]
    place = {cause: column for column, cause in enumerate(causes)}
    said = np.zeros((len(rows), len(causes)))
    for number, row in enumerate(rows):
        said[number, [place[cause] for cause in row if cause in place]] = 1.0
    change = np.array([lesson.change for lesson in lessons])
    worth = np.linalg.solve(said.T @ said + RIDGE * np.eye(len(causes)), said.T @ change)
    return Habits(dict(zip(causes, map(float, worth), strict=True)), len(lessons))


def causes_of_urgency(urgency: Urgency) -> tuple[str, ...]:
    """The kinds of its reasons, without the requester's own words and without figures."""
    kinds = (_FIGURES.sub("", reason.partition(":")[0]) for reason in urgency.reasons)
    told = (" ".join(kind.split()) for kind in kinds)
    return tuple(dict.fromkeys(kind for kind in told if not kind.startswith(OF_THE_TEAM)))


def causes_of_mood(sentiment: Sentiment) -> tuple[str, ...]:
    """The words that caused it, in small letters."""
    return tuple(dict.fromkeys(word.lower() for word in sentiment.words))


def urgency_by(habits: Habits, urgency: Urgency) -> Urgency:
    """The urgency as this team sees it, with a reason that says so."""
    shift = max(-MAX_LEVELS, min(MAX_LEVELS, _rounded(habits.shift(causes_of_urgency(urgency)))))
    level = max(0, min(ALARMING, urgency.level + shift))
    if urgency.level in {level, ALARMING}:
        return urgency
    way = "higher" if level > urgency.level else "lower"
    reason = f"{OF_THE_TEAM} make it {way}."
    return replace(urgency, level=level, reasons=(*urgency.reasons, reason), shift=level - urgency.level)


def mood_by(habits: Habits, sentiment: Sentiment) -> Sentiment:
    """The mood as this team sees it."""
    shift = max(-MAX_MOOD, min(MAX_MOOD, habits.shift(causes_of_mood(sentiment))))
    score = round(max(-1.0, min(1.0, sentiment.score + shift)), 3)
    return replace(sentiment, score=score, shift=round(score - sentiment.score, 3))


def _rounded(value: float) -> int:
    """To the nearest whole number, exactly one half to zero."""
    return int(math.copysign(math.ceil(abs(value) - 0.5), value))
