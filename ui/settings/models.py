"""The language models that are connected: how each does, a test, and one more."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from copilot.errors import UserError
from copilot.workspace import ProviderSettings
from ui import aio
from ui.settings.add_model import AddModelPanel
from ui.settings.cards import ThingCard
from ui.theme.tokens import Space, Text, Tone
from ui.widgets.buttons import Button, TwiceButton
from ui.widgets.labels import Label
from ui.widgets.layout import column, empty, row
from ui.widgets.notices import Strip
from ui.widgets.states import EmptyState

if TYPE_CHECKING:
    from copilot.workspace import Workspace
    from ui.window import Window


class ModelsPage(QWidget):
    """The providers in the order in which they are asked."""

    def __init__(self, workspace: Workspace, window: Window) -> None:
        super().__init__()
        self._workspace, self._window = workspace, window
        self.cards = column(spacing=Space.M)
        self._by_id: dict[str, ThingCard] = {}
        self.add = Button("Connect a model", "plus", kind="primary")
        self.add.clicked.connect(self._on_add)
        self.outcome = Strip(Tone.BAD, "")
        self.outcome.hide()
        intro = Label(
            "Without one, the engine on this computer reads and drafts, for nothing and with nothing leaving. "
            "The policy says which ticket goes to which model.",
            Text.SMALL,
            "muted",
            wrap=True,
        )
        head = row(intro, self.add, spacing=Space.L)
        head.setStretch(0, 1)
        self.setLayout(column(head, self.outcome, self.cards, None, spacing=Space.L))
        self._fill()

    def _fill(self) -> None:
        empty(self.cards)
        providers = self._workspace.models.providers()
        self._by_id = {provider.id: self._card(provider) for provider in providers}
        for card in self._by_id.values():
            self.cards.addWidget(card)
        if not providers:
            advice = "A hosted one, or one in your own building: a minute's work."
            self.cards.addWidget(EmptyState("sparkles", "No language model is connected", advice))

    def _card(self, provider: ProviderSettings) -> ThingCard:
        test = Button("Test", "plug", small=True)
        test.clicked.connect(partial(self._on_test, provider))
        remove = TwiceButton("Remove", "Really remove?", "trash-2")
        remove.confirmed.connect(partial(self._on_remove, provider.id))
        card = ThingCard(provider.name, provider.url, "sparkles", self._state(provider), test, remove)
        card.explain(", ".join(f"{model.name} ({model.model_class})" for model in provider.models))
        return card

    def _state(self, provider: ProviderSettings) -> tuple[str, Tone]:
        mine = {f"{provider.id}/{model.name}" for model in provider.models}
        known = [model for model in self._workspace.models.models() if model.id in mine]
        resting = next((model.resting for model in known if model.resting), "")
        if resting:
            return (resting, Tone.WARN)
        if any(model.leaves_building for model in known):
            return ("Leaves the building", Tone.INFO)
        return ("In the building", Tone.GOOD)

    def _on_test(self, provider: ProviderSettings) -> None:
        aio.spawn(self._test(provider), "test a provider", self)

    async def _test(self, provider: ProviderSettings) -> None:
        card = self._by_id[provider.id]
        for model in provider.models:
            card.show_state(f"Asking {model.name}…", Tone.INFO)
            trial = await self._workspace.models.test(provider, model.name)
            if not trial.fine:
                card.show_state("Does not work", Tone.BAD)
                self.outcome.say(f"{model.name}: {trial.finding} {trial.advice}".strip())
                self.outcome.show()
                return
        self.outcome.hide()
        card.show_state("Works", Tone.GOOD)

    def _on_remove(self, provider: str) -> None:
        aio.spawn(self._remove(provider), "remove a provider", self)

    async def _remove(self, provider: str) -> None:
        try:
            await self._workspace.models.remove(provider)
        except UserError as error:
            self.outcome.say(str(error))
            self.outcome.show()
        self._fill()

    def _on_add(self) -> None:
        panel = AddModelPanel(self._workspace)
        panel.added.connect(partial(_back_to_models, self._window))
        self._window.overlay.show_panel(panel)


def _back_to_models(window: Window, _name: str) -> None:
    """The page that asked is gone: the panel that added took its place."""
    window.actions_.trigger("window.settings.models")
