"""Folders of Markdown, HTML, PDF, DOCX and plain text.

A file's fingerprint is its times and size with a digest of its content: the first part spares reading files that were
not touched, the second spares parsing files that were touched only.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import stat
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from copilot.errors import SourceError
from copilot.knowledge.sources.base import (
    Document,
    DocumentId,
    Expected,
    Failed,
    Fingerprint,
    Found,
    Gone,
    Label,
    Same,
    Step,
)
from copilot.knowledge.sources.formats.parsed import Form, UnreadableError
from copilot.knowledge.sources.parsing import Parser, too_large

FORMS = {
    ".md": Form.MARKDOWN,
    ".markdown": Form.MARKDOWN,
    ".mdx": Form.MARKDOWN,
    ".txt": Form.TEXT,
    ".text": Form.TEXT,
    ".html": Form.HTML,
    ".htm": Form.HTML,
    ".xhtml": Form.HTML,
    ".pdf": Form.PDF,
    ".docx": Form.DOCX,
}
_ADVICE = {
    ".doc": "Word's old format is not read; save it as DOCX.",
    ".odt": "OpenDocument is not read; save it as DOCX or PDF.",
    ".rtf": "RTF is not read; save it as DOCX.",
    ".pages": "Pages documents are not read; export them as DOCX or PDF.",
    ".pptx": "Slides are not read; export them as PDF.",
}
_MAX_DEPTH = 40
_MAX_ENTRIES = 200_000


@dataclass(frozen=True, slots=True)
class _File:
    id: DocumentId
    path: Path
    suffix: str
    size: int
    touched: str
    updated: datetime


@dataclass(slots=True)
class _Listing:
    """What lies in the folder; `closed` are folders that could not be looked into."""

    files: list[_File] = field(default_factory=list)
    failures: list[Failed] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)


class FolderSource:
    """A folder and all folders in it; hidden ones, and links that lead out of it, are left alone."""

    kind = "folder"

    def __init__(self, label: Label, folder: Path, parser: Parser) -> None:
        self.label = label
        self._folder = folder
        self._parser = parser
        self._limits = parser.limits

    async def read(self, known: Mapping[str, Fingerprint]) -> AsyncGenerator[Step, None]:
        """See `Source.read`."""
        listing = await asyncio.to_thread(_list, self._folder)
        files = listing.files[: self._limits.documents]
        yield Expected(len(files))
        for failure in listing.failures:
            yield failure
        for file in files:
            yield await self._step(file, known.get(file.id, Fingerprint("")))
        for file in listing.files[self._limits.documents :]:
            yield Failed(
                file.id, file.path.name, f"Only {self._limits.documents:,} files of a folder are read."
            )
        there = {file.id for file in listing.files} | {failure.id for failure in listing.failures}
        for one in known.keys() - there:
            if not any(one.startswith(f"{folder}/") for folder in listing.closed):
                yield Gone(DocumentId(one))

    async def aclose(self) -> None:
        """Nothing is held open."""

    async def _step(self, file: _File, known: Fingerprint) -> Step:
        before, _, known_digest = known.partition("#")
        if known and before == file.touched:
            return Same(file.id, known)
        if file.suffix in _ADVICE:
            return Failed(file.id, file.path.name, _ADVICE[file.suffix], Fingerprint(f"{file.touched}#"))
        if file.size > self._limits.document_bytes:
            return Failed(file.id, file.path.name, too_large(self._limits), Fingerprint(f"{file.touched}#"))
        try:
            content = await asyncio.to_thread(_content, file.path, self._limits.document_bytes)
        except OSError as error:
            return Failed(file.id, file.path.name, f"The file cannot be opened: {error.strerror}.")
        digest = hashlib.blake2b(content, digest_size=16).hexdigest()
        fingerprint = Fingerprint(f"{file.touched}#{digest}")
        if digest == known_digest:
            return Same(file.id, fingerprint)
        return await self._parsed(file, content, fingerprint)

    async def _parsed(self, file: _File, content: bytes, fingerprint: Fingerprint) -> Step:
        try:
            parsed = await self._parser.parse(FORMS[file.suffix], content)
        except UnreadableError as error:
            return Failed(file.id, file.path.name, str(error), fingerprint)
        title = parsed.title or _title_of(file.path)
        return Found(Document(id=file.id, title=title, text=parsed.text, updated=file.updated), fingerprint)


def _title_of(path: Path) -> str:
    return " ".join(path.stem.replace("_", " ").replace("-", " ").split()) or path.name


def _content(path: Path, most: int) -> bytes:
    with path.open("rb") as file:
        return file.read(most + 1)


def _list(folder: Path) -> _Listing:
    """All files that may hold knowledge, in the order of their names. Raises `SourceError`."""
    try:
        root = folder.expanduser().resolve(strict=True)
        if not root.is_dir():
            raise SourceError(f"{folder} is no folder.", "Choose a folder.")
        first = sorted(os.scandir(root), key=lambda entry: entry.name)
    except OSError as error:
        raise SourceError(
            f"The folder {folder} cannot be read: {error.strerror}.",
            "Connect its drive, or remove the source; what was read before stays in the index.",
        ) from error
    listing = _Listing()
    _walk(first, PurePosixPath(), root, listing)
    listing.files.sort(key=lambda file: file.id)
    return listing


def _walk(entries: list[os.DirEntry[str]], place: PurePosixPath, root: Path, listing: _Listing) -> None:
    for entry in entries:
        if entry.name.startswith((".", "~$")):
            continue
        here = place / entry.name
        if len(listing.files) >= _MAX_ENTRIES:
            raise SourceError(
                f"The folder holds more than {_MAX_ENTRIES:,} files.", "Choose one further down."
            )
        if entry.is_dir(follow_symlinks=False):
            _descend(entry, here, root, listing)
        elif entry.is_symlink():
            _follow(entry, here, root, listing)
        elif Path(entry.name).suffix.lower() in FORMS | _ADVICE:
            _add(Path(entry.path), here, listing)


def _descend(entry: os.DirEntry[str], here: PurePosixPath, root: Path, listing: _Listing) -> None:
    name = _named(here)
    if len(here.parts) > _MAX_DEPTH:
        listing.failures.append(
            Failed(name, entry.name, f"Folders deeper than {_MAX_DEPTH} levels are not read.")
        )
        return
    try:
        entries = sorted(os.scandir(entry.path), key=lambda inner: inner.name)
    except OSError as error:
        listing.closed.append(name)
        listing.failures.append(Failed(name, entry.name, f"The folder cannot be read: {error.strerror}."))
        return
    _walk(entries, here, root, listing)


def _follow(entry: os.DirEntry[str], here: PurePosixPath, root: Path, listing: _Listing) -> None:
    """A link to a file inside the folder is read; any other is named among the failures."""
    try:
        target = Path(entry.path).resolve(strict=True)
    except (OSError, RuntimeError):
        listing.failures.append(Failed(_named(here), entry.name, "The link leads nowhere, or in a circle."))
        return
    if target.is_dir():
        listing.failures.append(Failed(_named(here), entry.name, "Links to folders are not followed."))
    elif here.suffix.lower() in FORMS | _ADVICE:
        if target.is_relative_to(root):
            _add(target, here, listing)
        else:
            listing.failures.append(Failed(_named(here), entry.name, "The link leads out of the folder."))


def _add(path: Path, here: PurePosixPath, listing: _Listing) -> None:
    try:
        facts = path.stat()
    except OSError as error:
        listing.failures.append(
            Failed(_named(here), path.name, f"The file cannot be opened: {error.strerror}.")
        )
        return
    if not stat.S_ISREG(facts.st_mode):
        listing.failures.append(Failed(_named(here), path.name, "This is no ordinary file."))
        return
    touched = f"{facts.st_mtime_ns}.{facts.st_ctime_ns}.{facts.st_size}"
    updated = datetime.fromtimestamp(max(facts.st_mtime, 0), UTC)
    listing.files.append(_File(_named(here), path, here.suffix.lower(), facts.st_size, touched, updated))


def _named(here: PurePosixPath) -> DocumentId:
    """A path as an id; a name in no encoding keeps what of it can be written down."""
    return DocumentId(os.fsencode(str(here)).decode("utf-8", "replace"))
