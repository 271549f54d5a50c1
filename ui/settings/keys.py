"""Change keys: a preset, and one's own key for any action, taken from whoever had it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from ui import aio
from ui.actions import ACTIONS, Action, Category
from ui.commands.keymaps import FIXED, PRESETS, fits, holders, keys_of
from ui.commands.keys import stroke_of
from ui.settings.rows import Alternatives, SettingRow, group
from ui.theme.tokens import Space, Text
from ui.widgets.buttons import Button
from ui.widgets.keycap import KeyCap
from ui.widgets.labels import Label
from ui.widgets.layout import column, empty, row

if TYPE_CHECKING:
    from copilot.workspace import Workspace
    from ui.window import Window

_SEQUENCE_MS = 900
"""How long a second stroke may take to belong to the first."""


class KeysPage(QWidget):
    """Every action with its keys."""

    def __init__(self, workspace: Workspace, window: Window) -> None:
        super().__init__()
        self._workspace, self._window = workspace, window
        names = [(key, name, "keyboard") for key, (name, _) in PRESETS.items()]
        self.preset = Alternatives(names, workspace.preferences.keymap)
        self.preset.chosen.connect(self._on_preset)
        self.reset = Button("Forget my own keys", "undo-2", small=True)
        self.reset.clicked.connect(partial(self._keep, own_keys={}))
        self.rows: dict[str, KeyRow] = {}
        groups = [self._group(category) for category in Category]
        self.setLayout(
            column(
                column(Label("Preset", Text.STRONG), row(self.preset, None, self.reset), spacing=Space.S),
                *groups,
                None,
                spacing=Space.XL,
            )
        )
        self._show()

    def _group(self, category: Category) -> QWidget:
        actions = [action for action in ACTIONS if action.category is category and action.id not in FIXED]
        for action in actions:
            self.rows[action.id] = KeyRow(action, self._keys)
            self.rows[action.id].chosen.connect(partial(self._on_chosen, action.id))
        return group(category.value, *(self.rows[action.id] for action in actions))

    def _keys(self) -> dict[str, tuple[str, ...]]:
        preferences = self._workspace.preferences
        return keys_of(preferences.keymap, preferences.own_keys)

    def _on_preset(self, preset: str) -> None:
        self._keep(keymap=preset)

    def _on_chosen(self, name: str, key: str) -> None:
        self._keep(own_keys={**self._workspace.preferences.own_keys, name: (key,)})

    def _keep(self, **changed: object) -> None:
        aio.spawn(self._prefer(changed), "keep keys", self._window)

    async def _prefer(self, changed: dict[str, object]) -> None:
        await self._workspace.prefer(**changed)
        self._window.actions_.rekey(self._keys())
        self._show()

    def _show(self) -> None:
        keys = self._keys()
        for action in ACTIONS:
            if action.id in self.rows:
                self.rows[action.id].show_keys(keys.get(action.id, action.keys))
        self.reset.setEnabled(bool(self._workspace.preferences.own_keys))


class KeyRow(SettingRow):
    """One action: its keys, and a button that hears the next key pressed."""

    chosen = Signal(str)

    def __init__(self, action: Action, keys: Callable[[], dict[str, tuple[str, ...]]]) -> None:
        self.recorder = Recorder()
        self._caps = row(spacing=Space.XS)
        control = QWidget()
        control.setLayout(row(self._caps, self.recorder, spacing=Space.M))
        super().__init__(action.name, action.hint, control)
        self._action, self._keys = action, keys
        self._pending = ""
        self.recorder.setAccessibleName(f"Change the key of {action.name}")
        self.recorder.heard.connect(self._on_heard)

    def show_keys(self, keys: tuple[str, ...]) -> None:
        """These are its keys now."""
        empty(self._caps)
        for key in keys:
            self._caps.addWidget(KeyCap(key))
        if not keys:
            self._caps.addWidget(Label("none", Text.SMALL, "faint"))

    def _on_heard(self, key: str) -> None:
        """A free key is taken at once; one that another action has is taken when pressed a second time."""
        had_by = [action.name for action in holders(key, self._keys(), self._action.id)]
        if not fits(key, self._action):
            self.recorder.say("It works while you type: use Ctrl or a function key")
        elif had_by and key != self._pending:
            self._pending = key
            self.recorder.say(f"{key} is {had_by[0]}: press it again to take it")
        else:
            self._pending = ""
            self.recorder.rest()
            self.chosen.emit(key)


class Recorder(Button):
    """Pressed, it hears the next key: one stroke, or two in a row."""

    heard = Signal(str)

    def __init__(self) -> None:
        super().__init__("Change", small=True)
        self._strokes: list[str] = []
        self._listening = False
        self._timer = QTimer(self, interval=_SEQUENCE_MS, singleShot=True)
        self._timer.timeout.connect(self._tell)
        self.clicked.connect(self._listen)

    @property
    def is_listening(self) -> bool:
        """Whether the next key is heard."""
        return self._listening

    def say(self, text: str) -> None:
        """Ask for another key, and say why."""
        self._listening, self._strokes = True, []
        self.setText(text)
        self.updateGeometry()

    def rest(self) -> None:
        """Hear no more."""
        self._listening, self._strokes = False, []
        self.setText("Change")
        self.updateGeometry()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._listening:
            super().keyPressEvent(event)
            return
        if event.key() in {Qt.Key.Key_Tab, Qt.Key.Key_Backtab}:
            self.rest()
            super().keyPressEvent(event)
            return
        stroke = stroke_of(event)
        if not stroke:
            return
        self._strokes.append(stroke)
        if len(self._strokes) == 2 or len(stroke) > 1:
            self._tell()
        else:
            self.setText(f"{stroke} …")
            self._timer.start()

    def _listen(self) -> None:
        if not self._listening:
            self.say("Press a key")
            self.setFocus()

    def _tell(self) -> None:
        self._timer.stop()
        key, self._strokes = " ".join(self._strokes), []
        if key and self._listening:
            self.heard.emit(key)
