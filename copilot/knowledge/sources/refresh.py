"""Puts what a source tells into the index, and keeps account of what was read and what failed."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field

from copilot.domain import Article, ArticleId, SourceFailure, SourceId, SourceKind
from copilot.errors import SourceError
from copilot.knowledge.passages import cut_passages
from copilot.knowledge.sources.base import (
    Document,
    Expected,
    Failed,
    Fingerprint,
    Found,
    Gone,
    Same,
    Source,
    Step,
)
from copilot.store import Store
from copilot.store.passage import Passage
from copilot.store.sources import DocumentRow

BATCH_DOCUMENTS = 20
BATCH_SECONDS = 2.0
BREATH_DOCUMENTS = 100
Progress = Callable[[int, int | None], None]
"""Told after each batch: how many documents were looked at, and how many there will be, where that is known."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a reading: whether the index differs, how many documents there are, why it ended early if it did."""

    changed: bool
    looked_at: int
    problem: str = ""


async def refresh(
    source: Source, store: Store, *, progress: Progress = lambda _done, _total: None
) -> Outcome:
    """Read a source to its end. What was read before a failure, or before being cancelled, is kept.

    A source that cannot be read is no error of ours: the outcome says why, and the index stays as it was.
    """
    names = await store.sources.known(source.label.id)
    known = {name: Fingerprint(fingerprint) for name, fingerprint in names.items()}
    intake = _Intake(source, store, known, await store.sources.failures(source.label.id))
    problem = ""
    try:
        async with aclosing(source.read(known)) as steps:
            async for step in steps:
                intake.take(step)
                if intake.looked_at % BREATH_DOCUMENTS == 0:
                    await asyncio.sleep(0)  # thousands of unchanged ones may come without a wait
                if intake.is_due:
                    await intake.flush()
                    progress(intake.looked_at, intake.total)
    except SourceError as error:
        problem = str(error)
    await intake.flush()
    await store.sources.finish(source.label.id, problem)
    progress(intake.looked_at, intake.total)
    return Outcome(changed=intake.changed, looked_at=intake.looked_at, problem=problem)


async def forget(source: SourceId, store: Store) -> bool:
    """Take everything of a source out of the index; whether there was anything."""
    changed = await store.knowledge.replace(source, [])
    await store.sources.forget(source)
    return changed


def article_id(source: str, document: str) -> ArticleId:
    """What an article is called in the index."""
    return ArticleId(f"{source}/{document}")


@dataclass
class _Intake:
    """Gathers steps to batches."""

    source: Source
    store: Store
    known: Mapping[str, Fingerprint]
    failures: tuple[SourceFailure, ...]
    changed: bool = False
    looked_at: int = 0
    total: int | None = None
    _found: list[Document] = field(default_factory=list)
    _rows: list[DocumentRow] = field(default_factory=list)
    _gone: list[str] = field(default_factory=list)
    _out: list[str] = field(default_factory=list)
    _flushed: float = field(default_factory=time.monotonic)

    @property
    def is_due(self) -> bool:
        waiting = len(self._rows) + len(self._gone)
        return waiting >= BATCH_DOCUMENTS or time.monotonic() - self._flushed > BATCH_SECONDS

    def take(self, step: Step) -> None:
        match step:
            case Expected(total):
                self.total = total
                return
            case Found(document, fingerprint):
                self._found.append(document)
                self._row(document.id, document.title, fingerprint)
            case Same(name, fingerprint):
                if self.known.get(name) != fingerprint:
                    failed = next((one for one in self.failures if one.document == name), None)
                    title, reason = (failed.title, failed.reason) if failed else ("", "")
                    self._row(name, title, fingerprint, reason)
            case Gone(name):
                self._gone.append(name)
                self._out.append(name)
                return
            case Failed(name, title, reason, at_fault):
                self._row(name, title, at_fault or Fingerprint(""), reason)
                if at_fault:
                    self._out.append(name)
        self.looked_at += 1

    async def flush(self) -> None:
        found, rows, gone, out = self._found, self._rows, self._gone, self._out
        self._found, self._rows, self._gone, self._out = [], [], [], []
        self._flushed = time.monotonic()
        articles = [self._article(document) for document in found]
        cut = await asyncio.to_thread(_cut, articles)
        leaving = [article_id(self.source.label.id, name) for name in out]
        # The index first: after a crash between the two, the documents are read once more.
        if cut or leaving:
            self.changed |= await self.store.knowledge.amend(self.source.label.id, cut, leaving)
        if rows or gone:
            await self.store.sources.note(self.source.label.id, rows, gone)

    def _row(self, name: str, title: str, fingerprint: Fingerprint, problem: str = "") -> None:
        self._rows.append(DocumentRow(name=name, title=title, fingerprint=fingerprint, problem=problem))

    def _article(self, document: Document) -> Article:
        return Article(
            id=article_id(self.source.label.id, document.id),
            title=document.title,
            text=document.text,
            url=document.url,
            audience=self.source.label.audience,
            kind=SourceKind.ARTICLE,
            updated=document.updated,
        )


def _cut(articles: list[Article]) -> list[tuple[Article, tuple[Passage, ...]]]:
    return [(article, cut_passages(article)) for article in articles]
