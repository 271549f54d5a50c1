"""Answers on the wire as the vendors document them, cut into the pieces in which they arrive.

Written after the documentation, not taken from live traffic:
OpenAI, "Chat Completions: the chat completion chunk object", platform.openai.com/docs/api-reference/chat-streaming;
Anthropic, "Streaming Messages: event types", docs.anthropic.com/en/docs/build-with-claude/streaming;
Google, "models.streamGenerateContent", ai.google.dev/api/generate-content.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any


def openai_stream(pieces: Sequence[str], *, finish: str = "stop", usage: bool = True) -> list[bytes]:
    chunks = [_chunk({"role": "assistant", "content": ""})]
    chunks += [_chunk({"content": piece}) for piece in pieces]
    chunks.append(_chunk({}, finish=finish))
    if usage:
        counted = {"prompt_tokens": 120, "completion_tokens": 30, "total_tokens": 150}
        chunks.append({**_chunk({}), "choices": [], "usage": counted})
    return [*(_event(chunk) for chunk in chunks), b"data: [DONE]\n\n"]


def openai_error(message: str, *, kind: str, code: str | None = None) -> bytes:
    return json.dumps({"error": {"message": message, "type": kind, "param": None, "code": code}}).encode()


def anthropic_stream(pieces: Sequence[str]) -> list[bytes]:
    message: dict[str, Any] = {
        "id": "msg_1nZdL29xx5MUA1yADyHTEsnR8uuvGzszyY",
        "type": "message",
        "role": "assistant",
        "content": [],
        "model": "claude-haiku-5-5",
        "stop_reason": None,
        "stop_sequence": None,
        "usage": {"input_tokens": 120, "output_tokens": 1},
    }
    events: list[dict[str, Any]] = [
        {"type": "message_start", "message": message},
        {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
        {"type": "ping"},
        *(
            {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": piece}}
            for piece in pieces
        ),
        {"type": "content_block_stop", "index": 0},
        {
            "type": "message_delta",
            "delta": {"stop_reason": "end_turn", "stop_sequence": None},
            "usage": {"output_tokens": 30},
        },
        {"type": "message_stop"},
    ]
    return [f"event: {event['type']}\n".encode() + _event(event) for event in events]


def gemini_stream(pieces: Sequence[str]) -> list[bytes]:
    events = []
    for place, piece in enumerate(pieces):
        candidate: dict[str, Any] = {"content": {"parts": [{"text": piece}], "role": "model"}, "index": 0}
        if place == len(pieces) - 1:
            candidate["finishReason"] = "STOP"
        events.append(
            {
                "candidates": [candidate],
                "usageMetadata": {
                    "promptTokenCount": 120,
                    "candidatesTokenCount": 30,
                    "totalTokenCount": 150,
                },
                "modelVersion": "gemini-3.5-flash-lite",
                "responseId": "Il0taoSYJ5Cez7",
            }
        )
    return [b"data: " + json.dumps(event).encode() + b"\r\n\r\n" for event in events]


def _chunk(delta: dict[str, Any], *, finish: str | None = None) -> dict[str, Any]:
    return {
        "id": "chatcmpl-123",
        "object": "chat.completion.chunk",
        "created": 1694268190,
        "model": "gpt-6-luna",
        "system_fingerprint": "fp_44709d6fcb",
        "choices": [{"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}],
    }


def _event(value: dict[str, Any]) -> bytes:
    return b"data: " + json.dumps(value).encode() + b"\n\n"
