"""How much a ticket is at risk: one whole number that orders the view AT_RISK, and when time alone will change it."""

from __future__ import annotations

from dataclasses import dataclass

DUE_SOON_MS = 4 * 60 * 60 * 1000
_NOW = 60
_SOON = 40
_OVERDUE = 50
_DUE_SOON = 30
_ANGRY = 10
_ANGRY_FROM = -0.5


@dataclass(frozen=True, slots=True)
class Risk:
    """`points` is 0 for a ticket that is not at risk. `until` is when time alone changes that, ms; None is never."""

    points: int
    until: int | None


def risk(*, urgency: int | None, mood: float | None, due: int | None, now: int) -> Risk:
    """Points for urgency 2 and 3, for being due within four hours or overdue, and for a mood of -0.5 or worse.

    The points add up, so that an angry requester whose ticket is overdue stands above a calm one. Times in ms.
    """
    points = {2: _SOON, 3: _NOW}.get(urgency or 0, 0)
    if mood is not None and mood <= _ANGRY_FROM:
        points += _ANGRY + round(_ANGRY * (_ANGRY_FROM - mood) / (1 + _ANGRY_FROM))
    if due is None:
        return Risk(points, None)
    if now >= due:
        return Risk(points + _OVERDUE, None)
    if now >= due - DUE_SOON_MS:
        return Risk(points + _DUE_SOON, due)
    return Risk(points, due - DUE_SOON_MS)
