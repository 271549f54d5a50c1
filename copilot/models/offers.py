"""The models of the settings, one by one, as routing sees them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from copilot.config.model_settings import OfferedModel, ProviderSettings
from copilot.errors import SettingsError
from copilot.models.addresses import host_of, is_inside
from copilot.models.base import ModelClass

UNKNOWN_CONTEXT_TOKENS = 8_192


@dataclass(frozen=True, slots=True)
class Offer:
    """One model of one provider."""

    provider: ProviderSettings
    model: OfferedModel

    @property
    def id(self) -> str:
        """``provider/model``, as suggestions and the ledger name it."""
        return f"{self.provider.id}/{self.model.name}"

    @property
    def model_class(self) -> ModelClass:
        """Its class by the settings."""
        return ModelClass(self.model.model_class)

    @property
    def has_inside_address(self) -> bool:
        """Whether its address alone shows that it is in the building."""
        return is_inside(host_of(self.provider.url))

    @property
    def is_inside(self) -> bool:
        """Whether text given to it stays in the building: the class alone is a claim, the address must bear it out."""
        return self.model_class is ModelClass.LOCAL and (self.has_inside_address or self.provider.in_building)

    @property
    def context_tokens(self) -> int:
        """What it can read, prompt and answer together."""
        return self.model.context_tokens or UNKNOWN_CONTEXT_TOKENS


def offers_of(providers: Iterable[ProviderSettings]) -> tuple[Offer, ...]:
    """All models, in the order of the settings, which is the order they are tried in within a class."""
    return tuple(Offer(provider, model) for provider in providers for model in provider.models)


def refuse_false_local(provider: ProviderSettings) -> None:
    """Raise `SettingsError` where a model counts as local, and neither its address nor the team says that it is."""
    for model in provider.models:
        offer = Offer(provider, model)
        if offer.model_class is ModelClass.LOCAL and not offer.is_inside:
            raise SettingsError(
                f"{model.name} counts as local, but {host_of(provider.url)} is not an address in the building.",
                "Give it the class cheap or frontier, or say that your team runs this address itself.",
            )
