"""How a writing task asks a model: its prompt, the material that fits, and what streams back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel

from copilot.assist.writing.checking import Claimed
from copilot.assist.writing.material import Material
from copilot.assist.writing.prompts import Prompt
from copilot.assist.writing.shapes import SentenceShape
from copilot.models.base import Asked, OnPartial, Piece, Task, Tried, Writing, Written

OnText = Callable[[Callable[[], str]], None]
"""Called on the event loop when more text is there, with what renders all of it: safe to show, and not for free."""
Shape = TypeVar("Shape", bound=BaseModel)

LANGUAGES = {
    "ar": "Arabic", "bg": "Bulgarian", "ca": "Catalan", "cs": "Czech", "da": "Danish", "de": "German", "el": "Greek",
    "en": "English", "es": "Spanish", "et": "Estonian", "fa": "Persian", "fi": "Finnish", "fr": "French",
    "he": "Hebrew", "hi": "Hindi", "hr": "Croatian", "hu": "Hungarian", "id": "Indonesian", "it": "Italian",
    "ja": "Japanese", "ko": "Korean", "lt": "Lithuanian", "lv": "Latvian", "nl": "Dutch", "no": "Norwegian",
    "pl": "Polish", "pt": "Portuguese", "ro": "Romanian", "ru": "Russian", "sk": "Slovak", "sl": "Slovenian",
    "sr": "Serbian", "sv": "Swedish", "th": "Thai", "tr": "Turkish", "uk": "Ukrainian", "vi": "Vietnamese",
    "zh": "Chinese",
}  # fmt: skip
"""Names of languages for prompts. A code that is not here is taken as English: nothing unknown enters a prompt."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request of one task: its prompt, what fills its slots, and the data."""

    task: Task
    prompt: Prompt
    instructions: str
    data: tuple[Piece, ...]

    def asked(self) -> Asked:
        """As the models room takes it."""
        return Asked(
            task=self.task,
            prompt=self.prompt.name,
            version=self.prompt.version,
            instructions=self.instructions,
            data=self.data,
            max_tokens=self.prompt.max_tokens,
        )


async def write(
    writing: Writing,
    request: Request,
    material: Material,
    shape: type[Shape],
    *,
    on_partial: OnPartial | None = None,
    after: Tried | None = None,
) -> Written[Shape]:
    """Ask for `request` on the ticket of `material`. Raises a `ModelError`."""
    return await writing.write(request.asked(), material.facts, shape, on_partial=on_partial, after=after)


def language_name(code: str) -> str:
    """English name of a language, for a slot of a prompt."""
    return LANGUAGES.get(code, "English")


def today(material: Material) -> str:
    """The date of today, for a slot of a prompt."""
    return f"{material.now:%A, %Y-%m-%d}"


def claimed(sentences: Sequence[SentenceShape]) -> list[Claimed]:
    """The sentences of an answer as the checker takes them."""
    return [Claimed(one.text, tuple(one.sources), one.opens_paragraph) for one in sentences]


def streamed(on_text: OnText | None, render: Callable[[Mapping[str, Any]], str]) -> OnPartial | None:
    """What to give `Writing.write` so that `on_text` hears of each partial answer."""
    if on_text is None:
        return None
    return lambda partial: on_text(lambda: render(partial))


def partial_text(partial: Mapping[str, Any], clean: Callable[[str], str]) -> str:
    """The sentences of an unfinished answer as one text, each cleaned. What is of another type is left out."""
    pieces: list[str] = []
    for one in partial.get("sentences") or ():
        if not isinstance(one, Mapping) or not isinstance(one.get("text"), str):
            continue
        if shown := clean(one["text"]):
            between = "\n\n" if one.get("opens_paragraph") else " "
            pieces.append(f"{between if pieces else ''}{shown}")
    return "".join(pieces)


def why(written: Written[Any], *more: str) -> str:
    """The reason of a suggestion: the rule, and what went differently than usual."""
    said = [written.rule, *written.notes, *more]
    return " ".join(f"{one.strip().rstrip('.')}." for one in said if one.strip())
