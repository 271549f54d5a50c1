"""Visits web pages: whether each changed, what it says, by which address it is known, and where its links lead."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import unquote, urlsplit

from copilot.knowledge.sources.addresses import Prefix, normal
from copilot.knowledge.sources.base import Document, DocumentId, Failed, Fingerprint, Found, Gone, Same, Step
from copilot.knowledge.sources.fetching import Fetched, Fetcher, FetchError, Seen
from copilot.knowledge.sources.formats.parsed import Form, Parsed, UnreadableError
from copilot.knowledge.sources.parsing import Parser
from copilot.knowledge.sources.robots import Rules

_FORMS = {
    "text/html": Form.PAGE,
    "application/xhtml+xml": Form.PAGE,
    "text/plain": Form.TEXT,
    "text/markdown": Form.MARKDOWN,
    "application/pdf": Form.PDF,
}


@dataclass(frozen=True, slots=True)
class Visit:
    """What a page came to, and where its links lead."""

    steps: tuple[Step, ...]
    links: tuple[str, ...] = ()
    down: bool = False


@dataclass
class PageVisits:
    """Visits single pages, each once."""

    fetcher: Fetcher
    parser: Parser
    prefix: Prefix
    rules: Rules
    known: Mapping[str, Fingerprint]
    taken: set[str] = field(default_factory=set)
    """Addresses that were asked for, or will be, and those that documents are known by."""
    _by_digest: dict[str, str] = field(default_factory=dict)
    """The same page under two addresses (``/help`` and ``/help/``) is one document."""

    def may_read(self, url: str) -> bool:
        """Whether a page belongs to the source and its site lets robots read it."""
        return self.prefix.holds(url) and self.rules.allow(url)

    async def visit(self, url: str) -> Visit:
        """Ask for a page. What goes wrong is in the answer."""
        before = _Print.of(self.known.get(url))
        try:
            found = await self.fetcher.get(url, allowed=self.may_read, seen=before.seen, only=_FORMS)
        except FetchError as error:
            if error.gone:
                return Visit(self._gone(url))
            return Visit((Failed(DocumentId(url), url, error.reason),), down=error.down)
        if found.unchanged:
            self._by_digest.setdefault(before.digest, url)
            return Visit((Same(DocumentId(url), self.known[url]),))
        moved = () if found.url == url else self._gone(url)
        if found.url != url and found.url in self.taken:
            return Visit(moved)
        self.taken.add(found.url)
        visit = await self._read(found)
        return Visit((*moved, *visit.steps), visit.links)

    async def _read(self, found: Fetched) -> Visit:
        now = _Print.of_page(found)
        form = _FORMS.get(found.media_type)
        if form is None:
            reason = f"It is {found.media_type or 'of no named type'}, which is not read."
            return Visit((Failed(DocumentId(found.url), found.url, reason, now.written),))
        try:
            parsed = await self.parser.parse(form, found.content, url=found.url, declared=found.charset)
        except UnreadableError as error:
            return Visit((Failed(DocumentId(found.url), found.url, str(error), now.written),))
        if parsed.unlisted:
            return Visit(self._gone(found.url), parsed.links)
        return Visit(self._document(found, parsed, now), parsed.links)

    def _document(self, found: Fetched, parsed: Parsed, now: _Print) -> tuple[Step, ...]:
        own = normal(parsed.canonical, found.url) if parsed.canonical else found.url
        name = DocumentId(own if self.prefix.holds(own) else found.url)
        renamed = () if name == found.url else self._gone(found.url)
        if name != found.url:
            if name in self.taken:
                return renamed
            self.taken.add(name)
        if self._by_digest.setdefault(now.digest, name) != name:
            return (*renamed, *self._gone(name))
        if _Print.of(self.known.get(name)).digest == now.digest:
            return (*renamed, Same(name, now.written))
        document = Document(
            id=name,
            title=parsed.title or _name_of(name),
            text=parsed.text,
            url=name,
            updated=_updated(found, parsed),
        )
        return (*renamed, Found(document, now.written))

    def _gone(self, url: str) -> tuple[Step, ...]:
        return (Gone(DocumentId(url)),) if url in self.known else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Print:
    """A page's fingerprint: what its server said of it, and a digest of its content."""

    etag: str = ""
    modified: str = ""
    digest: str = ""

    @classmethod
    def of(cls, fingerprint: Fingerprint | None) -> _Print:
        return cls(**json.loads(fingerprint)) if fingerprint else cls()

    @classmethod
    def of_page(cls, found: Fetched) -> _Print:
        digest = hashlib.blake2b(found.content, digest_size=16).hexdigest()
        return cls(etag=found.etag, modified=found.modified, digest=digest)

    @property
    def seen(self) -> Seen | None:
        return Seen(etag=self.etag, modified=self.modified) if self.etag or self.modified else None

    @property
    def written(self) -> Fingerprint:
        named = {"etag": self.etag, "modified": self.modified, "digest": self.digest}
        return Fingerprint(json.dumps(named, separators=(",", ":")))


def _name_of(url: str) -> str:
    parts = urlsplit(url)
    last = unquote(parts.path.rstrip("/").rpartition("/")[2])
    return last.replace("-", " ").replace("_", " ") or parts.netloc


def _updated(found: Fetched, parsed: Parsed) -> datetime | None:
    """When the page says it changed, else when its server does."""
    try:
        said = (
            datetime.fromisoformat(parsed.modified)
            if parsed.modified
            else parsedate_to_datetime(found.modified)
        )
    except ValueError:
        return None
    return said.astimezone(UTC) if said.tzinfo else said.replace(tzinfo=UTC)
