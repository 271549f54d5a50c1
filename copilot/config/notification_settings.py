"""What the rep wants to be told of while they look elsewhere, and when not."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from copilot.config.section import Section
from copilot.domain import Attention

_SATURDAY = 5


class NotificationSettings(Section):
    """Switches by kind, and hours of quiet in the rep's own time zone, from one full hour to another.

    `names` says who and about what in the message, which others may see on a screen; `breach_minutes` is how long
    before its due time a ticket is told of. `keep_in_tray` lets closing the window leave Sidedesk running.
    """

    assigned: bool = True
    replied: bool = True
    breaching: bool = True
    escalated: bool = True
    names: bool = True
    breach_minutes: int = Field(default=30, ge=5, le=480)
    quiet: bool = False
    quiet_from: int = Field(default=19, ge=0, le=23)
    quiet_to: int = Field(default=8, ge=0, le=23)
    quiet_weekends: bool = False
    keep_in_tray: bool = False

    def wants(self, kind: Attention) -> bool:
        """Whether the rep wants to hear of this kind at all."""
        return {
            Attention.ASSIGNED: self.assigned,
            Attention.REPLIED: self.replied,
            Attention.BREACHING: self.breaching,
            Attention.ESCALATED: self.escalated,
        }[kind]

    def is_quiet(self, local: datetime) -> bool:
        """Whether a moment in the rep's time zone is in the hours of quiet; they may reach over midnight."""
        if self.quiet_weekends and local.weekday() >= _SATURDAY:
            return True
        if not self.quiet:
            return False
        if self.quiet_from <= self.quiet_to:
            return self.quiet_from <= local.hour < self.quiet_to
        return local.hour >= self.quiet_from or local.hour < self.quiet_to
