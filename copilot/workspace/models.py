"""The sub-door to language models: who is connected, what the policy says, what was sent, and what it cost."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from copilot.config.model_settings import PrivacySettings, ProviderSettings, SpendingSettings
from copilot.config.secrets import Kept, Secrets
from copilot.domain import Conversation, TicketId, View
from copilot.errors import SecretError
from copilot.events import EventStream, Failed
from copilot.store import Store
from copilot.workspace.desks import free_id
from copilot.workspace.kept import KeptSettings
from copilot.workspace.policy import PolicyFile

# What asks and routes takes a tenth of a second to import on a busy machine, and a workspace without models needs none
# of it: `warm` brings it in a thread, and whatever is asked before that brings it itself.
if TYPE_CHECKING:
    from pydantic import BaseModel

    from copilot.models.base import Asked, ModelClass, TicketFacts, Writing
    from copilot.models.ledger import Ledger
    from copilot.models.offers import Offer
    from copilot.models.policy import PolicyProblem
    from copilot.models.presets import Preset
    from copilot.models.simulation import Simulation
    from copilot.models.trial import Trial
    from copilot.models.writer import ModelWriter, Preview, Setup
    from copilot.store.model_calls import ModelCall, ModelSpending, TicketSpending

SIMULATED_TICKETS = 200


@dataclass(frozen=True, slots=True)
class ConnectedModel:
    """A model of the settings, for the screen. `resting` says why it is left alone for now, if it is."""

    id: str
    provider: str
    model_class: ModelClass
    leaves_building: bool
    resting: str = ""


@dataclass(frozen=True, slots=True)
class Spending:
    """US dollars spent by this computer's clock, and on what this month."""

    today: Decimal
    month: Decimal
    models: tuple[ModelSpending, ...]
    tickets: tuple[TicketSpending, ...]


