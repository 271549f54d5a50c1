"""Presets of keys for reps who have others in their fingers, and what a rep's own keys make of one.

Each preset names only the actions whose keys differ from the declared ones; it takes keys over from whoever had them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ui.actions import ACTIONS, FOLLOWING, Action, Where

Keymap = Mapping[str, tuple[str, ...]]

PRESETS: dict[str, tuple[str, Keymap]] = {
    "sidedesk": ("Sidedesk", {}),
    "gmail": (
        "Like Gmail",
        {
            "queue.focus": ("g l", "U"),
            "ticket.solve": ("e",),
            "draft.edit": ("i",),
            "ticket.snooze": ("b",),
            "edit.undo": ("z", "u", "Ctrl+Z"),
            "ticket.browse": ("w",),
            "view.mine": ("g i", "1"),
            "ticket.escalate": ("f",),
        },
    ),
    "zendesk": (
        "Like Zendesk",
        {
            "ticket.reply": ("Ctrl+Alt+R", "r"),
            "ticket.note": ("Ctrl+Alt+C", "n"),
            "ticket.solve": ("Ctrl+Alt+S", "v"),
            "queue.next": ("Ctrl+Alt+Down", "j"),
            "queue.previous": ("Ctrl+Alt+Up", "k"),
            "queue.search": ("Ctrl+Alt+F", "/", "Ctrl+F"),
            "ticket.assign": ("Ctrl+Alt+A", "s"),
        },
    ),
    "vim": (
        "Like Vim",
        {
            "ticket.reply": ("i", "r"),
            "ticket.note": ("I", "n"),
            "draft.accept": ("p", "a"),
            "ticket.solve": ("Z Z", "v"),
            "ticket.take_over": ("c c", "t"),
            "queue.open": ("l", "o"),
            "queue.focus": ("h", "g l"),
        },
    ),
}
"""By key of the preferences: the name to show, and what differs."""

FIXED = frozenset({"window.back", "queue.open_here", *FOLLOWING})
"""Actions whose keys cannot be changed: Esc and Enter mean the same everywhere, and some follow another key."""


def keys_of(preset: str, own: Keymap) -> dict[str, tuple[str, ...]]:
    """The keys of every action that differs from its declaration. Unknown presets and actions count for nothing."""
    _, differing = PRESETS.get(preset, PRESETS["sidedesk"])
    declared = {action.id: action for action in ACTIONS}
    keys: dict[str, tuple[str, ...]] = {action.id: action.keys for action in ACTIONS}
    for layer in (differing, own):
        for name, wanted in layer.items():
            if name in declared and name not in FIXED:
                _take(keys, declared, name, wanted)
    return {name: given for name, given in keys.items() if given != declared[name].keys}


def holders(key: str, keys: Keymap, name: str) -> list[Action]:
    """Other actions that have this key, or one that begins with it or that it begins with, where `name` works."""
    asking = next(action for action in ACTIONS if action.id == name)
    return [
        action
        for action in ACTIONS
        if action.id != name
        and action.id not in FOLLOWING
        and meet(asking, action)
        and any(_collide(key, other) for other in keys.get(action.id, action.keys))
    ]


def meet(one: Action, other: Action) -> bool:
    """Whether two actions can be asked for in the same place."""
    if one.where is other.where:
        return True
    general = {Where.ANYWHERE, Where.WINDOW}
    return one.where in general and other.where in general


def fits(key: str, action: Action) -> bool:
    """Whether an action may have this key: what works while one types must be no letter and no sequence.

    Over the window there are no sequences.
    """
    if action.where is Where.KNOWING:
        return " " not in key
    return action.where in {Where.WINDOW, Where.QUEUE} or (len(key) > 1 and " " not in key)


def _take(
    keys: dict[str, tuple[str, ...]], declared: Mapping[str, Action], name: str, wanted: Iterable[str]
) -> None:
    taken = tuple(key for key in wanted if fits(key, declared[name]))
    for key in taken:
        for other in holders(key, keys, name):
            if other.id not in FIXED:
                keys[other.id] = tuple(had for had in keys[other.id] if not _collide(key, had))
    keys[name] = taken


def _collide(one: str, other: str) -> bool:
    return one == other or one.startswith(other + " ") or other.startswith(one + " ")
