"""A model for benches that measure the way to a model and what it costs, not what it writes.

It stands behind the real routing, redaction, ledger and prices (the library's function model in the provider's place),
reads the prompt as it was sent, and quotes: the sentences of the sources that share most words with the last message.
"""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

from pydantic_ai.messages import ModelMessage
from pydantic_ai.models.function import AgentInfo, FunctionModel
from pydantic_ai.profiles import ModelProfile

from copilot.models.base import Usage
from copilot.models.http import LOCAL
from copilot.models.offers import Offer
from copilot.models.tokens import count_tokens
from copilot.models.wire import Wire
from copilot.models.writer import ModelWriter, Setup
from copilot.store import Store
from copilot.text.sentences import split_sentences
from copilot.text.terms import stems_of

QUOTED = 4
_BLOCK = re.compile(r"^=== (\w+) begin: (.*?) ===\n(.*?)\n=== \1 end ===", re.MULTILINE | re.DOTALL)


class StandIn:
    """`delay_seconds` lie between the pieces of an answer; `first` keeps when the first one with text was given.

    `used` are the tokens of each request, as our own counter counts them: right while requests follow one another.
    """

    def __init__(self, *, delay_seconds: float = 0.0, piece: int = 12) -> None:
        self.first: list[float] = []
        self.used: list[tuple[Offer, Usage]] = []
        self._offer: Offer | None = None
        self._delay = delay_seconds
        self._piece = piece
        profile: ModelProfile = {"supports_json_schema_output": True}
        self._wire = Wire(FunctionModel(stream_function=self._answer, profile=profile), LOCAL)

    async def to(self, offer: Offer, _key: str | None, *, air_gapped: bool) -> Wire:
        """The same model for every provider."""
        self._offer = offer
        return self._wire

    async def aclose(self) -> None:
        """Nothing is open."""

    async def _answer(self, messages: list[ModelMessage], _info: AgentInfo) -> AsyncIterator[str]:
        ours = "\n".join(getattr(message, "instructions", None) or "" for message in messages)
        parts = (part for message in messages for part in message.parts)
        prompt = "\n".join(str(getattr(part, "content", "")) for part in parts)
        blocks = {label.split(":")[0]: text for _, label, text in _BLOCK.findall(prompt)}
        sums_up = "sum up a thread" in ours or "keep the summary" in ours
        text = json.dumps(_summary(blocks) if sums_up else _reply(blocks))
        if self._offer is not None:
            self.used.append(
                (self._offer, Usage(count_tokens(ours) + count_tokens(prompt), count_tokens(text)))
            )
        begins = text.find('"text": "') + len('"text": "')
        for at in range(0, len(text), self._piece):
            if at <= begins < at + self._piece:
                self.first.append(time.perf_counter())
            yield text[at : at + self._piece]
            await asyncio.sleep(self._delay)


def _reply(blocks: dict[str, str]) -> dict[str, Any]:
    messages = [text for name, text in blocks.items() if re.fullmatch(r"M\d+", name)]
    asked = frozenset(stems_of(" ".join(messages)))
    ranked = sorted(
        (
            (len(asked & frozenset(stems_of(one.text))), name, one.text)
            for name, text in blocks.items()
            if re.fullmatch(r"S\d+", name)
            for one in split_sentences(text)
            if 30 < len(one.text) < 240
        ),
        key=lambda found: -found[0],
    )
    quoted = [
        {"text": text, "sources": [name], "opens_paragraph": False} for _, name, text in ranked[:QUOTED]
    ]
    hello = {"text": "Hello,", "sources": [], "opens_paragraph": False}
    return {"intent": "an answer", "sentences": [hello, *quoted] if quoted else [], "missing": []}


def _summary(blocks: dict[str, str]) -> dict[str, Any]:
    said = {name: text for name, text in blocks.items() if re.fullmatch(r"M\d+", name)}
    lines = [
        {"text": split_sentences(text)[0].text[:200], "message": name} for name, text in said.items() if text
    ]
    return {"request": lines[:1], "state": lines[-1:] if len(lines) > 1 else []}


@asynccontextmanager
async def writer_with(store: Store, setup: Setup, model: StandIn) -> AsyncIterator[ModelWriter]:
    """The language models of the product with the stand-in at the end of every wire; every key is there."""

    async def as_it_is() -> Setup:
        return setup

    async def some_key(_provider: str) -> str:
        return "key"

    writer = ModelWriter(
        store.model_calls, setup=as_it_is, key_of=some_key, now=lambda: datetime.now().astimezone()
    )
    writer._wires = model  # type: ignore[assignment]  # the edge: what would open a connection
    try:
        yield writer
    finally:
        await writer.aclose()
