"""Connect a help desk: pick the product, fill in, test, pick the queues; tried before it is kept."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from copilot.domain import DeskKind, SignInCheck, SignInField
from copilot.errors import UserError
from ui import aio
from ui.settings.form import Form
from ui.settings.ticks import Ticks
from ui.theme.tokens import Space, Text, Tone
from ui.widgets.buttons import Button
from ui.widgets.choices import Choice, ChoiceList
from ui.widgets.labels import Label
from ui.widgets.layout import column, row
from ui.widgets.notices import Strip, announce
from ui.widgets.overlay import focus_first, refit
from ui.widgets.scrolled import Scrolled

if TYPE_CHECKING:
    from copilot.workspace import Workspace

WIDTH = 560
_NAME = SignInField(
    key="name",
    label="Name in Sidedesk",
    placeholder="Support",
    help="What you call this desk.",
    required=False,
)
_AI_AGENT = SignInField(
    key="ai_agent",
    label="AI agent",
    placeholder="birdie@example.com",
    help="The user, address or tag of the agent that answers first there, if there is one.",
    required=False,
)


class ConnectPanel(QFrame):
    """The panel: first the products, then the form of one."""

    connected = Signal(str)
    """The desk is connected: its name."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self._workspace = workspace
        self.setAccessibleName("Connect a help desk")
        self.setMinimumWidth(WIDTH)
        self.kinds = ChoiceList([], "Which one does your team use?", "Help desks")
        self.kinds.chosen.connect(self.fill_in)
        self.sign_in: SignInForm | None = None
        self._body: QVBoxLayout = column(self.kinds)
        head = row(Label("Connect a help desk", Text.TITLE), None, Label("Esc closes", Text.SMALL, "faint"))
        self.setLayout(column(head, self._body, margins=Space.XL, spacing=Space.L))
        focus_first(self, self.kinds.field)
        aio.spawn(self._list(), "list the help desks", self)

    def fill_in(self, kind: DeskKind) -> None:
        """Show the form of one product."""
        self.kinds.hide()
        self.sign_in = SignInForm(self._workspace, kind)
        self.sign_in.connected.connect(self.connected)
        self.sign_in.resized.connect(lambda: refit(self))
        self._body.addWidget(self.sign_in)
        self.sign_in.show()
        focus_first(self, self.sign_in.form)
        self.sign_in.form.setFocus()
        refit(self)

    async def _list(self) -> None:
        kinds = await self._workspace.connecting.kinds()
        self.kinds.offer(
            [Choice(value=kind, title=kind.name, detail=kind.help, icon="plug") for kind in kinds]
        )
        refit(self)

    def sizeHint(self) -> QSize:
        return super().sizeHint().expandedTo(QSize(WIDTH, 0))


class SignInForm(QWidget):
    """What one product asks for; nothing is kept until the desk has answered."""

    connected = Signal(str)
    resized = Signal()

    def __init__(self, workspace: Workspace, kind: DeskKind) -> None:
        super().__init__()
        self._workspace, self._kind = workspace, kind
        self._task: asyncio.Task[object] | None = None
        self.form = Form((*kind.fields, _AI_AGENT, _NAME))
        self.queues = Ticks(kind.queues.capitalize())
        self.outcome = Strip(
            Tone.NEUTRAL, "What is secret stays in this computer's keyring.", icon_name="key-round"
        )
        self.test = Button("Test", "plug")
        self.connect_ = Button("Connect", "check", kind="primary", key="Enter")
        self.test.clicked.connect(lambda: self._begin(self._test(), "test the desk"))
        self.connect_.clicked.connect(lambda: self._begin(self._connect(), "connect the desk"))
        self.form.changed.connect(self._on_typed)
        self._on_typed()
        self._lay_out()

    def _lay_out(self) -> None:
        self._queues_title = Label(
            f"{self._kind.queues.capitalize()} to follow (none: all)", Text.SMALL, "muted"
        )
        self._queues_title.hide()
        self.setLayout(
            column(
                Label(self._kind.name, Text.STRONG),
                Label(self._kind.help, Text.SMALL, "muted", wrap=True),
                Scrolled(self.form),
                column(self._queues_title, self.queues, spacing=2),
                self.outcome,
                row(None, self.test, self.connect_),
                spacing=Space.L,
            )
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.connect_.isEnabled():
            self.connect_.click()
            return
        super().keyPressEvent(event)

    def _on_typed(self) -> None:
        self.test.setEnabled(self.form.is_complete)
        self.connect_.setEnabled(self.form.is_complete)

    def _begin(self, coroutine: Coroutine[Any, Any, object], name: str) -> None:
        if self._task is not None:
            self._task.cancel()
        self._task = aio.spawn(coroutine, name, self)

    async def _test(self) -> bool:
        self._tell(Tone.NEUTRAL, f"Asking {self._kind.name} who you are…")
        self.test.setEnabled(False)
        try:
            check = await self._workspace.connecting.test(self._kind.key, self._values())
        except UserError as error:
            self._tell(Tone.BAD, str(error))
            return False
        finally:
            self._on_typed()
        self._show(check)
        return True

    def _show(self, check: SignInCheck) -> None:
        works = f"It works: you are {check.me.name}."
        self.queues.offer(check.queues if self._kind.queues else ())
        self._queues_title.setVisible(self.queues.isVisibleTo(self))
        if check.missing:
            self._tell(Tone.WARN, f"{works} What is missing: {' '.join(check.missing)}")
        else:
            self._tell(Tone.GOOD, works)

    async def _connect(self) -> None:
        if not await self._test():
            return
        typed = self.form.values
        name = typed.get("name") or self._kind.name
        agents = [agent.strip() for agent in typed.get("ai_agent", "").split(",") if agent.strip()]
        try:
            await self._workspace.connecting.connect(
                self._kind.key, name, self._values(), queues=self.queues.ticked, ai_agents=agents
            )
        except UserError as error:
            self._tell(Tone.BAD, str(error))
            return
        self.connected.emit(name)

    def _values(self) -> dict[str, str]:
        mine = {_NAME.key, _AI_AGENT.key}
        return {key: value for key, value in self.form.values.items() if key not in mine}

    def _tell(self, tone: Tone, text: str) -> None:
        self.outcome.set_tone(tone)
        self.outcome.say(text)
        announce(self.outcome, text)
        self.resized.emit()
