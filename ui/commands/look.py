"""The actions that change how the window looks or where the keyboard is, and touch no ticket."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from copilot.domain import View
from ui import aio
from ui.queue.words import VIEW_ACTIONS
from ui.theme.theme import PREFERENCES, theme
from ui.widgets.notices import Notice
from ui.window import Window, focus_into

if TYPE_CHECKING:
    from copilot.workspace import Workspace

THEME_WORDS = {
    "system": "The theme follows the system",
    "light": "Light theme",
    "dark": "Dark theme",
    "contrast": "High contrast",
}


def bind_frame(window: Window) -> None:
    """Bind what needs no workspace."""
    bind = window.actions_.bind
    queue = window.queue
    bind("queue.next", lambda: queue.list.move_by(1))
    bind("queue.previous", lambda: queue.list.move_by(-1))
    bind("queue.pick", queue.list.pick)
    bind("queue.pick_next", lambda: queue.list.pick_by(1))
    bind("queue.pick_previous", lambda: queue.list.pick_by(-1))
    bind("queue.pick_all", queue.list.pick_all)
    bind("queue.search", lambda: _search(window))
    bind("queue.focus", lambda: _to_list(window))
    bind("window.next_pane", lambda: window.cycle_panes(1))
    bind("window.previous_pane", lambda: window.cycle_panes(-1))
    bind("window.back", window.go_back)
    bind("window.palette", window.show_palette)
    bind("window.keys", window.show_keys)
    bind("window.copilot", window.panes.toggle_copilot)
    bind("window.queue", window.panes.toggle_queue)
    bind("window.quit", window.close_asked.emit)
    for view, action in VIEW_ACTIONS.items():
        bind(action, partial(_show_view, window, view))


def bind_preferences(window: Window, workspace: Workspace) -> None:
    """Bind what is kept in the preferences."""
    window.actions_.bind("window.theme", lambda: _next_theme(window, workspace))
    window.actions_.bind("window.density", lambda: _next_density(window, workspace))
    window.actions_.bind("window.sync", lambda: _sync(window, workspace))


def _show_view(window: Window, view: View) -> None:
    window.panes.reveal(window.queue)
    window.queue.show_view(view)
    focus_into(window.queue)


def _search(window: Window) -> None:
    window.panes.reveal(window.queue)
    window.queue.start_search()


def _to_list(window: Window) -> None:
    window.panes.reveal(window.queue)
    focus_into(window.queue)


def _next_theme(window: Window, workspace: Workspace) -> None:
    wanted = PREFERENCES[(PREFERENCES.index(theme().preference) + 1) % len(PREFERENCES)]
    theme().prefer(wanted)
    _keep(window, workspace, theme=wanted)
    window.toasts.show(Notice(text=THEME_WORDS[wanted], seconds=3), key="look")


def _next_density(window: Window, workspace: Workspace) -> None:
    wanted = "comfortable" if workspace.preferences.density == "compact" else "compact"
    window.queue.set_compact(wanted == "compact")
    _keep(window, workspace, density=wanted)


def _keep(window: Window, workspace: Workspace, **changed: str) -> None:
    aio.spawn(workspace.prefer(**changed), "keep preferences", window)


def _sync(window: Window, workspace: Workspace) -> None:
    aio.spawn(workspace.sync_now(), "sync now", window)
    window.queue.reload()
