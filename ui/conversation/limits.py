"""What the channel of a ticket lets through, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from copilot.domain import ReplyLimits, Upload
from ui.conversation.words import clock, short_date


@dataclass(frozen=True, slots=True)
class Way:
    """The way back to the requester: its channel in a word, what it lets through, and until when it takes replies."""

    channel: str = ""
    limits: ReplyLimits = field(default_factory=ReplyLimits)
    until: datetime | None = None

    def why_not(self, length: int, uploads: Sequence[Upload], now: datetime) -> str:
        """Why a reply of this length cannot go this way; empty when it can."""
        if self.until is not None and now >= self.until:
            since = _moment(self.until, now)
            return f"{self.channel} takes no replies since {since}, until the requester writes again"
        if uploads and not self.limits.attachments:
            return f"{self.channel or 'This desk'} takes no files: send a link instead"
        over = length - self.limits.characters
        if self.limits.characters and over > 0:
            return f"{over} characters too long for {self.channel or 'this desk'}"
        return ""

    def words(self, length: int, now: datetime) -> str:
        """What is special about it, e.g. "WhatsApp, plain text, 23 of 1,600 characters"; empty when nothing is."""
        parts = []
        if not self.limits.markup:
            parts.append("plain text")
        if self.limits.characters:
            parts.append(f"{length:,} of {self.limits.characters:,} characters")
        if self.until is not None and now < self.until:
            parts.append(f"replies until {_moment(self.until, now)}")
        return ", ".join([self.channel, *parts]) if parts else ""


def _moment(then: datetime, now: datetime) -> str:
    local = then.astimezone()
    same_day = local.date() == now.astimezone().date()
    return clock(then) if same_day else short_date(then)
