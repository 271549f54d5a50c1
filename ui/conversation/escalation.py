"""The strip that says who handed the ticket on, why, and offers to take over."""

from __future__ import annotations

from datetime import UTC, datetime

from copilot.domain import Escalation, Person, Ticket
from ui.actions import Actions
from ui.conversation.words import ago
from ui.theme.tokens import Tone
from ui.widgets.buttons import action_button
from ui.widgets.notices import Strip


class EscalationStrip(Strip):
    """Shown for an escalated ticket; "Take over" is offered until it is the rep's own."""

    def __init__(self, actions: Actions) -> None:
        self.take_over = action_button(actions, "ticket.take_over", kind="primary", small=True)
        super().__init__(Tone.INFO, "", self.take_over, icon_name="bot")
        self.hide()

    def show_ticket(self, ticket: Ticket, me: Person | None) -> None:
        """Say who escalated this ticket, or hide."""
        self.setVisible(ticket.escalation is not None)
        if ticket.escalation is None:
            return
        mine = ticket.assignee is not None and me is not None and ticket.assignee.remote_id == me.remote_id
        self.take_over.setVisible(not mine)
        self.say(escalation_words(ticket.escalation, datetime.now(UTC)))


def escalation_words(escalation: Escalation, now: datetime) -> str:
    """Who escalated, when, why, and how sure it was of its own answers."""
    when = f" {ago(escalation.at, now)}" if escalation.at else ""
    words = f"Escalated by {escalation.by}{when}: {escalation.reason.rstrip('.')}."
    if escalation.confidence is not None:
        words += f" Its confidence was {escalation.confidence:.0%}."
    return words
