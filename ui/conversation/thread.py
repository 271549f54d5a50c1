"""The thread: thousands of messages of which only those in sight are widgets.

Real text widgets, so that words can be selected, links followed by keyboard, and a screen reader can read; made when
their place comes into sight and used again when it leaves. Heights are estimated until then; what is being read keeps
its place when a real height lands (`ui.conversation.place`).
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from copilot.domain import OutboxState
from ui.conversation.bubble import Lit, MessageBubble, text_width
from ui.conversation.extents import Extents
from ui.conversation.place import END, Place, place_at, scroll_value, visible_range
from ui.conversation.rows import Clock, RenderedOf, Rows, holds_entry, utc_now
from ui.conversation.timeline import DayBreak, Item, MessageItem, estimated_height, message_key
from ui.theme.theme import theme

_PASSES = 8
_WHEEL_STEP = 56
_AHEAD = 10
_ROOM = 24
_TICK_MS = 250


class ThreadView(QAbstractScrollArea):
    """Shows items from the oldest to the newest, beginning at the end."""

    end_reached = Signal()
    """The rep went to the newest message."""
    rendering_wanted = Signal(object)
    """Messages in sight or near it whose HTML is not there: a tuple of (message, whole)."""

    def __init__(
        self, rendered_of: RenderedOf, clock: Clock = utc_now, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # Always: with it coming and going every message would be laid out twice.
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.viewport().setAutoFillBackground(False)
        self.viewport().setAccessibleName("Messages, oldest first")
        self.rows = Rows(self.viewport(), rendered_of, clock)
        self._rendered_of = rendered_of
        self._items: tuple[Item, ...] = ()
        self._numbers: dict[str, int] = {}
        self._extents = Extents()
        self._measured: set[int] = set()
        self._width = -1
        self._place: Place = END
        self._before_light: Place | None = None
        self._current = -1
        self._arranging = False
        self._ticking = QTimer(self)
        self._ticking.setInterval(_TICK_MS)
        self._ticking.timeout.connect(self.rows.tick)
        self.rows.changed.connect(self.refresh)
        self.rows.focused.connect(self._on_focused)
        theme().changed.connect(self._on_theme)

    # -- what is shown -----------------------------------------------------------------------------------------------

    def show_items(self, items: Sequence[Item], *, same_ticket: bool = False) -> None:
        """Show a thread from its end, or the same one again where the rep is reading."""
        heights = (
            {item.key: self._extents.height(n) for n, item in enumerate(self._items)} if same_ticket else {}
        )
        measured = {self._items[number].key for number in self._measured} if same_ticket else set()
        held = self._items[self._place.index].key if self._items and not self._place.at_end else ""
        current = self._items[self._current].key if same_ticket and self._current >= 0 else ""
        self._items = tuple(items)
        self._numbers = {item.key: number for number, item in enumerate(self._items)}
        width = text_width(self.viewport().width())
        self._extents = Extents(
            (heights and heights.get(item.key)) or estimated_height(item, width) for item in self._items
        )
        self._measured = {number for key, number in self._numbers.items() if key in measured}
        self._current = self._numbers.get(current, self._last_message())
        self._before_light = self._before_light if same_ticket else None
        self._place = (
            Place(self._numbers[held], self._place.offset) if same_ticket and held in self._numbers else END
        )
        self.rows.show(self._items, same_ticket=same_ticket)
        self._arrange()
        if holds_entry(self._items, OutboxState.HELD):
            self._ticking.start()
        else:
            self._ticking.stop()

    def clear(self) -> None:
        """Show nothing."""
        self.show_items(())

    def refresh(self) -> None:
        """HTML has come, or something was unfolded: bring what is in sight up to date."""
        for number in self.rows.live:
            self.rows.refill(number)
        self._arrange()

    # -- where the rep is --------------------------------------------------------------------------------------------

    @property
    def is_at_end(self) -> bool:
        """Whether the newest message is in sight and will stay so."""
        return self._place.at_end

    def to_end(self) -> None:
        """Go to the newest message."""
        self._go(END)
        self.end_reached.emit()

    def light_up(self, lit: Lit) -> bool:
        """Light up a span of a message and bring it into sight; False when the message is not in this thread."""
        number = self._numbers.get(message_key(lit.message))
        if number is None:
            return False
        if self._before_light is None:
            self._before_light = self._place
        self.rows.reading.lit = lit
        self._reveal(number)
        self.refresh()
        row = self.rows.row(number)
        top = row.lit_top() if isinstance(row, MessageBubble) else None
        if top is not None and not 0 <= row.y() + top <= self.viewport().height() - 2 * _ROOM:
            self._place = Place(number, self.viewport().height() // 3 - top)
            self._arrange()
        return True

    def clear_light(self) -> None:
        """Take the light away and go back to where the rep was reading."""
        if self.rows.reading.lit is None:
            return
        self.rows.reading.lit = None
        back, self._before_light = self._before_light, None
        self._place = back or self._place
        self.refresh()

    def focus_message(self) -> None:
        """Put the keyboard on the current message, the newest at first."""
        if self._current >= 0:
            self._step_to(self._current)

    def _last_message(self) -> int:
        return next(
            (n for n in range(len(self._items) - 1, -1, -1) if isinstance(self._items[n], MessageItem)), -1
        )

    def _step_to(self, number: int) -> None:
        self._reveal(number)
        self.rows.row(number).setFocus(Qt.FocusReason.TabFocusReason)

    def _on_focused(self, number: int) -> None:
        self._current = number
        self._mark_current()

    def _mark_current(self) -> None:
        for number, row in self.rows.live.items():
            row.set_current(current=number == self._current)

    def _reveal(self, number: int) -> None:
        """Scroll as little as needed to have an item's top in sight, and all of it if it fits."""
        self._before_light = self._before_light if self.rows.reading.lit else None
        height = self.viewport().height()
        top = self._extents.top(number) - scroll_value(self._place, self._extents, height)
        bottom = top + self._extents.height(number)
        if top >= 0 and bottom <= height and number in self._measured:
            return
        fits = self._extents.height(number) <= height - 2 * _ROOM
        self._go(Place(number, height - self._extents.height(number) - _ROOM if fits and top > 0 else _ROOM))

    def _go(self, place: Place) -> None:
        self._place = place
        self._arrange()

    # -- placing -----------------------------------------------------------------------------------------------------

    def _arrange(self) -> None:
        if self._arranging:
            return
        self._arranging = True
        try:
            shown = self._measure()
            value = scroll_value(self._place, self._extents, self.viewport().height())
            self._set_bar(value)
            self._put(shown, value)
        finally:
            self._arranging = False
        self._ask_for_html(shown)

    def _measure(self) -> range:
        """Make and measure what is in sight until nothing moves any more."""
        width, height = self.viewport().width(), self.viewport().height()
        if width != self._width:
            self._width = width
            self._measured.clear()
        shown = range(0)
        for _ in range(_PASSES):
            shown = visible_range(self._extents, scroll_value(self._place, self._extents, height), height)
            moved = [self._extents.set_height(n, self.rows.row(n).arrange(width)) for n in shown]
            self._measured.update(shown)
            if not any(moved):
                break
        return shown

    def _put(self, shown: range, value: int) -> None:
        width = self.viewport().width()
        self.rows.release(shown)
        for number, row in self.rows.live.items():
            if number in shown:
                row.setGeometry(0, self._extents.top(number) - value, width, self._extents.height(number))
            else:
                row.move(0, self._extents.top(number) - value)
        self.rows.in_order()
        self._mark_current()

    def _set_bar(self, value: int) -> None:
        bar = self.verticalScrollBar()
        height = self.viewport().height()
        bar.setPageStep(max(height - 2 * _ROOM, 1))
        bar.setSingleStep(_WHEEL_STEP)
        bar.setRange(0, max(self._extents.total - height, 0))
        bar.setValue(value)

    def _ask_for_html(self, shown: range) -> None:
        near = range(max(shown.start - _AHEAD, 0), min(shown.stop + _AHEAD, len(self._items)))
        wanted = []
        for number in near:
            item = self._items[number]
            if not isinstance(item, MessageItem):
                continue
            whole = item.message.remote_id in self.rows.reading.whole
            if self._rendered_of(item.message, whole) is None:
                wanted.append((item.message, whole))
        if wanted:
            self.rendering_wanted.emit(tuple(wanted))

    def _on_theme(self) -> None:
        self.rows.repaint_colours()
        self._arrange()

    # -- Qt ----------------------------------------------------------------------------------------------------------

    def scrollContentsBy(self, _dx: int, _dy: int) -> None:
        if self._arranging:
            return
        value, height = self.verticalScrollBar().value(), self.viewport().height()
        self._before_light = None
        self._place = place_at(self._extents, value, height, self._measured) if self._items else END
        self._arrange()
        if self._place.at_end:
            self.end_reached.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def wheelEvent(self, event: QWheelEvent) -> None:
        pixels = event.pixelDelta().y() or event.angleDelta().y() * _WHEEL_STEP // 120
        self.verticalScrollBar().setValue(self.verticalScrollBar().value() - pixels)
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        bar = self.verticalScrollBar()
        match event.key():
            case Qt.Key.Key_Up | Qt.Key.Key_Down:
                self._step(-1 if event.key() == Qt.Key.Key_Up else 1)
            case Qt.Key.Key_PageUp:
                bar.setValue(bar.value() - bar.pageStep())
            case Qt.Key.Key_PageDown:
                bar.setValue(bar.value() + bar.pageStep())
            case Qt.Key.Key_Home:
                self._step_to(self._next_row(-1, 1))
            case Qt.Key.Key_End:
                self.to_end()
                self._step_to(self._next_row(len(self._items), -1))
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self._enter_text()
            case _:
                super().keyPressEvent(event)

    def _step(self, by: int) -> None:
        self._step_to(self._next_row(self._current, by))

    def _next_row(self, start: int, by: int) -> int:
        number = start + by
        while 0 <= number < len(self._items):
            if not isinstance(self._items[number], DayBreak):
                return number
            number += by
        return self._current

    def _enter_text(self) -> None:
        row = self.rows.live.get(self._current)
        if isinstance(row, MessageBubble):
            row.body.setFocus(Qt.FocusReason.TabFocusReason)
