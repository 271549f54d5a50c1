"""What the window says without stopping anybody: a strip where it belongs, and toasts over the bottom edge."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QRect, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QWidget

from ui.theme.tokens import Size, Space, Text, Tone
from ui.widgets.buttons import Button, IconButton
from ui.widgets.direction import Mirror
from ui.widgets.labels import IconLabel, Label
from ui.widgets.layout import row
from ui.widgets.overlay import lift

_STAYS_SECONDS = 6
_KEPT = 3
_WIDEST = 520
_ABOVE_BOTTOM = 44
_ICONS = {
    Tone.INFO: "info",
    Tone.GOOD: "circle-check",
    Tone.WARN: "triangle-alert",
    Tone.BAD: "circle-alert",
    Tone.ACCENT: "sparkles",
    Tone.NOTE: "lock",
    Tone.NEUTRAL: "info",
}


def announce(widget: QWidget, text: str) -> None:
    """Let a screen reader say this now, without moving the focus."""
    QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(widget, text))


class Strip(QFrame):
    """A coloured line with an icon, a text and buttons, where what it speaks of is."""

    closed = Signal()

    def __init__(
        self, tone: Tone, text: str = "", *buttons: Button, icon_name: str = "", closable: bool = False
    ) -> None:
        super().__init__()
        self._tone = tone
        self.setProperty("strip", tone.value)
        # Not Maximum: that would cut a text that needs more lines than at its natural width.
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self._icon = IconLabel(icon_name or _ICONS[tone], tone.value)
        self.label = Label("", Text.SMALL, tone.value, wrap=True)
        self.label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        box = row(self._icon, self.label, *buttons, margins=(Space.M, 6, Space.S, 6), spacing=Space.S)
        if closable:
            close = IconButton("x", "Close", size=Size.CONTROL_SMALL, ink=tone.value)
            close.clicked.connect(self._on_closed)
            box.addWidget(close)
        self.setLayout(box)
        self.say(text)

    def say(self, text: str) -> None:
        """Say something else."""
        self.label.setText(text)
        self.setAccessibleName(text)

    def set_tone(self, tone: Tone, icon_name: str = "") -> None:
        """Look like another kind of message."""
        self._tone = tone
        self.setProperty("strip", tone.value)
        self.style().unpolish(self)
        self.style().polish(self)
        self._icon.set_icon(icon_name or _ICONS[tone], tone.value)
        self.label.set_tone(tone.value)

    def text(self) -> str:
        """What it says."""
        return self.label.text()

    def _on_closed(self) -> None:
        self.hide()
        self.closed.emit()


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What a toast says. `text` may hold `{seconds}`, which counts down from `seconds`."""

    text: str
    tone: Tone = Tone.INFO
    seconds: int = _STAYS_SECONDS
    action: str = ""
    key: str = ""
    do: Callable[[], None] | None = None

    @property
    def counts_down(self) -> bool:
        """Whether the text changes with the time left."""
        return "{seconds}" in self.text


class Toast(QFrame):
    """One notice with, perhaps, one button; leaves by itself."""

    gone = Signal()

    def __init__(self, notice: Notice) -> None:
        super().__init__()
        self.notice = notice
        self._left = notice.seconds
        self.setProperty("surface", "toast")
        self.label = Label("", Text.BODY, "on_toast")
        self.label.setWordWrap(False)
        box = row(
            IconLabel(_ICONS[notice.tone], "on_toast"),
            self.label,
            margins=(Space.L, Space.S, Space.S, Space.S),
            spacing=Space.M,
        )
        self.button: Button | None = None
        if notice.action:
            self.button = Button(notice.action, kind="toast", key=notice.key, small=True)
            self.button.clicked.connect(self._on_clicked)
            box.addWidget(self.button)
        close = IconButton("x", "Close", size=Size.CONTROL_SMALL, ink="on_toast")
        close.clicked.connect(self.gone)
        box.addWidget(close)
        self.setLayout(box)
        self.label.setFixedWidth(0)
        self._beside = self.sizeHint().width()
        self._timer = QTimer(self, interval=1000)
        self._timer.timeout.connect(self.tick)
        self._timer.start()
        self._show_text()

    def text(self) -> str:
        """What it says now."""
        return self.label.text()

    def fit(self, widest: int) -> None:
        """Break the text where the toast would be wider."""
        natural = self.label.fontMetrics().horizontalAdvance(self.label.text()) + 2
        room = max(widest - self._beside, 80)
        self.label.setWordWrap(natural > room)
        self.label.setFixedWidth(min(natural, room))
        self.label.setMinimumHeight(max(self.label.heightForWidth(self.label.width()), 0))

    def tick(self) -> None:
        """A second has passed."""
        self._left -= 1
        if self._left <= 0:
            self.gone.emit()
        elif self.notice.counts_down:
            self._show_text()

    def _show_text(self) -> None:
        text = self.notice.text.replace("{seconds}", str(self._left))
        self.label.setText(text)
        self.setAccessibleName(text)

    def _on_clicked(self) -> None:
        if self.notice.do is not None:
            self.notice.do()
        self.gone.emit()


class Toasts(QObject):
    """The toasts of a window, newest at the bottom, three at most."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._shown: dict[str, Toast] = {}
        self._numbers = 0
        window.installEventFilter(self)

    def shown(self) -> tuple[Toast, ...]:
        """The toasts on screen, oldest first."""
        return tuple(self._shown.values())

    def show(self, notice: Notice, key: str = "") -> str:
        """Show a notice; one with the same `key` takes the old one's place. Answers the key."""
        self._numbers += 1
        key = key or f"notice-{self._numbers}"
        self.close(key)
        toast = Toast(notice)
        toast.setParent(self._window)
        lift(toast)
        toast.gone.connect(lambda: self.close(key))
        self._shown[key] = toast
        while len(self._shown) > _KEPT:
            self.close(next(iter(self._shown)))
        toast.show()
        announce(toast, toast.text())
        self._place()
        return key

    def close(self, key: str) -> None:
        """Take a toast away, if it is still there."""
        toast = self._shown.pop(key, None)
        if toast is None:
            return
        toast.hide()
        toast.deleteLater()
        self._place()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._place()
        return False

    def _place(self) -> None:
        """At the left, above the bottom line: over the list, never over the editor's buttons."""
        left = Size.RAIL_WIDE + Space.M
        bottom = self._window.height() - _ABOVE_BOTTOM
        for toast in reversed(self._shown.values()):
            toast.fit(min(_WIDEST, self._window.width() - left - Space.XL))
            size = toast.sizeHint()
            place = QRect(left, bottom - size.height(), size.width(), size.height())
            toast.setGeometry(Mirror(self._window.layoutDirection(), self._window.rect())(place))
            toast.raise_()
            bottom -= size.height() + Space.S
