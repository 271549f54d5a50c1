"""Times, sizes and states in words, as the conversation says them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from math import ceil

from copilot.domain import (
    Assign,
    Channel,
    Command,
    Message,
    MessageKind,
    Note,
    OutboxEntry,
    OutboxState,
    Reply,
    Role,
    SetStatus,
    Status,
)
from ui.theme.tokens import Tone

STATUS_WORDS: dict[Status, tuple[str, Tone]] = {
    Status.NEW: ("New", Tone.ACCENT),
    Status.OPEN: ("Open", Tone.GOOD),
    Status.PENDING: ("Waiting", Tone.WARN),
    Status.HOLD: ("On hold", Tone.NEUTRAL),
    Status.SOLVED: ("Solved", Tone.INFO),
    Status.CLOSED: ("Closed", Tone.NEUTRAL),
}
CHANNEL_WORDS: dict[Channel, tuple[str, str]] = {
    Channel.EMAIL: ("E-mail", "mail"),
    Channel.WEB: ("Web form", "globe"),
    Channel.CHAT: ("Chat", "message-circle"),
    Channel.PHONE: ("Phone", "phone"),
    Channel.WHATSAPP: ("WhatsApp", "smartphone"),
    Channel.SMS: ("SMS", "smartphone"),
    Channel.SLACK: ("Slack", "hash"),
    Channel.DISCORD: ("Discord", "messages-square"),
    Channel.SOCIAL: ("Social media", "at-sign"),
    Channel.FORUM: ("Forum", "messages-square"),
    Channel.OTHER: ("Other", "circle"),
}
"""A word and an icon for each way in."""
ROLE_WORDS: dict[Role, str] = {
    Role.REQUESTER: "Requester",
    Role.REP: "Rep",
    Role.AI_AGENT: "AI agent",
    Role.SYSTEM: "System",
}


def clock(moment: datetime) -> str:
    """The time of day on the rep's clock."""
    return f"{moment.astimezone():%H:%M}"


def absolute(moment: datetime) -> str:
    """Date and time in full, with the zone."""
    local = moment.astimezone()
    return f"{local:%A}, {local.day} {local:%B %Y}, {local:%H:%M} {local:%Z}".rstrip()


def short_date(moment: datetime) -> str:
    """Date and time where room is scarce, e.g. "Fri 26 June, 14:05"."""
    local = moment.astimezone()
    return f"{local:%a} {local.day} {local:%B}, {local:%H:%M}"


def day_words(day: date, today: date) -> str:
    """The heading of a day."""
    if day == today:
        return "Today"
    if day == today - timedelta(days=1):
        return "Yesterday"
    year = "" if day.year == today.year else f" {day.year}"
    return f"{day:%A}, {day.day} {day:%B}{year}"


def ago(moment: datetime, now: datetime) -> str:
    """How long ago, in the largest unit that says something."""
    seconds = max(int((now - moment).total_seconds()), 0)
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds // size} {unit} ago"
    return f"{seconds} s ago" if seconds >= 5 else "just now"


def file_size(size_bytes: int) -> str:
    """A file's size in decimal units."""
    if size_bytes < 1000:
        return f"{size_bytes} B"
    if size_bytes < 999_500:
        return f"{size_bytes / 1000:.0f} kB"
    return f"{size_bytes / 1e6:.1f} MB"


def author_words(message: Message, *, mine: bool) -> str:
    """Who speaks: "You" for the rep's own messages."""
    return "You" if mine else message.author.name or ROLE_WORDS[message.author.role]


def spoken(message: Message, *, mine: bool) -> str:
    """What a screen reader says when it comes to a message."""
    kind = "Internal note" if message.kind == MessageKind.NOTE else "Message"
    role = "" if mine else f", {ROLE_WORDS[message.author.role]}"
    return f"{kind} from {author_words(message, mine=mine)}{role}, {absolute(message.created)}"


def command_words(command: Command) -> str:
    """What an outbox entry does."""
    match command:
        case Reply():
            return "Reply"
        case Note():
            return "Internal note"
        case Assign(person=None, group=None):
            return "Assignment to nobody"
        case Assign(person=person, group=group):
            return f"Assignment to {person.name if person else group}"
        case SetStatus(status=status):
            return f"Status “{STATUS_WORDS[status][0]}”"
        case _:
            return "Change"


def outgoing_words(entry: OutboxEntry, now: datetime) -> tuple[str, Tone, str]:
    """Where an entry stands: the sentence, its tone and its icon."""
    match entry.state:
        case OutboxState.HELD:
            left = ceil((entry.release_at - now).total_seconds())
            return (f"Goes out in {left} s" if left > 0 else "Going out", Tone.ACCENT, "timer")
        case OutboxState.SENDING:
            return ("Going out", Tone.ACCENT, "send")
        case OutboxState.WAITING:
            return (entry.problem or "Waiting for the connection", Tone.WARN, "wifi-off")
        case OutboxState.SENT:
            return ("Sent", Tone.GOOD, "check")
        case OutboxState.BLOCKED:
            return (f"Not sent: {_blocker(entry)}", Tone.WARN, "triangle-alert")
        case OutboxState.FAILED:
            return (f"Failed: {entry.problem or 'the desk did not take it'}", Tone.BAD, "circle-alert")
        case OutboxState.CANCELLED:
            return ("Taken back", Tone.NEUTRAL, "undo-2")


def _blocker(entry: OutboxEntry) -> str:
    if entry.newer:
        return f"{entry.newer[-1].author.name} replied meanwhile"
    return entry.problem or "the ticket changed meanwhile"
