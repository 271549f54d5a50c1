"""Add a knowledge source: pick the kind, fill in, say who may read it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout

from copilot.domain import Audience
from copilot.errors import UserError
from ui import aio
from ui.settings.form import Form
from ui.settings.rows import Alternatives, SettingRow
from ui.settings.sources import SOURCE_FORMS, SourceForm
from ui.theme.tokens import Space, Text, Tone
from ui.widgets.buttons import Button
from ui.widgets.choices import Choice, ChoiceList
from ui.widgets.labels import Label
from ui.widgets.layout import column, row
from ui.widgets.notices import Strip
from ui.widgets.overlay import focus_first, refit

if TYPE_CHECKING:
    from copilot.workspace import Workspace

WIDTH = 560
_AUDIENCES = ((Audience.INTERNAL.value, "Internal", "lock"), (Audience.PUBLIC.value, "Public", "globe"))


class AddSourcePanel(QFrame):
    """The panel: first the kinds, then the form of one."""

    added = Signal(str)
    """The source is kept: its id. It has not been read yet."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self._workspace = workspace
        self.setAccessibleName("Add a knowledge source")
        self.setMinimumWidth(WIDTH)
        choices = [
            Choice(value=kind, title=kind.name, detail=kind.help, icon=kind.icon) for kind in SOURCE_FORMS
        ]
        self.kinds = ChoiceList(choices, "Where does your team look things up?", "Kinds of sources")
        self.kinds.chosen.connect(self.fill_in)
        self.form: Form | None = None
        self._audience = Audience.INTERNAL
        self._body: QVBoxLayout = column(self.kinds, spacing=Space.L)
        self.outcome = Strip(Tone.BAD, "")
        self.outcome.hide()
        self.add = Button("Add", "check", kind="primary", key="Enter")
        self.add.hide()
        self.add.clicked.connect(self._on_add)
        head = row(
            Label("Add a knowledge source", Text.TITLE), None, Label("Esc closes", Text.SMALL, "faint")
        )
        buttons = row(None, self.add)
        self.setLayout(column(head, self._body, self.outcome, buttons, margins=Space.XL, spacing=Space.L))
        focus_first(self, self.kinds.field)

    def fill_in(self, kind: SourceForm) -> None:
        """Show the form of one kind."""
        self.kinds.hide()
        self._kind = kind
        self.form = Form(kind.fields)
        self.form.changed.connect(self._on_typed)
        audience = Alternatives(_AUDIENCES, self._audience.value)
        audience.chosen.connect(self._on_audience)
        warned = SettingRow(
            "Who may read it", "You are warned before words of an internal source go out.", audience
        )
        for part in (Label(kind.help, Text.SMALL, "muted", wrap=True), self.form, warned):
            self._body.addWidget(part)
            part.show()
        self.add.show()
        self._on_typed()
        focus_first(self, self.form)
        self.form.setFocus()
        refit(self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if (
            event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
            and self.add.isVisible()
            and self.add.isEnabled()
        ):
            self.add.click()
            return
        super().keyPressEvent(event)

    def _on_typed(self) -> None:
        self.add.setEnabled(self.form is not None and self.form.is_complete)

    def _on_audience(self, value: str) -> None:
        self._audience = Audience(value)

    def _on_add(self) -> None:
        aio.spawn(self._add(), "add a knowledge source", self)

    async def _add(self) -> None:
        if self.form is None:
            return
        values = self.form.values
        try:
            settings = self._kind.make(values, self._audience)
            source = await self._workspace.add_source(settings, values.get("secret", ""))
        except UserError as error:
            self.outcome.say(str(error))
            self.outcome.show()
            refit(self)
            return
        self.added.emit(source)
