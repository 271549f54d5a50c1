"""The connected help desks: how each does, signing in again, letting go, and connecting one more."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from copilot.domain import DeskHealth, DeskInfo
from copilot.errors import UserError
from copilot.events import DeskChanged, Event
from ui import aio
from ui.settings.cards import ThingCard
from ui.settings.connect import ConnectPanel
from ui.settings.limits import what_it_cannot
from ui.theme.tokens import Space, Text, Tone
from ui.widgets.buttons import Button, TwiceButton
from ui.widgets.labels import Label
from ui.widgets.layout import column, empty, row
from ui.widgets.notices import Strip

if TYPE_CHECKING:
    from copilot.workspace import Workspace
    from ui.window import Window

_STATES = {
    DeskHealth.CONNECTING: ("Connecting", Tone.INFO),
    DeskHealth.ONLINE: ("Online", Tone.GOOD),
    DeskHealth.OFFLINE: ("Offline", Tone.WARN),
    DeskHealth.NEEDS_SIGN_IN: ("Sign in again", Tone.BAD),
}


class DesksPage(QWidget):
    """Follows what happens to the desks while it is open."""

    def __init__(self, workspace: Workspace, window: Window) -> None:
        super().__init__()
        self._workspace, self._window = workspace, window
        self.cards = column(spacing=Space.M)
        self.add = Button("Connect a desk", "plus", kind="primary")
        self.add.clicked.connect(self._connect)
        self.outcome = Strip(Tone.BAD, "")
        self.outcome.hide()
        intro = Label(
            "One queue over all of them. Tokens stay in this computer's keyring.",
            Text.SMALL,
            "muted",
            wrap=True,
        )
        self.setLayout(column(row(intro, None, self.add), self.outcome, self.cards, None, spacing=Space.L))
        stop = workspace.events.subscribe(self._on_event)
        self.destroyed.connect(lambda _gone=None, stop=stop: stop())
        self._fill()

    def _on_event(self, event: Event) -> None:
        if isinstance(event, DeskChanged):
            self._fill()

    def _fill(self) -> None:
        empty(self.cards)
        for desk in self._workspace.desks():
            self.cards.addWidget(self._card(desk))

    def _card(self, desk: DeskInfo) -> ThingCard:
        remove = TwiceButton("Disconnect", "Really disconnect?", "unplug")
        remove.confirmed.connect(partial(self._let_go, desk))
        who = f"{desk.kind}, you are {desk.me.name}" if desk.me else desk.kind
        card = ThingCard(desk.name, who, "headset", _STATES[desk.health], remove)
        card.explain(desk.problem, "bad")
        card.explain(what_it_cannot(desk.capabilities))
        return card

    def _let_go(self, desk: DeskInfo) -> None:
        aio.spawn(self._remove(desk), "disconnect the desk", self)

    async def _remove(self, desk: DeskInfo) -> None:
        try:
            await self._workspace.connecting.remove(desk.id)
        except UserError as error:
            self.outcome.say(str(error))
            self.outcome.show()
        self._fill()

    def _connect(self) -> None:
        panel = ConnectPanel(self._workspace)
        panel.connected.connect(lambda _name: self._window.overlay.close_panel())
        self._window.overlay.show_panel(panel)
