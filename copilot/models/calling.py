"""One request to one model: streamed, bounded in time, cancelled at the provider when nobody waits any more."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from copilot.models.offers import Offer
from copilot.models.wire import Wire

if TYPE_CHECKING:
    from pydantic_ai.messages import ModelMessage
    from pydantic_ai.models import ModelRequestParameters
    from pydantic_ai.settings import ModelSettings

THINKING_TOKENS = 4_000
"""Room for what a reasoning model thinks before it answers: providers count it as output."""
_LOCAL_TEMPERATURE = 0.2
"""Small models ramble at their default of 0.8 to 1; hosted ones choose for themselves, and some refuse to be told."""


@dataclass(frozen=True, slots=True)
class Turn:
    """An answer that was not of the shape, and what the model was told of it."""

    answer: str
    objection: str


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back. Tokens are 0 where the provider does not count."""

    text: str
    tokens_in: int = 0
    tokens_out: int = 0
    cut_off: bool = False


@dataclass(slots=True)
class Received:
    """The text so far: also what had come when a request failed or was cancelled."""

    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is sent: our instructions, the fenced data, answers that failed before, and the wanted shape."""

    instructions: str
    data: str
    shape: type[BaseModel]
    max_tokens: int
    turns: Sequence[Turn] = ()


async def call(
    wire: Wire, offer: Offer, question: Question, received: Received, on_text: Callable[[str], None]
) -> Reply:
    """Send and read to the end. `on_text` hears the whole text so far with each piece, `received` keeps it.

    Raises a `ModelError`. When the task is cancelled, the connection is closed before this returns.
    """
    from copilot.models.failures import in_words

    try:
        async with asyncio.timeout(wire.limits.total_seconds):
            return await _stream(wire, offer, question, received, on_text)
    except Exception as error:
        raise in_words(error, offer) from error


async def _stream(
    wire: Wire, offer: Offer, question: Question, received: Received, on_text: Callable[[str], None]
) -> Reply:
    from pydantic_ai.direct import model_request_stream
    from pydantic_ai.messages import PartDeltaEvent, PartStartEvent, TextPart, TextPartDelta

    async with model_request_stream(
        wire.model,
        _messages(question),
        model_settings=_settings(wire, offer, question),
        model_request_parameters=_parameters(offer, question),
    ) as stream:
        async for event in stream:
            if isinstance(event, PartStartEvent) and isinstance(event.part, TextPart):
                piece = event.part.content
            elif isinstance(event, PartDeltaEvent) and isinstance(event.delta, TextPartDelta):
                piece = event.delta.content_delta
            else:
                continue
            received.text += piece
            if piece:
                on_text(received.text)
        usage = stream.usage
        return Reply(
            received.text, usage.input_tokens, usage.output_tokens, cut_off=stream.finish_reason == "length"
        )


def _messages(question: Question) -> list[ModelMessage]:
    from pydantic_ai.messages import ModelRequest, ModelResponse, TextPart, UserPromptPart

    messages: list[ModelMessage] = [
        ModelRequest(parts=[UserPromptPart(question.data)], instructions=question.instructions)
    ]
    for turn in question.turns:
        messages.append(ModelResponse(parts=[TextPart(turn.answer)]))
        messages.append(
            ModelRequest(parts=[UserPromptPart(turn.objection)], instructions=question.instructions)
        )
    return messages


def _settings(wire: Wire, offer: Offer, question: Question) -> ModelSettings:
    profile: dict[str, Any] = dict(wire.model.profile)
    thinks = any(
        profile.get(name)
        for name in (
            "thinking_always_enabled",
            "thinking_enabled_by_default",
            "openai_reasoning_enabled_by_default",
        )
    )
    settings: ModelSettings = {
        "max_tokens": question.max_tokens + (THINKING_TOKENS if thinks else 0),
        "max_retries": 0,  # routing knows better what to try next
    }
    if offer.is_inside:
        settings["temperature"] = _LOCAL_TEMPERATURE
    return settings


def _parameters(offer: Offer, question: Question) -> ModelRequestParameters:
    from pydantic_ai.models import ModelRequestParameters
    from pydantic_ai.output import OutputObjectDefinition

    if offer.model.output == "prompt":
        return ModelRequestParameters()
    return ModelRequestParameters(
        output_mode="native" if offer.model.output == "schema" else "prompted",
        output_object=OutputObjectDefinition(
            json_schema=question.shape.model_json_schema(), name=question.shape.__name__
        ),
        prompted_output_template=False,  # the shape stands in our own instructions, which the ledger keeps
    )
