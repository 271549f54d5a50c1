"""The window: rail, queue, conversation, copilot, and what floats above them. A frame; it decides nothing.

It can be painted before there is a workspace. `ui.furnish` puts the panes in and says what the actions do.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QFrame, QWidget

from ui.actions import Actions
from ui.commands.keyhints import KeyHints
from ui.commands.keys import Keys
from ui.panes import Panes, Slot
from ui.queue.pane import QueuePane
from ui.queue.rail import Rail
from ui.remembered import Remembered
from ui.theme.theme import theme
from ui.theme.tokens import Size, Space
from ui.widgets.layout import column, row, rule
from ui.widgets.notices import Strip, Toasts
from ui.widgets.overlay import Overlay
from ui.widgets.states import Skeleton

START_SIZE = (1440, 900)
MINIMUM_SIZE = (Size.CONVERSATION_MIN + 80, 480)


class Window(QFrame):
    """The main window."""

    close_asked = Signal()
    """The rep closes the window: whoever runs the program puts everything away."""

    def __init__(self, remembered: Remembered | None = None) -> None:
        super().__init__()
        self.remembered = remembered or Remembered()
        self.setProperty("surface", "canvas")
        self.setWindowTitle("Sidedesk")
        self.setMinimumSize(*MINIMUM_SIZE)
        self.actions_ = Actions(self)
        self.closers: list[Callable[[], bool]] = []
        self.stays_in_tray: Callable[[], bool] = lambda: False
        self.rail = Rail(self.actions_)
        self.queue = QueuePane(self.actions_)
        self.conversation = Slot("conversation", "canvas", _conversation_to_come())
        self.copilot = Slot("copilot", "canvas", _copilot_to_come())
        self.panes = Panes(self.queue, self.conversation, self.copilot)
        self._banners = column(spacing=Space.XS)
        self._lay_out()
        self.overlay = Overlay(self)
        self.toasts = Toasts(self)
        self.keys = Keys(self.actions_, self)
        self.hints = KeyHints(self.keys, self.actions_, self)
        self.queue.view_changed.connect(self.rail.show_view)
        self.queue.counts_changed.connect(self.rail.show_counts)
        self.rail.show_view(self.queue.view)
        self._take_up_place()

    def _lay_out(self) -> None:
        beside = row(self.rail, rule(vertical=True), self.panes, spacing=0)
        beside.setStretch(2, 1)
        layout = column(self._banners, beside, spacing=0)
        layout.setStretch(1, 1)
        self.setLayout(layout)

    def _take_up_place(self) -> None:
        geometry = self.remembered.geometry()
        if geometry.isEmpty() or not self.restoreGeometry(geometry):
            self.resize(*START_SIZE)
        self.panes.set_sizes(self.remembered.pane_widths())

    # -- what floats -----------------------------------------------------------------------------------------------

    def show_banner(self, strip: Strip) -> None:
        """Show a strip over the whole width, under the ones that are there."""
        self._banners.addWidget(strip)
        self._banners.setContentsMargins(Space.S, Space.S, Space.S, Space.XS)
        strip.closed.connect(lambda: self.drop_banner(strip))

    def drop_banner(self, strip: Strip) -> None:
        """Take a strip away."""
        self._banners.removeWidget(strip)
        strip.hide()
        strip.deleteLater()
        if not self._banners.count():
            self._banners.setContentsMargins(0, 0, 0, 0)

    def show_palette(self) -> None:
        """Open the command palette."""
        from ui.commands.palette import Palette

        palette = Palette(self.actions_, self.remembered.recent_actions())
        palette.chosen.connect(self._on_palette_chosen)
        self.overlay.show_panel(palette)

    def show_keys(self) -> None:
        """Show all keys."""
        from ui.commands.keysheet import KeySheet

        self.overlay.show_panel(KeySheet(self.actions_))

    def go_back(self) -> None:
        """Esc: close what is on top, else leave the search, else give the list the focus."""
        closers = (
            self.overlay.go_back,
            *self.closers,
            self.queue.list.unpick,
            self.queue.leave_search,
            self.panes.close_drawer,
        )
        if not any(close() for close in closers):
            self.queue.take_focus()

    def cycle_panes(self, steps: int) -> None:
        """Give the focus to the next pane the rep can see."""
        shown = [pane for pane in (self.queue, self.conversation, self.copilot) if self.panes.is_shown(pane)]
        here = next((place for place, pane in enumerate(shown) if has_focus_inside(pane, self)), -1)
        focus_into(shown[(here + steps) % len(shown)])

    def _on_palette_chosen(self, name: str) -> None:
        self.overlay.close_panel()
        self.remembered.add_recent_action(name)
        self.actions_.trigger(name)

    # -- the end ---------------------------------------------------------------------------------------------------

    def remember(self) -> None:
        """Write down where the window stands."""
        self.remembered.set_geometry(self.saveGeometry())
        self.remembered.set_pane_widths(self.panes.sizes())
        self.remembered.set_view(self.queue.view)
        self.remembered.set_theme(theme().preference)
        self.remembered.save()

    def rest(self) -> None:
        """Begin nothing more: what a timer would ask of the workspace comes too late once that closes."""
        for timer in self.findChildren(QTimer):
            timer.stop()

    def put_away(self) -> None:
        """Close for good."""
        self.keys.close()
        self.hide()
        self.deleteLater()

    def come_to_front(self) -> None:
        """Show the window above the others, also when it was put away into the tray."""
        if self.isMinimized():
            self.showNormal()
        self.show()
        self.raise_()
        self.activateWindow()

    def closeEvent(self, event: QCloseEvent) -> None:
        event.ignore()
        if self.stays_in_tray():
            self.hide()
        else:
            self.close_asked.emit()


def focus_into(pane: QWidget) -> None:
    """Give the focus to a pane, or to the first thing in it that takes it."""
    if isinstance(pane, QueuePane):
        pane.take_focus()
        return
    inside = pane.content if isinstance(pane, Slot) else pane
    if inside.focusPolicy().value or inside.focusProxy() is not None:
        inside.setFocus()
        return
    first = next((child for child in inside.findChildren(QWidget) if _takes_focus(child)), None)
    if first is not None:
        first.setFocus()


def has_focus_inside(pane: QWidget, window: QWidget) -> bool:
    """Whether the window's keyboard is in a pane, also while the window is not the active one."""
    focus: QWidget | None = window.focusWidget()
    return focus is not None and pane.isAncestorOf(focus)


def _takes_focus(widget: QWidget) -> bool:
    return widget.isVisible() and widget.isEnabled() and bool(widget.focusPolicy().value)


def _conversation_to_come() -> QWidget:
    """The size and places of a conversation, empty."""
    head = Skeleton((0.4, 0.25), line=18)
    body = column(
        Skeleton((0.6, 0.55, 0.3)), Skeleton((0.0, 0.5, 0.45)), Skeleton((0.6, 0.4)), None, spacing=Space.XL
    )
    made = QWidget()
    made.setLayout(column(head, body, margins=Space.XL, spacing=Space.XL))
    return made


def _copilot_to_come() -> QWidget:
    """The size and places of the copilot's cards, empty."""
    made = QWidget()
    cards = [
        Skeleton((0.3, 0.9, 0.85, 0.6)),
        Skeleton((0.3, 0.9)),
        Skeleton((0.3, 0.95, 0.9, 0.9, 0.4)),
        None,
    ]
    made.setLayout(column(*cards, margins=Space.L, spacing=Space.XL * 2))
    return made