class LanguageModels:
    """What `workspace.models` answers."""

    def __init__(
        self, folder: Path, settings: KeptSettings, secrets: Secrets, store: Store, events: EventStream
    ) -> None:
        self._settings = settings
        self._secrets = secrets
        self._store = store
        self._events = events
        self._keys: dict[str, str | None] = {}
        self.policy = PolicyFile(folder)

    async def warm(self) -> None:
        """Bring what asks models into memory, off the event loop, when there are any."""
        if self._settings.now.models:
            await asyncio.to_thread(import_module, "copilot.models.writer")

    @property
    def writing(self) -> Writing | None:
        """What the writing tasks hold; None while no model is connected."""
        has_models = any(provider.models for provider in self._settings.now.models)
        return self._writer if has_models else None

    @property
    def ledger(self) -> Ledger:
        """Where requests are written down."""
        return self._writer.ledger

    async def aclose(self) -> None:
        """Write down what is open, and close all connections."""
        if "_writer" in self.__dict__:
            await self._writer.aclose()

    # -- who is connected ------------------------------------------------------------------------------------------

    async def presets(self) -> tuple[Preset, ...]:
        """The providers that can be chosen from."""
        from copilot.models.presets import presets

        return await asyncio.to_thread(presets)

    def providers(self) -> tuple[ProviderSettings, ...]:
        """The providers of the settings; their order is the order in which models of one class are asked."""
        return self._settings.now.models

    def models(self) -> tuple[ConnectedModel, ...]:
        """Every model of the settings, and how it does."""
        from copilot.models.offers import offers_of

        return tuple(self._info(offer) for offer in offers_of(self._settings.now.models))

    async def add(self, provider: ProviderSettings, key: str = "") -> str:
        """Keep a provider, and its key in the keyring; answers its id, which is made free.

        Without a usable keyring the key lives as long as this run, and a `Failed` event says so. Raises `SettingsError`
        when a model counts as local that is not in the building.
        """
        _refuse_false_local(provider)
        taken = [other.id for other in self._settings.now.models]
        kept = provider.model_copy(update={"id": free_id(provider.id or provider.name, taken)})
        if key:
            await self._keep_key(kept.id, key)
        await self._settings.change(models=(*self._settings.now.models, kept))
        self._writer.health.forget()
        return kept.id

    async def change(self, provider: ProviderSettings, key: str = "") -> None:
        """Put other settings in the place of a provider's; an empty key keeps the old one. Raises `KeyError`."""
        _refuse_false_local(provider)
        known = self._settings.now.models
        if provider.id not in {one.id for one in known}:
            raise KeyError(provider.id)
        if key:
            await self._keep_key(provider.id, key)
        await self._settings.change(models=tuple(provider if one.id == provider.id else one for one in known))
        self._writer.health.forget()

    async def remove(self, provider: str) -> None:
        """Forget a provider and its key; what it was asked stays in the ledger."""
        kept = tuple(one for one in self._settings.now.models if one.id != provider)
        await self._settings.change(models=kept)
        self._keys.pop(provider, None)
        try:
            await self._secrets.forget(_key_name(provider))
        except SecretError as error:
            self._events.publish(
                Failed("secret", "The keyring could not be asked to forget the key.", str(error))
            )

    async def test(self, provider: ProviderSettings, model: str, key: str = "") -> Trial:
        """Really call one model of a provider, which need not be kept yet; an empty key takes the one that is kept."""
        from copilot.models.trial import try_out

        used = key or await self._key_of(provider.id)
        gap = self._settings.now.privacy.air_gapped
        return await try_out(provider, model, used, self.ledger, air_gapped=gap)

    # -- what the policy says --------------------------------------------------------------------------------------

    async def check_policy(self, text: str) -> tuple[PolicyProblem, ...]:
        """What is wrong with a policy, line by line; empty for a good one."""
        from copilot.models.policy import check_policy

        return await asyncio.to_thread(check_policy, text)

    async def simulate(self, text: str | None = None, *, limit: int = SIMULATED_TICKETS) -> Simulation:
        """What a policy (default: the one in force) would do with the newest tickets. Raises `SettingsError`."""
        from copilot.models.offers import offers_of
        from copilot.models.policy import read_policy
        from copilot.models.simulation import simulate

        policy = read_policy(text if text is not None else await self.policy.text())
        tickets = [await self._facts(ticket) for ticket in await self._newest(limit)]
        offers, gap = offers_of(self._settings.now.models), self._settings.now.privacy.air_gapped
        return await asyncio.to_thread(simulate, policy, offers, tickets, air_gapped=gap)

    @property
    def spending_limits(self) -> SpendingSettings:
        """The budgets."""
        return self._settings.now.spending

    async def set_spending_limits(self, limits: SpendingSettings) -> None:
        """Change the budgets. Raises `SettingsError`."""
        await self._settings.change(spending=limits)

    @property
    def privacy(self) -> PrivacySettings:
        """What stays in the building."""
        return self._settings.now.privacy

    async def set_privacy(self, privacy: PrivacySettings) -> None:
        """Change what stays in the building. Raises `SettingsError`."""
        await self._settings.change(privacy=privacy)

    async def preview(self, asked: Asked, facts: TicketFacts, shape: type[BaseModel]) -> Preview:
        """The exact text that a request would send, to whom and by which rule, without sending it.

        Raises `NoModelError` when it would send nothing.
        """
        return await self._writer.preview(asked, facts, shape)

    # -- what was sent, and what it cost ---------------------------------------------------------------------------

    async def calls(self, ticket: TicketId) -> tuple[ModelCall, ...]:
        """All that was sent to models for a ticket, to the letter, and what came back; oldest first."""
        return await self._store.model_calls.of_ticket(ticket)

    async def spending(self) -> Spending:
        """What was spent today and this month, and on what."""
        midnight = _local_now().replace(hour=0, minute=0, second=0, microsecond=0)
        first = midnight.replace(day=1)
        table = self._store.model_calls
        return Spending(
            today=await table.spent(midnight),
            month=await table.spent(first),
            models=await table.by_model(first),
            tickets=await table.by_ticket(first),
        )

    # -- inside ----------------------------------------------------------------------------------------------------

    @cached_property
    def _writer(self) -> ModelWriter:
        from copilot.models.writer import ModelWriter

        return ModelWriter(self._store.model_calls, setup=self._setup, key_of=self._key_of, now=_local_now)

    async def _setup(self) -> Setup:
        from copilot.models.writer import Setup

        now = self._settings.now
        return Setup(now.models, await self.policy.policy(), now.spending, now.privacy)

    async def _key_of(self, provider: str) -> str | None:
        if provider not in self._keys:
            self._keys[provider] = await self._secrets.get(_key_name(provider))
        return self._keys[provider]

    async def _keep_key(self, provider: str, key: str) -> None:
        name = _key_name(provider)
        self._keys[provider] = key
        if await self._secrets.set(name, key) is Kept.MEMORY:
            variable = self._secrets.environment_name(name)
            self._events.publish(
                Failed(
                    "secret",
                    "The key could not be put into the system's keyring; it is kept until Sidedesk closes.",
                    f"Unlock the keyring and enter it again, or set {variable} in the environment.",
                )
            )

    def _info(self, offer: Offer) -> ConnectedModel:
        health = self._writer.health
        resting = health.reason(offer.id) if health.resting_seconds(offer.id) else ""
        return ConnectedModel(offer.id, offer.provider.name, offer.model_class, not offer.is_inside, resting)

    async def _newest(self, limit: int) -> list[TicketId]:
        page = await self._store.tickets.page(View.ALL, limit=limit)
        return [row.id for row in page.rows]

    async def _facts(self, ticket: TicketId) -> TicketFacts:
        from copilot.models.facts import read_facts

        conversation: Conversation = await self._store.tickets.conversation(ticket)
        brief = await self._store.books.brief(ticket)
        if brief is None:
            return await asyncio.to_thread(read_facts, conversation)
        return await asyncio.to_thread(
            read_facts, conversation, sentiment=brief.sentiment, urgency=brief.urgency
        )


def _refuse_false_local(provider: ProviderSettings) -> None:
    from copilot.models.offers import refuse_false_local

    refuse_false_local(provider)


def _key_name(provider: str) -> str:
    return f"{provider}/key"


def _local_now() -> datetime:
    return datetime.now().astimezone()
