"""The models of a provider as lines one can edit: the name, then its class."""

from __future__ import annotations

from collections.abc import Iterable

from copilot.errors import UserError
from copilot.workspace import OfferedModel

CLASSES = ("local", "cheap", "frontier")


def as_lines(models: Iterable[OfferedModel]) -> str:
    """One model a line."""
    return "\n".join(f"{model.name} {model.model_class}" for model in models)


def from_lines(text: str, known: Iterable[OfferedModel]) -> tuple[OfferedModel, ...]:
    """The models of these lines; what is not in a line (context, prices) is kept of those already known.

    Raises `UserError` that names the line.
    """
    by_name = {model.name: model for model in known}
    lines = [line.split() for line in text.splitlines() if line.strip()]
    models = [_model(number, words, by_name) for number, words in enumerate(lines, start=1)]
    if not models:
        raise UserError("There is no model in the list.", "Write one a line: its name, then its class.")
    return tuple(models)


def _model(number: int, words: list[str], known: dict[str, OfferedModel]) -> OfferedModel:
    name, kind = words[0], words[-1] if len(words) > 1 else ""
    if len(words) != 2 or kind not in CLASSES:
        raise UserError(
            f"Line {number} is not a model and its class.",
            f"After the name comes {', '.join(CLASSES[:-1])} or frontier.",
        )
    if name in known:
        return known[name].model_copy(update={"model_class": kind})
    return OfferedModel.model_validate({"name": name, "model_class": kind})
