"""Where escalations can go outside the help desk: Slack, Teams, mail, a webhook; added, tried, removed."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from copilot.domain import Destination, DestinationId, SignInField
from copilot.errors import UserError
from ui import aio
from ui.settings.cards import ThingCard
from ui.settings.form import Form
from ui.theme.tokens import Space, Text, Tone
from ui.widgets.buttons import Button, TwiceButton
from ui.widgets.labels import Label
from ui.widgets.layout import column, empty, row
from ui.widgets.notices import Strip, announce

if TYPE_CHECKING:
    from copilot.workspace import Workspace
    from ui.window import Window

_FIELDS = (
    SignInField(key="name", label="Name", placeholder="Engineering on call"),
    SignInField(
        key="url",
        label="Address",
        placeholder="slack://TokenA/TokenB/TokenC/#support",
        help="In apprise's form, which names the service and carries its credentials: slack://, discord://, "
        "workflows:// (Teams), whatsapp://, mailtos://, jsons:// (webhook). It stays in the keyring.",
        secret=True,
    ),
)


class DestinationsPage(QWidget):
    """The destinations, and a form for one more."""

    def __init__(self, workspace: Workspace, _window: Window) -> None:
        super().__init__()
        self._workspace = workspace
        self.cards = column(spacing=Space.M)
        self._by_id: dict[DestinationId, ThingCard] = {}
        self.form = Form(_FIELDS)
        self.add = Button("Add", "plus", kind="primary")
        self.add.clicked.connect(self._on_add)
        self.form.changed.connect(self._on_typed)
        self.outcome = Strip(Tone.NEUTRAL, "")
        self.outcome.hide()
        intro = Label(
            "For people who do not work in the help desk. The packet goes there with a link back; what does not arrive "
            "comes back to you.",
            Text.SMALL,
            "muted",
            wrap=True,
        )
        self.setLayout(
            column(intro, self.cards, self.form, row(None, self.add), self.outcome, None, spacing=Space.L)
        )
        self._on_typed()
        self._fill()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.add.isEnabled():
            self._on_add()
            return
        super().keyPressEvent(event)

    def _fill(self) -> None:
        empty(self.cards)
        self._by_id = {one.id: self._card(one) for one in self._workspace.destinations.list()}
        for card in self._by_id.values():
            self.cards.addWidget(card)

    def _card(self, destination: Destination) -> ThingCard:
        test = Button("Test", "send", small=True)
        test.clicked.connect(partial(self._on_test, destination.id))
        remove = TwiceButton("Remove", "Really remove?", "trash-2")
        remove.confirmed.connect(partial(self._on_remove, destination.id))
        state = ("Ready", Tone.NEUTRAL)
        return ThingCard(destination.name, destination.kind, "external-link", state, test, remove)

    def _on_typed(self) -> None:
        self.add.setEnabled(self.form.is_complete)

    def _on_add(self) -> None:
        aio.spawn(self._add(), "add a destination", self)

    async def _add(self) -> None:
        typed = self.form.values
        try:
            await self._workspace.destinations.add(typed["name"], typed["url"])
        except UserError as error:
            self._say(Tone.BAD, str(error))
            return
        for line in self.form.lines.values():
            line.clear()
        self._say(Tone.GOOD, f"{typed['name']} can be chosen when you escalate.")
        self._fill()

    def _on_test(self, destination: DestinationId) -> None:
        aio.spawn(self._test(destination), "test a destination", self)

    async def _test(self, destination: DestinationId) -> None:
        card = self._by_id[destination]
        card.show_state("Sending…", Tone.INFO)
        try:
            await self._workspace.destinations.test(destination)
        except UserError as error:
            card.show_state("Did not arrive", Tone.BAD)
            self._say(Tone.BAD, str(error))
            return
        card.show_state("It took the message", Tone.GOOD)

    def _on_remove(self, destination: DestinationId) -> None:
        aio.spawn(self._remove(destination), "remove a destination", self)

    async def _remove(self, destination: DestinationId) -> None:
        try:
            await self._workspace.destinations.remove(destination)
        except UserError as error:
            self._say(Tone.BAD, str(error))
        self._fill()

    def _say(self, tone: Tone, text: str) -> None:
        self.outcome.set_tone(tone)
        self.outcome.say(text)
        self.outcome.show()
        announce(self.outcome, text)
