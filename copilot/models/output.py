"""From a model's text to the wanted shape, while it still comes in and at the end, and what to say when it is not."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import from_json

from copilot.text.redaction import restore, without_cut_placeholder

T = TypeVar("T", bound=BaseModel)

_MOST_PROBLEMS = 8
_CODE_FENCE = re.compile(r"^\s*```[a-zA-Z]*\s*\n?|\n?\s*```\s*$")
_THOUGHTS = re.compile(r"^\s*<think>.*?</think>", re.DOTALL)


class ShapeError(Exception):
    """The text is not of the shape; the message says where, in words that a model can act on."""


def in_words(shape: type[BaseModel]) -> str:
    """The instruction to answer in a shape, for models that are not held to it by their provider."""
    schema = json.dumps(shape.model_json_schema(), ensure_ascii=False, separators=(",", ":"))
    return (
        "Answer with one JSON object and nothing else: no explanation, no Markdown around it. It must be valid against "
        f"this JSON schema:\n{schema}"
    )


def read_whole(text: str, shape: type[T], values: Mapping[str, str]) -> T:
    """The finished answer, personal data put back. Raises `ShapeError`.

    It is checked with its placeholders first: what is said of a fault goes to the model again.
    """
    try:
        found = from_json(_json_in(text))
    except ValueError as error:
        raise ShapeError(f"It is not valid JSON: {error}.") from None
    try:
        value = shape.model_validate(found)
    except ValidationError as error:
        raise ShapeError(_problems(error)) from None
    if not values:
        return value
    try:
        return shape.model_validate(_restored(found, values))
    except ValidationError:
        raise ShapeError("It is not valid with what the placeholders stand for put in: be briefer.") from None


def read_part(text: str, values: Mapping[str, str]) -> Mapping[str, Any] | None:
    """What an unfinished answer says so far; None while it is no object yet. Strings may be cut off."""
    answer = _THOUGHTS.sub("", text, count=1)
    start = answer.find("{")
    if start < 0 or answer.lstrip().startswith("<think>"):
        return None
    try:
        found = from_json(answer[start:], allow_partial="trailing-strings")
    except ValueError:
        return None
    return _restored(found, values, cut=True) if isinstance(found, dict) else None


def repair_words(problem: str) -> str:
    """What to tell a model whose answer was not of the shape."""
    return (
        f"That answer cannot be used. {problem}\n"
        "Answer again, with the whole JSON object, corrected, and nothing else."
    )


def _json_in(text: str) -> str:
    """The JSON in an answer that may have thoughts before it, or Markdown or a sentence around it."""
    bare = _CODE_FENCE.sub("", _THOUGHTS.sub("", text, count=1)).strip()
    start, end = bare.find("{"), bare.rfind("}")
    return bare[start : end + 1] if 0 <= start < end else bare


def _restored(value: Any, values: Mapping[str, str], *, cut: bool = False) -> Any:
    if isinstance(value, str):
        return restore(without_cut_placeholder(value) if cut and values else value, values)
    if isinstance(value, dict):
        return {key: _restored(item, values, cut=cut) for key, item in value.items()}
    if isinstance(value, list):
        return [_restored(item, values, cut=cut) for item in value]
    return value


def _problems(error: ValidationError) -> str:
    found = [
        f"{'.'.join(str(step) for step in problem['loc']) or 'the answer'}: {problem['msg']}"
        for problem in error.errors(include_url=False, include_input=False)[:_MOST_PROBLEMS]
    ]
    return "It is not valid against the schema: " + "; ".join(found) + "."
