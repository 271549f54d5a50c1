"""From key presses to actions: single letters, chords with Ctrl, and sequences such as `g m`.

One event filter on the application sees each key press before the widget that has the focus. It leaves alone what one
types into a field, and everything inside a widget whose scope covers the window but Esc and the keys of that scope.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)

from ui.actions import Action, Actions, Where

SCOPE = "keyScope"
"""A widget's property: `queue`, `editor`, `overlay`, `knowing` or `answer`; holds for its children too."""
_PLACES = frozenset({Where.QUEUE, Where.EDITOR, Where.KNOWING, Where.ANSWER})
_COVERING = frozenset({"overlay", Where.KNOWING.value, Where.ANSWER.value})
"""Scopes that lie over the window: what works in the window rests there."""

_CHORD = (
    Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
)
_NAMES = {"Return": "Enter", "Escape": "Esc"}


@cache
def _modifier_keys() -> frozenset[int]:
    """Made at the first key press: naming one key makes Qt's whole enumeration."""
    keys = Qt.Key
    return frozenset({keys.Key_Shift, keys.Key_Control, keys.Key_Alt, keys.Key_Meta, keys.Key_AltGr})


def stroke_of(event: QKeyEvent) -> str:
    """A key press as actions name it: the character that was typed, or Qt's portable name of the chord."""
    key = event.key()
    if key in _modifier_keys():
        return ""
    typed = event.text()
    if not event.modifiers() & _CHORD and len(typed) == 1 and typed.isprintable() and not typed.isspace():
        return typed
    keypad = Qt.KeyboardModifier.KeypadModifier
    sequence = QKeySequence(key | (event.modifiers() & ~keypad).value)
    *modifiers, name = (
        sequence.toString(QKeySequence.SequenceFormat.PortableText).replace("++", "+Plus").split("+")
    )
    return "+".join([*modifiers, _NAMES.get(name, name)])


def scope_of(widget: QWidget | None) -> str:
    """The innermost scope around a widget."""
    while widget is not None:
        scope = widget.property(SCOPE)
        if scope:
            return str(scope)
        widget = widget.parentWidget()
    return ""


def takes_text(widget: QWidget | None) -> bool:
    """Whether one types into this widget."""
    if isinstance(widget, (QLineEdit, QTextEdit, QPlainTextEdit, QAbstractSpinBox)):
        return not widget.isReadOnly()
    return isinstance(widget, QComboBox) and widget.isEditable()


class Keys(QObject):
    """Triggers the actions of one window by their keys."""

    prefix_changed = Signal(str)
    """A sequence has begun (`g`), or is over (empty)."""

    def __init__(self, actions: Actions, window: QWidget) -> None:
        super().__init__(window)
        self._actions = actions
        self._window = window
        self._prefix = ""
        self._by_key: dict[str, list[Action]] = {}
        self._read_keys()
        actions.rekeyed.connect(self._read_keys)
        application = QApplication.instance()
        if application is not None:
            application.installEventFilter(self)

    def _read_keys(self) -> None:
        self._by_key = {}
        for action in self._actions.all():
            for key in action.keys:
                self._by_key.setdefault(key, []).append(action)

    @property
    def prefix(self) -> str:
        """The strokes of a sequence that has begun."""
        return self._prefix

    def begin(self, prefix: str) -> None:
        """Act as if the first strokes of a sequence had been pressed."""
        self._set_prefix(prefix)

    def continuations(self, prefix: str) -> tuple[tuple[str, Action], ...]:
        """What can follow: the rest of the key and the action, in the order of declaration."""
        return tuple(
            (key.removeprefix(prefix + " "), action)
            for key, actions in self._by_key.items()
            for action in actions
            if key.startswith(prefix + " ")
        )

    def close(self) -> None:
        """Hear no more keys."""
        application = QApplication.instance()
        if application is not None:
            application.removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind not in {QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride} or not isinstance(
            event, QKeyEvent
        ):
            return False
        if not isinstance(watched, QWidget) or watched.window() is not self._window:
            return False
        action = self._match(stroke_of(event), watched)
        if kind == QEvent.Type.ShortcutOverride:
            # Claim the key, so that neither a shortcut nor a menu takes it; the key press follows.
            if action:
                event.accept()
            return bool(action)
        if not action:
            return False
        self._act(action)
        return True

    def _match(self, stroke: str, focus: QWidget) -> str:
        """What a stroke means here: an action's id, a prefix with a space at its end, `-` to end one, or nothing."""
        if not stroke:
            return ""
        scope, typing = scope_of(focus), takes_text(focus)
        if self._prefix:
            found = self._usable(self._by_key.get(f"{self._prefix} {stroke}", ()), scope, typing)
            return found.id if found else "-"
        if not typing and scope not in _COVERING and self.continuations(stroke):
            return stroke + " "
        found = self._usable(self._by_key.get(stroke, ()), scope, typing)
        return found.id if found else ""

    def _usable(self, candidates: Iterable[Action], scope: str, typing: bool) -> Action | None:
        return next((action for action in candidates if self._works_here(action, scope, typing)), None)

    def _works_here(self, action: Action, scope: str, typing: bool) -> bool:
        if typing and action.where in {Where.WINDOW, Where.KNOWING}:
            return False
        if action.where in _PLACES:
            return scope == action.where.value
        if scope in _COVERING:
            return action.id in {"window.back", "window.quit"}
        return True

    def _act(self, match: str) -> None:
        if match.endswith(" "):
            self._set_prefix(match.strip())
            return
        self._set_prefix("")
        if match != "-":
            self._actions.trigger(match)

    def _set_prefix(self, prefix: str) -> None:
        if prefix != self._prefix:
            self._prefix = prefix
            self.prefix_changed.emit(prefix)
