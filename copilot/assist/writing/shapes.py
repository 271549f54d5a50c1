"""The shapes that a language model's answers must have. Lenient where a slip does no harm, bounded everywhere.

Field names and descriptions are part of the prompt. What the values claim is checked elsewhere.
"""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

MAX_SENTENCES = 30
MAX_LINES = 4


class _Shape(BaseModel):
    model_config = ConfigDict(str_strip_whitespace=True)


class SentenceShape(_Shape):
    """One sentence of a reply or of an answer."""

    text: str
    sources: list[str] = Field(
        default_factory=list, max_length=8, description="numbers of the sources it is taken from"
    )
    opens_paragraph: bool = False


class DraftShape(_Shape):
    """A reply to the customer."""

    intent: str = Field(default="", description="what the customer wants, in at most eight words")
    sentences: list[SentenceShape] = Field(default_factory=list, max_length=MAX_SENTENCES)
    missing: list[str] = Field(default_factory=list, max_length=6)


class RefinedShape(_Shape):
    """A reply in new words."""

    sentences: list[SentenceShape] = Field(default_factory=list, max_length=MAX_SENTENCES)


class AnswerShape(_Shape):
    """An answer to the rep."""

    sentences: list[SentenceShape] = Field(default_factory=list, max_length=MAX_SENTENCES)
    missing: list[str] = Field(default_factory=list, max_length=6)


class LineShape(_Shape):
    """One line of a summary."""

    text: str
    message: str = Field(default="", description="the number of the message it is taken from, like M1")


class PromiseShape(LineShape):
    """A promise of the team."""

    due: str = Field(default="", description="YYYY-MM-DD, or empty")


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
    text: str


class TranslatedShape(_Shape):
    """A text in another language."""

    sentences: list[NumberedShape] = Field(default_factory=list, max_length=2 * MAX_SENTENCES)
