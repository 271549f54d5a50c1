"""The library's model objects for our settings: one HTTP client a provider, made in a thread when it is first used.

pydantic-ai and the vendors' clients take one to three seconds to import, so nothing here is imported at start.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from copilot.config.model_settings import ProviderSettings
from copilot.errors import ModelKeyError
from copilot.models.offers import Offer

if TYPE_CHECKING:
    import httpx2
    from pydantic_ai.models import Model
    from pydantic_ai.profiles import ModelProfile

    from copilot.models.http import Limits

_PROFILES = {
    "deepseek": ("deepseek", "DeepSeekProvider"),
    "moonshot": ("moonshotai", "MoonshotAIProvider"),
    "zai": ("zai", "ZaiProvider"),
    "alibaba": ("alibaba", "AlibabaProvider"),
    "openrouter": ("openrouter", "OpenRouterProvider"),
    "ollama": ("ollama", "OllamaProvider"),
    "vllm": ("vllm", "VLLMProvider"),
}
"""Presets of which the library knows more than that they speak OpenAI's protocol."""

_KEY_HEADERS = {
    "openai": ("Authorization", "Bearer "),
    "anthropic": ("x-api-key", ""),
    "google": ("x-goog-api-key", ""),
}
_NO_TAGS = ("\0think", "\0/think")
"""The library knows a tag of thoughts only when it comes as one piece, and else takes the answer for thoughts too.

So it is told tags that never come, and `copilot.models.output` takes thoughts off the text.
"""


@dataclass(frozen=True, slots=True)
class Wire:
    """A model ready to be called."""

    model: Model
    limits: Limits


@dataclass(slots=True)
class _Line:
    """What is open to one provider; good as long as settings, key and gap stay the same."""

    made_for: tuple[ProviderSettings, str | None, bool]
    client: httpx2.AsyncClient
    models: dict[str, Wire] = field(default_factory=dict)


class Wires:
    """The open connections to providers."""

    def __init__(self) -> None:
        self._lines: dict[str, _Line] = {}
        self._outdated: list[_Line] = []
        self._turn = asyncio.Lock()

    async def to(self, offer: Offer, key: str | None, *, air_gapped: bool) -> Wire:
        """The model, connected. Raises `ModelError`, such as `ModelKeyError` without a key."""
        if offer.provider.needs_key and not key:
            raise ModelKeyError(f"There is no key for {offer.provider.name}.", "Enter it in the settings.")
        async with self._turn:
            line = await self._line(offer, key, air_gapped=air_gapped)
            if offer.id not in line.models:
                line.models[offer.id] = await asyncio.to_thread(_make_wire, offer, key, line.client)
            return line.models[offer.id]

    async def aclose(self) -> None:
        """Close all connections."""
        lines = [*self._lines.values(), *self._outdated]
        self._lines, self._outdated = {}, []
        for line in lines:
            await line.client.aclose()

    async def _line(self, offer: Offer, key: str | None, *, air_gapped: bool) -> _Line:
        wanted = (offer.provider, key, air_gapped)
        line = self._lines.get(offer.provider.id)
        if line is not None and line.made_for == wanted:
            return line
        if line is not None:
            self._outdated.append(line)  # an answer may still be coming over it
        client = await asyncio.to_thread(_make_client, offer, key, air_gapped=air_gapped)
        self._lines[offer.provider.id] = line = _Line(wanted, client)
        return line


def _make_client(offer: Offer, key: str | None, *, air_gapped: bool) -> httpx2.AsyncClient:
    from copilot.models import http

    header, prefix = _KEY_HEADERS[offer.provider.protocol]
    return http.make_client(
        ca_file=offer.provider.ca_file,
        limits=_limits(offer),
        air_gapped=air_gapped,
        credentials={header: prefix + key} if key else {},
    )


def _limits(offer: Offer) -> Limits:
    from copilot.models import http

    return http.LOCAL if offer.has_inside_address else http.HOSTED


def _make_wire(offer: Offer, key: str | None, client: httpx2.AsyncClient) -> Wire:
    make = {"anthropic": _anthropic, "google": _google, "openai": _openai}[offer.provider.protocol]
    return Wire(make(offer, key, client), _limits(offer))


def _anthropic(offer: Offer, key: str | None, client: httpx2.AsyncClient) -> Model:
    from pydantic_ai.models.anthropic import AnthropicModel
    from pydantic_ai.providers.anthropic import AnthropicProvider

    provider = AnthropicProvider(api_key=key or "none", base_url=offer.provider.url, http_client=client)
    return AnthropicModel(
        offer.model.name, provider=provider, profile=_with_output(offer, provider.model_profile)
    )


def _google(offer: Offer, key: str | None, client: httpx2.AsyncClient) -> Model:
    from pydantic_ai.models.google import GoogleModel
    from pydantic_ai.providers.google import GoogleProvider

    provider = GoogleProvider(api_key=key or "none", base_url=offer.provider.url, http_client=client)
    return GoogleModel(
        offer.model.name, provider=provider, profile=_with_output(offer, provider.model_profile)
    )


def _openai(offer: Offer, key: str | None, client: httpx2.AsyncClient) -> Model:
    from pydantic_ai.models.openai import OpenAIChatModel
    from pydantic_ai.providers.openai import OpenAIProvider
    from pydantic_ai.providers.openai_compatible import OpenAICompatibleProvider

    url = offer.provider.url
    if offer.provider.preset == "openai":
        provider = OpenAIProvider(base_url=url, api_key=key or "none", http_client=client)
        return OpenAIChatModel(
            offer.model.name, provider=provider, profile=_with_output(offer, provider.model_profile)
        )
    other = OpenAICompatibleProvider(offer.provider.id, base_url=url, api_key=key, http_client=client)
    profile = _with_output(offer, _known_profile(offer.provider.preset) or other.model_profile)
    # Most servers know the older name of the setting, and some only that.
    profile = cast("ModelProfile", {**profile, "openai_chat_supports_max_completion_tokens": False})
    return OpenAIChatModel(offer.model.name, provider=other, profile=profile)


def _known_profile(preset: str) -> Any:
    if preset not in _PROFILES:
        return None
    from importlib import import_module

    module, name = _PROFILES[preset]
    return getattr(import_module(f"pydantic_ai.providers.{module}"), name).model_profile


def _with_output(offer: Offer, profile_of: Any) -> ModelProfile:
    """The library's profile of a model, with what the settings say of how it is held to a shape."""
    known: dict[str, Any] = dict(profile_of(offer.model.name) or {})
    known["supports_json_schema_output"] = offer.model.output == "schema"
    known["supports_json_object_output"] = offer.model.output == "json"
    if offer.provider.protocol == "openai":
        known["openai_chat_streaming_requires_finish_reason"] = True  # else a stream cut off looks finished
        known["thinking_tags"] = _NO_TAGS
    return cast("ModelProfile", known)
