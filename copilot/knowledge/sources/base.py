"""The protocol that every knowledge source speaks.

A source names its documents, tells which of them changed and which are gone, and lists what it could not read. It keeps
nothing between two readings: what was known is handed in, as a fingerprint a document, which only the source itself
understands.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NewType, Protocol

from copilot.domain import Audience, SourceId

DocumentId = NewType("DocumentId", str)
"""What the source calls a document: a path, an address, an id. Stays when the document changes."""
Fingerprint = NewType("Fingerprint", str)
"""Changes with the document; compared or understood by its source alone, and never empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What is read at most, so that no document can take the machine down."""

    document_bytes: int = 20_000_000
    document_chars: int = 1_000_000
    parse_seconds: float = 30.0
    documents: int = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A document as text: Markdown with its headings. `url` is where a reader finds it."""

    id: DocumentId
    title: str
    text: str
    url: str = ""
    updated: datetime | None = None


@dataclass(frozen=True, slots=True)
class Expected:
    """How many documents the reading will come to, as far as is known by now."""

    total: int


@dataclass(frozen=True, slots=True)
class Found:
    """A document that is new or has changed."""

    document: Document
    fingerprint: Fingerprint


@dataclass(frozen=True, slots=True)
class Same:
    """A document that says what it said before, though its fingerprint may be another."""

    id: DocumentId
    fingerprint: Fingerprint


@dataclass(frozen=True, slots=True)
class Gone:
    """A document that was known and is no more."""

    id: DocumentId


@dataclass(frozen=True, slots=True)
class Failed:
    """A document that could not be read; `reason` says why in words.

    With a fingerprint the document itself is at fault: what was known of it is out of date, and it is left alone until
    it changes. Without one it could not be fetched this time: what was known of it stays.
    """

    id: DocumentId
    title: str
    reason: str
    fingerprint: Fingerprint | None = None


Step = Expected | Found | Same | Gone | Failed


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """How a source is known: its id in the workspace, what the team calls it, and who may read its documents."""

    id: SourceId
    name: str
    audience: Audience


class Source(Protocol):
    """One place the team's knowledge comes from."""

    @property
    def label(self) -> Label:
        """How this source is known."""

    @property
    def kind(self) -> str:
        """What sort of place it is, such as ``folder`` or ``website``."""

    def read(self, known: Mapping[str, Fingerprint]) -> AsyncGenerator[Step, None]:
        """Everything that differs from `known`, with `Same` for what does not.

        A document of `known` that is not mentioned stays as it is. An empty fingerprint has the document read again.
        One document's failure never stops the others. May be cancelled or closed at any step. Raises `SourceError` when
        the source as a whole cannot be read; nothing is gone then.
        """

    async def aclose(self) -> None:
        """Close connections and processes. The source is not used afterwards."""
