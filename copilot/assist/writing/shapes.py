"""The shapes that a language model's answers must have. Lenient where a slip does no harm, bounded everywhere.

Field names and descriptions are part of the prompt. What the values claim is checked elsewhere. The lengths of texts
stand in the schema alone: a small model that is held to it cannot go on without end, and an answer of one that is not
is not thrown away for a long sentence.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, JsonValue

MAX_SENTENCES = 24
MAX_LINES = 4


def _at_most(characters: int) -> dict[str, JsonValue]:
    return {"maxLength": characters}


_Number = Annotated[str, Field(json_schema_extra=_at_most(6))]
_Line = Annotated[str, Field(json_schema_extra=_at_most(200))]
_Sentence = Annotated[str, Field(json_schema_extra=_at_most(320))]


class _Shape(BaseModel):
    model_config = ConfigDict(str_strip_whitespace=True)


class SentenceShape(_Shape):
    """One sentence of a reply or of an answer."""

    text: _Sentence
    sources: list[_Number] = Field(
        default_factory=list, max_length=8, description="numbers of the sources it is taken from"
    )
    opens_paragraph: bool = False


class DraftShape(_Shape):
    """A reply to the customer."""

    intent: _Line = Field(default="", description="what the customer wants, in at most eight words")
    sentences: list[SentenceShape] = Field(default_factory=list, max_length=MAX_SENTENCES)
    missing: list[_Line] = Field(default_factory=list, max_length=6)


class RefinedShape(_Shape):
    """A reply in new words."""

    sentences: list[SentenceShape] = Field(default_factory=list, max_length=MAX_SENTENCES)


class AnswerShape(_Shape):
    """An answer to the rep."""

    sentences: list[SentenceShape] = Field(default_factory=list, max_length=MAX_SENTENCES)
    missing: list[_Line] = Field(default_factory=list, max_length=6)


class LineShape(_Shape):
    """One line of a summary."""

    text: _Line
    message: _Number = Field(default="", description="the number of the message it is taken from, like M1")


class PromiseShape(LineShape):
    """A promise of the team."""

    due: str = Field(default="", description="YYYY-MM-DD, or empty", json_schema_extra=_at_most(10))


class SummaryShape(_Shape):
    """The summary of a thread."""

    request: list[LineShape] = Field(default_factory=list, max_length=MAX_LINES)
    tried: list[LineShape] = Field(default_factory=list, max_length=MAX_LINES)
    state: list[LineShape] = Field(default_factory=list, max_length=MAX_LINES)
    open_questions: list[LineShape] = Field(default_factory=list, max_length=MAX_LINES)
    promises: list[PromiseShape] = Field(default_factory=list, max_length=MAX_LINES)
    mood: list[LineShape] = Field(default_factory=list, max_length=MAX_LINES)


class NumberedShape(_Shape):
    """A translated sentence and the number of the one it was made from."""

    number: int
    text: _Sentence


class TranslatedShape(_Shape):
    """A text in another language."""

    sentences: list[NumberedShape] = Field(default_factory=list, max_length=2 * MAX_SENTENCES)
