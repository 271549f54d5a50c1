"""What three drafts that stream at once cost the screen: `python -m tests.bench.streams`.

A server on loopback sends a token every 20 ms, each with the moment it left, in OpenAI's form; the real client, the
repair, the redaction of what leaves and the ledger are all in the way. Measured: how late a token is on the event
loop (the part that is shown is at most one frame behind by design), and how late the loop itself is meanwhile.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import tempfile
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from copilot.config.model_settings import OfferedModel, PrivacySettings, ProviderSettings, SpendingSettings
from copilot.models.base import Asked, Personal, Piece, Task, TicketFacts
from copilot.models.policy import default_policy, read_policy
from copilot.models.writer import ModelWriter, Setup
from copilot.store import Store
from tests.bench.figures import machine, table
from tests.models.fault_server import Behaviour, Exchange, fault_server
from tests.models.wire_shapes import openai_stream

TOKEN_SECONDS = 0.02
LAG_SECONDS = 0.002
MAIL = "I am Amara Okoye (amara@nestbox.example), order NB-4471. My router is dead since Monday. " * 20


class Times(BaseModel):
    """An answer whose text is the moments at which its tokens left."""

    text: str


def dated(tokens: int, seconds: float = TOKEN_SECONDS) -> Behaviour:
    """A stream whose tokens say when they left, one every so many seconds."""

    async def behaviour(exchange: Exchange) -> None:
        await exchange.head()
        first, *_ = openai_stream([])
        await exchange.send(first)
        for place in range(tokens):
            piece = ('{"text": "' if place == 0 else "") + f"{time.perf_counter():.6f} "
            await exchange.send(openai_stream([piece])[1])
            await asyncio.sleep(seconds)
        for event in openai_stream(['"}'])[1:]:
            await exchange.send(event)

    return behaviour


async def measure(drafts: int, tokens: int) -> list[list[str]]:
    """One round; rows of the table."""
    late: list[float] = []
    firsts: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        store = await Store.open(Path(folder) / "store.sqlite3")
        async with fault_server(dated(tokens)) as server:
            writer = writer_to(server.url, store)
            await write(writer, [], [])  # the libraries are imported once
            lags: list[float] = []
            watch = asyncio.create_task(_watch(lags))
            await asyncio.gather(*(write(writer, late, firsts) for _ in range(drafts)))
            watch.cancel()
            await writer.aclose()
        await store.aclose()
    return [
        ["", "p50", "p99", "largest", "n"],
        ["first token to the listener", *_quantiles(firsts)],
        ["token to the listener", *_quantiles(late)],
        ["loop lag meanwhile", *_quantiles(lags)],
    ]


async def write(writer: ModelWriter, late: list[float], firsts: list[float]) -> None:
    """One draft; how late its tokens were goes to `late`, the first one's to `firsts`."""
    mine: list[float] = []

    def on_partial(part: Mapping[str, Any]) -> None:
        whole = str(part.get("text", "")).split(" ")[:-1]
        if whole:
            mine.append(time.perf_counter() - float(whole[-1]))

    asked = Asked(
        task=Task.DRAFT,
        prompt="bench",
        version="1",
        instructions="Write.",
        data=(Piece(label="message 1", text=MAIL),),
        max_tokens=2_000,
    )
    facts = TicketFacts(personal=Personal(names=("Amara Okoye",)))
    await writer.write(asked, facts, Times, on_partial=on_partial)
    late.extend(mine)
    firsts.extend(mine[:1])


async def _watch(lags: list[float]) -> None:
    while True:
        before = time.perf_counter()
        await asyncio.sleep(LAG_SECONDS)
        lags.append(time.perf_counter() - before - LAG_SECONDS)


def writer_to(url: str, store: Store) -> ModelWriter:
    """The real client of a server that plays a model."""
    return ModelWriter(store.model_calls, setup=_setup_of(url), key_of=_no_key, now=lambda: datetime.now(UTC))


def _setup_of(url: str) -> Any:
    offered = OfferedModel(name="m", model_class="cheap", context_tokens=100_000)
    provider = ProviderSettings(id="bench", name="Bench", url=url, needs_key=False, models=(offered,))
    setup = Setup((provider,), read_policy(default_policy()), SpendingSettings(), PrivacySettings())

    async def answer() -> Setup:
        return setup

    return answer


async def _no_key(_provider: str) -> str | None:
    return None


def _quantiles(seconds: Sequence[float]) -> list[str]:
    ordered = sorted(seconds)
    at = [ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.99)], ordered[-1]]
    return [*(f"{one * 1000:.1f} ms" for one in at), str(len(ordered))]


def main() -> None:
    """Print the figures, or write them as JSON."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.streams", description=__doc__)
    parser.add_argument("--drafts", type=int, default=3)
    parser.add_argument("--tokens", type=int, default=300)
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    rows = asyncio.run(measure(chosen.drafts, chosen.tokens))
    if chosen.json:
        print(json.dumps(rows))
        return
    print(machine())
    print(table(f"{chosen.drafts} drafts at once, {chosen.tokens} tokens each", rows))


if __name__ == "__main__":
    main()
