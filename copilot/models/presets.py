"""The providers that the settings offer: name, address and models to start from, as data in `resources/models`."""

from __future__ import annotations

import tomllib
from functools import cache

from copilot.config.model_settings import OfferedModel, ProviderSettings
from copilot.config.paths import resources_folder
from copilot.config.section import Section


class Preset(Section):
    """A provider as it is offered.

    `prices` and `prices_prefix` say how the price list names it and its models; `keys` is where a key can be had.
    """

    id: str
    name: str
    protocol: str = "openai"
    url: str
    local: bool = False
    prices: str = ""
    prices_prefix: str = ""
    keys: str = ""
    documentation: str = ""
    models: tuple[OfferedModel, ...] = ()

    def settings(self) -> ProviderSettings:
        """The provider as a team would begin with it, for its own changes."""
        return ProviderSettings.model_validate(
            {
                "id": self.id,
                "name": self.name,
                "protocol": self.protocol,
                "url": self.url,
                "needs_key": not self.local,
                "preset": self.id,
                "models": self.models,
            }
        )


@cache
def presets() -> tuple[Preset, ...]:
    """All presets, hosted ones first. Reads a file the first time."""
    text = (resources_folder() / "models" / "providers.toml").read_text(encoding="utf-8")
    return tuple(Preset.model_validate(entry) for entry in tomllib.loads(text)["provider"])


def preset_of(settings: ProviderSettings) -> Preset | None:
    """The preset a provider was made from."""
    return next((preset for preset in presets() if preset.id == settings.preset), None)
