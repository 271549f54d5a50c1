"""Connect a provider of language models: pick it, enter the key, test, keep."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPlainTextEdit

from copilot.domain import SignInField
from copilot.errors import UserError
from copilot.workspace import ProviderSettings
from ui import aio
from ui.settings.form import Form
from ui.settings.model_list import as_lines, from_lines
from ui.settings.stepwise import AddingPanel, Asking, TriedForm
from ui.theme.tokens import Space, Text, Tone
from ui.widgets.buttons import Button
from ui.widgets.choices import Choice
from ui.widgets.labels import Label
from ui.widgets.layout import column, row

if TYPE_CHECKING:
    from copilot.workspace import Workspace

_ASKING = Asking(
    title="Connect a language model", hint="Hosted, or in your own building", list_name="Providers"
)
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


class AddModelPanel(AddingPanel):
    """The panel: first the providers, then the form of one."""

    added = Signal(str)
    """The provider is kept: its name."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(_ASKING)
        self._workspace = workspace
        self.form: ProviderForm | None = None
        self.choices.chosen.connect(self.fill_in)
        aio.spawn(self._list(), "list the providers", self)

    def fill_in(self, preset: Preset) -> None:
        """Show the form of one provider."""
        self.form = ProviderForm(self._workspace, preset)
        self.form.added.connect(self.added)
        self.show_form(self.form, self.form.first)

    async def _list(self) -> None:
        presets = await self._workspace.models.presets()
        self.offer(
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


class ProviderForm(TriedForm):
    """Address, key and models of one provider; nothing is kept until asked."""

    added = Signal(str)

    def __init__(self, workspace: Workspace, preset: Preset) -> None:
        where = (
            "What it reads stays in your building." if preset.local else "Personal data is replaced first."
        )
        connect = Button("Connect", "check", kind="primary", key="Enter")
        super().__init__(connect, f"The key stays in this computer's keyring. {where}")
        self._workspace = workspace
        self._settings = preset.settings()
        self.form = Form(_fields(preset))
        self.form.lines["url"].setText(self._settings.url)
        self.form.lines["url"].setCursorPosition(0)
        self.first = self.form.lines["url" if preset.local else "key"]
        self.models = QPlainTextEdit(as_lines(self._settings.models))
        self.models.setAccessibleName("Models, one a line with its class")
        self.models.setTabChangesFocus(True)
        self.models.setFixedHeight(_LINES_HEIGHT)
        self.test = Button("Test", "plug")
        self.test.clicked.connect(lambda: self.begin(self._try(), "test the model"))
        self.keep.clicked.connect(lambda: self.begin(self._keep(), "keep the provider"))
        self.form.changed.connect(self._on_typed)
        self._lay_out(preset)
        self._on_typed()

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

    async def _try(self) -> None:
        key = self.form.values.get("key", "")
        try:
            provider = self._provider()
        except UserError as error:
            self.tell(Tone.BAD, str(error))
            return
        for model in provider.models:
            self.tell(Tone.NEUTRAL, f"Asking {model.name} for a word…")
            trial = await self._workspace.models.test(provider, model.name, key)
            if not trial.fine:
                self.tell(Tone.BAD, f"{model.name}: {trial.finding} {trial.advice}".strip())
                return
        self.tell(Tone.GOOD, f"It works: {len(provider.models)} of {len(provider.models)} models answered.")

    async def _keep(self) -> None:
        try:
            await self._workspace.models.add(self._provider(), self.form.values.get("key", ""))
        except UserError as error:
            self.tell(Tone.BAD, str(error))
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


def _fields(preset: Preset) -> tuple[SignInField, ...]:
    key_help = f"Made at {preset.keys}" if preset.keys else ""
    return (
        SignInField(key="url", label="Address", placeholder="http://127.0.0.1:11434/v1"),
        SignInField(key="key", label="Key", help=key_help, secret=True, required=not preset.local),
        SignInField(key="name", label="Name", placeholder=preset.name, required=False),
    )
