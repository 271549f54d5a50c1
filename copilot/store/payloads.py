"""Nouns of the domain as JSON columns, through pydantic.

Pydantic takes a tenth of a second to import, so it is imported on a database thread at the first need.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from copilot.domain import (
    Assign,
    Brief,
    Command,
    Merge,
    Message,
    Note,
    Reply,
    SetFields,
    SetStatus,
    SetTags,
    Suggestion,
)
from copilot.store.codec import storable

if TYPE_CHECKING:
    from pydantic import TypeAdapter

COMMANDS: dict[str, type[Command]] = {
    kind.__name__: kind for kind in (Reply, Note, Assign, SetStatus, SetTags, SetFields, Merge)
}


_adapters: dict[Any, TypeAdapter[Any]] = {}


def _adapter(kind: Any) -> TypeAdapter[Any]:
    if kind not in _adapters:
        from pydantic import TypeAdapter

        _adapters[kind] = TypeAdapter(kind)
    return _adapters[kind]


def command_to_json(command: Command) -> str:
    """A command without its kind (a column of its own) and without the files of a reply (rows of their own)."""
    without = {"attachments"} if isinstance(command, Reply) else None
    if isinstance(command, SetFields):
        command = SetFields(fields=dict(command.fields))  # pydantic warns of any other kind of mapping
    return _dump(_adapter(type(command)), command, exclude=without)


def command_from_json(kind: str, text: str) -> Command:
    """The command of this kind; a reply comes back without its files."""
    command: Command = _adapter(COMMANDS[kind]).validate_json(text)
    return command


def brief_to_json(brief: Brief) -> str:
    """A brief without its suggestion, which has a row of its own."""
    return _dump(_adapter(Brief), brief, exclude={"suggestion"})


def brief_from_json(text: str, suggestion: str) -> Brief:
    """The brief and its suggestion, put together again."""
    together = json.loads(text) | {"suggestion": json.loads(suggestion)}
    brief: Brief = _adapter(Brief).validate_python(together)
    return brief


def suggestion_to_json(suggestion: Suggestion) -> str:
    """A suggestion, whole."""
    return _dump(_adapter(Suggestion), suggestion)


def suggestion_from_json(text: str) -> Suggestion:
    """The suggestion that `suggestion_to_json` wrote down."""
    suggestion: Suggestion = _adapter(Suggestion).validate_json(text)
    return suggestion


def messages_to_json(messages: Sequence[Message]) -> str:
    """Messages that stand outside a thread: those that blocked a reply."""
    return _dump(_adapter(tuple[Message, ...]), tuple(messages)) if messages else "[]"


def messages_from_json(text: str) -> tuple[Message, ...]:
    """The messages that `messages_to_json` wrote down."""
    if text == "[]":
        return ()
    messages: tuple[Message, ...] = _adapter(tuple[Message, ...]).validate_json(text)
    return messages


def _dump(adapter: TypeAdapter[Any], value: object, *, exclude: set[str] | None = None) -> str:
    """JSON text; lone surrogates, which pydantic refuses, are replaced as everywhere in the store."""
    plain = adapter.dump_python(value, mode="json", exclude=exclude)
    return storable(json.dumps(plain, ensure_ascii=False, separators=(",", ":")))
