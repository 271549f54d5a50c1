"""What comes out of a document, and how it is said that nothing does."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Form(StrEnum):
    """The forms of documents that can be read."""

    MARKDOWN = "markdown"
    TEXT = "text"
    HTML = "html"
    PAGE = "page"
    PDF = "pdf"
    DOCX = "docx"


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """A document's words. `title` is empty where it names none.

    Of web pages also: their links, the address they call their own, when they say they changed (ISO 8601), and whether
    they ask not to be listed.
    """

    title: str
    text: str
    links: tuple[str, ...] = ()
    canonical: str = ""
    modified: str = ""
    unlisted: bool = False


class UnreadableError(Exception):
    """Why a document cannot be read, in words for a person."""
