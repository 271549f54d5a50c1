"""Who has handed a ticket on before: told to the next, and noticed when it would go in a circle."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from copilot.domain import Assign, Conversation, MessageKind, Person

SIGN = "**Handoff"
"""How the note of a handoff begins, and what survives of it on desks that keep no Markdown."""


@dataclass(frozen=True, slots=True)
class Handoff:
    """Somebody gave the ticket away."""

    by: Person
    at: datetime


def handoffs(conversation: Conversation) -> tuple[Handoff, ...]:
    """The handoffs that the ticket's notes tell of, oldest first."""
    return tuple(
        Handoff(message.author, message.created)
        for message in conversation.messages
        if message.kind is MessageKind.NOTE
        and (message.clean or message.text or "").lstrip("* \n").startswith(SIGN.strip("*"))
    )


def warning(conversation: Conversation, to: Assign, given: Sequence[Assign]) -> str:
    """Why this handoff would close a circle, in words; empty when it would not.

    `given` are our own earlier assignments of this ticket that were carried out: groups leave no name in the notes.
    """
    before = handoffs(conversation)
    if to.person is not None:
        last = next((one for one in reversed(before) if one.by.remote_id == to.person.remote_id), None)
        if last is not None:
            return (
                f"{to.person.name} has handed this ticket on already, on {last.at:%-d %B}. "
                "Talk to each other before it goes round once more."
            )
    was_there = to.group and any(earlier.group == to.group for earlier in given)
    if was_there and conversation.ticket.group != to.group:
        return f"{to.group} has had this ticket before, and it came back. Talk to them before it goes round once more."
    return ""
