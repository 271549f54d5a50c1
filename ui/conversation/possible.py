"""What cannot be done with a ticket, and why: greyed before it is asked for, never an error after the click."""

from __future__ import annotations

from copilot.domain import Conversation, DeskInfo, Role, Status
from ui.actions import Actions

_GREYED = (
    "ticket.note",
    "ticket.assign",
    "ticket.take_over",
    "ticket.hand_back",
    "ticket.solve",
    "ticket.merge",
    "ticket.tags",
)


def grey_out(actions: Actions, conversation: Conversation, desk: DeskInfo | None) -> None:
    """Disable what is not possible now, with the reason; enable the rest."""
    reasons = impossible(conversation, desk) if desk is not None else {}
    for name in _GREYED:
        if name in reasons:
            actions.disable(name, reasons[name])
        else:
            actions.enable(name)


def impossible(conversation: Conversation, desk: DeskInfo) -> dict[str, str]:
    """By action, why not."""
    can, ticket = desk.capabilities, conversation.ticket
    found: dict[str, str] = {}

    def lacks(capability: str, usual: str, *names: str) -> None:
        reason = can.reasons.get(capability, f"{desk.name} {usual}").rstrip(".")
        found.update(dict.fromkeys(names, reason))

    if not can.notes:
        lacks("notes", "has no internal notes", "ticket.note")
    if not can.assign:
        lacks("assign", "assigns tickets to nobody", "ticket.assign", "ticket.take_over", "ticket.hand_back")
    if not can.merge:
        lacks("merge", "cannot merge tickets from here", "ticket.merge")
    if not can.tags:
        lacks("tags", "has no tags", "ticket.tags")
    if Status.SOLVED not in can.statuses:
        lacks("statuses", "does not know tickets as solved", "ticket.solve")
    if desk.me is not None and ticket.assignee is not None and ticket.assignee.remote_id == desk.me.remote_id:
        found.setdefault("ticket.take_over", "It is yours already")
    if all(message.author.role is not Role.AI_AGENT for message in conversation.messages):
        found.setdefault("ticket.hand_back", "No AI agent has answered on this ticket")
    return found
