"""A writer over real sockets: settings in hand, a store on disk, and servers that misbehave."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import pytest
from pydantic import BaseModel

from copilot.config.model_settings import (
    OfferedModel,
    PrivacySettings,
    ProviderSettings,
    SpendingSettings,
)
from copilot.models.base import Asked, Piece, Task
from copilot.models.policy import default_policy, read_policy
from copilot.models.writer import ModelWriter, Setup
from copilot.store import Store

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
GOOD = '{"intent": "reset", "text": "Hold the button."}'


class Sketch(BaseModel):
    """A small shape for tests."""

    intent: str
    text: str


def asking(text: str = "My router is dead.", *, task: Task = Task.DRAFT, max_tokens: int = 200) -> Asked:
    return Asked(
        task=task,
        prompt="draft",
        version="3",
        instructions="Write a reply.",
        data=(Piece(label="message 1, requester", text=text),),
        max_tokens=max_tokens,
    )


def provider(
    url: str,
    *,
    name: str = "local",
    model_class: Literal["local", "cheap", "frontier"] = "local",
    output: Literal["schema", "json", "prompt"] = "schema",
    protocol: Literal["openai", "anthropic", "google"] = "openai",
    model: str = "small",
) -> ProviderSettings:
    offered = OfferedModel(name=model, model_class=model_class, context_tokens=8_000, output=output)
    return ProviderSettings(
        id=name, name=name.title(), protocol=protocol, url=url, needs_key=False, models=(offered,)
    )


@dataclass
class Bench:
    """A writer whose settings a test may change between requests."""

    writer: ModelWriter
    store: Store
    setup: Setup
    keys: dict[str, str]

    def connect(self, *providers: ProviderSettings) -> None:
        self.setup = replace(self.setup, providers=providers)


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    store = await Store.open(tmp_path / "workspace.sqlite3")
    keys: dict[str, str] = {}

    async def setup() -> Setup:
        return opened.setup

    async def key_of(provider: str) -> str | None:
        return keys.get(provider)

    writer = ModelWriter(store.model_calls, setup=setup, key_of=key_of, now=lambda: datetime.now(UTC))
    first = Setup((), read_policy(default_policy()), SpendingSettings(), PrivacySettings())
    opened = Bench(writer, store, first, keys)
    yield opened
    await writer.aclose()
    await store.aclose()
