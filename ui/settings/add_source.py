"""Add a knowledge source: pick the kind, fill in, say who may read it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from copilot.domain import Audience
from copilot.errors import UserError
from ui.settings.form import Form
from ui.settings.rows import Alternatives, SettingRow
from ui.settings.sources import SOURCE_FORMS, SourceForm
from ui.settings.stepwise import AddingPanel, Asking, TriedForm
from ui.theme.tokens import Space, Text, Tone
from ui.widgets.buttons import Button
from ui.widgets.choices import Choice
from ui.widgets.labels import Label
from ui.widgets.layout import column, row

if TYPE_CHECKING:
    from copilot.workspace import Workspace

_ASKING = Asking(
    title="Add a knowledge source", hint="Where does your team look things up?", list_name="Kinds of sources"
)
_AUDIENCES = ((Audience.INTERNAL.value, "Internal", "lock"), (Audience.PUBLIC.value, "Public", "globe"))


class AddSourcePanel(AddingPanel):
    """The panel: first the kinds, then the form of one."""

    added = Signal(str)
    """The source is kept: its id. It has not been read yet."""

    def __init__(self, workspace: Workspace) -> None:
        kinds = [
            Choice(value=kind, title=kind.name, detail=kind.help, icon=kind.icon) for kind in SOURCE_FORMS
        ]
        super().__init__(_ASKING, kinds)
        self._workspace = workspace
        self.filling: SourceFilling | None = None
        self.choices.chosen.connect(self.fill_in)

    def fill_in(self, kind: SourceForm) -> None:
        """Show the form of one kind."""
        self.filling = SourceFilling(self._workspace, kind)
        self.filling.added.connect(self.added)
        self.show_form(self.filling, self.filling.form)


class SourceFilling(TriedForm):
    """What one kind asks for, and who may read what comes from it."""

    added = Signal(str)

    def __init__(self, workspace: Workspace, kind: SourceForm) -> None:
        super().__init__(Button("Add", "check", kind="primary", key="Enter"), "Secrets stay in the keyring.")
        self._workspace, self._kind = workspace, kind
        self._audience = Audience.INTERNAL
        self.form = Form(kind.fields)
        self.form.changed.connect(self._on_typed)
        audience = Alternatives(_AUDIENCES, self._audience.value)
        audience.chosen.connect(self._on_audience)
        self.keep.clicked.connect(lambda: self.begin(self._add(), "add a knowledge source"))
        warned = SettingRow(
            "Who may read it", "You are warned before words of an internal source go out.", audience
        )
        about = Label(kind.help, Text.SMALL, "muted", wrap=True)
        buttons = row(None, self.keep)
        self.setLayout(column(about, self.form, warned, self.outcome, buttons, spacing=Space.L))
        self._on_typed()

    def _on_typed(self) -> None:
        self.keep.setEnabled(self.form.is_complete)

    def _on_audience(self, value: str) -> None:
        self._audience = Audience(value)

    async def _add(self) -> None:
        values = self.form.values
        try:
            settings = self._kind.make(values, self._audience)
            source = await self._workspace.add_source(settings, values.get("secret", ""))
        except UserError as error:
            self.tell(Tone.BAD, str(error))
            return
        self.added.emit(source)
