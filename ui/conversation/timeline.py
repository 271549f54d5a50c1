"""What the thread view shows, in order: day breaks, messages, and at the end what is still on its way out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from copilot.domain import (
    Conversation,
    Message,
    Note,
    OutboxEntry,
    OutboxState,
    Person,
    RemoteId,
    Reply,
)

_LINE_HEIGHT = 20
_CHARACTER_WIDTH = 6.6
_CHROME_HEIGHT = 62
_DAY_HEIGHT = 40
_CHIP_HEIGHT = 38


@dataclass(frozen=True, slots=True)
class DayBreak:
    """The first message of a day follows."""

    day: date

    @property
    def key(self) -> str:
        """Names the item as long as the thread is open."""
        return f"day {self.day.isoformat()}"


@dataclass(frozen=True, slots=True)
class MessageItem:
    """A message on the desk; `mine` when the rep at this screen wrote it."""

    message: Message
    mine: bool = False

    @property
    def key(self) -> str:
        """Names the item as long as the thread is open."""
        return message_key(self.message.remote_id)


@dataclass(frozen=True, slots=True)
class OutgoingItem:
    """Something the rep decided that the desk does not hold yet."""

    entry: OutboxEntry

    @property
    def key(self) -> str:
        """Names the item as long as the thread is open."""
        return f"outbox {self.entry.id}"


Item = DayBreak | MessageItem | OutgoingItem


def message_key(message: RemoteId) -> str:
    """The key of a message's item."""
    return f"message {message}"


def timeline(conversation: Conversation, me: Person | None) -> tuple[Item, ...]:
    """The items of a conversation, oldest first; days are those of the rep's own clock."""
    on_desk = {message.remote_id for message in conversation.messages}
    outgoing = (OutgoingItem(entry) for entry in conversation.outbox if _is_shown(entry, on_desk))
    return (*_with_days(conversation.messages, me), *outgoing)


def estimated_height(item: Item, width: int) -> int:
    """How high an item will probably be, without laying out its text; `width` is that of its text, in pixels."""
    match item:
        case DayBreak():
            return _DAY_HEIGHT
        case MessageItem(message=message):
            chips = _CHIP_HEIGHT if message.attachments else 0
            return _CHROME_HEIGHT + chips + _LINE_HEIGHT * _lines(message.clean or message.text, width)
        case OutgoingItem(entry=entry):
            text = entry.command.text if isinstance(entry.command, Reply | Note) else ""
            return _CHROME_HEIGHT + _CHIP_HEIGHT + _LINE_HEIGHT * _lines(text, width)


def newest_messages(items: Sequence[Item], width: int, height: int) -> tuple[Message, ...]:
    """The messages that will probably show when the thread opens at its end in a view of this size."""
    found: list[Message] = []
    for item in reversed(items):
        height -= estimated_height(item, width)
        if isinstance(item, MessageItem):
            found.append(item.message)
        if height < 0:
            break
    return tuple(found)


def _lines(text: str, width: int) -> int:
    across = max(int(width / _CHARACTER_WIDTH), 10)
    return 1 + text.count("\n") + len(text) // across


def _with_days(messages: Iterable[Message], me: Person | None) -> Iterator[Item]:
    mine = me.remote_id if me is not None else None
    begins = ends = datetime.min.replace(tzinfo=UTC)
    for message in messages:
        # Local time is asked for once a day of the thread, not once a message: it is what opening costs most.
        if not begins <= message.created < ends:
            local = message.created.astimezone()
            yield DayBreak(local.date())
            midnight = local.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
            begins, ends = midnight.astimezone(UTC), (midnight + timedelta(days=1)).astimezone(UTC)
        yield MessageItem(message, mine=message.author.remote_id == mine)


def _is_shown(entry: OutboxEntry, on_desk: set[RemoteId]) -> bool:
    """Texts until the desk shows them; other changes only when the rep must do something about them."""
    if entry.state == OutboxState.CANCELLED:
        return False
    if isinstance(entry.command, Reply | Note):
        return entry.state != OutboxState.SENT or (entry.sent_as is not None and entry.sent_as not in on_desk)
    return entry.state in {OutboxState.BLOCKED, OutboxState.FAILED}
