"""The instructions of the writing tasks: files in `resources/prompts`, each with a version in its header.

Instructions are ours alone. What fills their slots are words of the program's own (a date, the name of a language);
text of a customer, an article or a rep goes along as fenced data, never into a slot.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from string import Template

from copilot.config.paths import resources_folder

_FENCE = "+++"


@dataclass(frozen=True, slots=True)
class Prompt:
    """One prompt file. `variants` are wordings of one part of it, by name; `max_tokens` bounds the answer."""

    name: str
    version: str
    max_tokens: int
    body: str
    variants: Mapping[str, str] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """How a suggestion records it: ``draft@1``."""
        return f"{self.name}@{self.version}"

    def filled(self, **slots: str) -> str:
        """The instructions with every slot filled. Raises `KeyError` for a slot that was forgotten."""
        return Template(self.body).substitute(slots)


@dataclass(frozen=True, slots=True)
class Prompts:
    """The prompts of a folder, each read once."""

    folder: Path
    _read: dict[str, Prompt] = field(default_factory=dict)

    def prompt(self, name: str) -> Prompt:
        """The prompt of that name. Reads a file the first time. Raises `OSError` or `ValueError`: ours are complete."""
        if name not in self._read:
            text = (self.folder / f"{name}.md").read_text(encoding="utf-8")
            self._read[name] = _parsed(name, text)
        return self._read[name]

    def put(self, prompt: Prompt) -> None:
        """Use another wording than the file's from now on: to try one out."""
        self._read[prompt.name] = prompt


@cache
def shipped_prompts() -> Prompts:
    """The prompts that came with the program."""
    return Prompts(resources_folder() / "prompts")


def _parsed(name: str, text: str) -> Prompt:
    before, header, body = text.split(_FENCE, 2)
    if before.strip():
        raise ValueError(f"prompt {name} does not begin with its header")
    values = tomllib.loads(header)
    return Prompt(
        name=name,
        version=str(values["version"]),
        max_tokens=int(values["max_tokens"]),
        body=body.strip(),
        variants=values.get("variants", {}),
    )
