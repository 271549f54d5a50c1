"""From a source into the index: what is found after each reading, what is remembered, and what if it ends early."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping
from pathlib import Path

import pytest

from copilot.domain import Audience, SourceId
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
    Step,
)
from copilot.knowledge.sources.folder import FolderSource
from copilot.knowledge.sources.parsing import Parser
from copilot.knowledge.sources.refresh import forget, refresh
from copilot.store import Store
from tests.knowledge.sources.make import pdf

KB = SourceId("kb")


class Scripted:
    """A source that says what it is told to say."""

    label = Label(id=KB, name="Scripted", audience=Audience.INTERNAL)
    kind = "scripted"

    def __init__(self, *steps: Step | Exception) -> None:
        self._steps = steps
        self.closed = False

    async def read(self, known: Mapping[str, Fingerprint]) -> AsyncGenerator[Step, None]:
        try:
            for step in self._steps:
                if isinstance(step, Exception):
                    raise step
                yield step
        finally:
            self.closed = True

    async def aclose(self) -> None:
        pass


def one(name: str, text: str, fingerprint: str = "1") -> Found:
    return Found(Document(id=DocumentId(name), title=f"About {name}", text=text), Fingerprint(fingerprint))


async def found(store: Store, words: str) -> list[str]:
    return [hit.article.id for hit in await store.knowledge.passages(words)]


async def test_a_folder_comes_into_the_index_and_leaves_it(
    store: Store, parser: Parser, tmp_path: Path
) -> None:
    folder = tmp_path / "knowledge"
    folder.mkdir()
    (folder / "returns.md").write_text("# Returns\n\nParcels come back within 14 days.")
    (folder / "scan.pdf").write_bytes(pdf([]))
    source = FolderSource(Scripted.label, folder, parser)

    assert (await refresh(source, store)).changed
    (hit,) = await store.knowledge.passages("parcels")
    assert (hit.article.id, hit.article.title, hit.article.audience) == (
        "kb/returns.md",
        "Returns",
        Audience.INTERNAL,
    )
    (failure,) = await store.sources.failures(KB)
    assert failure.document == "scan.pdf"
    assert not (await refresh(source, store)).changed
    assert await store.sources.failures(KB) == (failure,), "what is still bad is still listed"

    (folder / "returns.md").write_text("# Returns\n\nParcels come back within a month.")
    (folder / "scan.pdf").unlink()
    assert (await refresh(source, store)).changed
    assert "month" in (await store.knowledge.passages("parcels"))[0].passage.text
    assert await store.sources.failures(KB) == ()

    (folder / "returns.md").unlink()
    assert (await refresh(source, store)).changed
    assert await found(store, "parcels") == []
    assert await store.sources.known(KB) == {}


async def test_a_document_that_became_unreadable_is_not_answered_from(store: Store) -> None:
    await refresh(Scripted(one("a", "green parrots"), one("b", "green whales")), store)
    later = Scripted(
        Failed(DocumentId("a"), "A", "It is encrypted.", Fingerprint("2")),
        Failed(DocumentId("b"), "B", "Busy."),
    )
    await refresh(later, store)
    assert await found(store, "green") == ["kb/b"], "one that could not be fetched stays as it was"
    assert await store.sources.known(KB) == {"a": "2", "b": ""}


async def test_what_was_read_before_a_failure_is_kept(store: Store) -> None:
    await refresh(Scripted(one("old", "green parrots")), store)
    outcome = await refresh(Scripted(one("new", "green whales"), SourceError("The site is down.")), store)
    assert (outcome.changed, outcome.problem) == (True, "The site is down.")
    assert sorted(await found(store, "green")) == ["kb/new", "kb/old"]
    reading = await store.sources.reading(KB)
    assert reading.problem == "The site is down."
    assert reading.finished is not None


async def test_cancelled_in_the_middle_it_goes_on_next_time(store: Store) -> None:
    many = [one(str(number), f"parrot {number}") for number in range(60)]
    told: list[tuple[int, int | None]] = []

    def progress(done: int, total: int | None) -> None:
        told.append((done, total))
        if done == 40:
            task.cancel()

    source = Scripted(Expected(60), *many)
    task = asyncio.create_task(refresh(source, store, progress=progress))
    with pytest.raises(asyncio.CancelledError):
        await task
    assert told == [(20, 60), (40, 60)]
    assert source.closed
    assert len(await store.sources.known(KB)) == 40
    assert await store.knowledge.count_of(KB) == 40
    await refresh(Scripted(*many, Gone(DocumentId("0"))), store)
    assert await store.knowledge.count_of(KB) == 59


async def test_a_forgotten_source_leaves_nothing(store: Store) -> None:
    await refresh(Scripted(one("a", "green parrots"), Failed(DocumentId("b"), "B", "Busy.")), store)
    assert await forget(KB, store)
    assert await found(store, "parrots") == []
    assert await store.sources.failures(KB) == ()
