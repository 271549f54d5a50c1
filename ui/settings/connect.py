"""Connect a help desk: pick the product, fill in, test, pick the queues; tried before it is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from copilot.domain import DeskKind, SignInCheck, SignInField
from copilot.errors import UserError
from ui import aio
from ui.settings.form import Form
from ui.settings.stepwise import AddingPanel, Asking, TriedForm
from ui.settings.ticks import Ticks
from ui.theme.tokens import Space, Text, Tone
from ui.widgets.buttons import Button
from ui.widgets.choices import Choice
from ui.widgets.labels import Label
from ui.widgets.layout import column, row
from ui.widgets.scrolled import Scrolled

if TYPE_CHECKING:
    from copilot.workspace import Workspace

_ASKING = Asking(title="Connect a help desk", hint="Which one does your team use?", list_name="Help desks")
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


class ConnectPanel(AddingPanel):
    """The panel: first the products, then the form of one."""

    connected = Signal(str)
    """The desk is connected: its name."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(_ASKING)
        self._workspace = workspace
        self.sign_in: SignInForm | None = None
        self.choices.chosen.connect(self.fill_in)
        aio.spawn(self._list(), "list the help desks", self)

    def fill_in(self, kind: DeskKind) -> None:
        """Show the form of one product."""
        self.sign_in = SignInForm(self._workspace, kind)
        self.sign_in.connected.connect(self.connected)
        self.show_form(self.sign_in, self.sign_in.form)

    async def _list(self) -> None:
        kinds = await self._workspace.connecting.kinds()
        self.offer([Choice(value=kind, title=kind.name, detail=kind.help, icon="plug") for kind in kinds])


class SignInForm(TriedForm):
    """What one product asks for; nothing is kept until the desk has answered."""

    connected = Signal(str)

    def __init__(self, workspace: Workspace, kind: DeskKind) -> None:
        connect = Button("Connect", "check", kind="primary", key="Enter")
        super().__init__(connect, "What is secret stays in this computer's keyring.")
        self._workspace, self._kind = workspace, kind
        self.form = Form((*kind.fields, _AI_AGENT, _NAME))
        self.queues = Ticks(kind.queues.capitalize())
        self.test = Button("Test", "plug")
        self.test.clicked.connect(lambda: self.begin(self._test(), "test the desk"))
        self.keep.clicked.connect(lambda: self.begin(self._connect(), "connect the desk"))
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
                row(None, self.test, self.keep),
                spacing=Space.L,
            )
        )

    def _on_typed(self) -> None:
        for button in (self.test, self.keep):
            button.setEnabled(self.form.is_complete)

    async def _test(self) -> bool:
        self.tell(Tone.NEUTRAL, f"Asking {self._kind.name} who you are…")
        self.test.setEnabled(False)
        try:
            check = await self._workspace.connecting.test(self._kind.key, self._values())
        except UserError as error:
            self.tell(Tone.BAD, str(error))
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
            self.tell(Tone.WARN, f"{works} What is missing: {' '.join(check.missing)}")
        else:
            self.tell(Tone.GOOD, works)

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
            self.tell(Tone.BAD, str(error))
            return
        self.connected.emit(name)

    def _values(self) -> dict[str, str]:
        mine = {_NAME.key, _AI_AGENT.key}
        return {key: value for key, value in self.form.values.items() if key not in mine}
