"""What the queue says: views, times in short, and what to do when there is nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from copilot.domain import QueueRow, Role, Status, View
from ui.conversation.words import CHANNEL_WORDS
from ui.theme.tokens import Tone
from ui.widgets.mood import Mark, mood_mark, urgency_mark

VIEW_ACTIONS: dict[View, str] = {view: f"view.{view.value}" for view in View}
"""The action that goes to each view; its name, icon and key are the view's."""

_DUE_SOON_MINUTES = 30
_DUE_TODAY_MINUTES = 120


@dataclass(frozen=True, slots=True)
class Nothing:
    """What an empty list says."""

    icon: str
    title: str
    advice: str


NOTHING: dict[View, Nothing] = {
    View.MINE: Nothing("inbox", "No ticket is waiting for you",
                       "Press 2 for Unassigned, or 3 for what the AI agent escalated."),
    View.UNASSIGNED: Nothing("user-check", "Everything has somebody",
                             "Press 1 for your own tickets, or 4 for those at risk."),
    View.ESCALATED: Nothing("bot", "The AI agent has escalated nothing",
                            "What it cannot answer appears here. Press 2 for Unassigned."),
    View.AT_RISK: Nothing("circle-check", "No ticket is at risk",
                          "Nothing is late or about to be. Press 1 for your own tickets."),
    View.WAITING: Nothing("hourglass", "You wait for nobody",
                          "A ticket comes here when you send it and wait. Press 1 for your own."),
    View.SNOOZED: Nothing("alarm-clock", "Nothing is snoozed",
                          "Press z on a ticket to put it aside until a moment you choose."),
    View.ALL: Nothing("plug", "No ticket yet",
                      "Connect a help desk, or press F5 to ask for tickets again."),
}  # fmt: skip


def nothing_found(text: str) -> Nothing:
    """What an empty search says."""
    return Nothing(
        "search", f"Nothing found for “{text}”", "Try fewer or other words. Esc goes back to the view."
    )


def short_time(then: datetime, now: datetime) -> str:
    """How long ago, as short as a column needs: now, 5m, 3h, 2d, then the date."""
    minutes = int((now - then).total_seconds() // 60)
    if minutes < 1:
        return "now"
    if minutes < 60:
        return f"{minutes}m"
    if minutes < 24 * 60:
        return f"{minutes // 60}h"
    if minutes < 7 * 24 * 60:
        return f"{minutes // (24 * 60)}d"
    local = then.astimezone()
    return f"{local.day} {local:%b}" if local.year == now.astimezone().year else f"{local:%b %Y}"


def span(minutes: int) -> str:
    """A length of time in its largest unit."""
    if minutes < 60:
        return f"{minutes}m"
    return f"{minutes // 60}h" if minutes < 48 * 60 else f"{minutes // (24 * 60)}d"


def urgency_pill(row: QueueRow, now: datetime) -> Mark | None:
    """The one thing that says how soon: time to the target, else the urgency read from the thread."""
    if row.status.is_done:
        return None
    if row.due is not None:
        return _due_mark(int((row.due - now).total_seconds() // 60))
    if row.urgency is not None and row.urgency >= 2:
        return urgency_mark(row.urgency)
    return None


def _due_mark(minutes: int) -> Mark:
    if minutes < 0:
        return Mark(f"Late {span(-minutes)}", "triangle-alert", Tone.BAD)
    if minutes < _DUE_SOON_MINUTES:
        return Mark(span(minutes), "flame", Tone.BAD)
    if minutes < _DUE_TODAY_MINUTES:
        return Mark(span(minutes), "timer", Tone.WARN)
    return Mark(span(minutes), "clock", Tone.NEUTRAL)


def snooze_words(until: datetime, now: datetime) -> str:
    """When a snoozed ticket comes back."""
    local, today = until.astimezone(), now.astimezone()
    if local.date() == today.date():
        return f"{local:%H:%M}"
    return f"{local:%a %H:%M}" if (local.date() - today.date()).days < 7 else f"{local.day} {local:%b}"


def spoken_row(row: QueueRow, now: datetime) -> str:
    """A row as a sentence, for screen readers."""
    said = [
        "Unread." if row.unread else "",
        f"{row.requester}: {row.subject}.",
        f"{CHANNEL_WORDS[row.channel][0]}, {spoken_time(row.last_activity, now)}.",
        "Escalated by the AI agent." if row.escalated else "",
        "" if row.mood is None else f"Mood: {mood_mark(row.mood).word.lower()}.",
        _spoken_urgency(row, now),
        "Draft ready." if row.draft_ready else "",
        "Has an unsent reply." if row.has_unsent else "",
        f"Snoozed until {snooze_words(row.snoozed_until, now)}." if row.snoozed_until else "",
        "Last word is ours." if row.last_role in {Role.REP, Role.AI_AGENT} else "",
        "Solved." if row.status is Status.SOLVED else "",
    ]
    return " ".join(part for part in said if part)


def spoken_time(then: datetime, now: datetime) -> str:
    """How long ago, in words."""
    minutes = int((now - then).total_seconds() // 60)
    for size, one in ((24 * 60, "day"), (60, "hour"), (1, "minute")):
        if minutes >= size:
            count = minutes // size
            return f"{count} {one}{'s' if count > 1 else ''} ago"
    return "just now"


def _spoken_urgency(row: QueueRow, now: datetime) -> str:
    if row.due is not None and not row.status.is_done:
        minutes = int((row.due - now).total_seconds() // 60)
        return f"Due in {span(minutes)}." if minutes >= 0 else f"Late by {span(-minutes)}."
    pill = urgency_pill(row, now)
    return f"Urgency: {pill.word.lower()}." if pill else ""
