"""Connect a provider of language models: pick it, enter the key, test, keep."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QVBoxLayout, QWidget

from copilot.domain import SignInField
from copilot.errors import UserError
from copilot.workspace import ProviderSettings
from ui import aio
from ui.settings.form import Form
from ui.settings.model_list import as_lines, from_lines
from ui.theme.tokens import Space, Text, Tone
from ui.widgets.buttons import Button
from ui.widgets.choices import Choice, ChoiceList
from ui.widgets.labels import Label
from ui.widgets.layout import column, row
from ui.widgets.notices import Strip, announce
from ui.widgets.overlay import focus_first, refit

if TYPE_CHECKING:
    from copilot.workspace import Workspace

WIDTH = 600
_LINES_HEIGHT = 96


class Preset(Protocol):
    """What this panel needs of a provider that is offered."""

    @property
    def name(self) -> str: ...
    @property
    def local(self) -> bool: ...
    @property
    def keys(self) -> str: ...
    def settings(self) -> ProviderSettings: ...


class AddModelPanel(QFrame):
    """The panel: first the providers, then the form of one."""

    added = Signal(str)
    """The provider is kept: its name."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self._workspace = workspace
        self.setAccessibleName("Connect a language model")
        self.setMinimumWidth(WIDTH)
        self.presets = ChoiceList([], "Hosted, or in your own building", "Providers")
        self.presets.chosen.connect(self.fill_in)
        self.form: ProviderForm | None = None
        self._body: QVBoxLayout = column(self.presets)
        head = row(
            Label("Connect a language model", Text.TITLE), None, Label("Esc closes", Text.SMALL, "faint")
        )
        self.setLayout(column(head, self._body, margins=Space.XL, spacing=Space.L))
        focus_first(self, self.presets.field)
        aio.spawn(self._list(), "list the providers", self)

    def fill_in(self, preset: Preset) -> None:
        """Show the form of one provider."""
        self.presets.hide()
        self.form = ProviderForm(self._workspace, preset)
        self.form.added.connect(self.added)
        self.form.resized.connect(lambda: refit(self))
        self._body.addWidget(self.form)
        self.form.show()
        focus_first(self, self.form.form)
        self.form.first.setFocus()
        refit(self)

    async def _list(self) -> None:
        presets = await self._workspace.models.presets()
        self.presets.offer(
            [
                Choice(
                    value=preset,
                    title=preset.name,
                    detail="on this computer or in your network" if preset.local else "hosted",
                    icon="database" if preset.local else "globe",
                )
                for preset in presets
            ]
        )
        refit(self)


class ProviderForm(QWidget):
    """Address, key and models of one provider; nothing is kept until asked."""

    added = Signal(str)
    resized = Signal()

    def __init__(self, workspace: Workspace, preset: Preset) -> None:
        super().__init__()
        self._workspace = workspace
        self._settings = preset.settings()
        self._task: asyncio.Task[object] | None = None
        self.form = Form(_fields(preset))
        self.form.lines["url"].setText(self._settings.url)
        self.form.lines["url"].setCursorPosition(0)
        self.first = self.form.lines["url" if preset.local else "key"]
        self.models = QPlainTextEdit(as_lines(self._settings.models))
        self.models.setAccessibleName("Models, one a line with its class")
        self.models.setTabChangesFocus(True)
        self.models.setFixedHeight(_LINES_HEIGHT)
        where = (
            "What it reads stays in your building." if preset.local else "Personal data is replaced first."
        )
        self.outcome = Strip(
            Tone.NEUTRAL, f"The key stays in this computer's keyring. {where}", icon_name="key-round"
        )
        self.test = Button("Test", "plug")
        self.keep = Button("Connect", "check", kind="primary", key="Enter")
        self.test.clicked.connect(lambda: self._begin(self._try(), "test the model"))
        self.keep.clicked.connect(lambda: self._begin(self._keep(), "keep the provider"))
        self.form.changed.connect(self._on_typed)
        self._lay_out(preset)
        self._on_typed()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.keep.isEnabled():
            self.keep.click()
            return
        super().keyPressEvent(event)

    def _lay_out(self, preset: Preset) -> None:
        about = Label(
            "Each model has a class by which the policy chooses: local (in the building), cheap, or frontier.",
            Text.SMALL,
            "muted",
            wrap=True,
        )
        self.setLayout(
            column(
                Label(preset.name, Text.STRONG),
                self.form,
                column(Label("Models", Text.BODY, "muted"), self.models, about, spacing=Space.XS),
                self.outcome,
                row(None, self.test, self.keep),
                spacing=Space.L,
            )
        )

    def _on_typed(self) -> None:
        for button in (self.test, self.keep):
            button.setEnabled(self.form.is_complete)

    def _begin(self, coroutine: Coroutine[Any, Any, object], name: str) -> None:
        if self._task is not None:
            self._task.cancel()
        self._task = aio.spawn(coroutine, name, self)

    async def _try(self) -> None:
        key = self.form.values.get("key", "")
        try:
            provider = self._provider()
        except UserError as error:
            self._tell(Tone.BAD, str(error))
            return
        for model in provider.models:
            self._tell(Tone.NEUTRAL, f"Asking {model.name} for a word…")
            trial = await self._workspace.models.test(provider, model.name, key)
            if not trial.fine:
                self._tell(Tone.BAD, f"{model.name}: {trial.finding} {trial.advice}".strip())
                return
        self._tell(Tone.GOOD, f"It works: {len(provider.models)} of {len(provider.models)} models answered.")

    async def _keep(self) -> None:
        try:
            await self._workspace.models.add(self._provider(), self.form.values.get("key", ""))
        except UserError as error:
            self._tell(Tone.BAD, str(error))
            return
        self.added.emit(self._settings.name)

    def _provider(self) -> ProviderSettings:
        """What was filled in. Raises `UserError`."""
        typed = self.form.values
        models = from_lines(self.models.toPlainText(), self._settings.models)
        changed = {"name": typed.get("name", self._settings.name), "url": typed["url"], "models": models}
        try:
            return ProviderSettings.model_validate({**self._settings.model_dump(), **changed})
        except ValueError as error:
            raise UserError("This is not an address.", "It begins with https:// or http://.") from error

    def _tell(self, tone: Tone, text: str) -> None:
        self.outcome.set_tone(tone)
        self.outcome.say(text)
        announce(self.outcome, text)
        self.resized.emit()


def _fields(preset: Preset) -> tuple[SignInField, ...]:
    key_help = f"Made at {preset.keys}" if preset.keys else ""
    return (
        SignInField(key="url", label="Address", placeholder="http://127.0.0.1:11434/v1"),
        SignInField(key="key", label="Key", help=key_help, secret=True, required=not preset.local),
        SignInField(key="name", label="Name", placeholder=preset.name, required=False),
    )
