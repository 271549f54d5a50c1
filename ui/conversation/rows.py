"""The widgets of the items in sight: made when needed, used again, let go of when out of sight."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from itertools import takewhile

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from copilot.domain import Message, OutboxState, RemoteId
from copilot.workspace import Rendered
from ui.conversation.bubble import Lit, MessageBubble
from ui.conversation.bubble_paint import paint_day
from ui.conversation.outgoing import OutgoingBubble
from ui.conversation.timeline import DayBreak, Item, MessageItem, OutgoingItem
from ui.conversation.words import day_words

_SPARE_BUBBLES = 12
_DAY_HEIGHT = 36
_ABOVE_FIRST = 10
RenderedOf = Callable[[Message, bool], Rendered | None]
"""The safe HTML of a message (the whole of it, or as much as is shown at first), None while it is being made."""
Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The clock of the screen."""
    return datetime.now(UTC)


class DayRow(QWidget):
    """A day's name across the thread."""

    def __init__(self, parent: QWidget, words: str, above: int = 0) -> None:
        super().__init__(parent)
        self._words, self._above = words, above
        self.setAccessibleName(words)

    def arrange(self, _width: int) -> int:
        """Answers the height."""
        return _DAY_HEIGHT + self._above

    def set_current(self, *, current: bool) -> None:
        """A day is nothing to act on."""

    def repaint_colours(self) -> None:
        """The theme changed."""
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        paint_day(QPainter(self), self.rect().adjusted(0, self._above, 0, -12), self._words)


Row = MessageBubble | OutgoingBubble | DayRow


@dataclass(slots=True)
class Reading:
    """What the rep has opened in this thread; outlives the widgets."""

    unfolded: set[RemoteId] = field(default_factory=set)
    whole: set[RemoteId] = field(default_factory=set)
    lit: Lit | None = None


class Rows(QObject):
    """Gives each item in sight its widget, by the item's number."""

    link_asked = Signal(str)
    save_asked = Signal(object)
    changed = Signal()
    """Something was unfolded: arrange again."""
    focused = Signal(int)
    undo_asked = Signal(object)
    send_anyway_asked = Signal(object)
    edit_asked = Signal(object)
    discard_asked = Signal(object)

    def __init__(self, parent: QWidget, rendered_of: RenderedOf, clock: Clock) -> None:
        super().__init__(parent)
        self._parent, self._rendered_of, self._clock = parent, rendered_of, clock
        self._items: tuple[Item, ...] = ()
        self._live: dict[int, Row] = {}
        self._spare: list[MessageBubble] = []
        self.reading = Reading()

    @property
    def live(self) -> dict[int, Row]:
        """The widgets there are."""
        return self._live

    def show(self, items: Sequence[Item], *, same_ticket: bool) -> None:
        """Show other items; for the same ticket widgets stay with their item, selection and all."""
        old = {self._items[number].key: row for number, row in self._live.items()}
        self._items, self._live = tuple(items), {}
        if not same_ticket:
            self.reading = Reading()
        for number, item in enumerate(self._items):
            row = old.get(item.key) if same_ticket and old else None
            if row is None:
                continue
            if isinstance(item, OutgoingItem) and isinstance(row, OutgoingBubble) and row.entry != item.entry:
                continue
            self._live[number] = row
            del old[item.key]
            self.refill(number)
        for row in old.values():
            self._let_go(row)

    def row(self, number: int) -> Row:
        """The widget of an item."""
        row = self._live.get(number)
        if row is None:
            row = self._live[number] = self._made(number)
            self.refill(number)
            row.show()
        return row

    def refill(self, number: int) -> None:
        """Bring a message's widget up to what is known of the message now."""
        row, item = self._live.get(number), self._items[number]
        if not isinstance(row, MessageBubble) or not isinstance(item, MessageItem):
            return
        message = item.message
        whole = message.remote_id in self.reading.whole
        rendered = self._rendered_of(message, whole)
        if rendered is None and whole:
            rendered = self._rendered_of(message, False)
        row.fill(message, rendered, mine=item.mine, unfolded=message.remote_id in self.reading.unfolded)
        row.light_up(self.reading.lit)

    def release(self, keep: range) -> None:
        """Let go of widgets out of sight, but for those in which something is selected or has the focus."""
        for number in [number for number in self._live if number not in keep]:
            row = self._live[number]
            if _in_use(row):
                continue
            del self._live[number]
            self._let_go(row)

    def in_order(self) -> None:
        """Let screen readers come to the rows from top to bottom."""
        rows = [self._live[number] for number in sorted(self._live)]
        children = [child for child in self._parent.children() if child in set(rows)]
        if children != rows:
            for row in rows:
                row.raise_()

    def tick(self) -> None:
        """Count down."""
        now = self._clock()
        for row in self._live.values():
            if isinstance(row, OutgoingBubble):
                row.tick(now)

    def repaint_colours(self) -> None:
        """The theme changed."""
        for row in (*self._live.values(), *self._spare):
            row.repaint_colours()

    def _made(self, number: int) -> Row:
        match self._items[number]:
            case DayBreak(day=day):
                today = self._clock().astimezone().date()
                return DayRow(self._parent, day_words(day, today), 0 if number else _ABOVE_FIRST)
            case OutgoingItem(entry=entry):
                return self._outgoing(OutgoingBubble(self._parent, entry, self._clock()))
            case MessageItem():
                return self._spare.pop() if self._spare else self._bubble()

    def _bubble(self) -> MessageBubble:
        bubble = MessageBubble(self._parent)
        bubble.link_asked.connect(self.link_asked)
        bubble.save_asked.connect(self.save_asked)
        bubble.whole_asked.connect(partial(self._on_whole, bubble))
        bubble.fold_asked.connect(partial(self._on_fold, bubble))
        bubble.focused.connect(partial(self._on_focused, bubble))
        return bubble

    def _outgoing(self, bubble: OutgoingBubble) -> OutgoingBubble:
        for signal, ours in (
            (bubble.undo_asked, self.undo_asked),
            (bubble.send_anyway_asked, self.send_anyway_asked),
            (bubble.edit_asked, self.edit_asked),
            (bubble.discard_asked, self.discard_asked),
        ):
            signal.connect(ours)
        return bubble

    def _let_go(self, row: Row) -> None:
        row.hide()
        if isinstance(row, MessageBubble) and len(self._spare) < _SPARE_BUBBLES:
            row.light_up(None)
            row.set_current(current=False)
            self._spare.append(row)
            return
        row.setParent(None)
        row.deleteLater()

    def _on_whole(self, bubble: MessageBubble) -> None:
        if bubble.message:
            self.reading.whole.add(bubble.message.remote_id)
            self.changed.emit()

    def _on_fold(self, bubble: MessageBubble) -> None:
        if bubble.message:
            self.reading.unfolded ^= {bubble.message.remote_id}
            self.changed.emit()

    def _on_focused(self, bubble: MessageBubble) -> None:
        for number, row in self._live.items():
            if row is bubble:
                self.focused.emit(number)
                return


def holds_entry(items: Sequence[Item], state: OutboxState) -> bool:
    """Whether an outbox entry in this state is among the items."""
    at_end = takewhile(lambda item: isinstance(item, OutgoingItem), reversed(items))
    return any(isinstance(item, OutgoingItem) and item.entry.state == state for item in at_end)


def _in_use(row: Row) -> bool:
    if not isinstance(row, MessageBubble):
        return False
    focus: QWidget | None = row.focusWidget()
    inside = focus is not None and focus.hasFocus()
    return row.hasFocus() or inside or row.body.textCursor().hasSelection()
