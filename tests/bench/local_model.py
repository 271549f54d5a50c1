"""A real model on this computer, behind the real routing, ledger and wire: for benches and live tests.

Started by `../shared/servers/llm-up`; where that is absent there is none, and `why_not` says so.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

from copilot.config.model_settings import OfferedModel, PrivacySettings, ProviderSettings, SpendingSettings
from copilot.models.policy import read_policy
from copilot.models.writer import ModelWriter, Setup
from copilot.store import Store

SERVERS = Path(__file__).resolve().parents[2].parent / "shared" / "servers"
START_SECONDS = 180
ALL_LOCAL = """
version = 1
[[rule]]
reason = "everything stays in the building"
use = "local"
leaves = "nothing"
"""


def why_not() -> str:
    """Why there is no local model on this computer; empty when there is one."""
    if not (SERVERS / "llm-up").exists():
        return f"no {SERVERS.name}/llm-up beside the repository"
    cached = Path(os.environ.get("LLM_HOME", "/var/cache/llm-up"))
    if not any(cached.glob("smollm2*.gguf")):
        return f"the model smollm2 is not in {cached}; llm-up fetches it"
    return ""


def start(folder: Path, model: str = "smollm2") -> str:
    """Start the server; the answer is its address. Stop it with `stop`."""
    told = subprocess.run(
        [SERVERS / "llm-up", str(_free_port()), str(folder), model],
        capture_output=True,
        text=True,
        check=True,
        timeout=START_SECONDS,
    )
    return str(json.loads(told.stdout)["base_url"])


def stop(folder: Path) -> None:
    """End the server that was started with this folder."""
    subprocess.run([SERVERS / "llm-down", str(folder)], check=True, capture_output=True, timeout=60)


def provider_at(url: str, model: str = "smollm2") -> ProviderSettings:
    """The settings of the server."""
    offered = OfferedModel(name=model, model_class="local", context_tokens=4096)
    return ProviderSettings(id="here", name="Here", url=url, needs_key=False, models=(offered,))


def setup_of(provider: ProviderSettings, policy: str = ALL_LOCAL) -> Setup:
    """One provider under a policy, with no limit to what is spent."""
    return Setup(
        providers=(provider,),
        policy=read_policy(policy),
        spending=SpendingSettings(),
        privacy=PrivacySettings(),
    )


@asynccontextmanager
async def writer_over(store: Store, setup: Setup) -> AsyncIterator[ModelWriter]:
    """The language models of the product over this setup, asked without a key."""

    async def as_it_is() -> Setup:
        return setup

    writer = ModelWriter(
        store.model_calls, setup=as_it_is, key_of=_no_key, now=lambda: datetime.now().astimezone()
    )
    try:
        yield writer
    finally:
        await writer.aclose()


async def _no_key(_provider: str) -> str | None:
    return None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
